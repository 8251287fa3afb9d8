"""One payment for several contracts: the parts add up, the oldest comes first, the rest is one account's credit."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from billing_service.domain.events import Allocation
from billing_service.domain.splitting import Owed, split
from billing_service.tests.unit.given import amount, day
from services.errors import Refused


def owed(account: str, of: str, due: str, claimable: str, contested: str = "0", late: str = "0") -> Owed:
    return Owed(account, of, day(due), day(due), amount(claimable), amount(contested), amount(late))


A1 = owed("A", "a1", "2026-01-10", "100.00", late="3.00")
A2 = owed("A", "a2", "2026-03-10", "100.00")
B1 = owed("B", "b1", "2026-02-10", "50.00", contested="20.00")


def parts(paid: str, *items: Owed, **options: object) -> dict[str, str]:
    return {p.account_id: str(p.amount) for p in split(amount(paid), items, **options)}  # type: ignore[arg-type]


def test_the_oldest_is_paid_first_over_all_contracts() -> None:
    assert parts("120.00", A1, A2, B1) == {"A": "100.00", "B": "20.00"}
    assert parts("170.00", A1, A2, B1) == {"A": "120.00", "B": "50.00"}


def test_contested_amounts_come_after_all_others_and_late_charges_after_these() -> None:
    assert parts("250.00", A1, A2, B1) == {"A": "200.00", "B": "50.00"}
    assert parts("265.00", A1, A2, B1) == {"A": "200.00", "B": "65.00"}
    assert parts("273.00", A1, A2, B1) == {"A": "203.00", "B": "70.00"}


def test_what_is_left_is_the_credit_of_the_account_that_is_named_or_paid_first() -> None:
    assert parts("300.00", A1, A2, B1) == {"A": "230.00", "B": "70.00"}
    assert parts("300.00", A1, A2, B1, credit_to="B") == {"A": "203.00", "B": "97.00"}
    assert parts("300.00", A1, credit_to="C", accounts=["A", "C"]) == {"A": "103.00", "C": "197.00"}
    assert parts("10.00", accounts=["C"]) == {"C": "10.00"}


def test_credit_of_nobody_is_refused() -> None:
    with pytest.raises(Refused, match="credit-account-missing"):
        split(amount("10.00"), [], accounts=["A", "B"])
    with pytest.raises(Refused, match="account-unknown"):
        split(amount("200.00"), [A1], credit_to="Z", accounts=["A"])


def test_chosen_receivables_are_paid_and_no_others() -> None:
    found = split(
        amount("60.00"), [A1, A2, B1], chosen=[Allocation("a2", amount("40.00")), Allocation("b1", amount("20.00"))]
    )
    assert [(p.account_id, str(p.amount), [a.receivable_id for a in p.chosen]) for p in found] == [
        ("A", "40.00", ["a2"]),
        ("B", "20.00", ["b1"]),
    ]
    with pytest.raises(Refused, match="allocation-exceeds-amount"):
        split(amount("30.00"), [A1], chosen=[Allocation("a1", amount("40.00"))])
    with pytest.raises(Refused, match="receivable-not-open"):
        split(amount("30.00"), [A1], chosen=[Allocation("zz", amount("30.00"))])


CENTS = st.integers(0, 30_000).map(lambda n: Decimal(n).scaleb(-2))
MANY = st.lists(st.tuples(st.sampled_from("ABC"), CENTS, CENTS, CENTS, st.integers(0, 90)), min_size=1, max_size=8)


@forall(MANY, CENTS.filter(lambda n: n > 0))
def test_the_parts_are_the_payment_to_the_cent(
    items: list[tuple[str, Decimal, Decimal, Decimal, int]], paid: Decimal
) -> None:
    start = date(2026, 1, 1)
    debts = [
        Owed(account, str(n), start + timedelta(days=days), start, claimable, contested, late)
        for n, (account, claimable, contested, late, days) in enumerate(items)
    ]
    found = split(paid, debts, credit_to="A", accounts=["A", "B", "C"])
    assert sum(part.amount for part in found) == paid
    assert all(part.amount > 0 for part in found)
    for part in found:
        most = sum(d.claimable + d.contested + d.late for d in debts if d.account_id == part.account_id)
        assert part.account_id == "A" or part.amount <= most
