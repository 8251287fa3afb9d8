"""A bank's file read into rows: what each row says, and the id by which it is known again. Formats: CSV, OFX, CNAB 240.

Nothing here decides what a row means; see ``matching``.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from services.errors import Refused

from .ids import NAMESPACE
from .money import ZERO


@dataclass(frozen=True, slots=True)
class FileRow:
    """``amount``: positive came in, negative went out; zero: a message without money. ``bank_ref``: the bank's own id."""

    bank_account: str
    on: date
    amount: Decimal
    description: str = ""
    method: str = "transfer"
    payer_name: str = ""
    payer_document: str = ""
    bank_ref: str = ""
    txid: str | None = None
    our_number: str | None = None
    movement: str | None = None
    reasons: tuple[str, ...] = ()
    fee: Decimal = ZERO
    credited_on: date | None = None
    row_id: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be read: line (from 1), what is wrong with it."""

    line: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    kind: str
    rows: tuple[FileRow, ...]
    problems: tuple[Problem, ...] = ()


def numbered(rows: Iterable[FileRow]) -> tuple[FileRow, ...]:
    """With ids: of equal rows in one file the first, second … are different rows; the same ones in another file are
    the same rows. Some banks repeat a FITID, so that it is taken with day and amount."""
    seen: Counter[str] = Counter()
    found = []
    for row in rows:
        said = (row.bank_account, row.bank_ref, row.on.isoformat(), str(row.amount), row.our_number, row.movement)
        loose = () if row.bank_ref else (" ".join(row.description.casefold().split()), row.payer_document)
        name = "bankrow:" + "|".join(str(part or "") for part in (*said, *loose))
        seen[name] += 1
        found.append(replace(row, row_id=str(uuid.uuid5(NAMESPACE, f"{name}|{seen[name]}"))))
    return tuple(found)


def decoded(content: bytes) -> str:
    """UTF-8 where it is that, else what Brazilian banks write: Windows-1252."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def kind_of(text: str) -> str:
    """``ofx``, ``cnab240`` or ``csv``, by what the file looks like."""
    if "<OFX>" in text[:4000].upper():
        return "ofx"
    first = text.splitlines()[0] if text.strip() else ""
    if len(first) == 240 and first[:3].isdigit() and first[3:8] == "00000":
        return "cnab240"
    return "csv"


def brazilian(text: str, decimal: str = ",") -> Decimal:
    """``R$ 1.234,56``, ``1234,56-``, ``(12,00)``, ``12,00 D``: an amount. Raises ``ValueError``."""
    plain = text.strip().replace("\u00a0", " ").replace("\u2212", "-").upper()
    debit = plain.startswith("(") or plain.endswith(("-", " D", "D")) or "-" in plain[:4]
    digits = re.sub(r"[^0-9.,]", "", plain)
    thousands = "." if decimal == "," else ","
    whole, _, cents = digits.replace(thousands, "").partition(decimal)
    if not re.fullmatch(r"\d+", whole or "0") or not re.fullmatch(r"\d{0,2}", cents) or not digits:
        raise ValueError(f"not an amount: {text!r}")
    amount = Decimal(f"{whole or '0'}.{cents or '0'}").quantize(Decimal("0.01"))
    return -amount if debit else amount


def brazilian_day(text: str, order: str = "dmy") -> date:
    """``31/12/2026``, ``31-12-26``, ``2026-12-31`` and so on. ``order``: dmy, ymd, mdy. Raises ``ValueError``."""
    parts = re.findall(r"\d+", text.strip()[:10])
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]] if order == "ymd" else _cut(parts[0])
    if len(parts) != 3:
        raise ValueError(f"not a day: {text!r}")
    if len(parts[0]) == 4:
        order = "ymd"
    by = dict(zip(order, map(int, parts), strict=True))
    return date(by["y"] + 2000 if by["y"] < 100 else by["y"], by["m"], by["d"])


def digits_of(text: str) -> str:
    return re.sub(r"\D", "", text)


def txid_in(text: str) -> str | None:
    """A Pix txid of ours in free text: 25 letters and digits with at least one digit."""
    found = re.findall(r"(?<![0-9A-Za-z])[0-9A-Za-z]{25}(?![0-9A-Za-z])", text)
    return next((token for token in found if any(c.isdigit() for c in token)), None)


def document_in(text: str) -> str:
    """A CPF or CNPJ in free text, as it is punctuated or as 11 or 14 characters; empty: none."""
    for pattern in (r"[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/?[0-9A-Z]{4}-?\d{2}", r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}"):
        for token in re.findall(rf"(?<![0-9A-Za-z]){pattern}(?![0-9A-Za-z])", text):
            plain = re.sub(r"[./-]", "", token)
            if sum(c.isdigit() for c in plain) >= 8:
                return plain
    return ""


def refuse_empty(rows: Sequence[FileRow], problems: Sequence[Problem], kind: str) -> None:
    if not rows and not problems:
        raise Refused("bankfile.empty", kind=kind)


def _cut(text: str) -> list[str]:
    return [text[:2], text[2:4], text[4:]]
