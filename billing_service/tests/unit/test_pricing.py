"""Discounts with an end, minimum and ceiling; included quantities and what goes beyond; each explained."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from billing_service.domain import commands as c
from billing_service.domain.explain import sentences
from billing_service.domain.terms import ChargeLine, Discount
from billing_service.tests.unit.given import (
    ACCOUNT,
    amount,
    bill,
    day,
    given,
    issued,
    line,
    noon,
    open_account,
    planned,
    terms,
)
from services.codec import to_json_values
from services.testing.decider import DeciderSpec

NO_END = Discount(Decimal("10"), reason="fidelidade")
TO_MARCH = Discount(Decimal("10"), ends_on=day("2026-03-31"), reason="campanha")


def amounts(*lines: ChargeLine, months: int = 5) -> list[str]:
    return [each[3] for each in planned(DeciderSpec(given().decider).when(open_account(*lines)).events())][:months]


def test_a_discount_counts_until_its_last_day() -> None:
    assert amounts(line("300.00", discounts=(TO_MARCH,))) == ["270.00", "270.00", "270.00", "300.00", "300.00"]


def test_a_discount_that_ends_within_a_period_splits_it_by_days() -> None:
    """February: 14 of 28 days at 270.00, 14 at 300.00."""
    middle = Discount(Decimal("10"), ends_on=day("2026-02-14"))
    found = planned(DeciderSpec(given().decider).when(open_account(line("300.00", discounts=(middle,)))).events())
    assert [(start, end, worth) for start, end, _, worth in found[1:3]] == [
        ("2026-02-01", "2026-02-14", "135.00"),
        ("2026-02-15", "2026-02-28", "150.00"),
    ]


def test_percent_and_amount_come_off_one_after_the_other_and_never_below_nothing() -> None:
    both = Discount(Decimal("10"), amount("20.00"))
    assert amounts(line("300.00", discounts=(both, NO_END)), months=1) == ["225.00"]  # 300 − 50 = 250; less 10 %
    assert amounts(line("10.00", discounts=(both,))) == []


def test_a_price_stays_within_its_minimum_and_ceiling() -> None:
    half = Discount(Decimal("50"))
    assert amounts(line("300.00", discounts=(half,), minimum=amount("200.00")), months=1) == ["200.00"]
    assert amounts(line("300.00", ceiling=amount("250.00")), months=1) == ["250.00"]


def test_a_discount_of_an_addendum_credits_what_was_billed_without_it() -> None:
    taken = c.TakeTerms(
        ACCOUNT, day("2026-01-16"), terms(line("310.00", discounts=(NO_END,))), "addendum 1", noon("2026-01-16")
    )
    state = given(open_account(line("310.00")), bill("2026-01"), taken, bill("2026-02")).state()
    assert state.balance == amount("150.00") + amount("144.00") + amount(
        "279.00"
    )  # 15 days, 16 days less 10 %, February


def test_a_discount_says_why_in_both_languages() -> None:
    opened = given(open_account(line("300.00", discounts=(TO_MARCH,))))
    (item,) = issued(opened.when(bill("2026-01")).events()).lines
    said = sentences(to_json_values(item.explanation))
    assert "de R$ 270,00 (preço R$ 300,00 − desconto R$ 30,00 = 10% até 31/03/2026: campanha), período" in said["pt-BR"]
    assert "of R$ 270.00 (price R$ 300.00 − discount R$ 30.00 = 10% until 2026-03-31: campanha), period" in said["en"]


def use(number: int, quantity: str, on: str = "2026-01-10", source: str = "manual") -> c.AddCharge:
    return c.AddCharge(ACCOUNT, source, f"U{number}", Decimal(quantity), day(on), "Horas", line_id="H", reason="x")


def hours(**changes: Any) -> c.OpenAccount:
    return open_account(line("300.00"), line("50.00", "H", kind="per_use", **changes))


def used(*commands: Any, opening: c.OpenAccount) -> list[tuple[str, str]]:
    state = given(opening, *commands).state()
    return [(str(p.quantity), str(p.amount)) for p in state.pending.values() if not p.planned]


def test_only_what_goes_beyond_the_included_quantity_of_a_period_is_charged() -> None:
    opening = hours(included_quantity=Decimal("8"))
    assert used(use(1, "5"), use(2, "5"), use(3, "1.5"), opening=opening) == [
        ("0", "0.00"),
        ("2", "100.00"),
        ("1.5", "75.00"),
    ]
    assert used(use(1, "9"), use(2, "9", "2026-02-10"), opening=opening) == [("1", "50.00"), ("1", "50.00")]


def test_what_is_included_stands_on_the_bill_and_says_so() -> None:
    opened = given(hours(included_quantity=Decimal("8")), use(1, "10"))
    found = issued(opened.when(bill("2026-01")).events())
    why = next(item.explanation for item in found.lines if item.line_id == "H")
    assert "(10 − 8 incluídos) × R$ 50,00 = R$ 100,00" in sentences(to_json_values(why))["pt-BR"]


def test_use_that_was_billed_counts_for_its_period_too() -> None:
    state = given(hours(included_quantity=Decimal("8")), use(1, "8"), bill("2026-01"), use(2, "2")).state()
    assert [str(p.amount) for p in state.pending.values() if not p.planned] == ["100.00"]


def test_all_uses_of_a_period_come_to_its_ceiling_at_most() -> None:
    opening = hours(ceiling=amount("120.00"))
    assert [worth for _, worth in used(use(1, "2"), use(2, "2"), use(3, "1"), opening=opening)] == [
        "100.00",
        "20.00",
        "0.00",
    ]


def test_work_of_tickets_is_beyond_what_is_included_already() -> None:
    opening = hours(included_quantity=Decimal("8"))
    assert used(use(1, "2", source="work"), opening=opening) == [("2", "100.00")]
