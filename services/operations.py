"""The operator's actions on one service: look, retry, discard, rebuild, run a day, verify.

``operate(app, {"action": name, …})`` is the RPC ``operate``; the command line and the dashboards use it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from services import figures, parking, rebuild, story, verify
from services.errors import Invalid, NotFound
from services.events import Envelope
from services.personal import personal_data
from services.rows import Rows
from services.store.tables import discarded_events, refusals, subscription_states
from services.store.tables import due as due_table
from services.subscriptions import (
    Checkpoint,
    Subscription,
    note_applied,
    prepare_batch,
    set_state,
    subscriptions_of,
)

if TYPE_CHECKING:
    from services.runtime import App

MOST_HELD_SECONDS = 3600.0


def operate(app: App, payload: dict[str, Any]) -> Any:
    """Dispatch an action. Raises ``NotFound`` for an unknown one."""
    action = _ACTIONS.get(str(payload.get("action")))
    if action is None:
        raise NotFound("operation.unknown", action=payload.get("action"), known=sorted(_ACTIONS))
    return action(app, payload)


def _health(app: App, _: dict[str, Any]) -> Any:
    return app.health()


def _parked(app: App, payload: dict[str, Any]) -> Any:
    with app.database.read() as conn:
        return parking.listing(conn, app.component.name, int(payload.get("limit", 200)))


def _retry(app: App, payload: dict[str, Any]) -> Any:
    """``{"subscription", "stream"}`` → ``{"handled", "failed"}``"""
    subscription = _subscription(app, payload)

    def handle(envelope: Envelope, conn: Any) -> None:
        event = envelope.incoming()
        prepared = prepare_batch(subscription.view, [event], app.call) if subscription.view else ()
        reader = next(r for r in app.readers if r.source == subscription.source)
        reader.handle(subscription, event, conn, prepared)
        if app.component.records_applied and subscription.view is not None:
            rows = Rows(conn)
            note_applied(subscription, [event], rows)
            rows.flush()

    with app.database.write() as conn:
        handled, reason = parking.redrive(conn, subscription, _text(payload, "stream"), handle)
    app.application.appended.set()
    app.application.moved()
    return {"handled": handled, "failed": reason}


def _discard(app: App, payload: dict[str, Any]) -> Any:
    """``{"subscription", "stream", "reason", "actor"}`` → ``{"event"}``"""
    reason, actor = _text(payload, "reason"), str(payload.get("actor") or "operator")
    with app.database.write() as conn:
        stream = _text(payload, "stream")
        return {"event": parking.discard(conn, _subscription(app, payload), stream, reason=reason, actor=actor)}


def _resume(app: App, payload: dict[str, Any]) -> Any:
    """Let a stopped subscription run again; with ``"accept": true`` a diverged one takes the source as it now is."""
    subscription = _subscription(app, payload)
    accept = bool(payload.get("accept"))
    heads = app.call(subscription.source, "heads", {}) if accept else None
    with app.database.write() as conn:
        if heads is not None and subscription.view is not None:
            rebuild.restart(conn, subscription, [head["partition"] for head in heads["partitions"]])
        elif heads is not None:
            for head in heads["partitions"]:
                at = Checkpoint(head["offset"], head["chain"], heads["feed"])
                rebuild.reset_checkpoint(conn, subscription, head["partition"], at)
        set_state(conn, subscription, "running", "")
    for reader in app.readers:
        if reader.source == subscription.source:
            reader.reload()
    return {"resumed": subscription.name}


def _rebuild(app: App, payload: dict[str, Any]) -> Any:
    """``{"view": name}``; a view of other services' events starts again from offset 0, an own one is folded at once.

    With ``"wait": false`` it is answered at once, and ``figures`` tells how far it is.
    """
    view, actor = _text(payload, "view"), str(payload.get("actor") or "operator")
    if view not in (known := sorted({each.name for each in (*app.component.views, *app.component.remote_views)})):
        raise NotFound("view.not-found", view=view, known=known)
    app.rebuilds.begin(view, actor)

    def work() -> dict[str, Any]:
        return app.rebuilds.run(view, lambda: rebuild.rebuild(app, view))

    if payload.get("wait", True):
        return work()
    app.beside(f"rebuild {view}", lambda: (work(), None)[1])
    return {"view": view, "begun": True}


def _due(app: App, payload: dict[str, Any]) -> Any:
    """``{"until": instant}`` → counts by outcome. Runs what is due up to then, in order."""
    until = datetime.fromisoformat(_text(payload, "until")) if payload.get("until") else datetime.now(UTC)
    if until.tzinfo is None:
        raise Invalid(problems=[{"path": "until", "code": "value", "message": "an instant needs a time zone"}])
    counts = app.due.run(until, limit=payload.get("limit"))
    app.application.appended.set()
    return {**counts, "waiting": app.due.waiting()}


def _hold_due(app: App, payload: dict[str, Any]) -> Any:
    """``{"seconds"}``: for so long (at most an hour; 0: no longer) this instance does by itself nothing of what is due. For
    bringing in what is past: a charge's overdue mark must not overtake the payment that comes next."""
    seconds = min(max(float(payload.get("seconds") or 0), 0.0), MOST_HELD_SECONDS)
    app.due_held_until = time.monotonic() + seconds
    return {"held": seconds}


