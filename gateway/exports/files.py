"""Rows as CSV, piece by piece, and as XLSX, row by row through a temporary file: memory does not grow with the rows."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

from gateway.exports.sheets import Column, Sheet

Row = Mapping[str, Any]
ROWS_A_PIECE = 200
_BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_YES = {"pt-BR": ("sim", "não"), "en": ("yes", "no")}
_LAST_ROW = 1_048_575  # of an XLSX sheet, counted from 0
_CHUNK = 64 * 1024


def csv_pieces(sheet: Sheet, rows: Iterable[Row], lang: str) -> Iterator[bytes]:
    """pt-BR: ``;``, comma decimals, days dd/mm/yyyy, a byte order mark, as Excel in Brazil reads it. en: ``,``, point, ISO."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if lang == "pt-BR" else ",", lineterminator="\r\n")
    if lang == "pt-BR":
        out.write(_BOM)
    writer.writerow([column.header(lang) for column in sheet.columns])
    for number, row in enumerate(rows, 1):
        writer.writerow([_cell(column, row.get(column.field), lang) for column in sheet.columns])
        if number % ROWS_A_PIECE == 0:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    piece = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    return piece


def _cell(column: Column, value: Any, lang: str) -> str:
    if value is None:
        return ""
    portuguese = lang == "pt-BR"
    match column.kind:
        case "money" | "total":
            amount = f"{Decimal(str(value)):.2f}"
            return amount.replace(".", ",") if portuguese else amount
        case "day":
            return f"{date.fromisoformat(value):%d/%m/%Y}" if portuguese else str(value)
        case "instant":
            at = datetime.fromisoformat(value)
            return f"{at:%d/%m/%Y %H:%M:%S}" if portuguese else f"{at:%Y-%m-%d %H:%M:%S}"
        case "flag":
            return _YES[lang][0 if value else 1]
        case "number":
            return str(value)
    return _harmless(str(value))


def _harmless(text: str) -> str:
    """A name that begins like a formula must not become one in somebody's spreadsheet."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def xlsx_pieces(sheet: Sheet, rows: Iterable[Row], lang: str) -> Iterator[bytes]:
    """Typed cells, the header frozen, sums below as formulas with their values."""
    with tempfile.TemporaryFile(prefix="vigencia-export-") as file:
        _write_xlsx(file, sheet, rows, lang)
        file.seek(0)
        while piece := file.read(_CHUNK):
            yield piece


def _write_xlsx(file: IO[bytes], sheet: Sheet, rows: Iterable[Row], lang: str) -> None:
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet.file[lang][:31])
        bold, money = {"bold": True}, {"num_format": "#,##0.00"}
        header = book.add_format({**bold, "bottom": 1})
        formats = {
            "money": book.add_format(money),
            "total": book.add_format(money),
            "day": book.add_format({"num_format": "dd/mm/yyyy" if lang == "pt-BR" else "yyyy-mm-dd"}),
            "instant": book.add_format({"num_format": "dd/mm/yyyy hh:mm" if lang == "pt-BR" else "yyyy-mm-dd hh:mm"}),
        }
        page.freeze_panes(1, 0)
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, 30 if column.kind == "text" else 16)
            page.write_string(0, at, column.header(lang), header)
        sums = {at: Decimal(0) for at, column in enumerate(sheet.columns) if column.kind == "total"}
        line = 0
        for row in rows:
            line += 1
            if line >= _LAST_ROW:
                raise ValueError("more rows than a spreadsheet holds; take CSV")
            for at, column in enumerate(sheet.columns):
                value = row.get(column.field)
                if value is not None:
                    _write(page, line, at, column, value, formats, lang)
                    if at in sums:
                        sums[at] += Decimal(str(value))
        total = book.add_format({**bold, **money, "top": 1})
        for at, value in sums.items() if line else ():
            first, last = xlsxwriter.utility.xl_rowcol_to_cell(1, at), xlsxwriter.utility.xl_rowcol_to_cell(line, at)
            page.write_formula(line + 1, at, f"=SUM({first}:{last})", total, float(value))


def _write(page: Any, line: int, at: int, column: Column, value: Any, formats: Mapping[str, Any], lang: str) -> None:
    form = formats.get(column.kind)
    match column.kind:
        case "money" | "total" | "number":
            page.write_number(line, at, float(value), form)
        case "day":
            page.write_datetime(line, at, date.fromisoformat(value), form)
        case "instant":
            page.write_datetime(line, at, datetime.fromisoformat(value).replace(tzinfo=None), form)
        case "flag":
            page.write_string(line, at, _YES[lang][0 if value else 1])
        case _:
            page.write_string(line, at, str(value))
