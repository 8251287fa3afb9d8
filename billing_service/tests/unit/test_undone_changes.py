"""What contracts took for a mistake and undid: billing plans as if it had not been."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from billing_service import policies
from billing_service.domain import commands as c
from billing_service.domain import more_commands as m
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
        c.ResumePlanning("c1", date(2026, 7, 1), AT),
        m.UndoTermination("c1", at=AT),
    ]
    assert asked("expiry_undone", on="2026-06-30", status="suspended") == []


def test_a_suspension_that_gives_nothing_back_stops_no_charges() -> None:
    assert asked("suspended", on="2026-03-15", give_back="nothing") == []
    assert asked("suspended", on="2026-03-15", give_back="prorate") != []
