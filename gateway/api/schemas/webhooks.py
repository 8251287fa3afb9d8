"""Webhook endpoints: what they get, how they are, and the log of deliveries."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas.common import PageQuery, choice, id_field, out_instant, page_of, text
from gateway.identity.keys import FEEDS
from gateway.webhooks.domain.addresses import LONGEST_URL

MOST_FILTERED = 50
OUTCOMES = ("delivered", "refused", "no-answer", "gone")
REASONS = ("", "by-hand", "failing", "gone", "diverged", "key-revoked", "no-secret")
_ABOUT_TYPES = (
    "event types, or beginnings of them: `billing.receivable.issued`, `billing.receivable.*`, `billing.*`, `*`"
)
_ABOUT_CUSTOMERS = "only events of these customers; none named: of all, also those that are of no customer"
_ABOUT_CONTRACTS = "only events of these contracts; none named: of all, also those that are of no contract"
_TYPES = ["billing.receivable.*", "billing.payment.received"]
_ID = "0193a1b2-7c44-7d2e-9f00-5a6b7c8d9e0f"


def _ids(about: str, **options: object) -> fields.List:
    return fields.List(
        fields.String(validate=validate.Length(1, 64)),
        validate=validate.Length(max=MOST_FILTERED),
        metadata={"description": about, "example": [_ID]},
        **options,  # type: ignore[arg-type]
    )


def _types(**options: object) -> fields.List:
    return fields.List(
        fields.String(validate=validate.Length(1, 120)),
        validate=validate.Length(1, MOST_FILTERED),
        metadata={"description": _ABOUT_TYPES, "example": _TYPES},
        **options,  # type: ignore[arg-type]
    )


def _url(**options: object) -> fields.String:
    about = "where events are posted to: https, at a public address, unless the installation allows more"
    metadata = {"description": about, "example": "https://erp.example.com/hooks/vigencia"}
    return fields.String(validate=validate.Length(8, LONGEST_URL), metadata=metadata, **options)  # type: ignore[arg-type]


_NAME = {"description": "whose it is, for people", "example": "accounting"}


class NewWebhook(Schema):
    name = text(120, required=True, metadata=_NAME)
    url = _url(required=True)
    types = _types(load_default=lambda: ["*"])
    customers = _ids(_ABOUT_CUSTOMERS, load_default=list)
    contracts = _ids(_ABOUT_CONTRACTS, load_default=list)
    from_start = fields.Boolean(
        load_default=False,
        metadata={"description": "true: from the first event of all; else what happens from now on", "example": False},
    )


class WebhookChanges(Schema):
    """What is left out stays."""

    name = text(120, metadata=_NAME)
    url = _url()
    types = _types()
    customers = _ids(_ABOUT_CUSTOMERS)
    contracts = _ids(_ABOUT_CONTRACTS)


class WebhookOut(Schema):
    endpoint_id = fields.String(metadata={"description": "the endpoint's id"})
    name = fields.String(metadata=_NAME)
    url = fields.String(metadata={"description": "where events are posted to"})
    types = fields.List(fields.String(), metadata={"description": _ABOUT_TYPES, "example": _TYPES})
    customers = fields.List(fields.String(), metadata={"description": _ABOUT_CUSTOMERS})
    contracts = fields.List(fields.String(), metadata={"description": _ABOUT_CONTRACTS})
    services = fields.List(fields.String(), metadata={"description": "services that it hears", "example": ["billing"]})
    owner = fields.String(allow_none=True, metadata={"description": "API key that made it; null: staff did"})
    state = fields.String(
        metadata={"enum": ["active", "paused"], "description": "a paused one gets nothing and loses nothing"}
    )
    reason = fields.String(metadata={"enum": list(REASONS), "description": "why it is paused"})
    created_at = out_instant({"description": "when it was made"})
    created_by = fields.String(metadata={"description": "who made it"})
    delivered_at = out_instant({"description": "the last delivery that its receiver took; null: none yet"})
    failing_since = out_instant({"description": "since when every delivery has failed; null: the last one was taken"})
    rest_until = out_instant({"description": "until when it is left alone, because it did not answer several times"})
    waiting_streams = fields.Integer(metadata={"description": "streams whose next event is tried again later"})
    stuck_streams = fields.Integer(
        metadata={"description": "streams whose next event was tried for days: a person decides"}
    )
    secrets = fields.Integer(
        metadata={"description": "secrets that may sign now; more than one while they are rotated"}
    )


class WebhookMade(WebhookOut):
    secret = fields.String(
        metadata={
            "description": "`whsec_…`, shown this once: with it the receiver verifies signatures",
            "example": "whsec_…",
        }
    )


class WebhookPlace(Schema):
    service = fields.String(metadata={"description": "whose feed", "example": "billing"})
    partition = fields.Integer(metadata={"description": "the feed's partition"})
    through = fields.Integer(
        metadata={"description": "last offset that was delivered, left out by the filter, or waits; -1: none yet"}
    )
    head = fields.Integer(
        allow_none=True, metadata={"description": "the partition's last offset; null: the service does not answer now"}
    )


class WebhookWhole(WebhookOut):
    places = fields.List(fields.Nested(WebhookPlace), metadata={"description": "where it stands in each feed"})


class WebhookList(Schema):
    items = fields.List(fields.Nested(WebhookOut))


class Rotation(Schema):
    overlap_hours = fields.Integer(
        load_default=24,
        validate=validate.Range(0, 168),
        metadata={"description": "how long the secrets before sign besides; 0: they end at once", "example": 24},
    )


class WebhookPosition(Schema):
    """An event's place in a feed."""

    service = choice(*FEEDS, required=True, metadata={"description": "whose feed", "example": "billing"})
    partition = fields.Integer(
        load_default=0, validate=validate.Range(0), metadata={"description": "the feed's partition", "example": 0}
    )
    offset = fields.Integer(
        required=True, validate=validate.Range(0), metadata={"description": "the event's offset", "example": 4711}
    )


