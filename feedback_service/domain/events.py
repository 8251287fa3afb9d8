"""The facts of an evaluation: asked, answered, edited, ended, followed up.

Every event names the evaluation, the request and its resolution, the contract and the customer, so that a subscriber
needs no other event to know what it is about. ``contact_id`` is the person who is asked, or who answered.
"""

from __future__ import annotations

from datetime import datetime

from services.decider import doc, event, personal


@event("feedback.evaluation.planned")
class EvaluationPlanned:
    """The contract asks some hours after the resolution; the customer may answer before he is asked."""

    evaluation_id: str
    request_id: str
    resolution: int = doc("which resolution of the request: 1, 2, … after each reopening")
    contract_id: str
    customer_id: str
    contact_id: str
    resolved_by: str | None
    at: datetime = doc("instant of the resolution")
    ask_at: datetime
    remind_hours: int = doc("a reminder so long after the question; 0: none", unit="h")
    tacit_days: int = doc("silence confirms after so many days; as many days remain for a score", unit="d")
    score_limit: int = doc("a score below it reopens the request")
    edit_hours: int = doc("a score may be changed for so long", unit="h")
    comment_below: int = doc("a score below it needs a comment, too", default=0)
    expiry_days: int | None = doc("so long after the confirmation a score may be given", unit="d", default=None)
    service_type_id: str | None = None
    tacit_counts: bool = doc("silence may stand for the confirmation", default=True)


@event("feedback.evaluation.requested")
class EvaluationRequested:
    """The contact is asked to confirm the service."""

    evaluation_id: str
    request_id: str
    resolution: int
    contract_id: str
    customer_id: str
    contact_id: str
    resolved_by: str | None
    at: datetime
    remind_at: datetime | None
    tacit_at: datetime = doc("silence until then counts as a confirmation")
    tacit_days: int
    score_limit: int
    edit_hours: int
    comment_below: int = 0
    expiry_days: int | None = None
    service_type_id: str | None = None
    tacit_counts: bool = True


@event("feedback.evaluation.reminded")
class EvaluationReminded:
    evaluation_id: str
    request_id: str
    resolution: int
    contract_id: str
    customer_id: str
    contact_id: str
    at: datetime


@event("feedback.evaluation.confirmed")
class EvaluationConfirmed:
    """The service was done: said by a contact, or tacitly by silence (then ``contact_id`` is the asked one)."""

    evaluation_id: str
    request_id: str
    resolution: int
    contract_id: str
    customer_id: str
    contact_id: str
    at: datetime
    tacit: bool
    rate_until: datetime = doc("a score may be given until then")


@event("feedback.evaluation.contested")
class EvaluationContested:
    """The service was not done, or not well: the request is to be reopened."""

    evaluation_id: str
    request_id: str
    resolution: int
    contract_id: str
    customer_id: str
    contact_id: str
    at: datetime
    reason: str = personal(of="contact_id")


@event("feedback.evaluation.rated")
class EvaluationRated:
    evaluation_id: str
    request_id: str
    resolution: int
    contract_id: str
    customer_id: str
    contact_id: str
    at: datetime
    score: int = doc("1 (worst) to 5 (best)")
    low: bool = doc("under the contract's limit: the request is to be reopened")
    edit_until: datetime
    comment: str | None = personal(of="contact_id", default=None)


@event("feedback.evaluation.edited")
class EvaluationEdited:
    """Score or comment changed within the window."""

    evaluation_id: str
    request_id: str
    resolution: int
    contract_id: str
    customer_id: str
    contact_id: str
    at: datetime
    score: int
    low: bool
    became_low: bool = doc("it was not low before: the request is to be reopened")
    comment: str | None = personal(of="contact_id", default=None)


@event("feedback.evaluation.expired")
class EvaluationExpired:
    """Nothing more is expected: the time for a score is over, or the request moved on before the answer."""

    evaluation_id: str
    request_id: str
    resolution: int
    contract_id: str
    customer_id: str
    at: datetime
    cause: str = doc("time | reopened | cancelled | closed | unanswered (silence proves nothing under this contract)")


@event("feedback.evaluation.follow_up_started")
class FollowUpStarted:
    """Somebody of the provider must speak with the customer."""

    evaluation_id: str
    request_id: str
    resolution: int
    contract_id: str
    customer_id: str
    at: datetime
    cause: str = doc("contested | low_score | unanswered | manual")


@event("feedback.evaluation.followed_up")
class EvaluationFollowedUp:
    evaluation_id: str
    request_id: str
    resolution: int
    contract_id: str
    customer_id: str
    contact_id: str
    at: datetime
    by: str = doc("user of the provider")
    outcome: str = personal(of="contact_id")


@event("feedback.evaluation.moderated")
class EvaluationModerated:
    """What the customer wrote is hidden from others than himself and the provider, or shown again."""

    evaluation_id: str
    request_id: str
    resolution: int
    contract_id: str
    customer_id: str
    at: datetime
    hidden: bool
    by: str = doc("user of the provider")
    reason: str = doc("no personal data; the author reads it, too")


@event("feedback.evaluation.replied")
class EvaluationReplied:
    """The provider answered what the customer wrote."""

    evaluation_id: str
    request_id: str
    resolution: int
    contract_id: str
    customer_id: str
    contact_id: str
    at: datetime
    reply_id: str
    by: str = doc("user of the provider")
    text: str = personal(of="contact_id")


@event("feedback.evaluation.texts_erased")
class EvaluationTextsErased:
    """The person who wrote was erased: read models forget the texts (the event's own are unreadable by then)."""

    evaluation_id: str
    request_id: str
    resolution: int
    contract_id: str
    customer_id: str
    at: datetime


EVENTS = (
    EvaluationPlanned,
    EvaluationRequested,
    EvaluationReminded,
    EvaluationConfirmed,
    EvaluationContested,
    EvaluationRated,
    EvaluationEdited,
    EvaluationExpired,
    FollowUpStarted,
    EvaluationFollowedUp,
    EvaluationModerated,
    EvaluationReplied,
    EvaluationTextsErased,
)

Event = (
    EvaluationPlanned
    | EvaluationRequested
    | EvaluationReminded
    | EvaluationConfirmed
    | EvaluationContested
    | EvaluationRated
    | EvaluationEdited
    | EvaluationExpired
    | FollowUpStarted
    | EvaluationFollowedUp
    | EvaluationModerated
    | EvaluationReplied
    | EvaluationTextsErased
)
