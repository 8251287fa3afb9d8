"""A mistaken addendum or price adjustment is undone by an event of its own, while nothing builds on it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from contracts_service.domain import contract
from contracts_service.domain.contract_commands import AdjustPrice, AmendContract, Change, UndoChange
from contracts_service.domain.contract_events import AddendumUndone, ContractAmended, ContractRenewed, PriceAdjusted
from contracts_service.domain.terms_changes import with_end, with_prices_adjusted
from contracts_service.tests.samples import active, at, day, line, terms
from contracts_service.tests.samples_events import ACCEPTED
from contracts_service.tests.unit.folds import context, folded
from contracts_service.views.contract_queries import ContractQuestion, one_contract
from contracts_service.views.contract_tables import contracts
from services.testing.decider import DeciderSpec

spec = DeciderSpec(contract.DECIDER)

DEARER = terms(lines=(line(amount=Decimal("1800.00")),))
AMENDED = ContractAmended("c1", "k1", 1, day("2026-07-01"), DEARER, "Mais um turno")
ADJUSTED = PriceAdjusted(
    "c1",
    "k1",
    1,
    day("2027-01-01"),
    Decimal("10"),
    with_prices_adjusted(terms(ends_on=day("2027-12-31")), Decimal("10"), day("2027-01-01")),
)
LONG = active(ends_on=day("2027-12-31"))
UNDONE = AddendumUndone(
    contract_id="c1",
    customer_id="k1",
    addendum=1,
    change="amendment",
    effective_on=day("2026-07-01"),
    terms=terms(),
    price_base_on=day("2026-01-01"),
    adjusted_on=None,
    adjusted_percent=None,
    reason="Engano",
)


def undo(change: Change) -> UndoChange:
    return UndoChange("c1", change, "Engano", at("2026-07-10"))


def test_a_mistaken_addendum_is_undone_and_its_number_is_not_given_again() -> None:
    after = spec.given(*active(), AMENDED).when(undo(Change.AMENDMENT)).then(UNDONE)
    again = AmendContract("c1", day("2026-08-01"), terms(state="RJ"), "Filial")
    after.when(again).then(ContractAmended("c1", "k1", 2, day("2026-08-01"), terms(state="RJ"), "Filial"))


def test_after_an_undone_adjustment_the_prices_clock_runs_as_before() -> None:
    undone = replace(
        UNDONE, change="adjustment", effective_on=day("2027-01-01"), terms=terms(ends_on=day("2027-12-31"))
    )
    after = spec.given(*LONG, ADJUSTED).when(undo(Change.ADJUSTMENT)).then(undone)
    (again,) = after.when(AdjustPrice("c1", day("2027-01-01"), Decimal("5"))).events()
    assert again.percent == Decimal("5")


def test_what_something_builds_on_is_not_undone() -> None:
    renewed = ContractRenewed("c1", "k1", day("2027-12-31"), day("2026-07-01"), with_end(DEARER, day("2027-12-31")))
    spec.given(*active(), AMENDED, renewed).when(undo(Change.AMENDMENT)).then_refused("contract.nothing-to-undo")
    spec.given(*active(), AMENDED).when(undo(Change.ADJUSTMENT)).then_refused("contract.nothing-to-undo")
    spec.given(*active()).when(undo(Change.AMENDMENT)).then_refused("contract.nothing-to-undo")
    accepted = replace(ACCEPTED, addendum=1)
    spec.given(*active(), AMENDED, accepted).when(undo(Change.AMENDMENT)).then_refused("contract.addendum-accepted")
    spec.given(*active(), ACCEPTED, AMENDED).when(undo(Change.AMENDMENT)).then(UNDONE)


def test_the_view_shows_the_terms_and_the_prices_clock_before_it_and_keeps_both_on_record() -> None:
    rows = folded(*active(), AMENDED, UNDONE)
    shown = one_contract(ContractQuestion("c1", on=day("2026-08-01")), rows, context())
    assert shown["terms"]["lines"][0]["amount"] == "1500.00"
    assert rows.get(contracts, contract_id="c1")["price_base_on"] == day("2026-01-01")
    assert [bool(version["undone_at"]) for version in shown["versions"]] == [False, True]
