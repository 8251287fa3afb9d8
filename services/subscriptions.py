"""Taking events: views and policies as subscriptions, each with its own fenced checkpoint per (source, partition).

RabbitMQ pushes, the feed proves: a message at or below the checkpoint is a duplicate, the next one is handled, and a
gap before a later one is fetched from the source's feed first. Effects commit only together with the checkpoint.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, exists, insert, select, update

from services import logs, metrics, tracing
from services.codec import to_json_values
from services.component import Component, Policy, View
from services.errors import Invalid, NotFound, Refused
from services.events import ORIGIN, Incoming
from services.rows import Rows
from services.store.arrays import literal
from services.store.database import insert_if_missing
from services.store.direct import send
from services.store.tables import applied, checkpoints, parked_streams, refusals, store_info, subscription_states

if TYPE_CHECKING:
    from services.application import Application

MAX_DEPTH = 12
_STARTED = "subscriptions_started"  # in store_info: from then on a new policy is a late one
NOW = -2  # a checkpoint that waits for the source's heads
ERASED_EVENT = "contracts.customer.erased"  # {"person_ids": [id, …]}
ERASURES = frozenset({ERASED_EVENT, "contracts.customer.contact_erased"})
_POLICY_IDS = uuid.UUID("f4c4a2a8-40f0-5a55-8a87-7a3a8a1e2b11")
log = logs.get("subscriptions")


@dataclass(frozen=True, slots=True)
class Subscription:
    """A named reader of one source: a view (rebuildable), a policy (never replayed), or the vault's eraser."""

    name: str
    source: str
    view: View | None = None
    policy: Policy | None = None

    @property
    def kind(self) -> str:
        return "view" if self.view is not None else "policy" if self.policy is not None else "erasure"

    @property
    def types(self) -> frozenset[str] | None:
        """The types of events that can have an effect; None: any."""
        if self.view is not None:
            return None
        return frozenset(self.policy.handles) if self.policy is not None else ERASURES

    @property
    def joins(self) -> bool:
        """Whether its effects may share a transaction with those of others: they are rows alone."""
        return self.view is not None or (self.policy is not None and self.policy.notes)

    def interested(self, event: Incoming) -> bool:
        """Whether handling this event can have an effect (what is not interesting only moves the checkpoint)."""
        if self.view is not None:
            return True
        if self.policy is not None:
            return event.type in self.policy.handles and (self.policy.historical or not event.historical)
        return event.type in ERASURES


def subscriptions_of(component: Component) -> list[Subscription]:
    """All subscriptions of a component; every one that keeps sealed fields also erases on ``contracts.customer.erased``."""
    found = [Subscription(f"view.{view.name}", view.source, view=view) for view in component.remote_views]
    found += [Subscription(f"policy.{policy.name}", policy.source, policy=policy) for policy in component.policies]
    if component.aggregates and component.erases_from:
        found.append(Subscription("erasure", component.erases_from))
    return found


def types_of(subscriptions: Sequence[Subscription]) -> frozenset[str] | None:
    """The types that concern at least one of them; None: any may."""
    types: set[str] = set()
    for each in subscriptions:
        if each.types is None:
            return None
        types |= each.types
    return frozenset(types)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a subscription stands: the last offset whose effects are committed, its chain, and the feed's id."""

    offset: int = ORIGIN
    chain: str = ""
    feed: str | None = None


class Fenced(Exception):
    """Another instance moved this checkpoint: roll back and load it again."""


class TooDeep(Exception):
    """A policy reacted to a policy too many times in a row: a loop between services."""


def load_checkpoint(conn: Connection, subscription: Subscription, partition: int) -> Checkpoint:
    row = conn.execute(select(checkpoints).where(*_here(subscription, partition))).one()
    return Checkpoint(row.offset, row.chain, row.feed)


def stored_places(
    conn: Connection, source: str, partition: int, names: Sequence[str]
) -> dict[str, tuple[Checkpoint, bool, bool]]:
    """``(checkpoint, whether it runs, whether a stream may be parked)`` of each of these subscriptions, by one statement."""
    here = (checkpoints.c.subscription.in_(names), checkpoints.c.source == source, checkpoints.c.partition == partition)
    same = (
        parked_streams.c.subscription == checkpoints.c.subscription,
        parked_streams.c.source == checkpoints.c.source,
    )
    wanted = select(checkpoints, (~_HELD).label("running"), exists().where(*same).label("parked")).where(*here)
    return {
        row.subscription: (Checkpoint(row.offset, row.chain, row.feed), bool(row.running), bool(row.parked))
        for row in conn.execute(wanted)
    }


