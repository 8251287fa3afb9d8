"""Commands about other systems that get events by RabbitMQ (full mode): each has a user of its own at the broker.

The broker is the private one of ``vigencia stack``, or the one that ``VIGENCIA_BROKER_…`` name (``vigencia.subscribers``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vigencia.cli import Json, app, voice
from vigencia.exits import Exit, Failure

if TYPE_CHECKING:
    from vigencia.subscribers import Broker

subscribers_app = typer.Typer(help="Other systems at RabbitMQ: look, add, revoke.", no_args_is_help=True)
app.add_typer(subscribers_app, name="subscribers", rich_help_panel="Operate")

Name = Annotated[str, typer.Argument(help="Lower-case letters, digits and hyphens.", metavar="NAME")]
Folder = Annotated[Path, typer.Option("--store", help="Folder of the full mode's data.")]
STACK = Path("var/stack")


@subscribers_app.command("list")
def subscribers_list(json: Json = False, store: Folder = STACK) -> None:
    """All of them, also those that were revoked, and whose events each may read."""
    from vigencia import subscribers, tables

    speaker = voice(json)
    with _broker(store, speaker.lang) as broker:
        rows = [subscribers.shown(each) for each in broker.kept.all()]
    speaker.show(rows, lambda: tables.subscribers(rows, speaker.lang))


@subscribers_app.command("add")
def subscribers_add(
    name: Name,
    service: Annotated[
        list[str] | None, typer.Option(help="Whose events: contracts, billing, tickets or feedback; left out: all.")
    ] = None,
    json: Json = False,
    store: Folder = STACK,
) -> None:
    """Make a user at the broker and show its password, this once. A broker that was wiped knows it again at its start.

    It may declare and read queues `sub.NAME.…`, bind them to the exchange `events`, and nothing else.

    - `vigencia subscribers add accounting --service billing`
    """
    speaker = voice(json)
    with _broker(store, speaker.lang) as broker:
        made = broker.add(name, tuple(service or ()))
    speaker.result(made, "subscriber.added")


@subscribers_app.command("revoke")
def subscribers_revoke(name: Name, json: Json = False, store: Folder = STACK) -> None:
    """It is thrown out at once, and its queues are deleted.

    - `vigencia subscribers revoke accounting`
    """
    speaker = voice(json)
    with _broker(store, speaker.lang) as broker:
        revoked = broker.revoke(name)
    speaker.result(revoked, "subscriber.revoked")


@subscribers_app.command("apply")
def subscribers_apply(json: Json = False, store: Folder = STACK) -> None:
    """Tell the broker about all of them again: one elsewhere that was wiped or replaced. The private one needs it not.

    - `VIGENCIA_BROKER_MANAGEMENT=https://broker.example:15671 vigencia subscribers apply`
    """
    from vigencia import tables

    speaker = voice(json)
    with _broker(store, speaker.lang) as broker:
        rows = broker.apply()
    speaker.show(rows, lambda: tables.subscribers(rows, speaker.lang))


@contextmanager
def _broker(store: Path, lang: str) -> Iterator[Broker]:
    import httpx

    from deploy.local.subscribers import SubscriberProblem
    from vigencia.subscribers import broker_elsewhere, broker_of
    from vigencia.words import say

    try:
        broker = broker_elsewhere(store) or broker_of(store)
    except (KeyError, OSError) as missing:
        raise Failure(Exit.USAGE, say("subscriber.broker-setting", lang, setting=missing)) from missing
    if broker is None:
        raise Failure(Exit.UNREACHABLE, say("subscriber.no-broker", lang, store=store))
    try:
        yield broker
    except SubscriberProblem as problem:
        raise Failure(Exit.USAGE, say(problem.code, lang, **problem.params)) from problem
    except httpx.HTTPError as error:  # it is kept all the same, and holds from the broker's next start on
        raise Failure(Exit.FAILED, say("subscriber.broker-silent", lang, reason=error)) from error
