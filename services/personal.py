"""Everything that one person's key opens in a service: what he has a right to take away with him (LGPD, art. 18).

It is read from the events, where alone it stands for sure; so nothing is left out that a view forgot. Not for operators: they
see what is sealed as it is stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select, tuple_

from services.codec import personal_fields
from services.decider import ERASED
from services.errors import Invalid
from services.store.tables import events

if TYPE_CHECKING:
    from services.runtime import App

PAGE = 500
FILE = "sha256"


def personal_data(app: App, payload: dict[str, Any]) -> dict[str, Any]:
    """``{"person", "after"?: [stream, version]}`` → ``{"items": [{"at", "what", "thing", "data", "file"?}], "next"}``.

    ``data``: the person's own fields by name, readable; those of others stay out. ``file``: hash of a file that belongs to it.
    """
    person = payload.get("person")
    if not isinstance(person, str) or not person:
        raise Invalid(problems=[{"path": "person", "code": "missing", "message": "person is needed"}])
    mark = f'"person":{msgspec.json.encode(person).decode()}'
    found = select(events).where(events.c.data.contains(mark, autoescape=True))
    if after := payload.get("after"):
        found = found.where(tuple_(events.c.stream, events.c.version) > (str(after[0]), int(after[1])))
    with app.database.read() as conn:
        rows = conn.execute(found.order_by(events.c.stream, events.c.version).limit(PAGE)).all()
    items = [item for row in rows if (item := _item(app, row, person)) is not None]
    return {"items": items, "next": [rows[-1].stream, rows[-1].version] if len(rows) == PAGE else None}


def _item(app: App, row: Any, person: str) -> dict[str, Any] | None:
    codec = app.application.codec
    stored: dict[str, Any] = msgspec.json.decode(row.data)
    kind = codec.classes.get(row.type)
    said: dict[str, Any] = {}
    for name in personal_fields(kind) if kind is not None else ():
        box = stored.get(name)
        if (
            isinstance(box, dict)
            and box.get("person") == person
            and (text := app.application.vault.open(box)) != ERASED
        ):
            said[name] = text
    if not said:
        return None
    at = stored.get("at") or row.recorded_at.isoformat()
    file = {"file": stored[FILE]} if isinstance(stored.get(FILE), str) else {}
    return {"at": at, "what": row.type, "thing": row.stream, "data": said, **file}


__all__ = ["personal_data"]
