"""Values that the unit tests share: a contract's terms, an agreement, and an open request."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from services.decider import Decider
from services.testing.decider import DeciderSpec
from tickets_service.domain.agreement import Agreement, PriorityTarget
from tickets_service.domain.calendar import CalendarTerms, Opening
from tickets_service.domain.commands import OpenRequest
from tickets_service.domain.coverage import COVERED, Coverage
from tickets_service.domain.escalation_events import DeadlineMeasured
from tickets_service.domain.events import DeadlineSet, RequestOpened
from tickets_service.domain.request import DECIDER

IDS = ("r1", "c1", "u1")
WEEK = tuple(Opening(day, "08:00", "18:00") for day in range(5))
SAO_PAULO = CalendarTerms("America/Sao_Paulo", WEEK)
AGREEMENT = Agreement(
    service_type_id="s1",
    code="MANUT",
    name="Manutenção",
    calendar=SAO_PAULO,
    clause="4.1",
    targets=(PriorityTarget("high", 60, 240), PriorityTarget("medium", 120, 480)),
    included_quantity=Decimal(10),
    unit="hour",
    overage_unit_price=Decimal("90.00"),
    evidence=("signed_order", "photo"),
)
COVERAGE = Coverage(COVERED, "4.1", "included", Decimal(10), "hour", Decimal("90.00"))


def at(text: str, zone: str = "-03:00") -> datetime:
    """A local instant of São Paulo ("2026-03-02 09:00") in UTC."""
    return datetime.fromisoformat(f"{text}{zone}").astimezone(UTC)


MONDAY_9 = at("2026-03-02 09:00")


def hours(amount: float) -> timedelta:
    return timedelta(hours=amount)


OPEN = OpenRequest(
    request_id="r1",
    contract_id="c1",
    service_type_id="s1",
    opened_by="p1",
    description="Ar-condicionado pingando",
    at=MONDAY_9,
    customer_id="u1",
    protocol="2026-000001",
    coverage=COVERAGE,
    agreement=AGREEMENT,
)
OPENED = RequestOpened(
    request_id="r1",
    contract_id="c1",
    customer_id="u1",
    protocol="2026-000001",
    service_type_id="s1",
    site_id=None,
    equipment_id=None,
    opened_by="p1",
    channel="portal",
    description="Ar-condicionado pingando",
    priority="medium",
    coverage=COVERAGE,
    at=MONDAY_9,
)
RESPONSE_DUE = DeadlineSet(*IDS, "response", MONDAY_9 + hours(2), MONDAY_9 + hours(1.6), 120, None, "opened", MONDAY_9)
RESOLUTION_DUE = DeadlineSet(
    *IDS, "resolution", MONDAY_9 + hours(8), MONDAY_9 + hours(6.4), 480, None, "opened", MONDAY_9
)
SET = (RESPONSE_DUE, RESOLUTION_DUE)


def _without_measures(command: Any, state: Any) -> list[Any]:
    return [event for event in DECIDER.decide(command, state) if not isinstance(event, DeadlineMeasured)]


spec = DeciderSpec(Decider(DECIDER.initial, _without_measures, DECIDER.evolve))
"""The rules, without what each clock took: that has tests of its own (``test_measured``)."""
opened = spec.given(OPENED, *SET)


def without_targets(agreement: Agreement = AGREEMENT) -> Agreement:
    return replace(agreement, targets=())


def terms(**changes: Any) -> dict[str, Any]:
    """A contract's terms as the contracts service publishes them."""
    return {
        "starts_on": "2026-01-01",
        "ends_on": None,
        "time_zone": "America/Sao_Paulo",
        "services": [
            {
                "service_type_id": "s1",
                "code": "MANUT",
                "name": "Manutenção",
                "calendar": "business",
                "channels": ["portal", "phone", "email"],
                "targets": [{"priority": "medium", "response_minutes": 120, "resolution_minutes": 480}],
                "included_quantity": "10",
                "unit": "hour",
                "overage_unit_price": "90.00",
                "evidence": ["signed_order", "photo"],
            }
        ],
        "calendar": {
            "intervals": [{"weekday": day, "opens": "08:00", "closes": "18:00"} for day in range(5)],
            "holidays": ["2026-04-03"],
        },
        "lines": [{"line_id": "l1", "clause": "4.1", "service_type_id": "s1"}],
        "communication": {"authorised_only": True},
        **changes,
    }


def day(text: str) -> date:
    return date.fromisoformat(text)
