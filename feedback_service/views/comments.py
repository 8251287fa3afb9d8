"""Comments on contracts: one row each, with the customer's words while he exists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedback_service.tables import comments
from feedback_service.views.evaluations import with_reply
from services.component import View
from services.events import Incoming
from services.rows import Rows


class CommentsView(View):
    name = "comments"
    source = "feedback"
    tables = (comments,)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data

        def put(**values: Any) -> None:
            rows.put(comments, comment_id=data["comment_id"], **values)

        match event.type:
            case "feedback.comment.made":
                ids = {name: data[name] for name in ("contract_id", "customer_id", "contact_id", "text")}
                put(**ids, made_at=datetime.fromisoformat(data["at"]), hidden=False, replies=[])
            case "feedback.comment.moderated":
                hidden = data["hidden"]
                put(hidden=hidden, hidden_by=data["by"], hidden_reason=data["reason"] if hidden else None)
            case "feedback.comment.replied":
                put(replies=with_reply(rows.get(comments, comment_id=data["comment_id"]) or {}, data))
            case "feedback.comment.erased":
                put(text=None, replies=[])
