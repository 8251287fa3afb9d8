"""Charges issue themselves in the morning of their day, local to the contract: on both stores, through due rows."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from billing_service.domain import commands as c
from billing_service.tests.integration.store import StoreApp, line, terms
from billing_service.views.receivables import receivables
from services.store.tables import due

AUTOMATIC = {"due_days": 10, "business_day_rule": "next", "issue": "automatic"}


def until(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def activate(app: StoreApp, contract_id: str = "c1", **changes: object) -> None:
    lines = (line(), line("10.00", "L2", rule="weekly"))
    said = terms(*lines, billing={**AUTOMATIC, **changes}, dunning=[], default={"days": None})
    app.hear("activated", contract_id, provider_id="p1", number=contract_id, on="2026-01-01", terms=said)


def issued(app: StoreApp) -> list[tuple[str, str]]:
    rows = sorted(app.find(receivables), key=lambda row: (row["issued_on"], row["number"]))
    return [(str(row["issued_on"]), str(row["net"])) for row in rows]


def test_at_six_in_the_morning_of_the_contracts_day(bare: StoreApp) -> None:
    """It is noon of the 1st: what was to be billed today waits for tomorrow's six o'clock in São Paulo."""
    activate(bare)
    bare.run_due(until("2026-01-02T08:59:59"))
    assert issued(bare) == []
    bare.run_due(until("2026-01-02T09:00:00"))
    assert issued(bare) == [("2026-01-02", "310.00")]


def test_the_contracts_own_hour_and_time_zone(bare: StoreApp) -> None:
    said = terms(billing={**AUTOMATIC, "issue_hour": "22:30"}, time_zone="America/Manaus")
    bare.hear("activated", number="1", on="2026-01-01", terms=said)
    bare.run_due(until("2026-01-02T02:29:00"))
    assert issued(bare) == []
    bare.run_due(until("2026-01-02T02:30:00"))  # in Manaus still the 1st
    assert issued(bare) == [("2026-01-01", "300.00")]


def test_days_of_being_down_are_caught_up_in_order_each_once(bare: StoreApp) -> None:
    activate(bare)
    bare.run_due(until("2026-02-09T12:00"))
    expected = ["2026-01-02", "2026-01-08", "2026-01-15", "2026-01-22", "2026-01-29", "2026-02-01", "2026-02-05"]
    assert [on for on, _ in issued(bare)] == expected
    before = issued(bare)
    bare.today("2026-02-10")
    bare.run_due(until("2026-02-10T12:00"))
    assert issued(bare) == before


def test_a_run_by_hand_in_between_makes_no_double_and_no_hole(bare: StoreApp) -> None:
    activate(bare)
    bare.batch("bill", [{"account_id": "c1", "month": "2026-01"}])
    bare.run_due(until("2026-02-02T12:00"))
    assert issued(bare) == [("2026-01-01", "350.00"), ("2026-02-01", "300.00")]


def test_held_charges_wait_and_moved_ones_come_on_their_day(bare: StoreApp) -> None:
    activate(bare)
    bare.execute(c.HoldCharge("c1", "em negociação", "L1", datetime(2026, 1, 1).date()))
    bare.execute(c.MoveCharge("c1", datetime(2026, 1, 11).date(), "acordo", "L2", datetime(2026, 1, 8).date()))
    bare.run_due(until("2026-01-12T12:00"))
    assert issued(bare) == [("2026-01-02", "10.00"), ("2026-01-11", "10.00")]
    bare.today("2026-01-12")
    bare.execute(c.ReleaseCharge("c1", "combinado", "L1", datetime(2026, 1, 1).date()))
    bare.run_due(until("2026-01-13T12:00"))
    assert issued(bare)[-1] == ("2026-01-13", "300.00")


def test_what_is_returned_to_the_agenda_after_its_day_was_run_is_issued_the_day_after(bare: StoreApp) -> None:
    activate(bare)
    bare.run_due(until("2026-01-03T12:00"))
    (row,) = bare.find(receivables)
    bare.execute(c.CancelReceivable("c1", row["receivable_id"], "tomador errado"))  # still the 1st: the 2nd was run
    bare.run_due(until("2026-01-03T12:00"))
    assert issued(bare) == [("2026-01-02", "310.00"), ("2026-01-03", "310.00")]
    bare.today("2026-01-03")
    assert bare.query("account", account_id="c1")["balance"] == "310.00"


def test_work_is_billed_the_next_morning(bare: StoreApp) -> None:
    activate(bare)
    bare.run_due(until("2026-01-02T12:00"))
    bare.today("2026-01-05")
    bare.execute(c.AddCharge("c1", "work", "W1", Decimal(2), datetime(2026, 1, 4).date(), "Visita", Decimal("50.00")))
    bare.run_due(until("2026-01-06T12:00"))
    assert issued(bare)[-1] == ("2026-01-06", "100.00")


def test_a_contract_that_runs_issue_has_no_such_days(app: StoreApp) -> None:
    assert [row["key"] for row in app.find(due) if row["key"].startswith("issue:")] == []


def test_terms_that_make_it_automatic_take_what_is_planned_already(app: StoreApp) -> None:
    changed = terms(billing=AUTOMATIC)
    app.today("2026-01-20")
    app.hear("amended", addendum=1, effective_on="2026-01-20", terms=changed, reason="x")
    app.run_due(until("2026-02-01T12:00"))
    assert issued(app) == [("2026-01-21", "300.00"), ("2026-02-01", "300.00")]


def test_and_back_again(bare: StoreApp) -> None:
    activate(bare)
    bare.hear("amended", addendum=1, effective_on="2026-01-01", terms=terms(), reason="x")
    bare.run_due(until("2026-01-20T12:00"))
    assert issued(bare) == []
