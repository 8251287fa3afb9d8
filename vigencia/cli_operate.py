"""Commands for operators: prove, rebuild, look at what is parked, read a feed."""

from __future__ import annotations

import json as json_
import sys
import time
from typing import Annotated

import typer

from vigencia.cli import Json, Store, Url, app, finish, system, voice
from vigencia.exits import Exit

PANEL = "Operate"
parked_app = typer.Typer(help="Events that a handler could not take: look, retry, discard.", no_args_is_help=True)
feed_app = typer.Typer(help="A service's feed: its events in their public order.", no_args_is_help=True)
app.add_typer(parked_app, name="parked", rich_help_panel=PANEL)
app.add_typer(feed_app, name="feed", rich_help_panel=PANEL)

NAMES = "contracts, billing, tickets, feedback or gateway"
Service = Annotated[str, typer.Argument(help=NAMES, metavar="SERVICE")]
Of = Annotated[str, typer.Option("--service", help=NAMES)]
Subscription = Annotated[str, typer.Argument(metavar="SUBSCRIPTION")]
Stream = Annotated[str, typer.Argument(metavar="STREAM")]


@app.command(rich_help_panel=PANEL)
def verify(json: Json = False, store: Store = None, url: Url = None) -> None:
    """Prove that everything is whole: hash chains, gap-free feeds, every subscriber at its source's head, equal sums.

    It only looks. Exit code 1 when something does not hold.
    """
    from vigencia import tables, verifying

    speaker = voice(json)
    with system(speaker, store, url) as client:
        client.settle(speaker)
        checks = list(verifying.verify(client))
    speaker.show([check.as_row() for check in checks], lambda: tables.checks(checks, speaker.lang))
    finish(Exit.FINE if all(check.holds for check in checks) else Exit.SOME_REJECTED)


@app.command(rich_help_panel=PANEL)
def rebuild(
    view: Annotated[str, typer.Argument(help="The view's name; an unknown one lists all.", metavar="VIEW")],
    service: Of,
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """Make a read model anew from the events, from the first one on. Facts are not touched.

    - `vigencia rebuild receivables --service billing`
    - `vigencia rebuild contracts --service gateway`
    """
    speaker = voice(json)
    with system(speaker, store, url) as client:
        outcome = client.operate(service, "rebuild", view=view)
        client.settle(speaker)
    speaker.result(outcome, "rebuilt", service=service)


@parked_app.command("list")
def parked_list(json: Json = False, store: Store = None, url: Url = None) -> None:
    """What is parked, where, since when and why."""
    from vigencia import operations, tables

    speaker = voice(json)
    with system(speaker, store, url) as client:
        rows = operations.parked(client)
    speaker.show(rows, lambda: tables.parked(rows, speaker.lang))


@parked_app.command("retry")
def parked_retry(
    subscription: Subscription,
    stream: Stream,
    service: Of,
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """Handle a parked stream's events again, in order, as far as they go.

    - `vigencia parked retry policy.follow_contracts contract-0190… --service billing`
    """
    speaker = voice(json)
    with system(speaker, store, url) as client:
        outcome = client.operate(service, "retry", subscription=subscription, stream=stream)
    speaker.result(outcome, "retried" if outcome["failed"] is None else "retried.failed")
    finish(Exit.SOME_REJECTED if outcome["failed"] else Exit.FINE)


@parked_app.command("discard")
def parked_discard(
    subscription: Subscription,
    stream: Stream,
    service: Of,
    reason: Annotated[str, typer.Option(help="Why it may be left out; kept with the event.")],
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """Leave out the first parked event of a stream, for a reason that is kept. Try `retry` first."""
    speaker = voice(json)
    with system(speaker, store, url) as client:
        outcome = client.operate(service, "discard", subscription=subscription, stream=stream, reason=reason)
    speaker.result(outcome, "discarded")


@app.command(rich_help_panel=PANEL)
def resume(
    subscription: Subscription,
    service: Of,
    accept: Annotated[
        bool, typer.Option("--accept", help="A diverged one: take the source as it now is (see docs/operation.md).")
    ] = False,
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """Let a subscription run again that was stopped (a bad release) or that diverged from its source.

    - `vigencia resume view.customers --service gateway`
    """
    speaker = voice(json)
    with system(speaker, store, url) as client:
        outcome = client.operate(service, "resume", subscription=subscription, accept=accept)
    speaker.result(outcome, "resumed")


@app.command(rich_help_panel=PANEL)
def refusals(
    service: Annotated[str | None, typer.Option(help="Only this service.")] = None,
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """What rules answered to policies' commands, the latest first: declared outcomes, not faults."""
    from vigencia import operations, tables

    speaker = voice(json)
    with system(speaker, store, url) as client:
        rows = operations.refusals(client, (service,) if service else operations.SERVICES)
    speaker.show(rows, lambda: tables.refusals(rows, speaker.lang))


@feed_app.command("tail")
def feed_tail(
    service: Service,
    after: Annotated[int | None, typer.Option(help="Offset after which to begin. Left out: the last 20.")] = None,
    partition: Annotated[int, typer.Option(help="Which partition of the feed.")] = 0,
    limit: Annotated[int, typer.Option(help="How many at most.")] = 100,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as events come, until Ctrl-C.")] = False,
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """Print a service's events in the order of its feed; with `--json` a CloudEvents envelope a line.

    - `vigencia feed tail contracts`
    - `vigencia feed tail billing --after 1200 --follow --json`
    """
    from vigencia import operations, tables

    speaker = voice(json)
    with system(speaker, store, url) as client:
        place = after if after is not None else max(-1, operations.head(client, service, partition) - 20)
        while True:
            for event in operations.feed(client, service, after=place, partition=partition, limit=limit):
                line = json_.dumps(event, ensure_ascii=False) if json else tables.event(event)
                sys.stdout.write(line + "\n")
                place = event["offset"]
            sys.stdout.flush()
            if not follow:
                return
            time.sleep(0.5)
