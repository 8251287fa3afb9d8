"""Commands that keep a store: migrate, back up, restore, tell the story."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vigencia import places
from vigencia.cli import Json, Url, app, finish, voice
from vigencia.exits import Exit, Failure

PANEL = "Keep"


@app.command(rich_help_panel="Run")
def stack(
    port: Annotated[int, typer.Option(help="Of the gateway; 0 takes a free one.")] = 8000,
    store: Annotated[Path, typer.Option(help="Folder of the servers' data.")] = places.STACK,
    demo: Annotated[bool, typer.Option(help="Fill in a small demo company when it is empty.")] = True,
) -> None:
    """Start the full mode without Docker: private RabbitMQ and PostgreSQL, a process per service, until Ctrl-C."""
    from vigencia import full

    finish(Exit(full.serve(store, port=port, demo=demo, lang=voice().lang)))


@app.command(rich_help_panel=PANEL)
def migrate(
    store: Annotated[Path, typer.Option(help="Folder of an embedded store that does not run.")] = places.EMBEDDED,
) -> None:
    """Bring a store's tables to this version's shape. `run` and `stack` do it by themselves when they start."""
    from vigencia.composition import Composition
    from vigencia.words import say

    speaker = voice()
    try:
        with places.owned(store):
            Composition(store).create()
    except places.StoreInUse as used:
        told = say("system.store-in-use", speaker.lang, store=store, pid=used.pid or "?")
        raise Failure(Exit.UNREACHABLE, told) from used
    speaker.result({"store": str(store)}, "migrated")


@app.command("backup", rich_help_panel=PANEL)
def backup_(
    to: Annotated[Path, typer.Argument(help="A new folder.", metavar="TO")],
    store: Annotated[Path, typer.Option(help="What to back up, running or not.")] = places.EMBEDDED,
    json: Json = False,
) -> None:
    """Copy a store at one instant, while it runs or not. `TO/keys` holds the keys: keep it apart, and not for long.

    - `vigencia backup /backups/2026-12-01`
    - `vigencia backup /backups/2026-12-01 --store var/stack` (the full mode, while it runs)
    """
    from vigencia import backup, backup_full
    from vigencia.system import is_full

    speaker = voice(json)
    take = backup_full.take if is_full(store) else backup.take
    speaker.result(take(store, to, speaker.lang), "backed-up")


@app.command(rich_help_panel=PANEL)
def restore(
    source: Annotated[Path, typer.Argument(help="A backup's folder.", metavar="FROM")],
    store: Annotated[Path, typer.Option(help="Where to; nothing may run there.")] = places.EMBEDDED,
    keys: Annotated[Path | None, typer.Option(help="The keys' folder, when kept apart.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Set aside what stands there (nothing is deleted).")] = False,
    json: Json = False,
) -> None:
    """Put a backup in a store's place. Who was erased since the backup is erased again.

    - `vigencia restore /backups/2026-12-01 --force`
    """
    from vigencia import backup, backup_full
    from vigencia.words import say

    speaker = voice(json)
    put_back = {"embedded": backup.put_back, "full": backup_full.put_back}[backup.mode_of(source, speaker.lang)]
    try:
        with places.owned(store):
            outcome = put_back(source, store, speaker.lang, keys=keys, force=force)
    except places.StoreInUse as used:
        told = say("system.store-in-use", speaker.lang, store=store, pid=used.pid or "?")
        raise Failure(Exit.UNREACHABLE, told) from used
    speaker.result(outcome, "restored")


@app.command(rich_help_panel=PANEL)
def story(
    data: Annotated[
        Path, typer.Option(help="Folder of the three files; small own ones when they are not there.")
    ] = Path("../shared/data"),
    mode: Annotated[str, typer.Option(help="embedded, full or both")] = "both",
    store: Annotated[Path | None, typer.Option(help="Where to; left out: a folder that is deleted at the end.")] = None,
    url: Url = None,
    year: Annotated[
        bool, typer.Option("--year", help="Instead: thirteen months of the telco customers, every month reconciled.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Of the year: what happens to whom.")] = 1,
    customers: Annotated[int | None, typer.Option(min=1, help="Of the year: only the first so many.")] = None,
) -> None:
    """The main job on real records, with its reconciliation: import, bill, compare. Exit code 1 on any difference.

    - `vigencia story --mode embedded`
    - `vigencia story --data ../shared/data --url http://127.0.0.1:8000`
    - `vigencia story --year --mode embedded --customers 200 --seed 7`: addenda, suspensions, late payments …
    """
    from vigencia import story as stories

    finish(
        stories.tell(
            voice(), data=data, mode=mode, store=store, url=url, year=stories.Year(seed, customers) if year else None
        )
    )
