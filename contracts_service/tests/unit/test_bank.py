"""Where a provider company is paid, and what stands above its papers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts_service.domain import provider
from contracts_service.domain.bank import BankDetails, modulus_10
from contracts_service.domain.provider import BankChanged, ChangeBank, ChangeLetterhead, LetterheadChanged
from contracts_service.tests.unit.test_provider_and_catalogue import REGISTER, REGISTERED
from services.errors import NotFound
from services.testing.decider import DeciderSpec

providers = DeciderSpec(provider.DECIDER)

ACCOUNT = BankDetails("341", "0057", "12345", "7", "109", "0123456", ("Não receber após 30 dias",), 10, 30)


def test_the_check_digit_of_an_account_at_itau() -> None:
    """Branch 0057, account 12345-7: the example of Itaú, «Cobrança: manual técnico»."""
    assert modulus_10("005712345") == "7"


def test_a_company_is_registered_with_its_account_without_punctuation() -> None:
    typed = replace(ACCOUNT, branch="00 57", account="12.345", instructions=(" Não receber após 30 dias ", " "))
    providers.when(replace(REGISTER, bank=typed)).then(replace(REGISTERED, bank=ACCOUNT))


def test_the_account_is_changed_once_and_taken_away() -> None:
    changed = BankChanged("p1", ACCOUNT)
    providers.given(REGISTERED).when(ChangeBank("p1", ACCOUNT)).then(changed)
    providers.given(REGISTERED, changed).when(ChangeBank("p1", ACCOUNT)).then_nothing()
    providers.given(replace(REGISTERED, bank=ACCOUNT)).when(ChangeBank("p1", ACCOUNT)).then_nothing()
    providers.given(REGISTERED, changed).when(ChangeBank("p1", None)).then(BankChanged("p1", None))
    with pytest.raises(NotFound):
        providers.when(ChangeBank("p1", ACCOUNT)).events()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"bank_code": "34"}, "provider.bank-invalid"),
        ({"branch": "57A"}, "provider.bank-invalid"),
        ({"account": ""}, "provider.bank-invalid"),
        ({"account_digit": "ABC"}, "provider.bank-invalid"),
        ({"wallet": "1090"}, "provider.bank-invalid"),
        ({"account_digit": "8"}, "provider.account-digit-wrong"),
        ({"instructions": ("a",) * 5}, "provider.instructions-too-long"),
        ({"instructions": ("a" * 81,)}, "provider.instructions-too-long"),
        ({"protest_days": 0}, "provider.boleto-days-out-of-range"),
        ({"expiry_days": 100}, "provider.boleto-days-out-of-range"),
    ],
)
def test_wrong_details_are_refused(wrong: dict[str, Any], code: str) -> None:
    providers.given(REGISTERED).when(ChangeBank("p1", replace(ACCOUNT, **wrong))).then_refused(code)


def test_the_digit_of_other_banks_is_taken_as_it_is_given() -> None:
    other = replace(ACCOUNT, bank_code="001", account_digit="x")
    providers.given(REGISTERED).when(ChangeBank("p1", other)).then(BankChanged("p1", replace(other, account_digit="X")))


def test_the_letterhead_changes_as_a_whole() -> None:
    same = ChangeLetterhead("p1", city="Campinas")
    providers.given(REGISTERED).when(same).then_nothing()
    changed = LetterheadChanged("p1", None, "Rua A, 1", "Campinas", "SP", None, "+55 19 3232-1000", None, "ef" * 32)
    change = replace(same, address="Rua A, 1", phone="+55 19 3232-1000", logo_sha256="ef" * 32)
    providers.given(REGISTERED).when(change).then(changed)
    providers.given(REGISTERED, changed).when(change).then_nothing()
    providers.given(REGISTERED).when(replace(change, state="XX")).then_refused("provider.state-unknown")
