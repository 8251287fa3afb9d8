"""Commands about dossiers: one file that proves what happened with a request."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vigencia.cli import Json, app, finish, voice
from vigencia.exits import Exit, Failure

dossier_app = typer.Typer(help="Dossiers of requests: verify that one is unaltered.", no_args_is_help=True)
app.add_typer(dossier_app, name="dossier", rich_help_panel="Keep")


@dossier_app.command("verify")
def dossier_verify(
    file: Annotated[Path, typer.Argument(help="A dossier (zip).", metavar="FILE")],
    json: Json = False,
) -> None:
    """Prove, without any system, that no byte of a dossier was changed; what was is named. Exit code 1: it was."""
    from services.dossier import verify
    from vigencia.words import say

    speaker = voice(json)
    try:
        found = verify(file.read_bytes())
    except OSError as error:
        raise Failure(Exit.USAGE, say("dossier.unreadable", speaker.lang, file=file)) from error
    speaker.result({**found, "file": str(file)}, "dossier.whole" if found["ok"] else "dossier.changed")
    if not json:
        for problem in found["problems"]:
            speaker.complain(problem)
    finish(Exit.FINE if found["ok"] else Exit.SOME_REJECTED)
