"""The command line. Each command is thin: it finds the system, asks it, and says what came of it.

Nothing heavy is imported before a command runs, so that ``vigencia --help`` answers at once. Exit codes: ``exits.py``.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vigencia import __version__
from vigencia.exits import Exit, Failure

if TYPE_CHECKING:
    from vigencia.client import Client
    from vigencia.console import Voice

EXIT_CODES = """
**Exit codes**: 0 all is well · 1 done, but some of it was not (rows rejected, contracts not billed, differences
found) · 2 the command or a file cannot be understood · 3 no system answers and none could be started · 4 it broke
off; the same command again goes on where it was.
"""

app = typer.Typer(
    name="vigencia",
    help=f"""
Service contracts and all that follows from them: receivables, requests, evidence, the customer's verdict.

**To begin**: `vigencia run` starts everything in one process, with a demo company, on http://127.0.0.1:8000.

**A day's work**

- `vigencia import contracts clientes.csv --mapping telco` reads contracts from a file
- `vigencia bill --month 2026-12` issues a month's receivables
- `vigencia bank import extrato.ofx` reads what the bank tells
- `vigencia status` tells how every part is

The commands talk to the system that runs (embedded or full). When none runs, they start an embedded one on `--store`
for as long as they need it. With `--json`, the last line of standard output is the result, for scripts.

{EXIT_CODES}
""",
    rich_markup_mode="markdown",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[bool, typer.Option("--json", help="For scripts: the result as one line of JSON, nothing else.")]
Store = Annotated[
    Path | None,
    typer.Option(help="Folder of the system's data. Left out: the system that runs, else `var/embedded`."),
]
Url = Annotated[
    str | None,
    typer.Option(help="Address of a system elsewhere; its operator token comes from VIGENCIA_TOKEN."),
]

_lang: str | None = None


@app.callback()
def root(
    lang: Annotated[str | None, typer.Option(help="pt-BR or en. Left out: the environment's language.")] = None,
) -> None:
    global _lang
    _lang = lang


def main() -> None:
    """The entry point: every way to end has its exit code."""
    try:
        app(standalone_mode=True)
    except Failure as failure:
        voice().complain(failure.words)
        sys.exit(failure.code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)


def voice(json: bool = False) -> Voice:
    from vigencia.console import Voice
    from vigencia.words import reader_language

    return Voice(reader_language(_lang), json)


@contextmanager
def system(speaker: Voice, store: Path | None, url: str | None) -> Iterator[Client]:
    """The running system; its typed errors end the command with words."""
    from services.errors import VigenciaError
    from vigencia.client import as_failure
    from vigencia.system import connected

    try:
        with connected(speaker, store=store, url=url) as client:
            yield client
    except VigenciaError as error:
        raise as_failure(error, speaker.lang) from error


def finish(code: Exit) -> None:
    if code:
        raise typer.Exit(int(code))


# ---------------------------------------------------------------------------------------------------- run


@app.command(rich_help_panel="Run")
def run(
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 8000,
    store: Annotated[Path, typer.Option(help="Folder of the data; made when it is not there.")] = Path("var/embedded"),
    demo: Annotated[bool, typer.Option(help="Fill in the demo company when the store is empty.")] = True,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    attached: Annotated[bool, typer.Option(hidden=True, help="End when standard input closes.")] = False,
) -> None:
    """Start everything in one process on SQLite files, until Ctrl-C.

    Started again it goes on where it was. Killed in the middle of work, it loses and doubles nothing.

    - `vigencia run`
    - `vigencia run --port 8080 --store /srv/vigencia --no-demo`
    """
    # A process of its own kind: it must be patched for green threads before anything else is imported.
    given = [f"--store={store}", f"--host={host}", f"--port={port}", f"--lang={voice().lang}"]
    given += [option for option, wanted in (("--no-demo", not demo), ("--attached", attached)) if wanted]
    os.execv(sys.executable, [sys.executable, "-m", "vigencia.embedded", *given])


# ---------------------------------------------------------------------------------------------------- the main job


def pairs(texts: list[str], option: str) -> dict[str, str]:
    """``NAME=VALUE`` of an option that may be given several times."""
    found = {}
    for text in texts:
        name, mark, value = text.partition("=")
        if not mark:
            raise Failure(Exit.USAGE, f"{option} {text}: NAME=VALUE")
        found[name.strip()] = value.strip()
    return found


@app.command(rich_help_panel="Work")
def bill(
    month: Annotated[str, typer.Option(help="YYYY-MM", metavar="YYYY-MM")],
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """Issue the receivables of a month, for every contract, once.

    - `vigencia bill --month 2026-12`

    A second run issues nothing: a charge is one contract, one line, one period. A contract that cannot be billed is
    told, and the others are billed. `--json` ends with `{"contracts":…,"issued":…,"total":"…","failed":…}`.
    """
    from vigencia import operations
    from vigencia.words import say

    speaker = voice(json)
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise Failure(Exit.USAGE, say("month", speaker.lang, value=month))
    with system(speaker, store, url) as client:
        outcome = operations.bill(client, month, speaker)
    speaker.result(outcome, "billed", month=month)
    finish(Exit.SOME_REJECTED if outcome["failed"] else Exit.FINE)


@app.command(rich_help_panel="Work")
def due(
    until: Annotated[
        str | None, typer.Option("--until", "--day", help="A day YYYY-MM-DD (its end) or an instant. Left out: now.")
    ] = None,
    service: Annotated[str | None, typer.Option(help="Only this service.")] = None,
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """Run by hand what waits for a time: charges that issue themselves, billing runs, overdue marks, reminders,
    suspensions, tacit confirmations, renewals.

    The system does this by itself every second. By hand it is for days that are still to come, in a trial.

    - `vigencia due --until 2026-12-31`
    """
    from vigencia import operations

    speaker = voice(json)
    instant = operations.instant(until, speaker.lang)
    with system(speaker, store, url) as client:
        outcome = operations.run_due(client, instant, (service,) if service else operations.SERVICES)
        client.settle(speaker)
    speaker.result(outcome, "due")
    finish(Exit.SOME_REJECTED if outcome["failed"] else Exit.FINE)


@app.command(rich_help_panel="Run")
def status(json: Json = False, store: Store = None, url: Url = None) -> None:
    """How every part is: ready or why not, and what it has before it."""
    from vigencia import operations, tables

    speaker = voice(json)
    with system(speaker, store, url) as client:
        rows = operations.status(client)
    speaker.show(rows, lambda: tables.status(rows, speaker.lang))
    finish(Exit.FINE if all(row["ready"] for row in rows) else Exit.SOME_REJECTED)


@app.command(rich_help_panel="Run")
def version() -> None:
    """Which Vigência this is."""
    typer.echo(__version__)


from vigencia import (  # noqa: E402 - they add their commands to ``app``
    cli_bank,
    cli_dossier,
    cli_import,
    cli_keep,
    cli_keys,
    cli_mails,
    cli_operate,
    cli_secrets,
    cli_subscribers,
    cli_trace,
    cli_users,
    cli_webhooks,
)

__all__ = [
    "app",
    "cli_bank",
    "cli_dossier",
    "cli_import",
    "cli_keep",
    "cli_keys",
    "cli_mails",
    "cli_operate",
    "cli_secrets",
    "cli_subscribers",
    "cli_trace",
    "cli_users",
    "cli_webhooks",
    "main",
]
