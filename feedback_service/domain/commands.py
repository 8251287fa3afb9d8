"""What may be asked of an evaluation. ``at`` is the instant of the command (UTC); ``by`` is who acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.decider import command, doc


@dataclass(frozen=True, slots=True)
class Rules:
    """A contract's evaluation rules; the defaults are those of a contract that says nothing."""

    ask: bool = True
    delay_hours: int = 0
    remind_hours: int = 48
    tacit_days: int = 7
    score_limit: int = 3
    edit_hours: int = 12
    comment_below: int = 0
    expiry_days: int | None = None
    tacit: bool = doc("silence may stand for the customer's confirmation", default=True)


@command
class RequestEvaluation:
    """A request was resolved: ask the contact, now or after the contract's delay."""

    evaluation_id: str
    request_id: str
    resolution: int
    contract_id: str
    customer_id: str
    contact_id: str
    at: datetime
    resolved_by: str | None = None
    rules: Rules = Rules()
    service_type_id: str | None = None


@command
class AskEvaluation:
    """The delay is over: ask."""

    evaluation_id: str
    at: datetime


@command
class RemindEvaluation:
    evaluation_id: str
    at: datetime


@command
class ConfirmTacitly:
    """The time for an answer is over: silence confirms."""

    evaluation_id: str
    at: datetime


@command
class ConfirmService:
    evaluation_id: str
    by: str
    at: datetime
    authorised: bool = doc("`by` speaks for the customer; found out by the service, whatever was sent", default=False)


@command
class ContestService:
    evaluation_id: str
    by: str
    reason: str
    at: datetime
    authorised: bool = False


@command
class RateService:
    evaluation_id: str
    by: str
    score: int
    at: datetime
    comment: str | None = None
    authorised: bool = False


@command
class EditRating:
    evaluation_id: str
    by: str
    score: int
    at: datetime
    comment: str | None = None
    authorised: bool = False


@command
class ExpireEvaluation:
    evaluation_id: str
    cause: str
    at: datetime


@command
class StartFollowUp:
    """Staff wants to speak with the customer though no rule asks for it."""

    evaluation_id: str
    by: str
    at: datetime


@command
class FinishFollowUp:
    evaluation_id: str
    by: str
    outcome: str
    at: datetime


@command
class ModerateEvaluation:
    """Hide what a customer wrote from others than himself, or show it again. Says why."""

    evaluation_id: str
    hidden: bool
    reason: str
    by: str
    at: datetime


@command
class ReplyToEvaluation:
    """The provider answers what the customer wrote."""

    evaluation_id: str
    reply_id: str
    text: str
    by: str
    at: datetime


@command
class EraseTexts:
    evaluation_id: str
    at: datetime


Answering = ConfirmService | ContestService | RateService | EditRating

COMMANDS = (
    RequestEvaluation,
    AskEvaluation,
    RemindEvaluation,
    ConfirmTacitly,
    ConfirmService,
    ContestService,
    RateService,
    EditRating,
    ExpireEvaluation,
    StartFollowUp,
    FinishFollowUp,
    ModerateEvaluation,
    ReplyToEvaluation,
    EraseTexts,
)

Command = (
    RequestEvaluation
    | AskEvaluation
    | RemindEvaluation
    | ConfirmTacitly
    | ConfirmService
    | ContestService
    | RateService
    | EditRating
    | ExpireEvaluation
    | StartFollowUp
    | FinishFollowUp
    | ModerateEvaluation
    | ReplyToEvaluation
    | EraseTexts
)
