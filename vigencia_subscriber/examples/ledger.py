"""An accounting system's ledger that always equals billing's receivables: ``python -m vigencia_subscriber.examples.ledger``.

    --url http://127.0.0.1:8000 --key vgk_…         the gateway, and a key with the scope feed:billing
    --database sqlite:///ledger.db                  any database that SQLAlchemy knows
    --amqp amqp://sub.ledger:…@host/vigencia        sooner; left out: the feed alone
    --once                                          take what is there, print the table, end

Each entry is an event's effect on one receivable's balance; the table ``ledger`` sums them up. Killed at any moment and started
again, it goes on where it was: entries and checkpoint commit together.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Connection, MetaData, String, Table, create_engine, insert, select, update

from vigencia_subscriber import Envelope, Feed, Subscriber
from vigencia_subscriber.schema import Catalogue
from vigencia_subscriber.sql import SqlSink

METADATA = MetaData()
ledger = Table(
    "ledger",
    METADATA,
    Column("receivable_id", String(64), primary_key=True),
    Column("contract_id", String(64), nullable=False),
    Column("number", String(64), nullable=False),
    Column("due_on", String(10), nullable=False),
    Column("net", String(24), nullable=False),  # text: SQLite knows no decimals
    Column("balance", String(24), nullable=False),
)
entries = Table(
    "ledger_entries",
    METADATA,
    Column("event_id", String(160), primary_key=True),
    Column("receivable_id", String(64), primary_key=True),
    Column("what", String(40), nullable=False),
    Column("amount", String(24), nullable=False),  # positive: it is owed, negative: it no longer is
    Column("recorded_at", String(32), nullable=False),
)


def handle(conn: Connection, event: Envelope) -> None:
    """One event's effect. What a ledger does not care about has none."""
    data = event.data
    match event.type.removeprefix("billing."):
        case "receivable.issued":
            row = {name: data[name] for name in ("receivable_id", "contract_id", "number", "due_on", "net")}
            conn.execute(insert(ledger).values(**row, balance="0.00"))
            _enter(conn, event, data, Decimal(data["net"]))
        case "receivable.due_day_changed":
            changed = update(ledger).where(ledger.c.receivable_id == data["receivable_id"])
            conn.execute(changed.values(due_on=data["due_on"]))
        case "receivable.late_charges_accrued":
            late = sum(
                (Decimal(data[name]) for name in ("fine", "interest", "correction") if data.get(name)), Decimal()
            )
            _enter(conn, event, data, late)
        case "receivable.cancelled" | "receivable.renegotiated" | "receivable.written_off":
            _enter(conn, event, data, -Decimal(data["amount"]))
        case "creditnote.issued":
            _enter(conn, event, data, -Decimal(data["applied"]))
        case "payment.received" | "credit.allocated":
            for part in data["allocations"]:
                _enter(conn, event, part, -Decimal(part["amount"]))
        case "payment.reversed":
            for part in data["allocations"]:
                _enter(conn, event, part, Decimal(part["amount"]))


def _enter(conn: Connection, event: Envelope, data: Any, amount: Decimal) -> None:
    receivable_id = data["receivable_id"]
    this = (entries.c.event_id == event.id, entries.c.receivable_id == receivable_id)
    before = conn.execute(select(entries.c.amount).where(*this)).scalar()
    if before is not None:  # one event may touch a receivable twice
        conn.execute(update(entries).where(*this).values(amount=str(Decimal(before) + amount)))
    else:
        what, at = event.type.split(".", 1)[1], event.time.isoformat()
        row = {"event_id": event.id, "receivable_id": receivable_id, "what": what, "recorded_at": at}
        conn.execute(insert(entries).values(**row, amount=str(amount)))
    balance = conn.execute(select(ledger.c.balance).where(ledger.c.receivable_id == receivable_id)).scalar_one()
    changed = update(ledger).where(ledger.c.receivable_id == receivable_id)
    conn.execute(changed.values(balance=str(Decimal(balance) + amount)))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="ledger", description="A ledger that always equals billing's receivables.")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--key", required=True)
    parser.add_argument("--amqp")
    parser.add_argument("--database", default="sqlite:///ledger.db")
    parser.add_argument("--name", default="ledger", help="as in `vigencia subscribers add NAME`")
    parser.add_argument("--once", action="store_true")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    logging.getLogger("pika").setLevel(logging.CRITICAL)  # the kit says it once, and shorter

    engine = create_engine(options.database)
    METADATA.create_all(engine)
    feed = Feed(options.url, options.key)
    subscriber = Subscriber(
        options.name, "billing", feed, SqlSink(engine, handle), amqp=options.amqp, verify=Catalogue(feed.catalogue)
    )
    if options.once:
        subscriber.catch_up()
        with engine.connect() as conn:
            for row in conn.execute(select(ledger).order_by(ledger.c.due_on, ledger.c.number)):
                print(f"{row.due_on}  {row.number:<24} {row.net:>12} {row.balance:>12}")
        return 0
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    subscriber.run(stop)
    print(subscriber.metrics.text(service="billing"), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