def ensure_checkpoint(conn: Connection, subscription: Subscription, partition: int, start: Checkpoint) -> None:
    """Make the checkpoint where there is none yet."""
    if conn.execute(select(checkpoints.c.offset).where(*_here(subscription, partition))).first() is None:
        values = {"offset": start.offset, "chain": start.chain, "feed": start.feed, "moved_at": datetime.now(UTC)}
        key = {"subscription": subscription.name, "source": subscription.source, "partition": partition}
        conn.execute(insert_if_missing(conn, checkpoints).values(**key, **values))


def start_checkpoints(app: Application, subscriptions: list[Subscription], partitions: int) -> None:
    """At the first start all begin with the first event. Later, a new view still does; a new policy starts at *now*.

    "Now" is marked with the offset ``NOW`` until the source's heads can be had: nothing is asked here.
    """
    with app.db.write() as conn:
        first_start = conn.execute(select(store_info.c.value).where(store_info.c.key == _STARTED)).first() is None
        if first_start:
            mark = {"key": _STARTED, "value": datetime.now(UTC).isoformat()}
            conn.execute(insert_if_missing(conn, store_info).values(**mark))
        for subscription in subscriptions:
            late = not first_start and subscription.policy is not None and not subscription.policy.from_start
            for partition in range(partitions):
                ensure_checkpoint(conn, subscription, partition, Checkpoint(NOW if late else ORIGIN))


def move_checkpoint(
    conn: Connection, subscription: Subscription, partition: int, old: Checkpoint, new: Checkpoint
) -> None:
    """``UPDATE … WHERE offset = :old``; raises ``Fenced`` when somebody else was faster, or stopped the subscription."""
    move_checkpoints(conn, [subscription], partition, old, new)


def move_checkpoints(
    conn: Connection, subscriptions: Sequence[Subscription], partition: int, old: Checkpoint, new: Checkpoint
) -> None:
    """The same for all subscriptions (of one source) that stand at ``old``: all move, or ``Fenced`` is raised."""
    place = {"offset": new.offset, "chain": new.chain, "feed": new.feed, "moved_at": datetime.now(UTC)}
    place |= {"in_partition": partition, "from_offset": old.offset}
    names = sorted(each.name for each in subscriptions)
    if conn.dialect.name == "postgresql":
        of = {"in_source": subscriptions[0].source, "names": literal(names)}
        moved = len(send(conn, _MOVE_TEXT, {**place, **of}))
    else:
        of = {"in_source": subscriptions[0].source}
        moved = sum(conn.execute(_MOVE, {"in_subscription": name, **of, **place}).rowcount for name in names)
    if moved != len(names):
        raise Fenced(f"{', '.join(names)} of {subscriptions[0].source}.{partition}: no longer at {old.offset}")


_MOVE_TEXT = """
UPDATE checkpoints AS c
SET "offset" = %(offset)s, chain = %(chain)s, feed = %(feed)s, moved_at = %(moved_at)s
FROM unnest(%(names)s::text[]) AS n(name)
WHERE c.subscription = n.name AND c.source = %(in_source)s AND c.partition = %(in_partition)s
  AND c."offset" = %(from_offset)s
  AND NOT EXISTS (SELECT FROM subscription_states s WHERE s.subscription = c.subscription AND s.source = c.source)
RETURNING 1
"""
_HELD = exists().where(  # stopped or diverged, whichever instance found that out
    subscription_states.c.subscription == checkpoints.c.subscription,
    subscription_states.c.source == checkpoints.c.source,
)
_MOVE = update(checkpoints).where(  # made once, so that it is compiled once
    checkpoints.c.subscription == bindparam("in_subscription"),
    checkpoints.c.source == bindparam("in_source"),
    checkpoints.c.partition == bindparam("in_partition"),
    checkpoints.c.offset == bindparam("from_offset"),
    ~_HELD,
)


def _here(subscription: Subscription, partition: int) -> tuple[Any, ...]:
    c = checkpoints.c
    return c.subscription == subscription.name, c.source == subscription.source, c.partition == partition


# -- effects -----------------------------------------------------------------------------------------------------------


def react(app: Application, subscription: Subscription, event: Incoming, conn: Connection) -> None:
    """A policy's or the eraser's effect of one event, in the caller's transaction.

    A command's id is uuid5(policy, event, target): the same event again gives the first answer. ``Refused`` is a
    declared outcome: it is noted, and the event counts as handled.
    """
    if subscription.policy is None:
        if event.type in ERASURES:
            app.vault.erase(event.data["person_ids"])
        return
    policy = subscription.policy
    reaction = policy.handles.get(event.type)
    if reaction is None or (event.historical and not policy.historical):
        return
    if event.depth >= MAX_DEPTH:
        raise TooDeep(f"{policy.name}: {event.id} is {event.depth} policies away from its first cause")
    seen: dict[str, int] = {}
    rows = Rows(conn)
    commands = list(reaction(event, rows))
    rows.flush()
    for command in commands:
        target = f"{command.COMMAND_NAME}/{app.stream_of(command)}"
        seen[target] = seen.get(target, 0) + 1
        if seen[target] > 1:  # the same kind of command to the same stream again: a command of its own
            target += f"/{seen[target]}"
        command_id = str(uuid.uuid5(_POLICY_IDS, f"{app.name}/{policy.name}/{event.source}/{event.id}/{target}"))
        _command(app, policy, event, command, command_id, conn)


