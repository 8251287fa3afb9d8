"""Commands about webhook endpoints: other systems' addresses to which events are posted."""

from __future__ import annotations

from typing import Annotated

import typer

from vigencia.cli import Json, Store, Url, app, finish, system, voice
from vigencia.exits import Exit

webhooks_app = typer.Typer(help="Webhook endpoints: look, add, try, pause, send again.", no_args_is_help=True)
app.add_typer(webhooks_app, name="webhooks", rich_help_panel="Operate")

WEBHOOKS = "/api/v1/webhooks"
Id = Annotated[str, typer.Argument(metavar="ID")]
Service = Annotated[str, typer.Option(help="Whose feed: contracts, billing, tickets, feedback.")]
Partition = Annotated[int, typer.Option(help="Of the feed; embedded there is only 0.")]


@webhooks_app.command("list")
def webhooks_list(json: Json = False, store: Store = None, url: Url = None) -> None:
    """All endpoints: how they are, and how many streams wait."""
    from vigencia import tables

    speaker = voice(json)
    with system(speaker, store, url) as client:
        rows = client.get(WEBHOOKS)["items"]
    speaker.show(rows, lambda: tables.webhooks(rows, speaker.lang))


@webhooks_app.command("add")
def webhooks_add(
    name: Annotated[str, typer.Argument(help="Whose it is.", metavar="NAME")],
    address: Annotated[str, typer.Argument(help="Where events are posted to: https://…", metavar="ADDRESS")],
    event: Annotated[
        list[str] | None, typer.Option("--type", help="billing.receivable.issued, billing.*, …; may be repeated.")
    ] = None,
    customer: Annotated[list[str] | None, typer.Option(help="Only of this customer; may be repeated.")] = None,
    contract: Annotated[list[str] | None, typer.Option(help="Only of this contract; may be repeated.")] = None,
    from_start: Annotated[bool, typer.Option(help="From the first event of all.")] = False,
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """Make an endpoint and show its secret, this once.

    - `vigencia webhooks add accounting https://erp.example.com/hooks --type "billing.*"`
    """
    speaker = voice(json)
    body = {
        "name": name,
        "url": address,
        "types": event or ["*"],
        "customers": customer or [],
        "contracts": contract or [],
    }
    with system(speaker, store, url) as client:
        made = client.post(WEBHOOKS, {**body, "from_start": from_start})
    speaker.result(made, "webhook.added")


@webhooks_app.command("test")
def webhooks_test(id_: Id, json: Json = False, store: Store = None, url: Url = None) -> None:
    """Post a test event now and show what came back. Exit code 1: it was not taken."""
    speaker = voice(json)
    with system(speaker, store, url) as client:
        tried = client.post(f"{WEBHOOKS}/{id_}/test", {})
    told = " ".join(f"{tried['status'] or tried['error']} {tried['answer']}".split())
    speaker.result({**tried, "told": told}, "webhook.tested")
    finish(Exit.FINE if tried["outcome"] == "delivered" else Exit.SOME_REJECTED)


@webhooks_app.command("pause")
def webhooks_pause(id_: Id, json: Json = False, store: Store = None, url: Url = None) -> None:
    """Post nothing until it is resumed; nothing is lost."""
    _act(id_, "pause", {}, "webhook.state", json, store, url)


@webhooks_app.command("resume")
def webhooks_resume(id_: Id, json: Json = False, store: Store = None, url: Url = None) -> None:
    """Go on where it stopped, and try at once all that waits."""
    _act(id_, "resume", {}, "webhook.state", json, store, url)


@webhooks_app.command("rotate")
def webhooks_rotate(
    id_: Id,
    overlap: Annotated[int, typer.Option(help="Hours for which the secret before still signs.")] = 24,
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """A new secret, shown this once."""
    speaker = voice(json)
    with system(speaker, store, url) as client:
        made = client.post(f"{WEBHOOKS}/{id_}/rotate", {"overlap_hours": overlap})
    speaker.result({**made, "hours": overlap}, "webhook.rotated")


@webhooks_app.command("send-again")
def webhooks_send_again(
    id_: Id,
    offset: Annotated[int, typer.Option(help="Of the first event that is to come again.")],
    service: Service,
    partition: Partition = 0,
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """Everything from an offset of a feed on, of any age, is posted again in order.

    - `vigencia webhooks send-again 0b6c5d0e-… --service billing --offset 4711`
    """
    place = {"service": service, "partition": partition, "offset": offset}
    _act(id_, "send-again", place, "webhook.again", json, store, url)


@webhooks_app.command("waiting")
def webhooks_waiting(id_: Id, json: Json = False, store: Store = None, url: Url = None) -> None:
    """Streams whose next event was not taken yet."""
    from vigencia import tables

    speaker = voice(json)
    with system(speaker, store, url) as client:
        rows = client.get(f"{WEBHOOKS}/{id_}/waiting")["items"]
    speaker.show(rows, lambda: tables.waiting(rows, speaker.lang))


@webhooks_app.command("skip")
def webhooks_skip(
    id_: Id,
    offset: Annotated[int, typer.Option(help="Of the event that waits.")],
    service: Service,
    partition: Partition = 0,
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """Give up on one event that waits; the next one of its stream is tried."""
    place = {"service": service, "partition": partition, "offset": offset}
    _act(id_, "skip", place, "webhook.skipped", json, store, url)


@webhooks_app.command("log")
def webhooks_log(
    id_: Id,
    most: Annotated[int, typer.Option(help="Lines, the newest first.")] = 50,
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """The last deliveries with status, the beginning of the answer, and how long it took."""
    from vigencia import tables

    speaker = voice(json)
    with system(speaker, store, url) as client:
        rows = client.get(f"{WEBHOOKS}/{id_}/attempts", limit=min(max(most, 1), 200))["items"]
    speaker.show(rows, lambda: tables.attempts(rows, speaker.lang))


@webhooks_app.command("remove")
def webhooks_remove(id_: Id, json: Json = False, store: Store = None, url: Url = None) -> None:
    """The endpoint goes, with its secrets and its log."""
    speaker = voice(json)
    with system(speaker, store, url) as client:
        client.post(f"{WEBHOOKS}/{id_}/remove", {})
    speaker.result({"endpoint_id": id_}, "webhook.removed")


def _act(id_: str, verb: str, said: dict[str, object], words: str, json: bool, store: Store, url: Url) -> None:
    """Do it to the endpoint, and tell what it is then, with what was said."""
    speaker = voice(json)
    with system(speaker, store, url) as client:
        row = client.post(f"{WEBHOOKS}/{id_}/{verb}", said)
    speaker.result({**row, **said}, words)
