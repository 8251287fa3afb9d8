"""Evaluations as lists show them; the customers' words stay with feedback. From feedback's events."""

from __future__ import annotations

from typing import Any

from gateway.tables import evaluations
from gateway.views.reading import instant
from services.component import View
from services.events import Incoming
from services.rows import Rows


class EvaluationsView(View):
    name = "evaluations"
    source = "feedback"
    tables = (evaluations,)

    def prefetch(self, events: list[Incoming], rows: Rows) -> None:
        ids = [(event.data["evaluation_id"],) for event in events if "evaluation_id" in event.data]
        rows.prefetch(evaluations, ids)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        happened = event.type.rpartition(".")[2]
        values: dict[str, Any] = {
            name: data[name] for name in ("request_id", "resolution", "contract_id", "customer_id") if name in data
        }
        match happened:
            case "planned":
                values |= {"contact_id": data["contact_id"], "status": "planned", "asked_at": instant(data, "ask_at")}
                values["follow_up"] = "none"
            case "requested":
                values |= {"contact_id": data["contact_id"], "status": "asked", "asked_at": instant(data)}
                values |= {"tacit_at": instant(data, "tacit_at"), "follow_up": "none"}
            case "confirmed":
                values |= {"status": "confirmed", "answered_at": instant(data), "tacit": data.get("tacit")}
            case "contested":
                values |= {"status": "contested", "answered_at": instant(data), "tacit": False}
            case "rated":
                known = rows.get(evaluations, evaluation_id=data["evaluation_id"]) or {}
                if known.get("status") in ("planned", "asked"):
                    values |= {"status": "unsatisfied", "answered_at": instant(data), "tacit": False}
                values |= {"score": data["score"], "low": data["low"]}
            case "edited":
                values |= {"score": data["score"], "low": data["low"]}
            case "expired":
                values["status"] = "expired"
            case "follow_up_started":
                values["follow_up"] = "open"
            case "followed_up":
                values["follow_up"] = "done"
            case _:
                return
        rows.put(evaluations, evaluation_id=data["evaluation_id"], **values)
