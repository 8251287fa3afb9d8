"""Commands about the keys with which other systems read feeds over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer

from vigencia.cli import Json, Store, Url, app, system, voice

keys_app = typer.Typer(help="Keys of other systems: look, add, revoke.", no_args_is_help=True)
app.add_typer(keys_app, name="keys", rich_help_panel="Operate")

KEYS = "/api/v1/api-keys"


@keys_app.command("list")
def keys_list(json: Json = False, store: Store = None, url: Url = None) -> None:
    """All keys with their scopes, and whether they still open anything. Never a key itself."""
    from vigencia import tables

    speaker = voice(json)
    with system(speaker, store, url) as client:
        rows = client.get(KEYS)["items"]
    speaker.show(rows, lambda: tables.keys(rows, speaker.lang))


@keys_app.command("add")
def keys_add(
    name: Annotated[str, typer.Argument(help="Whose it is, for example the other system's name.", metavar="NAME")],
    scope: Annotated[list[str], typer.Option(help="feed:contracts, feed:billing, …; may be repeated.")],
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """Make a key and show it, this once: only its hash is kept.

    - `vigencia keys add accounting --scope feed:billing`
    """
    speaker = voice(json)
    with system(speaker, store, url) as client:
        made = client.post(KEYS, {"name": name, "scopes": scope})
    speaker.result(made, "key.added")


@keys_app.command("revoke")
def keys_revoke(
    key_id: Annotated[str, typer.Argument(metavar="KEY_ID")], json: Json = False, store: Store = None, url: Url = None
) -> None:
    """From now on the key opens nothing.

    - `vigencia keys revoke 0b6c5d0e-…`
    """
    speaker = voice(json)
    with system(speaker, store, url) as client:
        revoked = client.post(f"{KEYS}/{key_id}/revoke", {})
    speaker.result(revoked, "key.revoked")
