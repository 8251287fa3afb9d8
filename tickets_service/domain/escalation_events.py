"""Facts of the escalation ladder: who is to be told that a deadline comes near or has passed; and what a clock took."""

from __future__ import annotations

from datetime import datetime

from services.decider import doc, event


@event("tickets.request.warned")
class RequestWarned:
    """A step of the contract's ladder before the due instant."""

    request_id: str
    contract_id: str
    customer_id: str
    kind: str = doc("response | resolution")
    level: int
    due_at: datetime
    role: str | None = doc("assignee | attendant | technician | manager | contact; none: the user")
    user_id: str | None
    assignee_id: str | None = doc("who is assigned at that instant")
    contact_id: str | None = doc("who asked")
    any_hour: bool = doc("told at night and on holidays, too")
    at: datetime
    next_at: datetime | None = doc("when the next step is due, if there is one")


@event("tickets.request.escalated")
class RequestEscalated:
    """A step of the contract's ladder at or after the due instant."""

    request_id: str
    contract_id: str
    customer_id: str
    kind: str = doc("response | resolution")
    level: int
    due_at: datetime
    role: str | None = doc("assignee | attendant | technician | manager | contact; none: the user")
    user_id: str | None
    assignee_id: str | None = doc("who is assigned at that instant")
    contact_id: str | None = doc("who asked")
    any_hour: bool = doc("told at night and on holidays, too")
    at: datetime
    next_at: datetime | None = doc("when the next step is due, if there is one")


@event("tickets.deadline.measured")
class DeadlineMeasured:
    """What a clock took until it was reached, without its pauses, and how long the customer was waited for meanwhile."""

    request_id: str
    contract_id: str
    customer_id: str
    kind: str = doc("response | resolution")
    took_seconds: int = doc("business time of the contract's calendar", unit="s")
    waited_seconds: int = doc("business time in which the customer was waited for", unit="s")
    target_seconds: int | None = doc("the contract's target; none: it sets none", unit="s")
    at: datetime


ESCALATION_EVENTS = (RequestWarned, RequestEscalated, DeadlineMeasured)
EscalationEvent = RequestWarned | RequestEscalated | DeadlineMeasured
