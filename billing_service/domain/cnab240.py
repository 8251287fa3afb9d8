"""CNAB 240, cobrança of Itaú (341): the remittance file. Pure: the same data give the same bytes.

Sources: FEBRABAN, «Layout padrão de arquivos CNAB 240» v10 (records 0, 1, 3P, 3Q, 3R, 5, 9); Itaú, «Cobrança CNAB 240»
(its free positions: nosso número in 38–57, no convênio). Each record has 240 positions; lines end with CR LF.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.errors import Refused

from .bank_remittances import RemittanceEntry
from .boleto import modulo_10
from .boleto_messages import BankDetails

MOVEMENTS = {"register": "01", "cancel": "02", "abate": "04", "unabate": "05", "due_day": "06"}
"""FEBRABAN C004, code of the movement."""
SERVICE = 8
"""Itaú's own list of kinds of title: duplicata de serviço (FEBRABAN's C015 numbers them otherwise)."""
KINDS = {"cpf": "1", "cnpj": "2"}


@dataclass(frozen=True, slots=True)
class Company:
    """The creditor."""

    name: str
    document: str


@dataclass(frozen=True, slots=True)
class Payer:
    """The customer as the bank asks for him. ``postcode``: 8 digits."""

    name: str
    document: str
    street: str = ""
    district: str = ""
    postcode: str = ""
    city: str = ""
    state: str = ""


class Record:
    """One line, filled by positions as the manuals count them: from 1, both ends within."""

    def __init__(self) -> None:
        self._cells = [" "] * 240

    def text(self, first: int, last: int, value: str) -> Record:
        """Capitals without accents, on the left."""
        size = last - first + 1
        self._cells[first - 1 : last] = f"{plain(value)[:size]:<{size}}"
        return self

    def number(self, first: int, last: int, value: int | str) -> Record:
        """On the right, with zeros."""
        size, digits = last - first + 1, str(value or 0)
        if len(digits) > size or not digits.isdigit():
            raise Refused("remittance.field-too-long", value=value, size=size)
        self._cells[first - 1 : last] = digits.zfill(size)
        return self

    def money(self, first: int, last: int, amount: Decimal) -> Record:
        return self.number(first, last, int((amount * 100).to_integral_value()))

    def day(self, first: int, last: int, day: date | None) -> Record:
        return self.number(first, last, f"{day:%d%m%Y}" if day else 0)

    def __str__(self) -> str:
        return "".join(self._cells)


def payer_of(name: str, document: str, address: str) -> Payer:
    """From an address in one line: «Rua A, 10, Centro, 13010-000 Campinas/SP». What is not found stays empty."""
    postcode = re.search(r"(?<!\d)(\d{5})-?(\d{3})(?!\d)", address)
    rest = address.replace(postcode[0], "") if postcode else address
    rest = re.sub(r"\bCEP\b:?", "", rest, flags=re.IGNORECASE)
    place = re.search(r"([^,;/–-]+?)\s*[/,–-]\s*([A-Z]{2})\s*[.,]?\s*$", rest.strip(" ,;-–"))
    city, state = (place[1].strip(), place[2]) if place else ("", "")
    street = rest.strip(" ,;-–")[: -len(place[0])] if place else rest
    parts = [part.strip() for part in street.split(",") if part.strip(" -–")]
    district = parts.pop() if len(parts) > 2 else ""
    return Payer(
        name, document, ", ".join(parts), district, "".join(postcode.groups()) if postcode else "", city, state
    )


def plain(text: str) -> str:
    """What a bank's machine reads: ASCII capitals."""
    ascii_ = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(ascii_.upper().split())


