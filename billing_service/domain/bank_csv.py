"""A bank statement as CSV: which column is what says a mapping; numbers and days as Brazilians write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from services.errors import Refused

from .bank_file import (
    FileRow,
    Problem,
    Reading,
    brazilian,
    brazilian_day,
    document_in,
    numbered,
    refuse_empty,
    txid_in,
)

GUESSES: Mapping[str, tuple[str, ...]] = {
    "on": ("data", "data lançamento", "data lancamento", "data mov.", "date"),
    "amount": ("valor", "valor (r$)", "valor r$", "amount"),
    "credit": ("crédito", "credito", "entrada", "crédito (r$)"),
    "debit": ("débito", "debito", "saída", "saida", "débito (r$)"),
    "description": ("descrição", "descricao", "lançamento", "lancamento", "histórico", "historico", "memo"),
    "payer_name": ("nome", "favorecido", "remetente", "pagador", "razão social"),
    "payer_document": ("cpf/cnpj", "documento do pagador", "cnpj", "cpf"),
    "txid": ("txid", "identificador pix"),
    "bank_ref": ("identificador", "id", "documento", "nº documento", "fitid"),
}
"""Headings that banks use, where the mapping names none."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """``columns``: what → heading; what is not named is guessed. ``decimal``: the decimal sign; ``order``: dmy or ymd."""

    columns: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ""
    decimal: str = ","
    order: str = "dmy"
    bank_account: str = ""


def read_csv(text: str, mapped: Mapped) -> Reading:
    lines = text.splitlines()
    for at, line in enumerate(lines[:40]):
        delimiter = mapped.delimiter or max(";,\t|", key=line.count)
        heads = [head.strip() for head in next(csv.reader([line], delimiter=delimiter), [])]
        found = _columns(heads, mapped.columns)
        if "on" in found and ("amount" in found or "credit" in found or "debit" in found):
            body = csv.reader(io.StringIO("\n".join(lines[at + 1 :])), delimiter=delimiter)
            return _read(body, found, mapped, first=at + 2)
    raise Refused("bankfile.columns-missing", columns=", ".join(mapped.columns.values()) or "data, valor")


def _read(body: Iterable[list[str]], columns: Mapping[str, int], mapped: Mapped, first: int) -> Reading:
    rows: list[FileRow] = []
    problems: list[Problem] = []
    for number, cells in enumerate(body, start=first):
        said = {what: cells[index].strip() if index < len(cells) else "" for what, index in columns.items()}
        if not said.get("on") or not any(said.get(name) for name in ("amount", "credit", "debit")):
            continue  # balances, headings and empty lines between
        try:
            rows.append(_row(said, mapped))
        except ValueError as error:
            problems.append(Problem(number, "unreadable", str(error)))
    refuse_empty(rows, problems, "csv")
    return Reading("csv", numbered(rows), tuple(problems))


def _row(said: Mapping[str, str], mapped: Mapped) -> FileRow:
    text = said.get("description", "")
    amount = _amount(said, mapped.decimal)
    return FileRow(
        bank_account=mapped.bank_account,
        on=brazilian_day(said["on"], mapped.order),
        amount=amount,
        description=text,
        method="pix" if "pix" in text.casefold() else "transfer",
        payer_name=said.get("payer_name", ""),
        payer_document=document_in(said.get("payer_document", "").upper()) or document_in(text.upper()),
        bank_ref=said.get("bank_ref", ""),
        txid=said.get("txid") or txid_in(text),
    )


def _amount(said: Mapping[str, str], decimal: str) -> Decimal:
    if said.get("amount"):
        return brazilian(said["amount"], decimal)
    credit, debit = said.get("credit", ""), said.get("debit", "")
    return (abs(brazilian(credit, decimal)) if credit else Decimal("0.00")) - (
        abs(brazilian(debit, decimal)) if debit else Decimal("0.00")
    )


def _columns(heads: Sequence[str], named: Mapping[str, str]) -> dict[str, int]:
    """What → index. A heading that the mapping names must be there; others are guessed, the first guess first."""
    plain = [head.casefold() for head in heads]
    found: dict[str, int] = {}
    for what in (*GUESSES, *(set(named) - set(GUESSES))):
        wanted = (named[what].casefold(),) if what in named else GUESSES.get(what, ())
        for heading in wanted:
            if heading in plain and plain.index(heading) not in found.values():
                found[what] = plain.index(heading)
                break
        else:
            if what in named:
                return {}
    return found
