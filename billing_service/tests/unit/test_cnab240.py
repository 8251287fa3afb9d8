"""CNAB 240: each field at the positions that the manuals give, and returns read from them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from billing_service.domain.bank_file import kind_of
from billing_service.domain.boleto import modulo_10
from billing_service.domain.cnab240 import Company, Payer, payer_of, remittance
from billing_service.domain.cnab240_return import read_return
from billing_service.tests.integration.banking import returned
from billing_service.tests.unit.given import CUSTOMER, day, noon
from billing_service.tests.unit.samples_bank import BANK, entry
from services.errors import Refused

COMPANY = Company("Clima Bom Serviços Ltda", "12345678000195")
PAYER = Payer("José da Conceição & Filhos", "52998224725", "Rua Ação, 10", "Centro", "13010000", "Campinas", "SP")


def lines(**changes: object) -> list[str]:
    made = remittance(BANK, COMPANY, [entry(**changes)], {CUSTOMER: PAYER}, sequence=7, made_at=noon("2026-01-02"))
    return made.split("\r\n")[:-1]


def test_a_file_is_header_batch_segments_and_trailers_of_240_positions() -> None:
    made = lines()
    assert {len(line) for line in made} == {240}
    assert [line[7] + line[13] * (line[7] == "3") for line in made] == ["0", "1", "3P", "3Q", "3R", "5", "9"]
    assert all(line.isascii() for line in made)
    assert kind_of("\r\n".join(made)) == "cnab240"


# FEBRABAN, Layout padrão CNAB 240 v10, records 0, 3P, 3Q, 3R, 5, 9; Itaú, Cobrança CNAB 240: positions from 1.
@pytest.mark.parametrize(
    ("line", "first", "last", "text"),
    [
        (0, 1, 8, "34100000"),
        (0, 18, 32, "212345678000195"),
        (0, 53, 72, "00057 000000012345 7"),
        (0, 73, 102, "CLIMA BOM SERVICOS LTDA".ljust(30)),
        (0, 143, 163, "102012026120000000007"),
        (1, 9, 16, "R0100030"),
        (2, 1, 17, "3410001300001P 01"),
        (2, 18, 37, "00057 000000012345 7"),
        (2, 38, 49, "109000000016"),
        (2, 63, 72, "-7/2026-01"),
        (2, 78, 100, "11012026000000000030000"),
        (2, 107, 117, "08N01012026"),
        (2, 119, 141, "11012026000000000000010"),
        (3, 18, 33, "1000052998224725"),
        (3, 34, 63, "JOSE DA CONCEICAO & FILHOS".ljust(30)),
        (3, 74, 153, "RUA ACAO, 10".ljust(40) + "CENTRO".ljust(15) + "13010000" + "CAMPINAS".ljust(15) + "SP"),
        (4, 66, 89, "211012026000000000000200"),
        (5, 18, 46, "000005000001" + "00000000000030000"),
        (6, 1, 8, "34199999"),
        (6, 18, 29, "000001000007"),
    ],
)
def test_a_field_stands_where_the_manual_has_it(line: int, first: int, last: int, text: str) -> None:
    assert lines()[line][first - 1 : last] == text


def test_an_abatement_and_its_movement() -> None:
    p = lines(movement="abate", abatement=Decimal("50.00"))[2]
    assert (p[15:17], p[180:195]) == ("04", "000000000005000")


@pytest.mark.parametrize(
    ("branch", "account", "digit", "number", "check"),
    [("4459", "17600", "6", 90_000_000, "2"), ("0278", "93657", None, 25_564, "8")],
)
def test_check_digits_of_rows_that_the_bank_has_taken(
    branch: str, account: str, digit: str | None, number: int, check: str
) -> None:
    """Facts of a segment P of 2012 and a segment T of 2023 of Itaú, wallet 109, published with other readers' tests."""
    bank = replace(BANK, branch=branch, account=account, account_digit=digit or "0")
    made = remittance(
        bank, COMPANY, [entry(our_number=number)], {CUSTOMER: PAYER}, sequence=1, made_at=noon("2026-01-02")
    )
    assert made.split("\r\n")[2][37:49] == f"109{number:08}{check}"
    assert digit in (None, str(modulo_10(branch + account)))


def test_days_until_protest_and_expiry() -> None:
    assert lines(protest_days=10, expiry_days=30)[2][220:226] == "110130"
    assert lines()[2][220:226] == "300000"


def test_a_value_that_is_too_long_is_refused_and_not_cut() -> None:
    with pytest.raises(Refused, match="field-too-long"):
        lines(our_number=123_456_789)


def test_an_address_in_one_line_is_taken_apart() -> None:
    said = payer_of("X", "1", "Av. Brasil, 1500, Centro, 13010-000 Campinas/SP")
    assert (said.street, said.district, said.postcode) == ("Av. Brasil, 1500", "Centro", "13010000")
    assert (said.city, said.state) == ("Campinas", "SP")
    said = payer_of("X", "1", "Rua B, 3, Santos - SP")
    assert (said.street, said.city, said.state, said.postcode) == ("Rua B, 3", "Santos", "SP", "")
    assert payer_of("X", "1", "").street == ""


def test_a_return_is_read_with_amounts_days_fees_and_reasons() -> None:
    (row,) = read_return(returned(("06", 12, "306.20", "13012026"), fee="2.50", reasons="0821")).rows
    assert (row.our_number, row.movement, row.bank_account) == ("109/12", "06", "341/0057/12345")
    assert (row.amount, row.fee, row.on, row.credited_on) == (
        Decimal("306.20"),
        Decimal("2.50"),
        day("2026-01-13"),
        day("2026-01-13"),
    )
    assert (row.payer_document, row.reasons) == ("11222333000181", ("08", "21"))


def test_a_boleto_paid_twice_in_one_file_is_two_payments_and_the_same_file_again_none() -> None:
    twice = returned(("06", 1, "300.00", "09012026"), ("06", 1, "300.00", "09012026"))
    ids = [row.row_id for row in read_return(twice).rows]
    assert len(set(ids)) == 2
    assert ids == [row.row_id for row in read_return(twice).rows]


def test_a_remittance_is_not_taken_for_a_return() -> None:
    with pytest.raises(Refused, match="not-a-return"):
        read_return("\r\n".join(lines()))
    with pytest.raises(Refused, match="not-cnab240"):
        read_return("x")