def remittance(
    bank: BankDetails,
    company: Company,
    entries: Sequence[RemittanceEntry],
    payers: Mapping[str, Payer],
    *,
    sequence: int,
    made_at: datetime,
) -> str:
    """The whole file. ``payers`` by customer id; ``made_at`` is local to the company."""
    details: list[Record] = []
    for entry in entries:
        details += _details(bank, entry, payers[entry.customer_id], len(details))
    lines = [
        _file_header(bank, company, sequence, made_at),
        _batch_header(bank, company, sequence, made_at),
        *details,
        _batch_trailer(bank, len(details) + 2, entries),
        _file_trailer(bank, len(details) + 4),
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _start(bank: BankDetails, batch: int, kind: int) -> Record:
    return Record().number(1, 3, bank.bank_code).number(4, 7, batch).number(8, 8, kind)


def _holder(record: Record, bank: BankDetails, first: int) -> Record:
    """Branch and account as Itaú has them: 0 branch(4) blank zeros(7) account(5) blank digit."""
    record.number(first, first, 0).number(first + 1, first + 4, bank.branch)
    record.number(first + 6, first + 12, 0).number(first + 13, first + 17, bank.account)
    return record.number(first + 19, first + 19, bank.account_digit)


def _file_header(bank: BankDetails, company: Company, sequence: int, made_at: datetime) -> Record:
    record = _start(bank, 0, 0)
    record.number(18, 18, KINDS[_kind(company.document)]).text(19, 32, company.document.zfill(14))
    _holder(record, bank, 53).text(73, 102, company.name).text(103, 132, "BANCO ITAU SA").number(143, 143, 1)
    record.day(144, 151, made_at.date()).number(152, 157, f"{made_at:%H%M%S}").number(158, 163, sequence)
    return record.number(164, 166, "040").number(167, 171, 0).number(226, 228, 0)


def _batch_header(bank: BankDetails, company: Company, sequence: int, made_at: datetime) -> Record:
    record = _start(bank, 1, 1).text(9, 9, "R").number(10, 11, 1).number(12, 13, 0).number(14, 16, "030")
    record.number(18, 18, KINDS[_kind(company.document)]).text(19, 33, company.document.zfill(15))
    _holder(record, bank, 54).text(74, 103, company.name)
    return record.number(184, 191, sequence).day(192, 199, made_at.date()).number(200, 207, 0)


def _details(bank: BankDetails, entry: RemittanceEntry, payer: Payer, before: int) -> Iterable[Record]:
    yield _segment_p(bank, entry, before + 1)
    yield _segment_q(bank, entry, payer, before + 2)
    yield _segment_r(bank, entry, before + 3)


def _segment(bank: BankDetails, entry: RemittanceEntry, position: int, letter: str) -> Record:
    record = _start(bank, 1, 3).number(9, 13, position).text(14, 14, letter)
    return record.number(16, 17, MOVEMENTS[entry.movement])


def _segment_p(bank: BankDetails, entry: RemittanceEntry, position: int) -> Record:
    record = _holder(_segment(bank, entry, position, "P"), bank, 18)
    number = str(entry.our_number).zfill(8)
    check = modulo_10(bank.branch.zfill(4) + bank.account.zfill(5) + bank.wallet.zfill(3) + number)
    record.number(38, 40, bank.wallet).number(41, 48, number).number(49, 49, check).number(58, 62, 0)
    record.text(63, 72, entry.number[-10:]).day(78, 85, entry.due_on).money(86, 100, entry.amount)
    record.number(101, 105, 0).number(106, 106, 0).number(107, 108, SERVICE).text(109, 109, "N").day(
        110, 117, entry.issued_on
    )
    record.number(118, 118, 0).day(119, 126, entry.due_on if entry.interest_day else None)
    record.money(127, 141, entry.interest_day).number(142, 142, 0).number(143, 150, 0).money(151, 165, Decimal(0))
    record.money(166, 180, Decimal(0)).money(181, 195, entry.abatement).text(196, 220, entry.boleto_id.replace("-", ""))
    protest, expiry = (
        entry.protest_days,
        entry.expiry_days,
    )  # C026: 1 = after so many days, 3 = never; C028: 1 = after so many days
    record.number(221, 221, 1 if protest else 3).number(222, 223, protest or 0)
    record.number(224, 224, 1 if expiry else 0).number(225, 226, min(expiry or 0, 99))
    return record.number(227, 239, 0)


def _segment_q(bank: BankDetails, entry: RemittanceEntry, payer: Payer, position: int) -> Record:
    record = _segment(bank, entry, position, "Q")
    record.number(18, 18, KINDS[_kind(payer.document)]).text(19, 33, payer.document.zfill(15)).text(34, 63, payer.name)
    record.text(74, 113, payer.street).text(114, 128, payer.district).number(129, 136, payer.postcode or 0)
    record.text(137, 151, payer.city).text(152, 153, payer.state).number(154, 154, 0).number(155, 169, 0)
    return record.number(210, 212, 0)


def _segment_r(bank: BankDetails, entry: RemittanceEntry, position: int) -> Record:
    """The fine: code 2, a percentage with two decimals."""
    record = _segment(bank, entry, position, "R").number(18, 65, 0)
    record.number(66, 66, 2 if entry.fine_percent else 0).day(67, 74, entry.due_on if entry.fine_percent else None)
    record.money(75, 89, entry.fine_percent).number(200, 215, 0).number(217, 228, 0).number(231, 231, 0)
    return record


def _batch_trailer(bank: BankDetails, records: int, entries: Sequence[RemittanceEntry]) -> Record:
    record = _start(bank, 1, 5).number(18, 23, records).number(24, 29, len(entries))
    record.money(30, 46, sum((entry.amount for entry in entries), Decimal(0))).number(47, 115, 0)
    return record


def _file_trailer(bank: BankDetails, records: int) -> Record:
    return _start(bank, 9999, 9).number(18, 23, 1).number(24, 29, records).number(30, 35, 0)


def _kind(document: str) -> str:
    if len(document) not in (11, 14):
        raise Refused("remittance.payer-document", document="…" + document[-2:])
    return "cpf" if len(document) == 11 else "cnpj"