class WebhookAttempt(Schema):
    attempt_id = fields.String(metadata={"description": "the attempt's id"})
    at = out_instant({"description": "when it began"})
    message_id = fields.String(
        metadata={"description": "`webhook-id`: the same at every attempt", "example": "msg_07ab…"}
    )
    type = fields.String(metadata={"description": "the event's type", "example": "billing.receivable.issued"})
    stream = fields.String(metadata={"description": "the event's stream", "example": "account-0193…"})
    service = fields.String(
        attribute="source", allow_none=True, metadata={"description": "whose feed; null: a test delivery"}
    )
    partition = fields.Integer(allow_none=True, metadata={"description": "the feed's partition"})
    offset = fields.Integer(allow_none=True, metadata={"description": "the event's offset"})
    attempt = fields.Integer(metadata={"description": "the how manieth for this event", "example": 1})
    outcome = fields.String(metadata={"enum": list(OUTCOMES), "description": "what the answer means"})
    status = fields.Integer(allow_none=True, metadata={"description": "of the HTTP answer; null: there was none"})
    error = fields.String(
        metadata={
            "description": "why there was no answer: unresolved, address-refused, https-demanded, unreachable, tls, "
            "timeout, closed, not-http",
            "example": "timeout",
        }
    )
    answer = fields.String(metadata={"description": "the first characters of the answer's body"})
    milliseconds = fields.Integer(metadata={"description": "from connecting to the answer", "example": 41})


class AttemptsQuery(PageQuery):
    outcome = choice(*OUTCOMES, metadata={"description": "only those that ended so"})
    type = text(120, metadata={"description": "only events of this type"})
    stream = text(120, metadata={"description": "only events of this stream"})
    message_id = id_field(metadata={"description": "only this event's"})


class WebhookWaiting(Schema):
    service = fields.String(metadata={"description": "whose feed", "example": "billing"})
    partition = fields.Integer(metadata={"description": "the feed's partition"})
    offset = fields.Integer(metadata={"description": "of the event that is tried next"})
    stream = fields.String(metadata={"description": "the stream that waits", "example": "account-0193…"})
    message_id = fields.String(metadata={"description": "`webhook-id` of that event", "example": "msg_07ab…"})
    events = fields.Integer(metadata={"description": "how many events of the stream wait", "example": 3})
    attempts = fields.Integer(metadata={"description": "how often the first one was tried"})
    first_at = out_instant({"description": "its first attempt; null: not tried yet"})
    due_at = out_instant({"description": "when it is tried next; null: it is stuck"})
    stuck = fields.Boolean(
        metadata={"description": "tried for days: resume the endpoint to try again, or skip the event"}
    )


class WebhookWaitingList(Schema):
    items = fields.List(fields.Nested(WebhookWaiting))


WebhookAttemptPage = page_of(WebhookAttempt)
