"""Everything about one request, as one command."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer

from vigencia.cli import Json, Store, Url, app, system, voice


@app.command(rich_help_panel="Operate")
def trace(
    reference: Annotated[
        str, typer.Argument(help="A request's protocol or id, or a correlation id.", metavar="REFERENCE")
    ],
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """Show everything about one request: events of all services in the order of time, each under what caused it; what was
    mailed, what waits for its time, what is parked or was refused; and what to look for in the logs.

    A correlation id stands in a problem document, a mail's headers and every log line. Personal data are left out.

    - `vigencia trace 20261124-000017`
    - `vigencia trace 0193a1b2-7c44-7d2e-9f00-5a6b7c8d9e0f --json`
    """
    from vigencia import tables
    from vigencia.client import API

    speaker = voice(json)
    with system(speaker, store, url) as client:
        found = client.get(f"{API}/journeys/{quote(reference, safe='')}")
    speaker.show(found, lambda: tables.journey(found, speaker.lang))
