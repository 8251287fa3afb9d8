"""One cell of a file → a typed value, or a problem that says what was expected.

Types: text, integer, money, date, datetime, choice, choices. Cells are text (CSV) or what a sheet holds (numbers, dates).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from vigencia.imports.words import Expected

CENT = Decimal("0.01")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_ISO = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?", re.ASCII)
_THOUSANDS = {".": r"\d{1,3}(,\d{3})+", ",": r"\d{1,3}(\.\d{3})+"}


class Wrong(Exception):
    """A cell cannot be read: ``code`` and ``params`` as in ``words.REASONS``."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Column:
    """How one source column is read. ``empty`` lists texts that mean «no value»; the blank cell always does, then
    ``default`` holds. ``also``: its other headings. ``examples``: its cells in the file that ``--template`` writes, one a
    row. ``only_with``: it may say something only where these columns have one of these values; ``required_with``: it must
    where they do; ``needs``: one of these columns must say something, too."""

    name: str
    type: str = "text"
    required: bool = False
    empty: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    decimal: str = "."
    minimum: Any = None
    maximum: Any = None
    pattern: str | None = None
    width: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    not_before: str | None = None
    time_zone: str = "America/Sao_Paulo"
    also: tuple[str, ...] = ()
    default: Any = None
    examples: tuple[str, ...] = ()
    only_with: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    required_with: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    needs: tuple[str, ...] = ()

    def expected(self) -> Expected:
        """What this column holds, for a reason."""
        match self.type:
            case "money":
                return Expected("money", {"decimal": self.decimal})
            case "date" | "datetime":
                return Expected(self.type, {"formats": ", ".join(_readable(f) for f in self.formats)})
            case "integer":
                return Expected("integer")
            case _:
                return Expected("text")


def read_cell(column: Column, cell: Any) -> Any:
    """The typed value, or None when the cell is empty. Raises ``Wrong``."""
    text = _text(cell)
    if not text or text in column.empty:
        if column.required:
            raise Wrong("required", value=text, expected=column.expected())
        return column.default
    match column.type:
        case "money":
            return _within(column, _money(column, cell, text), text)
        case "integer":
            return _within(column, _integer(column, text), text)
        case "date":
            return _within(column, _moment(column, cell, text).date(), text)
        case "datetime":
            return _instant(column, _within(column, _moment(column, cell, text), text))
        case "choice":
            return _choice(column, text)
        case "choices":
            return [_choice(column, word) for word in re.split(r"[\s,;/]+", text) if word]
        case _:
            return _plain_text(column, text)


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        # A sheet keeps 15 digits; what binary fractions add behind them is noise.
        return format(cell, ".15g")
    return str(cell).replace("\u00a0", " ").strip()


def _money(column: Column, cell: Any, text: str) -> Decimal:
    wrong = Wrong("not-money", value=text, expected=column.expected())
    digits = text if isinstance(cell, int | float) else _decimal_point(text, column.decimal)
    if digits is None or not _NUMBER.fullmatch(digits):
        raise wrong
    try:
        amount = Decimal(digits)
        exact = amount.quantize(CENT)
    except InvalidOperation as error:
        raise wrong from error
    if exact != amount:
        raise wrong
    return exact


def _decimal_point(text: str, decimal: str) -> str | None:
    """The number with a decimal point: currency signs and well-placed thousands separators are taken away."""
    bare = re.sub(r"^(R\$|US\$|\$|€)\s*", "", text)
    whole, mark, cents = bare.partition(decimal)
    sign = whole[:1] if whole[:1] in "+-" else ""
    unsigned = whole[len(sign) :]
    if re.fullmatch(_THOUSANDS[decimal], unsigned):
        unsigned = re.sub(r"[.,]", "", unsigned)
    if not unsigned.isdecimal() or not unsigned.isascii() or (mark and not cents.isdecimal()):
        return None
    return f"{sign}{unsigned}.{cents}" if mark else f"{sign}{unsigned}"


def _integer(column: Column, text: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,18}(\.0+)?", text, re.ASCII):
        raise Wrong("not-integer", value=text, expected=column.expected())
    return int(text.partition(".")[0])


def _moment(column: Column, cell: Any, text: str) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - local, its zone is the column's
    for form in column.formats:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - local, its zone is the column's
        except ValueError:
            continue
    if _ISO.fullmatch(text):  # never ambiguous, and what our own error files hold
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    raise Wrong("not-date", value=text, expected=column.expected())


def _instant(column: Column, local: datetime) -> datetime:
    return local.replace(tzinfo=ZoneInfo(column.time_zone)).astimezone(ZoneInfo("UTC"))


def _choice(column: Column, text: str) -> Any:
    if text in column.values:
        return column.values[text]
    folded = {key.casefold(): value for key, value in column.values.items()}
    if text.casefold() in folded:
        return folded[text.casefold()]
    raise Wrong("unknown-value", value=text, expected=", ".join(column.values))


def _plain_text(column: Column, text: str) -> str:
    if column.width and text.isdecimal():
        text = text.zfill(column.width)
    if column.pattern and not re.fullmatch(column.pattern, text):
        raise Wrong("wrong-form", value=text, expected=column.pattern)
    return text


def _within(column: Column, value: Any, text: str) -> Any:
    low, high = column.minimum, column.maximum
    compared = value.date() if isinstance(value, datetime) else value
    if (low is None or compared >= low) and (high is None or compared <= high):
        return value
    name = "range" if low is not None and high is not None else "min" if high is None else "max"
    raise Wrong("out-of-range", value=text, expected=Expected(name, {"low": _show(low), "high": _show(high)}))


def _show(bound: Any) -> str:
    return bound.isoformat() if isinstance(bound, date) else str(bound)


def _readable(form: str) -> str:
    names = {"%d": "DD", "%m": "MM", "%Y": "YYYY", "%y": "YY", "%H": "HH", "%M": "MM", "%S": "SS"}
    return re.sub(r"%\w", lambda match: names.get(match.group(), match.group()), form)
