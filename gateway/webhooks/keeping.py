"""What the API does with webhook endpoints: made, changed, paused, given new secrets, set to another place.

``owner``: the id of the API key that calls, which sees its own endpoints alone; None: staff, who see all. Whatever is
changed takes the delivering worker's claim away, so that it notes nothing that it began before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from uuid_utils import uuid7

from gateway.webhooks import reading
from gateway.webhooks.domain.addresses import target_of
from gateway.webhooks.domain.filters import Filter, is_pattern
from gateway.webhooks.looking import Endpoints
from gateway.webhooks.parts import FRESH, RELEASED, hurry
from gateway.webhooks.posting import Channel, refusal
from gateway.webhooks.reading import Call, Place, known_types
from gateway.webhooks.sealing import Seals
from gateway.webhooks.settings import WebhookSettings
from gateway.webhooks.tables import (
    webhook_attempts,
    webhook_endpoints,
    webhook_places,
    webhook_secrets,
    webhook_waiting,
)
from gateway.webhooks.trying import try_now
from services.errors import Invalid, NotFound, Refused
from services.rows import Rows
from services.store.database import Database

MOST_SECRETS = 3
MOST_OF_A_KEY = 20
"""Endpoints that one API key may have."""


class Webhooks(Endpoints):
    """Endpoints in the gateway's store. ``call`` asks a service."""

    def __init__(self, database: Database, seals: Seals, settings: WebhookSettings, call: Call) -> None:
        super().__init__(database, seals, call)
        self._settings = settings
        self._open = lambda url: Channel(target_of(url), settings)

    def test(self, endpoint_id: str, owner: str | None, id_: str, now: datetime) -> dict[str, Any]:
        """Send an event that never happened; the log's row."""
        return try_now(self._db, self.one(endpoint_id, owner), self.secrets(endpoint_id, now), self._open, id_, now)

    # -- making and changing -------------------------------------------------------------------------------------------

    def add(
        self,
        endpoint_id: str,
        data: Mapping[str, Any],
        *,
        services: Sequence[str],
        owner: str | None,
        by: str,
        at: datetime,
    ) -> tuple[dict[str, Any], str]:
        """A new endpoint and its secret, which is told this once. ``services``: those that the caller may hear.

        It begins with what happens from now on, or (``from_start``) with the first event of all. Raises ``Refused``
        where the id has its endpoint already.
        """
        values = self._checked(data, services)
        if owner is not None and len(self.all(owner)) >= MOST_OF_A_KEY:
            raise Refused("webhook.too-many", most=MOST_OF_A_KEY)
        places = self._beginnings(values["sources"], bool(data.get("from_start")))
        secret = self._seals.fresh()
        row = {**values, **FRESH, "name": data["name"], "owner": owner, "state": "active", "reason": ""}
        made = {"endpoint_id": endpoint_id, "created_at": at, "created_by": by}
        try:
            with self._db.write() as conn:
                conn.execute(insert(webhook_endpoints).values(**row, **made))
                self._put_places(conn, endpoint_id, places)
                self._put_secret(conn, endpoint_id, secret, at)
        except IntegrityError:
            raise Refused("webhook.shown-once", endpoint_id=endpoint_id) from None
        return self.one(endpoint_id, owner), secret

    def change(
        self, endpoint_id: str, data: Mapping[str, Any], *, services: Sequence[str], owner: str | None
    ) -> dict[str, Any]:
        """Name, URL or filter; what is left out stays. A service that was not heard before is heard from now on."""
        known = self.one(endpoint_id, owner)
        names = ("url", "types", "customers", "contracts")
        values = self._checked({**{name: known[name] for name in names}, **data}, services)
        fresh = self._beginnings([source for source in values["sources"] if source not in known["sources"]], False)
        with self._db.write() as conn:
            self._take(conn, endpoint_id, name=data.get("name", known["name"]), **values)
            for table in (webhook_places, webhook_waiting):
                gone = (table.c.endpoint_id == endpoint_id, table.c.source.not_in(values["sources"]))
                conn.execute(delete(table).where(*gone))
            self._put_places(conn, endpoint_id, fresh)
        return self.one(endpoint_id, owner)

    def remove(self, endpoint_id: str, owner: str | None) -> None:
        """With its log and all that waits."""
        self.one(endpoint_id, owner)
        with self._db.write() as conn:
            for table in (webhook_endpoints, webhook_secrets, webhook_places, webhook_waiting, webhook_attempts):
                conn.execute(delete(table).where(table.c.endpoint_id == endpoint_id))

    def pause(self, endpoint_id: str, owner: str | None) -> dict[str, Any]:
        """Nothing is delivered from now on, and nothing is lost: the feed keeps it."""
        if self.one(endpoint_id, owner)["state"] == "active":
            with self._db.write() as conn:
                self._take(conn, endpoint_id, state="paused", reason="by-hand")
        return self.one(endpoint_id, owner)

    def resume(self, endpoint_id: str, owner: str | None, now: datetime) -> dict[str, Any]:
        """Go on where it stopped; what waits is tried at once. For one that is active: try all that waits at once."""
        if self.one(endpoint_id, owner)["reason"] == "diverged":
            raise Refused("webhook.diverged", endpoint_id=endpoint_id)
        with self._db.write() as conn:
            self._take(conn, endpoint_id, state="active", reason="", **FRESH)
            hurry(conn, endpoint_id, now, afresh=True)
        return self.one(endpoint_id, owner)

    def rotate(
        self, endpoint_id: str, owner: str | None, *, overlap: timedelta, now: datetime
    ) -> tuple[dict[str, Any], str]:
        """A new secret, told this once. Those before sign besides until the overlap is over."""
        self.one(endpoint_id, owner)
        c = webhook_secrets.c
        secret = self._seals.fresh()
        with self._db.write() as conn:
            mine = (c.endpoint_id == endpoint_id,)
            conn.execute(delete(webhook_secrets).where(*mine, c.ends_at <= now))
            valid = conn.scalar(select(func.count()).select_from(webhook_secrets).where(*mine)) or 0
            if overlap and valid >= MOST_SECRETS:
                raise Refused("webhook.too-many-secrets", most=MOST_SECRETS)
            if overlap:
                conn.execute(update(webhook_secrets).where(*mine, c.ends_at.is_(None)).values(ends_at=now + overlap))
            else:
                conn.execute(delete(webhook_secrets).where(*mine))
            self._put_secret(conn, endpoint_id, secret, now)
        return self.one(endpoint_id, owner), secret

    def send_again(
        self, endpoint_id: str, owner: str | None, *, service: str, partition: int, offset: int
    ) -> dict[str, Any]:
        """Go on with the event at ``offset`` of a partition, older or newer than where it stands: of any age, the feed has
        it. What waits from there on is dropped here, because it comes again."""
        known = self.one(endpoint_id, owner)
        if service not in known["sources"]:
            raise Refused("webhook.not-heard", service=service)
        head = next((each for each in reading.heads(self._call, service) if each.partition == partition), None)
        if head is None or offset > head.offset + 1:
            raise Refused("webhook.no-such-offset", offset=offset)
        place = reading.before(self._call, head, offset)
        w = webhook_waiting.c
        here = (w.endpoint_id == endpoint_id, w.source == service, w.partition == partition)
        diverged = known["reason"] == "diverged"
        with self._db.write() as conn:
            back = {"state": "active", "reason": ""} if diverged else {}
            self._take(conn, endpoint_id, **back, **(FRESH if diverged else {}))
            older = () if diverged else (w.offset >= offset,)  # of another history nothing waits any more
            conn.execute(delete(webhook_waiting).where(*here, *older))
            self._put_places(conn, endpoint_id, [place])
        return self.one(endpoint_id, owner)

    def skip(
        self, endpoint_id: str, owner: str | None, *, service: str, partition: int, offset: int, now: datetime
    ) -> None:
        """Give up on one event that waits: the next one of its stream is tried."""
        self.one(endpoint_id, owner)
        w = webhook_waiting.c
        mine = (w.endpoint_id == endpoint_id, w.source == service, w.partition == partition, w.offset == offset)
        with self._db.write() as conn:
            self._take(conn, endpoint_id)
            if conn.execute(delete(webhook_waiting).where(*mine)).rowcount == 0:
                raise NotFound("webhook.not-waiting", offset=offset)
            hurry(conn, endpoint_id, now)

    # -- parts ---------------------------------------------------------------------------------------------------------

    def _checked(self, data: Mapping[str, Any], services: Sequence[str]) -> dict[str, Any]:
        """The columns of URL and filter. Raises ``Invalid`` that names what cannot be, ``Refused`` where it may not be."""
        problems = []
        try:
            why = refusal(target_of(data["url"]), self._settings)
        except ValueError:
            why = None
            problems.append(_problem("url", "not a plain http or https URL"))
        if why is not None:
            raise Refused(f"webhook.{why}")
        wanted = Filter(tuple(data["types"]), frozenset(data["customers"]), frozenset(data["contracts"]))
        heard = {name: fields for name, fields in known_types().items() if name.split(".")[0] in services}
        for place, pattern in enumerate(wanted.types):
            if not is_pattern(pattern) or not any(Filter((pattern,)).wants_type(name) for name in heard):
                problems.append(_problem(f"types.{place}", "no event type of yours is like that: see /api/events"))
        matching = [fields for name, fields in heard.items() if wanted.wants_type(name)]
        if not problems and not any(wanted.can_tell(fields) for fields in matching):
            problems.append(_problem("types", "none of these events says whose it is"))
        if problems:
            raise Invalid(problems=problems)
        lists = {name: list(dict.fromkeys(data[name])) for name in ("types", "customers", "contracts")}
        return {"url": data["url"], **lists, "sources": wanted.sources(services)}

    def _beginnings(self, sources: Sequence[str], from_start: bool) -> list[Place]:
        found = [head for source in sources for head in reading.heads(self._call, source)]
        return [reading.before(self._call, head, 0 if from_start else head.offset + 1) for head in found]

    @staticmethod
    def _put_places(conn: Connection, endpoint_id: str, places: Sequence[Place]) -> None:
        rows = Rows(conn)
        for place in places:
            rows.put(webhook_places, endpoint_id=endpoint_id, source=place.source, partition=place.partition,
                     offset=place.offset, chain=place.chain, feed=place.feed)  # fmt: skip
        rows.flush()

    def _put_secret(self, conn: Connection, endpoint_id: str, secret: str, at: datetime) -> None:
        sealed = self._seals.seal(endpoint_id, secret)
        row = {"endpoint_id": endpoint_id, "secret_id": str(uuid7()), "sealed": sealed, "made_at": at}
        conn.execute(insert(webhook_secrets).values(**row, ends_at=None))

    @staticmethod
    def _take(conn: Connection, endpoint_id: str, **values: Any) -> None:
        mine = webhook_endpoints.c.endpoint_id == endpoint_id
        conn.execute(update(webhook_endpoints).where(mine).values(**RELEASED, **values))


def _problem(path: str, message: str) -> dict[str, str]:
    return {"path": path, "code": "value", "message": message}
