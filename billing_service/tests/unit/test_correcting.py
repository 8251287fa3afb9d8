"""A quantity that is corrected later: the charge follows, billed or not, and so do later uses of the period."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from billing_service.domain import commands as c
from billing_service.domain import more_commands as m
from billing_service.domain.explain import sentence
from billing_service.domain.ids import added_charge_id
from billing_service.domain.money import total
from billing_service.domain.state import Account
from billing_service.tests.unit.given import ACCOUNT, amount, bill, day, given, line, open_account
from services.codec import to_json_values

USES = line("10.00", "U1", kind="per_use", included_quantity=Decimal(10))


def use(ref: str, quantity: int, on: str = "2026-01-05") -> c.AddCharge:
    return c.AddCharge(ACCOUNT, "manual", ref, Decimal(quantity), day(on), "Uso", line_id="U1")


def correct(ref: str, quantity: int, source: str = "manual") -> m.CorrectUse:
    charge_id = added_charge_id(ACCOUNT, source, ref)
    return m.CorrectUse(ACCOUNT, charge_id, Decimal(quantity), "contagem refeita", day("2026-02-03"))


def owed(state: Account) -> Decimal:
    """What uses cost, billed or not, less what was credited."""
    pending = [p.amount for p in state.pending.values() if p.explanation.kind == "use"]
    return total([*pending, *(b.kept for b in state.billed.values() if b.line.explanation.kind == "use")])


BILLED = bill("2026-01", "2026-01-31")


@pytest.mark.parametrize("between", [(), (BILLED,)], ids=["pending", "billed"])
@pytest.mark.parametrize(
    ("first", "second", "corrected", "expected"),
    [
        (8, 5, 4, "0.00"),  # 4 + 5 are included
        (8, 5, 10, "50.00"),  # the second finds nothing left
        (8, 5, 12, "70.00"),
        (8, 5, 0, "0.00"),
        (12, 5, 11, "60.00"),
    ],
)
def test_the_period_is_divided_anew(
    between: tuple[object, ...], first: int, second: int, corrected: int, expected: str
) -> None:
    uses = (use("A", first, "2026-01-05"), use("B", second, "2026-01-06"))
    spec = given(open_account(line(), USES), *uses, *between, correct("A", corrected))
    assert owed(spec.state()) == amount(expected)
    spec.when(correct("A", corrected)).then_nothing()


def test_work_that_tickets_divided_keeps_its_included_part() -> None:
    """Three hours of which two are included; it was one hour more."""
    told = {"used": Decimal(3), "included": Decimal(2), "request_id": "R1"}
    work = c.AddCharge(ACCOUNT, "work", "W1", Decimal(1), day("2026-01-05"), "Visita", amount("120.00"), **told)
    spec = given(open_account(), work)
    (pending,) = [p for p in spec.state().pending.values() if not p.planned]
    said = sentence(to_json_values(pending.explanation))
    assert said == "Cobrança avulsa: atendimento de 05/01/2026 (W1): (3 − 2 incluídos) × R$ 120,00 = R$ 120,00."
    assert owed(given(open_account(), work, correct("W1", 4, "work")).state()) == amount("240.00")
    assert owed(given(open_account(), work, BILLED, correct("W1", 4, "work")).state()) == amount("240.00")
    assert owed(given(open_account(), work, BILLED, correct("W1", 2, "work")).state()) == amount("0.00")


def test_only_a_use_is_corrected_and_with_a_reason() -> None:
    spec = given(open_account(line(), USES), use("A", 12))
    planned = next(key for key, item in spec.state().pending.items() if item.planned)
    spec.when(m.CorrectUse(ACCOUNT, planned, Decimal(1), "x", day("2026-02-03"))).then_refused("charge.not-a-use")
    spec.when(m.CorrectUse(ACCOUNT, "none", Decimal(1), "x", day("2026-02-03"))).then_refused("charge.unknown")
    id_ = added_charge_id(ACCOUNT, "manual", "A")
    spec.when(m.CorrectUse(ACCOUNT, id_, Decimal(1), " ", day("2026-02-03"))).then_refused("charge.no-reason")
    spec.when(m.CorrectUse(ACCOUNT, id_, Decimal(-1), "x", day("2026-02-03"))).then_refused("charge.quantity-invalid")


QUANTITY = st.integers(0, 15)


@forall(
    st.lists(QUANTITY, min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 3), QUANTITY, st.booleans()), max_size=6),
)
def test_after_any_corrections_what_is_owed_is_what_the_last_quantities_cost(
    quantities: list[int], corrections: list[tuple[int, int, bool]]
) -> None:
    names = "ABCD"[: len(quantities)]
    now = dict(zip(names, quantities, strict=True))
    steps: list[object] = [use(name, now[name]) for name in names]
    for at, quantity, billed in corrections:
        name = names[at % len(names)]
        steps += [BILLED] if billed else []
        steps.append(correct(name, quantity))
        now[name] = quantity
    spec = given(open_account(line(), USES), *steps)
    assert owed(spec.state()) == max(0, sum(now.values()) - 10) * amount("10.00")


WORK = c.AddCharge(
    ACCOUNT,
    "work",
    "W1",
    Decimal(1),
    day("2026-01-05"),
    "Visita",
    amount("120.00"),
    used=Decimal(3),
    included=Decimal(2),
    request_id="R1",
)


def correct_work(quantity: int, included: int, most: str | None = None) -> m.CorrectWork:
    limit = amount(most) if most else None
    return m.CorrectWork(ACCOUNT, "W1", Decimal(quantity), Decimal(included), "eram outras", limit, day("2026-02-03"))


@pytest.mark.parametrize("between", [(), (BILLED,)], ids=["pending", "billed"])
@pytest.mark.parametrize(
    ("quantity", "included", "most", "expected"),
    [
        (5, 2, None, "360.00"),
        (5, 4, None, "120.00"),
        (2, 2, None, "0.00"),
        (0, 0, None, "0.00"),
        (9, 2, "500.00", "500.00"),
    ],
)
def test_work_that_tickets_corrects_is_charged_as_it_divides_it(
    between: tuple[object, ...], quantity: int, included: int, most: str | None, expected: str
) -> None:
    spec = given(open_account(), WORK, *between, correct_work(quantity, included, most))
    assert owed(spec.state()) == amount(expected)
    spec.when(correct_work(quantity, included, most)).then_nothing()


def test_corrected_work_of_which_nothing_was_charged_leaves_the_account_alone() -> None:
    given(open_account()).when(correct_work(5, 2)).then_nothing()
    withdrawn = given(
        open_account(), WORK, m.WithdrawCharge(ACCOUNT, added_charge_id(ACCOUNT, "work", "W1"), "x", day("2026-01-06"))
    )
    withdrawn.when(correct_work(5, 2)).then_nothing()
