"""A customer's comment on a contract, without a request: what may be asked of it, and what happened to it.

One stream a comment: ``comment-<comment_id>``.
"""

from __future__ import annotations

from datetime import datetime

from services.decider import command, doc, event, personal


@command
class MakeComment:
    comment_id: str
    contract_id: str
    by: str = doc("contact who says it")
    text: str
    at: datetime
    customer_id: str | None = doc("a fact: the contract's customer", default=None)
    authorised: bool = doc("a fact: `by` speaks for the customer", default=False)


@command
class ModerateComment:
    """Hide it from others than its author, or show it again. Says why."""

    comment_id: str
    hidden: bool
    reason: str
    by: str
    at: datetime


@command
class ReplyToComment:
    comment_id: str
    reply_id: str
    text: str
    by: str
    at: datetime


@command
class EraseComment:
    comment_id: str
    at: datetime


@event("feedback.comment.made")
class CommentMade:
    """A customer said something about a contract."""

    comment_id: str
    contract_id: str
    customer_id: str
    contact_id: str
    at: datetime
    text: str = personal(of="contact_id")


@event("feedback.comment.moderated")
class CommentModerated:
    """Hidden from others than its author and the provider, or shown again."""

    comment_id: str
    contract_id: str
    customer_id: str
    at: datetime
    hidden: bool
    by: str = doc("user of the provider")
    reason: str = doc("no personal data; the author reads it, too")


@event("feedback.comment.replied")
class CommentReplied:
    comment_id: str
    contract_id: str
    customer_id: str
    contact_id: str
    at: datetime
    reply_id: str
    by: str = doc("user of the provider")
    text: str = personal(of="contact_id")


@event("feedback.comment.erased")
class CommentErased:
    """Its author was erased: read models forget the texts."""

    comment_id: str
    contract_id: str
    customer_id: str
    at: datetime


COMMANDS = (MakeComment, ModerateComment, ReplyToComment, EraseComment)
EVENTS = (CommentMade, CommentModerated, CommentReplied, CommentErased)
Command = MakeComment | ModerateComment | ReplyToComment | EraseComment
Event = CommentMade | CommentModerated | CommentReplied | CommentErased
