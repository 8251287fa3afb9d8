"""The error file: rejected rows with their columns as they were, and ``__row`` and ``__reason`` behind them.

It is a CSV that the import takes again once corrected: the two added columns are ignored. UTF-8 with a byte-order
mark, so that spreadsheets show accents, and with the separator of the file it came from.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from vigencia.imports.mapping import Mapping as Mapping_
from vigencia.imports.reading import MARKS, Row, Table, plain
from vigencia.imports.words import Problem


def render(
    table: Table, rows: Iterable[tuple[Row, Problem]], lang: str, decimal: Mapping[str, str] | None = None
) -> str:
    """The error file's text: rows in the order of the file.

    ``decimal`` tells each column's decimal mark, so that a workbook's numbers are written as the mapping reads them.
    """
    marks = {plain(name): mark for name, mark in (decimal or {}).items()}
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=table.separator or ",", lineterminator="\r\n")
    kept = [index for index, name in enumerate(table.columns) if plain(name) not in MARKS]
    writer.writerow([*(table.columns[index] for index in kept), *MARKS])
    for row, problem in sorted(rows, key=lambda pair: pair[0].number):
        cells = [
            _text(row.cells[index], marks.get(plain(table.columns[index]), ".")) if index < len(row.cells) else ""
            for index in kept
        ]
        surplus = [_text(cell) for cell in row.cells[len(table.columns) :]]
        writer.writerow([*cells, row.number, problem.words(lang), *surplus])
    return out.getvalue()


def template(mapping: Mapping_, lang: str, separator: str = ";") -> str:
    """An empty file's header, in the reader's language, with rows of examples. A column with one example has it in all."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    english = not lang.lower().startswith("pt")
    writer.writerow([column.also[0] if english and column.also else name for name, column in mapping.columns.items()])
    examples = [column.examples for column in mapping.columns.values()]
    for at in range(max(map(len, examples))):
        writer.writerow([cells[at] if at < len(cells) else cells[0] if len(cells) == 1 else "" for cells in examples])
    return out.getvalue()


def write(path: Path, text: str) -> None:
    """All or nothing: a reader never sees half of it."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8-sig", newline="")
    os.replace(part, path)


def place(source: Path, wanted: Path | None = None) -> Path:
    """Where the error file goes: as wanted; else beside the source; else, where that is read-only, here."""
    if wanted is not None:
        return wanted
    beside = source.parent
    # A folder without any write bit is meant to stay as it is, even for those who could write there (root).
    writable = os.access(beside, os.W_OK) and beside.stat().st_mode & 0o222
    folder = beside if writable else Path.cwd()
    # Importing an error file again must not overwrite what was corrected in it.
    if again := re.fullmatch(r"(.*\.rejected)(?:-(\d+))?", source.stem):
        return folder / f"{again[1]}-{int(again[2] or 1) + 1}.csv"
    return folder / f"{source.stem}.rejected.csv"


def _text(cell: object, decimal: str = ".") -> str:
    return format(cell, ".15g").replace(".", decimal) if isinstance(cell, float) else str(cell)