def _park(app: App, payload: dict[str, Any]) -> Any:
    """``{"subscription", "stream", "reason"}``: set a stream aside by hand. Its events wait until somebody retries them,
    while those of others flow."""
    subscription, stream = _subscription(app, payload), _text(payload, "stream")
    with app.database.write() as conn:
        parking.set_aside(conn, subscription, stream, _text(payload, "reason"))
    app.compare_now()  # our readers know it from now on, other instances' at their next look
    return {"subscription": subscription.name, "stream": stream}


def _due_list(app: App, payload: dict[str, Any]) -> Any:
    statement = select(due_table).where(due_table.c.done_at.is_(None)).order_by(due_table.c.at)
    with app.database.read() as conn:
        rows = conn.execute(statement.limit(int(payload.get("limit", 100)))).mappings()
        return [
            {**row, "at": row["at"].isoformat(), "retry_at": _iso(row["retry_at"]), "done_at": None} for row in rows
        ]


def _subscriptions(app: App, _: dict[str, Any]) -> Any:
    with app.database.read() as conn:
        states = {(r.subscription, r.source): r for r in conn.execute(select(subscription_states))}
    found = []
    for position in (p for reader in app.readers for p in reader.positions()):
        state = states.get((position["subscription"], position["source"]))
        found.append(
            {**position, "state": state.state if state else "running", "reason": state.reason if state else ""}
        )
    return found


def _compare(app: App, _: dict[str, Any]) -> Any:
    app.compare_now()
    return _subscriptions(app, {})


def _refusals(app: App, payload: dict[str, Any]) -> Any:
    with app.database.read() as conn:
        statement = select(refusals).order_by(refusals.c.id.desc()).limit(int(payload.get("limit", 100)))
        return [{**row, "at": row["at"].isoformat()} for row in conn.execute(statement).mappings()]


def _figures(app: App, _: dict[str, Any]) -> Any:
    return figures.figures(app)


def _discarded(app: App, payload: dict[str, Any]) -> Any:
    """What operators discarded, the latest first: ``[{id, subscription, event, envelope, reason, actor, at}]``."""
    with app.database.read() as conn:
        statement = select(discarded_events).order_by(discarded_events.c.id.desc())
        rows = conn.execute(statement.limit(int(payload.get("limit", 100)))).mappings()
        return [{**row, "at": row["at"].isoformat()} for row in rows]


def _stream(app: App, payload: dict[str, Any]) -> Any:
    """``{"stream"}`` → its events as stored: personal fields stay sealed."""
    with app.database.read() as conn:
        found = app.application.store.load(conn, _text(payload, "stream"))
    return [
        {"id": e.id, "type": e.type, "schema": e.schema, "at": e.at.isoformat(), "data": e.data, "hash": e.hash}
        | {"actor": e.meta.actor, "correlation": e.meta.correlation, "causation": e.meta.causation}
        | {"channel": e.meta.channel or None, "historical": e.meta.historical}
        | {"traceparent": e.meta.traceparent or None}
        for e in found
    ]


def _story(app: App, payload: dict[str, Any]) -> Any:
    """``{"streams", "about", "correlations", "causes", "ids"}`` → what this store says about a story (``story.story``)."""
    return story.story(app.database, app.component.name, payload)


def _verify(app: App, _: dict[str, Any]) -> Any:
    return verify.verify(app)


def _subscription(app: App, payload: dict[str, Any]) -> Subscription:
    name = _text(payload, "subscription")
    source = payload.get("source")
    for subscription in subscriptions_of(app.component):
        if subscription.name == name and source in (None, "", subscription.source):
            return subscription
    raise NotFound("subscription.not-found", subscription=name, service=app.component.name)


def _text(payload: dict[str, Any], key: str) -> str:
    value = payload.get(key)
    if not isinstance(value, str) or not value:
        raise Invalid(problems=[{"path": key, "code": "missing", "message": f"{key} is needed"}])
    return value


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


_ACTIONS: dict[str, Callable[[Any, dict[str, Any]], Any]] = {
    "health": _health,
    "parked": _parked,
    "retry": _retry,
    "discard": _discard,
    "resume": _resume,
    "rebuild": _rebuild,
    "due": _due,
    "due_list": _due_list,
    "hold_due": _hold_due,
    "park": _park,
    "subscriptions": _subscriptions,
    "compare": _compare,
    "refusals": _refusals,
    "figures": _figures,
    "discarded": _discarded,
    "stream": _stream,
    "personal": personal_data,
    "story": _story,
    "verify": _verify,
}
