"""CNAB 240, cobrança: the bank's return file, records T and U, read into rows.

Sources: as ``cnab240``; FEBRABAN C044 (code of the movement), C047 (reasons). Positions from 1, both ends within.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

from services.errors import Refused

from .bank_file import FileRow, Problem, Reading, numbered, refuse_empty

CONFIRMED, REJECTED, WRITTEN_OFF = frozenset({"02"}), frozenset({"03"}), frozenset({"09", "10"})
PAID = frozenset({"06", "07", "08", "17"})
INSTRUCTION_CONFIRMED, INSTRUCTION_REJECTED = frozenset({"12", "13", "14", "27"}), frozenset({"26", "30"})


def meaning(movement: str) -> str:
    """confirmed, rejected, paid, written_off, instruction_confirmed, instruction_rejected or other."""
    for name, codes in (
        ("confirmed", CONFIRMED),
        ("rejected", REJECTED),
        ("paid", PAID),
        ("written_off", WRITTEN_OFF),
        ("instruction_confirmed", INSTRUCTION_CONFIRMED),
        ("instruction_rejected", INSTRUCTION_REJECTED),
    ):
        if movement in codes:
            return name
    return "other"


def read_return(text: str) -> Reading:
    """Each pair T, U is a row; what moves no money has the amount 0."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or any(len(line) != 240 for line in lines):
        raise Refused("bankfile.not-cnab240")
    if lines[0][142] != "2":
        raise Refused("bankfile.not-a-return")
    rows: list[FileRow] = []
    problems: list[Problem] = []
    for number, (first, second) in enumerate(pairwise(lines), start=1):
        if first[7] != "3" or first[13] != "T":
            continue
        try:
            if second[7] != "3" or second[13] != "U":
                raise ValueError("T without U")
            rows.append(_row(first, second))
        except ValueError as error:
            problems.append(Problem(number, "unreadable", str(error)))
    refuse_empty(rows, problems, "cnab240")
    return Reading("cnab240", numbered(rows), tuple(problems))


def _row(t: str, u: str) -> FileRow:
    movement = _cut(t, 16, 17)
    paid = _money(u, 78, 92)
    reasons = _cut(t, 214, 221)
    on = _day(u, 138, 145) or _day(u, 146, 153)
    if on is None:
        raise ValueError("no day of the movement")
    return FileRow(
        bank_account="/".join((_cut(t, 1, 3), _cut(t, 19, 22), _cut(t, 31, 35))),
        on=on,
        amount=paid if meaning(movement) == "paid" else Decimal("0.00"),
        description=f"{_cut(t, 59, 68).strip()} {_cut(t, 38, 40)}/{_cut(t, 41, 48)}-{_cut(t, 49, 49)}".strip(),
        method="boleto",
        payer_name=_cut(t, 149, 188).strip(),
        payer_document=_document(_cut(t, 133, 133), _cut(t, 134, 148)),
        our_number=f"{_cut(t, 38, 40)}/{int(_cut(t, 41, 48))}",
        movement=movement,
        reasons=tuple(code for i in range(0, len(reasons), 2) if (code := reasons[i : i + 2]).strip("0 ")),
        fee=_money(t, 199, 213),
        credited_on=_day(u, 146, 153),
    )


def _cut(line: str, first: int, last: int) -> str:
    return line[first - 1 : last]


def _money(line: str, first: int, last: int) -> Decimal:
    return Decimal(int(_cut(line, first, last).strip() or 0)).scaleb(-2).quantize(Decimal("0.01"))


def _day(line: str, first: int, last: int) -> date | None:
    text = _cut(line, first, last).strip()
    return None if not text.strip("0") else date(int(text[4:]), int(text[2:4]), int(text[:2]))


def _document(kind: str, text: str) -> str:
    return text.strip()[-11:] if kind == "1" else text.strip()[-14:] if kind == "2" else ""
