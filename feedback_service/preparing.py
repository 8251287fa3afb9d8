"""Facts that an answer needs from feedback's own read models: whether the speaker may speak for the customer."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from feedback_service.domain.commands import ConfirmService, ContestService, EditRating, RateService
from feedback_service.domain.comment_messages import MakeComment
from feedback_service.tables import contacts, evaluations
from feedback_service.views.contract_rules import may_answer, owner_of
from services.component import Context
from services.errors import Refused
from services.rows import Rows

Answer = TypeVar("Answer", ConfirmService, ContestService, RateService, EditRating)


def know_the_speaker(command: Answer, rows: Rows, ctx: Context) -> Answer:
    """Fills ``authorised``. Nobody speaks in another's name: a contact only in his own; staff may note down what a
    contact said on the phone, but never about their own work."""
    row = rows.get(evaluations, evaluation_id=command.evaluation_id) or {}
    kind, _, actor = ctx.actor.partition(":")
    if kind == "contact" and actor != command.by:
        raise Refused("evaluation.not-authorised", by=command.by)
    if kind == "user" and row and actor == row["resolved_by"]:
        raise Refused("evaluation.resolver-may-not-answer", by=actor)
    return replace(command, authorised=bool(row) and may_answer(rows, row["customer_id"], command.by))


def know_the_author(command: MakeComment, rows: Rows, ctx: Context) -> MakeComment:
    """Whose contract it is, and whether the author speaks for him; a contact speaks in his own name only."""
    kind, _, actor = ctx.actor.partition(":")
    if kind == "contact" and actor != command.by:
        raise Refused("evaluation.not-authorised", by=command.by)
    owner = owner_of(rows, command.contract_id)
    speaks = owner is not None and rows.get(contacts, customer_id=owner, contact_id=command.by) is not None
    return replace(command, customer_id=owner, authorised=speaks)
