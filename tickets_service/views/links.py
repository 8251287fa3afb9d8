"""Links between requests, both ways."""

from __future__ import annotations

from typing import Any

from services.component import View
from services.events import Incoming
from services.rows import Rows
from tickets_service.tables import request_links


class LinksView(View):
    name = "links"
    source = "tickets"
    tables = (request_links,)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        match event.type.removeprefix("tickets.request."):
            case "linked":
                for one, other in _both(data["request_id"], data["other_id"]):
                    rows.put(request_links, request_id=one, other_id=other, kind="related")
            case "unlinked":
                for one, other in _both(data["request_id"], data["other_id"]):
                    rows.delete(request_links, request_id=one, other_id=other, kind="related")
            case "marked_duplicate":
                self._forget(rows, data["request_id"])
                duplicate, original = data["request_id"], data["original_id"]
                rows.put(request_links, request_id=duplicate, other_id=original, kind="duplicate_of")
                rows.put(request_links, request_id=original, other_id=duplicate, kind="original_of")
            case "reopened":
                self._forget(rows, data["request_id"])

    def _forget(self, rows: Rows, request_id: str) -> None:
        """It is a duplicate no more."""
        for link in rows.find(request_links, request_id=request_id, kind="duplicate_of"):
            rows.delete(request_links, request_id=request_id, other_id=link["other_id"], kind="duplicate_of")
            rows.delete(request_links, request_id=link["other_id"], other_id=request_id, kind="original_of")


def _both(one: str, other: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (one, other), (other, one)


def links_of(rows: Rows, request_id: str) -> list[dict[str, Any]]:
    """``{"request_id", "kind"}`` of all that it is linked to."""
    found = rows.find(request_links, request_id=request_id, order_by=(request_links.c.kind, request_links.c.other_id))
    return [{"request_id": each["other_id"], "kind": each["kind"]} for each in found]
