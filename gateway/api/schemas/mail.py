"""Outgoing mail and its texts."""

from __future__ import annotations

from marshmallow import Schema, fields

from gateway.api.schemas.common import PageQuery, choice, id_field, out_instant, page_of, text
from gateway.mail.declining import TOPICS
from gateway.mail.sender import ENDED

STATES = ("waiting", "sending", *ENDED)


class MailQuery(PageQuery):
    state = choice(*STATES)
    template = text(40, metadata={"example": "reminder_1"})
    customer_id = id_field()
    contract_id = id_field()
    recipient_id = id_field()


class MailTry(Schema):
    at = out_instant()
    outcome = fields.String(metadata={"example": "sent"})
    answer = fields.String(metadata={"description": "the server's, without the address", "example": "250 OK"})


class MailOut(Schema):
    mail_id = fields.String()
    cause_id = fields.String(metadata={"description": "the event", "example": "billing/account-0193…@14"})
    template = fields.String(metadata={"example": "reminder_1"})
    recipient_id = fields.String(metadata={"description": "a person's id: addresses are not kept"})
    customer_id = fields.String()
    contract_id = fields.String(allow_none=True)
    state = fields.String(metadata={"enum": list(STATES)})
    attempts = fields.Integer()
    queued_at = out_instant()
    due_at = out_instant()
    ended_at = out_instant()
    log = fields.List(fields.Nested(MailTry))


class MailWhole(MailOut):
    message = fields.String(allow_none=True, metadata={"description": "the mail itself, where no SMTP server is named"})


class TextWords(Schema):
    subject = text(200, required=True, metadata={"example": "Lembrete: cobrança {number}"})
    body = text(10_000, required=True, metadata={"example": "Olá, {person}. Saldo: {balance}."})


class TextPreview(Schema):
    """Without words: the text that holds now."""

    receivable_id = id_field(metadata={"description": "whose facts are shown"})
    contract_id = id_field()
    request_id = id_field()
    subject = text(200)
    body = text(10_000)


class TextShown(Schema):
    subject = fields.String()
    body = fields.String()


class TextOut(TextShown):
    template = fields.String()
    lang = fields.String()
    own = fields.Boolean(metadata={"description": "the company's own words, not the catalogue's"})
    facts = fields.List(fields.String(), metadata={"description": "what may stand in braces", "example": ["number"]})


class TextList(Schema):
    items = fields.List(fields.Nested(TextOut))


class Topic(Schema):
    topic = fields.String(metadata={"description": "what is declined together", "enum": list(TOPICS)})
    declined = fields.Boolean(metadata={"description": "true: no such mail comes"})
    templates = fields.List(fields.String(), metadata={"description": "the texts of this topic"})


class TopicList(Schema):
    items = fields.List(fields.Nested(Topic))


class TopicChoice(Schema):
    declined = fields.List(
        choice(*TOPICS),
        required=True,
        metadata={"description": "the topics of which no mail is wanted", "example": ["evaluation"]},
    )


MailPage = page_of(MailOut)
