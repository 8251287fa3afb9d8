"""What must happen to an evaluation at a time: ask, remind, confirm tacitly, expire."""

from __future__ import annotations

from datetime import datetime

from feedback_service.domain.commands import AskEvaluation, ConfirmTacitly, ExpireEvaluation, RemindEvaluation
from services.component import View
from services.due import schedule, unschedule
from services.events import Incoming
from services.rows import Rows


class TimersView(View):
    """Writes due rows only. A stale one does no harm (the decider then decides nothing), but an operator reads them."""

    name = "timers"
    source = "feedback"
    tables = ()

    def fold(self, event: Incoming, rows: Rows) -> None:
        data, id_ = event.data, event.data.get("evaluation_id", "")
        match event.type:
            case "feedback.evaluation.planned":
                ask_at = datetime.fromisoformat(data["ask_at"])
                schedule(rows, key=f"ask:{id_}", at=ask_at, command=AskEvaluation(id_, ask_at))
            case "feedback.evaluation.requested":
                tacit_at = datetime.fromisoformat(data["tacit_at"])
                schedule(rows, key=f"tacit:{id_}", at=tacit_at, command=ConfirmTacitly(id_, tacit_at))
                if data["remind_at"] is not None:
                    remind_at = datetime.fromisoformat(data["remind_at"])
                    schedule(rows, key=f"remind:{id_}", at=remind_at, command=RemindEvaluation(id_, remind_at))
            case "feedback.evaluation.confirmed":
                self._cancel(rows, id_)
                until = datetime.fromisoformat(data["rate_until"])
                schedule(rows, key=f"expire:{id_}", at=until, command=ExpireEvaluation(id_, "time", until))
            case "feedback.evaluation.rated" | "feedback.evaluation.contested" | "feedback.evaluation.expired":
                self._cancel(rows, id_)
                unschedule(rows, f"expire:{id_}")

    @staticmethod
    def _cancel(rows: Rows, evaluation_id: str) -> None:
        for what in ("ask", "remind", "tacit"):
            unschedule(rows, f"{what}:{evaluation_id}")
