"""What contracts took for a mistake and undid: billing plans as if it had not been."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from billing_service import policies
from billing_service.domain import commands as c
from billing_service.domain import events as e
from billing_service.domain import more_commands as m
from billing_service.tests.unit.given import ACCOUNT, amount, bill, day, given, line, noon, open_account, planned, terms
from services.events import Incoming
from services.testing.rows import MemoryRows

AT = datetime(2026, 7, 10, 12, tzinfo=UTC)


def asked(kind: str, **data: Any) -> list[Any]:
    event = Incoming(
        id="x",
        source="contracts",
        type=f"contracts.contract.{kind}",
        schema=1,
        stream="contract-c1",
        version=9,
        at=AT,
        data={"contract_id": "c1", "customer_id": "k1", **data},
        correlation="",
        causation="",
        actor="test",
        historical=False,
        depth=0,
    )
    return list(policies.POLICIES[0].handles[event.type](event, MemoryRows()))


def test_an_undone_suspension_is_charged_from_its_first_day() -> None:
    assert asked("suspension_undone", on="2026-03-15") == [c.ResumePlanning("c1", date(2026, 3, 15), AT)]


def test_an_undone_resumption_stops_again() -> None:
    assert asked("resumption_undone", on="2026-04-01") == [c.StopPlanning("c1", date(2026, 4, 1), "suspension", AT)]


def test_an_undone_end_goes_on_the_day_after_unless_the_contract_was_suspended() -> None:
    assert asked("termination_undone", on="2026-06-30", status="active") == [
        m.UndoTermination("c1", at=AT),
        c.ResumePlanning("c1", date(2026, 7, 1), AT),
    ]
    assert asked("expiry_undone", on="2026-06-30", status="suspended") == []


def test_a_suspension_that_gives_nothing_back_stops_no_charges() -> None:
    assert asked("suspended", on="2026-03-15", give_back="nothing") == []
    assert asked("suspended", on="2026-03-15", give_back="prorate") != []


def test_after_an_undone_addendum_the_terms_before_it_hold_from_its_day() -> None:
    said = {"starts_on": "2026-01-01", "lines": []}
    (taken,) = asked("addendum_undone", addendum=2, change="amendment", effective_on="2026-05-01", terms=said)
    assert (taken.effective_on, taken.cause) == (date(2026, 5, 1), "amendment 2 undone")


def test_what_was_billed_under_an_undone_addendum_is_credited_and_charged_anew() -> None:
    extra = line("50.00", "L2", kind="one_off")
    dearer = c.TakeTerms(ACCOUNT, day("2026-02-01"), terms(line("400.00"), extra), "amendment 1", noon("2026-01-20"))
    back = c.TakeTerms(ACCOUNT, day("2026-02-01"), terms(line()), "amendment 1 undone", noon("2026-02-10"))
    before = given(open_account(line()), bill("2026-01"), dearer, bill("2026-02"))
    events = before.when(back).events()
    credited = sum((event.amount for event in events if isinstance(event, e.CreditNoteIssued)), amount("0.00"))
    assert credited == amount("450.00")
    assert next(charge[:2] + charge[3:] for charge in planned(events)) == ("2026-02-01", "2026-02-28", "300.00")


def test_a_one_off_line_of_an_undone_addendum_is_not_charged() -> None:
    extra = line("50.00", "L2", kind="one_off")
    more = c.TakeTerms(ACCOUNT, day("2026-03-01"), terms(line(), extra), "amendment 1", noon("2026-01-20"))
    back = c.TakeTerms(ACCOUNT, day("2026-03-01"), terms(line()), "amendment 1 undone", noon("2026-01-21"))
    state = given(open_account(line()), more, back).state()
    assert not [charge for charge in state.pending.values() if charge.line_id == "L2"]
