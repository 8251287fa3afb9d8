"""A comment on a contract: its decider. Made once; hidden, shown and replied to any number of times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from feedback_service.domain.comment_messages import (
    COMMANDS,
    EVENTS,
    Command,
    CommentErased,
    CommentMade,
    CommentModerated,
    CommentReplied,
    EraseComment,
    Event,
    MakeComment,
    ModerateComment,
    ReplyToComment,
)
from feedback_service.domain.moderation import reason_of, said_of
from services.decider import Decider
from services.errors import NotFound, Refused


@dataclass(frozen=True, slots=True)
class Comment:
    comment_id: str = ""
    contract_id: str = ""
    customer_id: str = ""
    contact_id: str = ""
    hidden: bool = False
    erased: bool = False
    replies: frozenset[str] = frozenset()


def decide(command: Command, state: Comment) -> Sequence[Event]:
    if isinstance(command, MakeComment):
        return _made(command, state)
    if not state.comment_id:
        raise NotFound("comment.not-found", comment_id=command.comment_id)
    ids = (state.comment_id, state.contract_id, state.customer_id)
    match command:
        case ModerateComment(hidden=hidden, by=by, at=at):
            reason = reason_of(command.reason)
            return [] if state.hidden == hidden else [CommentModerated(*ids, at, hidden, by, reason)]
        case ReplyToComment(reply_id=reply, by=by, at=at):
            said = said_of(command.text)
            return [] if reply in state.replies else [CommentReplied(*ids, state.contact_id, at, reply, by, said)]
        case EraseComment(at=at):
            return [] if state.erased else [CommentErased(*ids, at)]


def _made(command: MakeComment, state: Comment) -> Sequence[Event]:
    if state.comment_id:
        return []
    if command.customer_id is None:
        raise NotFound("comment.contract-unknown", contract_id=command.contract_id)
    if command.by != command.customer_id and not command.authorised:
        raise Refused("evaluation.not-authorised", by=command.by)
    said = said_of(command.text)
    return [CommentMade(command.comment_id, command.contract_id, command.customer_id, command.by, command.at, said)]


def evolve(state: Comment, event: Event) -> Comment:
    match event:
        case CommentMade():
            return replace(
                state,
                comment_id=event.comment_id,
                contract_id=event.contract_id,
                customer_id=event.customer_id,
                contact_id=event.contact_id,
            )
        case CommentModerated(hidden=hidden):
            return replace(state, hidden=hidden)
        case CommentReplied(reply_id=reply):
            return replace(state, replies=state.replies | {reply})
        case CommentErased():
            return replace(state, erased=True)
    return state


DECIDER: Decider[Any, Comment, Any] = Decider(Comment(), decide, evolve)

__all__ = ["COMMANDS", "DECIDER", "EVENTS", "Comment"]
