"""What operators ask of a running system: bill a month, run what is due, look, retry, rebuild, prove."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from services.errors import from_wire
from vigencia.client import API, Client
from vigencia.console import Voice
from vigencia.exits import Exit, Failure
from vigencia.words import say, tell

SERVICES = ("contracts", "billing", "tickets", "feedback")
ALL = (*SERVICES, "gateway")
ACCOUNTS_AT_ONCE = 200
ZONE = ZoneInfo("America/Sao_Paulo")


def bill(client: Client, month: str, voice: Voice) -> dict[str, Any]:
    """Issue a month's receivables once billing knows all contracts. ``{"contracts", "issued", "total", "failed"}``"""
    client.settle(voice)
    run: dict[str, Any] = {"contracts": 0, "issued": 0, "total": Decimal("0.00"), "failed": 0}
    after: str | None = None
    with voice.progress(say("billing", voice.lang, month=month), None) as progress:
        while True:
            asked = {"month": month, "limit": ACCOUNTS_AT_ONCE, **({"after": after} if after else {})}
            answer = client.post(f"{API}/billing-runs", asked)
            for name in ("contracts", "issued", "failed"):
                run[name] += answer[name]
            run["total"] += Decimal(answer["total"])
            for failure in answer.get("failures") or ():
                voice.warn(f"{failure['account_id']}: {tell(from_wire(failure.get('error') or {}), voice.lang)}")
            progress.advance(answer["contracts"])
            after = answer.get("next")
            if after is None:
                break
    client.settle(voice)
    return {**run, "total": str(run["total"])}


def import_bank_file(client: Client, content: bytes, asked: dict[str, Any]) -> dict[str, Any]:
    """A bank's file, its rows taken once. ``{"kind", "rows", "counts", "problems", "failures"}``"""
    encoded = base64.b64encode(content).decode()
    return dict(client.post(f"{API}/bank/files", {**asked, "content": encoded}))


def instant(text: str | None, lang: str) -> datetime:
    """A day (its end, São Paulo time) or an instant; left out, now."""
    if text is None:
        return datetime.now(UTC)
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            ends = datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), ZONE)
            return ends.astimezone(UTC) - timedelta(microseconds=1)
        told = datetime.fromisoformat(text)
        return (told if told.tzinfo else told.replace(tzinfo=ZONE)).astimezone(UTC)
    except ValueError as error:
        raise Failure(Exit.USAGE, say("day", lang, value=text)) from error


def run_due(client: Client, until: datetime, services: tuple[str, ...] = SERVICES) -> dict[str, Any]:
    """Run what is due up to an instant; counts by outcome, added up."""
    counts = {"done": 0, "refused": 0, "failed": 0}
    for service in services:
        answer = client.operate(service, "due", until=until.isoformat())
        counts = {name: count + int(answer.get(name, 0)) for name, count in counts.items()}
    return {"until": until.isoformat(), **counts}


def status(client: Client) -> list[dict[str, Any]]:
    """One row a service: ready or why not, what is before its relay and subscriptions, what is parked and due."""
    rows = []
    for service in ALL:
        health = client.operate(service, "health")
        positions = health.get("subscriptions") or []
        rows.append(
            {
                "service": service,
                "ready": bool(health.get("ready")),
                "reasons": list(health.get("reasons") or ()),
                "to_send": int((health.get("relay") or {}).get("events", 0)),
                "to_take": sum(int(position.get("lag", 0)) for position in positions),
                "stopped": list(health.get("stopped") or ()),
                "parked": int(health.get("parked") or 0),
                "due": int((health.get("due") or {}).get("overdue", 0)),
                "mode": health.get("mode", ""),
            }
        )
    return rows


def parked(client: Client) -> list[dict[str, Any]]:
    """Every parked stream of every service, with the service's name."""
    return [{"service": service, **row} for service in ALL for row in client.operate(service, "parked")]


def refusals(client: Client, services: tuple[str, ...]) -> list[dict[str, Any]]:
    """What rules answered to policies, with the service's name; the latest first."""
    rows = [{"service": service, **row} for service in services for row in client.operate(service, "refusals")]
    return sorted(rows, key=lambda row: str(row["at"]), reverse=True)


def head(client: Client, service: str, partition: int) -> int:
    """The last offset of a feed's partition; -1 when nothing happened."""
    answer = client.get(f"{API}/operations/{service}/feed", partition=partition, after=-1, limit=1)
    return next(int(place["offset"]) for place in answer["heads"] if place["partition"] == partition)


def feed(client: Client, service: str, *, after: int, partition: int, limit: int) -> Iterator[dict[str, Any]]:
    """Envelopes of a service's feed after an offset, in order."""
    while limit > 0:
        answer = client.get(f"{API}/operations/{service}/feed", partition=partition, after=after, limit=min(limit, 500))
        if not answer["events"]:
            return
        yield from answer["events"]
        after = answer["events"][-1]["offset"]
        limit -= len(answer["events"])
