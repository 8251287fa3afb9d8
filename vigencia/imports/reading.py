"""A CSV or XLSX file → its rows, whatever its encoding, separator or byte-order mark.

The separator is the one under which the most columns that the mapping knows are found; so a decimal comma or a
semicolon inside a text misleads nobody. Cells of a CSV are text; cells of an XLSX keep what the sheet knows
(dates, numbers), and ``values.py`` takes both.
"""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.errors import Invalid

SEPARATORS = (",", ";", "\t", "|")
MARKS = ("__row", "__reason")
"""Columns that the error file adds; ignored when it is imported again."""

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_GUESSES = ["cp1252", "latin_1", "cp850", "utf_16_le", "utf_16_be"]


@dataclass(frozen=True)
class Row:
    """One row of the file. ``number`` is the line (CSV) or sheet row (XLSX) where it begins, counted from 1."""

    number: int
    cells: tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """A file's header and rows. ``separator`` is empty for a workbook."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str
    separator: str

    def positions(self) -> dict[str, int]:
        """Where each column stands, found by its plain name (see ``plain``); the first of a doubled name wins."""
        found: dict[str, int] = {}
        for index, name in enumerate(self.columns):
            found.setdefault(plain(name), index)
        return found


def plain(name: str) -> str:
    """A column's name without case, accents and doubled spaces: headers are typed by people."""
    letters = unicodedata.normalize("NFKD", name)
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).casefold().split())


def read_table(
    path: Path, known: Iterable[str] = (), *, encoding: str | None = None, separator: str | None = None
) -> Table:
    """Read the file. ``known`` are the columns that a mapping expects; they help to find the separator.

    Raises ``Invalid`` ("import.file…") when the file is not there, is empty or is no table.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Invalid("import.file-unreadable", path=str(path), reason=error.strerror or str(error)) from error
    if data[:4] == b"PK\x03\x04":
        return _read_workbook(data, path)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Invalid("import.file-old-workbook", path=str(path))
    used = encoding or find_encoding(data)
    try:
        text = data.decode(used)
    except (UnicodeDecodeError, LookupError) as error:
        raise Invalid("import.file-encoding", path=str(path), encoding=used) from error
    if not text.strip("\ufeff \r\n\t\x00"):
        raise Invalid("import.file-empty", path=str(path))
    text = text.removeprefix("\ufeff")
    chosen = separator or find_separator(text, known)
    return _table(_csv_rows(text, chosen, path), used, chosen, path)


def find_encoding(data: bytes) -> str:
    """By byte-order mark; else UTF-8 if it is that; else the likeliest of what Brazilian offices export."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    try:
        data.decode("utf-8")
        return "utf-8" if b"\x00" not in data else _guess(data)
    except UnicodeDecodeError:
        return _guess(data)


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_GUESSES).best()
    return best.encoding if best is not None else "cp1252"


def find_separator(text: str, known: Iterable[str] = ()) -> str:
    """The separator with the most known columns; then the most even rows; then the most columns."""
    wanted = {plain(name) for name in known}

    def merit(separator: str) -> tuple[int, float, int]:
        widths: list[int] = []
        header: list[str] = []
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if not any(cell.strip() for cell in cells):
                continue
            header = header or cells
            widths.append(len(cells))
            if len(widths) == 50:
                break
        if not header:
            return (0, 0.0, 0)
        found = len(wanted & {plain(name) for name in header})
        even = sum(width == len(header) for width in widths) / len(widths) if len(header) > 1 else 0.0
        return (found, even, len(header))

    def sniffed() -> str | None:
        try:
            return csv.Sniffer().sniff(text[:20_000], "".join(SEPARATORS)).delimiter
        except csv.Error:
            return None

    merits = {separator: merit(separator) for separator in SEPARATORS}
    best = max(merits.values())
    winners = [separator for separator, its in merits.items() if its == best]
    return winners[0] if len(winners) == 1 else next((s for s in winners if s == sniffed()), winners[0])


def _csv_rows(text: str, separator: str, path: Path) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begins = 1
    try:
        for cells in reader:
            yield Row(begins, tuple(cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Invalid("import.file-broken", path=str(path), row=begins, reason=str(error)) from error


def _read_workbook(data: bytes, path: Path) -> Table:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Invalid("import.file-broken", path=str(path), row=1, reason=str(error)) from error
    try:
        sheet = book.worksheets[0]
        # Some writers state a wrong size; read_only mode would believe it and cut rows off.
        sheet.reset_dimensions()
        rows = [
            Row(number, tuple("" if cell is None else cell for cell in cells))
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
        ]
    finally:
        book.close()
    return _table(rows, "xlsx", "", path)


def _table(rows: Iterable[Row], encoding: str, separator: str, path: Path) -> Table:
    filled = (row for row in rows if any(str(cell).strip() for cell in row.cells))
    header = next(filled, None)
    if header is None:
        raise Invalid("import.file-empty", path=str(path))
    columns = _names(header.cells)
    return Table(columns, tuple(filled), encoding, separator)


def _names(cells: Sequence[Any]) -> tuple[str, ...]:
    names = [str(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)
