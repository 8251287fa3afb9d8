"""What was mailed, and in development the mails themselves: without an SMTP server they are kept, not sent."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer

from vigencia.cli import Json, Store, Url, app, system, voice


@app.command(rich_help_panel="Operate")
def mails(
    mail_id: Annotated[
        str | None, typer.Argument(help="One mail, with its text where it is kept.", metavar="ID")
    ] = None,
    limit: Annotated[int, typer.Option(help="How many at most, the newest first.")] = 20,
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """List mail, the newest first, or show one. Names and addresses stand only in a mail that was caught.

    - `vigencia mails`
    - `vigencia mails 0a6e…`
    """
    from vigencia import tables
    from vigencia.client import API

    speaker = voice(json)
    with system(speaker, store, url) as client:
        path = f"{API}/mail" if mail_id is None else f"{API}/mail/{quote(mail_id, safe='')}"
        found = client.get(path, limit=limit) if mail_id is None else client.get(path)
    speaker.show(found, lambda: tables.mails([found] if mail_id else found["items"]))
