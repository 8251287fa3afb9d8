"""The command that reads other systems' files: contracts, receivables, requests, and what is taken over with them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vigencia.cli import Json, Store, Url, app, finish, pairs, system, voice
from vigencia.exits import Exit, Failure


@app.command("import", rich_help_panel="Work")
def import_(
    kind: Annotated[
        str,
        typer.Argument(
            help="contracts, receivables, requests, open-receivables or opening-credits",
            metavar="KIND",
        ),
    ],
    file: Annotated[
        Path | None, typer.Argument(help="CSV or XLSX. Encoding and separator are found.", metavar="FILE")
    ] = None,
    mapping: Annotated[
        str | None,
        typer.Option(help="A shipped mapping or a YAML file. Left out: our own columns, those of `--template`."),
    ] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="A mapping's parameter, NAME=VALUE.")] = None,
    provider: Annotated[
        str | None, typer.Option(help="Of several provider companies the one that is meant: CNPJ, name or id.")
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", help="Write a file with the mapping's columns and one example row.")
    ] = False,
    reconcile: Annotated[
        bool | None,
        typer.Option(help="Set the file beside what the system answers. Left out: where contracts are taken over."),
    ] = None,
    errors: Annotated[Path | None, typer.Option(help="Where rejected rows go. Left out: beside FILE.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Overrules the encoding that was found.")] = None,
    separator: Annotated[str | None, typer.Option(help="Overrules the separator that was found.")] = None,
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """Read contracts, receivables or requests from a CSV or XLSX file.

    - `vigencia import contracts telco_contracts.csv --mapping telco`
    - `vigencia import receivables contas.xlsx --mapping minhas-contas.yaml --json`
    - `vigencia import contracts telco.csv --mapping telco --set reference_date=2026-01-01`

    Coming from another system, in this order (docs/operation.md):

    - `vigencia import contracts --template > contratos.csv`, filled in: with *billed through*
    - `vigencia import contracts contratos.csv`
    - `vigencia import open-receivables titulos.csv --set "source=Sistema antigo"`
    - `vigencia import opening-credits adiantamentos.csv`

    It may be run again without doubling anything, and goes on past bad rows: these are written with their reasons to
    an error file, which can be corrected and imported again as it is.

    `--json` ends with `{"read":…,"imported":…,"unchanged":…,"rejected":…}`. Counted are records: rows for contracts
    and receivables, requests (all rows of one request together) for requests.
    Always read = imported + unchanged + rejected.
    With a reconciliation it has `"reconciliation": {"agrees":…,"file":{…},"system":{…},"differences":[…]}`, and the exit
    code is 1 unless both agree.
    The mapping language: vigencia/imports/README.md.
    """
    from services.errors import Invalid
    from vigencia import importing
    from vigencia.imports import mapping as mappings
    from vigencia.imports import rejected
    from vigencia.imports.records import check_columns
    from vigencia.words import say, tell

    speaker = voice(json)
    try:
        if kind not in mappings.KINDS:
            raise Failure(Exit.USAGE, f"KIND: {', '.join(mappings.KINDS)}")
        if mapping is None and kind not in mappings.shipped():
            raise Failure(Exit.USAGE, say("import.mapping-missing", speaker.lang, kind=say(kind, speaker.lang)))
        chosen = mappings.load(mapping or kind)
        importing.check_kind(chosen, kind)
        if template:
            text = rejected.template(chosen, speaker.lang, separator_of(separator) or ";")
            if file is None:
                typer.echo(text, nl=False)
            else:
                rejected.write(file, text)
            return
        if file is None:
            raise Failure(Exit.USAGE, "FILE?")
        params = chosen.with_params(pairs(set_ or [], "--set"))
        given = separator_of(separator)
        table = importing.read(file, chosen, encoding=encoding, separator=given, voice=speaker)
        check_columns(table, chosen)
    except Invalid as invalid:
        raise Failure(Exit.USAGE, tell(invalid, speaker.lang)) from invalid
    with system(speaker, store, url) as client:
        outcome = importing.import_table(
            table,
            chosen,
            params,
            client,
            speaker,
            errors_at=lambda: rejected.place(file, errors),
            provider=provider,
            reconciled=chosen.takes_over if reconcile is None else reconcile,
        )
    if outcome.errors_at is not None:
        speaker.warn(say("rejected-to", speaker.lang, path=outcome.errors_at))
    if outcome.reconciliation is not None:
        for sentence in outcome.reconciliation.sentences(speaker.lang):
            speaker.remark(sentence) if outcome.reconciliation.agrees else speaker.warn(sentence)
    speaker.result(outcome.counts(), "imported", kind=say(kind, speaker.lang))
    finish(outcome.exit())


def separator_of(text: str | None) -> str | None:
    return {"tab": "\t", "\\t": "\t"}.get(text, text) if text else None
