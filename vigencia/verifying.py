"""``vigencia verify``: are the stores whole, is every event reflected in every subscriber, and do the sums agree?

Looks only; mends nothing. Each check is one row: its name, whether it holds, and what was found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from vigencia.client import API, Client
from vigencia.operations import ALL, SERVICES

THE_LAST_DAY = "2199-12-31"


@dataclass(frozen=True)
class Check:
    """One thing that must hold."""

    name: str
    holds: bool
    found: str

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


def verify(client: Client) -> Iterator[Check]:
    """Every check, one after the other, as it is done."""
    yield from _stores(client)
    yield from _subscribers(client)
    yield from _sums(client)


def _stores(client: Client) -> Iterator[Check]:
    """Hash chains of all streams, gap-free feeds with their chains, nothing forgotten in the outbox."""
    for service in SERVICES:
        told = client.operate(service, "verify")
        found = f"{told['events']} events in {told['streams']} streams, {told['feed']} in the feed"
        yield Check(f"{service}: store", bool(told["ok"]), "; ".join(told["problems"]) or found)


def _subscribers(client: Client) -> Iterator[Check]:
    """Every subscription has taken its source's last event, runs, and has nothing parked."""
    for service in ALL:
        positions = client.operate(service, "compare")
        behind = [
            f"{p['subscription']} at {p['offset']} of {p['head']} ({p['source']}.{p['partition']})"
            for p in positions
            if p["offset"] != p["head"]
        ]
        stopped = [f"{p['subscription']} is {p['state']}: {p['reason']}" for p in positions if p["state"] != "running"]
        holding = [f"{row['subscription']}/{row['stream']} is parked" for row in client.operate(service, "parked")]
        problems = [*stopped, *behind, *holding]
        yield Check(
            f"{service}: subscriptions",
            not problems,
            "; ".join(problems[:10]) or f"{len(positions)} at their source's head",
        )


def _sums(client: Client) -> Iterator[Check]:
    """What the gateway shows, fed by events, equals what the services' own read models say."""
    owed = billed = Decimal("0.00")
    for row in client.pages(f"{API}/receivables"):
        # what was taken over is no revenue of ours, an instalment of a renegotiation was billed as what it stands for,
        # and what was cancelled was not billed
        ours = not row.get("taken_over") and not row.get("renegotiation_id") and row["status"] != "cancelled"
        billed += Decimal(row["gross"] or 0) if ours else 0
        owed += Decimal(row["balance"] or 0) if row["status"] != "written_off" else 0
    balance = Decimal(client.get(f"{API}/reports/balance", on=THE_LAST_DAY)["open"])
    yield _equal("sums: open receivables", balance, owed)
    yield _equal("sums: billed", Decimal(client.get(f"{API}/reports/months")["billed"]), billed)
    told = client.get(f"{API}/requests/statistics")["by_status"]
    shown = client.get(f"{API}/requests/counts")
    yield _equal("sums: requests", sum(told.values()), sum(shown.values()))
    for status in ("waiting", "resolved", "awaiting_confirmation", "closed", "cancelled"):
        yield _equal(f"sums: requests {status}", told.get(status, 0), shown.get(status, 0))


def _equal(name: str, service: Any, gateway: Any) -> Check:
    return Check(name, service == gateway, f"{service}" if service == gateway else f"{service} ≠ {gateway} (gateway)")
