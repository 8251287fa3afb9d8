"""Coverage: the question before opening, with the clause that answers it, and how work divides."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets_service.domain.agreement import agreement_from_terms
from tickets_service.domain.coverage import (
    COVERED,
    COVERED_AT_PRICE,
    NOT_AUTHORISED,
    NOT_COVERED,
    SUSPENDED,
    ContactFacts,
    ContractFacts,
    Coverage,
    assess,
)
from tickets_service.domain.usage import divide, period_of, remaining_of
from tickets_service.tests.unit.kit import AGREEMENT, day, terms

ON = day("2026-03-02")
CONTRACT = ContractFacts("active", starts_on=day("2026-01-01"))
ANA = ContactFacts("p1", ("requests",))


def test_covered_with_what_is_left_of_the_month() -> None:
    answer = assess(CONTRACT, AGREEMENT, ANA, on=ON, used=Decimal("3.5"))
    assert answer == Coverage(COVERED, "4.1", "included", Decimal("6.5"), "hour", Decimal("90.00"))


def test_beyond_the_included_quantity_at_the_price_of_the_contract() -> None:
    answer = assess(CONTRACT, AGREEMENT, ANA, on=ON, used=Decimal(12))
    assert (answer.status, answer.remaining, answer.unit_price) == (COVERED_AT_PRICE, 0, Decimal("90.00"))
    assert answer.opens


def test_beyond_the_included_quantity_without_a_price_is_not_covered() -> None:
    answer = assess(CONTRACT, replace(AGREEMENT, overage_unit_price=None), ANA, on=ON, used=Decimal(10))
    assert (answer.status, answer.reason, answer.clause) == (NOT_COVERED, "used-up", "4.1")


def test_no_included_quantity_means_no_limit() -> None:
    answer = assess(CONTRACT, replace(AGREEMENT, included_quantity=None), ANA, on=ON, used=Decimal(1000))
    assert (answer.status, answer.remaining, answer.unit_price) == (COVERED, None, None)


@pytest.mark.parametrize(
    ("contract", "status", "reason"),
    [
        (None, NOT_COVERED, "contract-unknown"),
        (replace(CONTRACT, status="suspended", suspension_reason="default"), SUSPENDED, "default"),
        (replace(CONTRACT, status="terminated"), NOT_COVERED, "contract-terminated"),
        (replace(CONTRACT, status="draft"), NOT_COVERED, "contract-draft"),
        (replace(CONTRACT, starts_on=day("2026-03-03")), NOT_COVERED, "not-yet-in-force"),
        (replace(CONTRACT, ends_on=day("2026-03-01")), NOT_COVERED, "no-longer-in-force"),
    ],
)
def test_a_contract_that_is_not_in_force_covers_nothing(
    contract: ContractFacts | None, status: str, reason: str
) -> None:
    answer = assess(contract, AGREEMENT, ANA, on=ON)
    assert (answer.status, answer.reason, answer.opens) == (status, reason, False)


def test_the_last_day_in_force_is_covered() -> None:
    assert assess(replace(CONTRACT, ends_on=ON), AGREEMENT, ANA, on=ON).status == COVERED


@pytest.mark.parametrize(
    ("contact", "status"),
    [
        (ContactFacts("p1", ("money",)), NOT_AUTHORISED),
        (ContactFacts("p9", (), known=False), NOT_AUTHORISED),
        (None, NOT_AUTHORISED),
        (ContactFacts("u1", is_customer=True), COVERED),
    ],
)
def test_only_contacts_with_the_right_may_ask(contact: ContactFacts | None, status: str) -> None:
    assert assess(CONTRACT, AGREEMENT, contact, on=ON).status == status


def test_where_the_contract_lets_everybody_of_the_customer_ask_any_known_contact_may() -> None:
    everybody = replace(CONTRACT, authorised_only=False)
    assert assess(everybody, AGREEMENT, ContactFacts("p1", ()), on=ON).status == COVERED
    assert assess(everybody, AGREEMENT, ContactFacts("p9", (), known=False), on=ON).status == NOT_AUTHORISED


def test_a_service_or_channel_that_the_contract_does_not_name_is_not_covered() -> None:
    assert assess(CONTRACT, None, ANA, on=ON).reason == "service-not-in-contract"
    portal_only = replace(AGREEMENT, channels=("portal",))
    assert assess(CONTRACT, portal_only, ANA, on=ON, channel="phone").reason == "channel-not-in-contract"
    assert assess(CONTRACT, portal_only, ANA, on=ON, channel="portal").status == COVERED


def test_the_agreement_is_read_from_the_published_terms() -> None:
    agreement = agreement_from_terms(terms(), "s1")
    assert agreement is not None
    assert (agreement.clause, agreement.included_quantity) == ("4.1", Decimal(10))
    assert agreement.minutes("response", "medium") == 120
    assert agreement.minutes("resolution", "critical") is None
    assert agreement.business_calendar.is_holiday(day("2026-04-03"))
    assert agreement_from_terms(terms(), "s9") is None
    assert agreement_from_terms(terms(), None) == agreement


def test_a_service_without_a_charge_line_is_named_by_its_code() -> None:
    agreement = agreement_from_terms(terms(lines=[]), "s1")
    assert agreement is not None
    assert agreement.clause == "services.MANUT"


def test_usage_is_counted_by_calendar_month() -> None:
    assert period_of(day("2026-03-31")) == "2026-03"
    assert remaining_of(Decimal(10), Decimal(12)) == 0
    assert remaining_of(None, Decimal(12)) is None


QUANTITIES = st.decimals(0, 1000, places=2, allow_nan=False)


@given(QUANTITIES, st.none() | QUANTITIES)
def test_what_is_included_and_what_goes_beyond_add_up(quantity: Decimal, remaining: Decimal | None) -> None:
    included, beyond = divide(quantity, remaining)
    assert included + beyond == quantity
    assert included >= 0 <= beyond
    assert remaining is None or included <= remaining
