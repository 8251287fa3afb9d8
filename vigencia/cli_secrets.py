"""Commands about the installation's signing secret. Secrets themselves are never shown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vigencia import places
from vigencia.cli import Json, app, voice
from vigencia.exits import Exit, Failure

secrets_app = typer.Typer(help="The secret that signs logins and mailed addresses: look, rotate.", no_args_is_help=True)
app.add_typer(secrets_app, name="secrets", rich_help_panel="Operate")
TOKENS = "tokens"
Folder = Annotated[Path, typer.Option(help="The store's folder, running or not (the full mode: var/stack).")]


@secrets_app.command("show")
def secrets_show(store: Folder = places.EMBEDDED, json: Json = False) -> None:
    """Which secret signs, and which former one is still believed: by their key ids, never themselves."""
    speaker = voice(json)
    _store(store, speaker.lang)
    speaker.result(_told(store), "secrets.shown")


@secrets_app.command("rotate")
def secrets_rotate(
    store: Folder = places.EMBEDDED,
    forget: Annotated[
        bool, typer.Option("--forget", help="Believe the former one no more: it has leaked. Mailed links end, too.")
    ] = False,
    json: Json = False,
) -> None:
    """Make another signing secret. Running gateways take it up within seconds, and nobody is logged out.

    What the former secret signed is believed until the next rotation: mailed links are good for 90 days, so rotate no
    more often than that, or with `--forget`.

    - `vigencia secrets rotate --store var/stack`
    """
    from services.settings import SecretGiven, rotate_secret
    from vigencia.words import say

    speaker = voice(json)
    _store(store, speaker.lang)
    try:
        rotate_secret(store, TOKENS, forget=forget)
    except SecretGiven as given:
        raise Failure(Exit.USAGE, say("secrets.given", speaker.lang, variable=given.args[0])) from given
    speaker.result(_told(store), "secrets.rotated")


def _store(store: Path, lang: str) -> None:
    from vigencia.words import say

    if not (store / "secrets.json").exists():
        raise Failure(Exit.USAGE, say("secrets.none", lang, store=store))


def _told(store: Path) -> dict[str, str]:
    from gateway.identity.signing import key_id
    from services.settings import secrets_now

    signing, *former = (key_id(each) for each in secrets_now(store, TOKENS))
    return {"signing": signing, "believed": ", ".join(former) or "-"}