def note_all(policy: Policy, events: Sequence[Incoming], rows: Rows) -> None:
    """What a policy that only notes puts into its tables for these events. The caller flushes."""
    for event in events:
        reaction = policy.handles.get(event.type)
        if reaction is not None and (policy.historical or not event.historical):
            for command in reaction(event, rows):
                raise TypeError(f"{policy.name} only notes, and yielded {command.COMMAND_NAME}")


def _command(
    app: Application, policy: Policy, event: Incoming, command: Any, command_id: str, conn: Connection
) -> None:
    payload = {k: v for k, v in to_json_values(command).items() if k != "at" or v is not None}
    span = tracing.span(app.name, command.COMMAND_NAME, parent=_parent(event), policy=policy.name, event=event.id)
    with logs.bound(correlation=event.correlation, policy=policy.name), span:
        try:
            with conn.begin_nested():
                app.execute_within(
                    conn,
                    command.COMMAND_NAME,
                    payload,
                    command_id=command_id,
                    actor=f"system:{policy.name}",
                    correlation=event.correlation,
                    causation=event.id,
                    historical=event.historical,
                    depth=event.depth + 1,
                )
        except (Refused, NotFound, Invalid) as refused:
            if isinstance(refused, Invalid):
                raise
            log.info("a rule refused a policy's command", code=refused.code, command=command.COMMAND_NAME)
            metrics.REFUSALS.labels(app.name, policy.name, refused.code).inc()
            note = {"policy": policy.name, "event": event.id, "command": command.COMMAND_NAME, "code": refused.code}
            params = refused.to_wire()["params"]
            conn.execute(insert(refusals).values(**note, params=params, at=datetime.now(UTC)))


def _parent(event: Incoming) -> str | None:
    """The span that takes this event, if it belongs to the same trace; else the event's own."""
    now = tracing.traceparent()
    return None if now[3:35] == event.traceparent[3:35] else event.traceparent


def fold_batch(
    view: View, events: Sequence[Incoming], rows: Rows, prepared: tuple[Any, ...], *, prefetch: bool = True
) -> None:
    """A view's effect of a run of events, in the caller's transaction. The caller flushes."""
    if prefetch:
        view.prefetch(list(events), rows)
    for event in events:
        with tracing.within(event.traceparent):  # what it makes due belongs to its trace
            view.fold(event, rows, *prepared)


def prepare_batch(view: View, events: Sequence[Incoming], call: Callable[..., Any]) -> tuple[Any, ...]:
    """What a view wants to know from other services before its transaction; empty when it asks nothing."""
    prepare = getattr(view, "prepare", None)
    return () if prepare is None else (prepare(list(events), call),)


def note_applied(subscription: Subscription, events: Sequence[Incoming], rows: Rows) -> None:
    """Tell readers that wait for a stream's version that this subscription has it. The caller flushes."""
    latest: dict[str, int] = {}
    for event in events:
        latest[event.stream] = max(event.version, latest.get(event.stream, 0))
    for stream, version in latest.items():
        rows.put(applied, subscription=subscription.name, source=subscription.source, stream=stream, version=version)


# -- states ------------------------------------------------------------------------------------------------------------


def state_of(conn: Connection, subscription: Subscription) -> tuple[str, str]:
    """``("running" | "stopped" | "diverged", reason)``"""
    where = (
        subscription_states.c.subscription == subscription.name,
        subscription_states.c.source == subscription.source,
    )
    row = conn.execute(select(subscription_states.c.state, subscription_states.c.reason).where(*where)).first()
    return ("running", "") if row is None else (row.state, row.reason)


def set_state(conn: Connection, subscription: Subscription, state: str, reason: str) -> None:
    """``running`` removes the row; the others hold the subscription until an operator says otherwise."""
    rows = Rows(conn)
    key = {"subscription": subscription.name, "source": subscription.source}
    if state == "running":
        rows.delete(subscription_states, **key)
    else:
        rows.put(subscription_states, **key, state=state, reason=reason[:2000], at=datetime.now(UTC))
    rows.flush()
