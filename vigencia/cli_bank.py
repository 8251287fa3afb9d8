"""Commands about the bank: read its files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from vigencia.cli import Json, Store, Url, app, finish, pairs, system, voice
from vigencia.exits import Exit, Failure

bank_app = typer.Typer(help="The bank: read its statements and returns.", no_args_is_help=True)
app.add_typer(bank_app, name="bank", rich_help_panel="Work")
OUTCOMES = ("settled", "noted", "open", "known", "rejected")


@bank_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, OFX or CNAB 240 return.", metavar="FILE")],
    column: Annotated[
        list[str] | None,
        typer.Option("--column", help="Of a CSV: WHAT=HEADING; on, amount, credit, debit, description, payer_name …"),
    ] = None,
    account: Annotated[str, typer.Option(help="Name of the account, where the file does not say it.")] = "",
    kind: Annotated[str | None, typer.Option(help="csv, ofx or cnab240. Left out: by its look.")] = None,
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """Read a bank's statement or return file. Each row is taken once, however often it is read.

    - `vigencia bank import extrato.ofx`
    - `vigencia bank import CB150101.RET --json`
    - `vigencia bank import extrato.csv --account itau --column on=Data --column "amount=Valor (R$)"`

    Rows with a boleto's number or a Pix txid of ours settle by themselves; the others wait in the work list.
    `--json` ends with `{"rows":…,"settled":…,"noted":…,"open":…,"known":…,"rejected":…,"unreadable":…}`.
    """
    from services.errors import from_wire
    from vigencia import operations
    from vigencia.words import say, tell

    speaker = voice(json)
    try:
        content = file.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise Failure(Exit.USAGE, say("import.file-unreadable", speaker.lang, path=file, reason=reason)) from error
    asked: dict[str, Any] = {"bank_account": account, "columns": pairs(column or [], "--column")}
    if kind is not None:
        asked["kind"] = kind
    with system(speaker, store, url) as client:
        answer = operations.import_bank_file(client, content, asked)
    for problem in answer["problems"]:
        speaker.warn(say("bank.row-unreadable", speaker.lang, line=problem["line"], reason=problem["text"]))
    for failure in answer["failures"]:
        speaker.warn(f"{failure['on']} {failure['amount']}: {tell(from_wire(failure['error'] or {}), speaker.lang)}")
    counts = answer["counts"]
    rejected = counts.get("rejected", 0) + counts.get("failed", 0)
    outcome = {"rows": answer["rows"], **{name: counts.get(name, 0) for name in OUTCOMES}}
    outcome |= {"rejected": rejected, "unreadable": len(answer["problems"])}
    speaker.result(outcome, "bank.imported")
    finish(Exit.SOME_REJECTED if rejected or answer["problems"] else Exit.FINE)
