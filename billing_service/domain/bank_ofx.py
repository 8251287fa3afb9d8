"""Bank statements as OFX: 1.x (SGML, closing tags left out) and 2.x (XML) by the same tolerant reading.

Source: OFX 1.6 and 2.2 specification, section 11.4 (BANKTRANLIST, STMTTRN). Brazilian banks write amounts with a comma,
repeat FITIDs and put the payer's name and document into MEMO; all of that is read here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date

from services.errors import Refused

from .bank_file import FileRow, Problem, Reading, brazilian, document_in, numbered, refuse_empty, txid_in

_TAG = re.compile(r"<(/?)([A-Za-z0-9.]+)>([^<]*)")
Fields = dict[str, str]


def read_ofx(text: str, bank_account: str = "") -> Reading:
    if "<OFX>" not in text.upper():
        raise Refused("bankfile.not-ofx")
    rows: list[FileRow] = []
    problems: list[Problem] = []
    for number, (account, said) in enumerate(_transactions(text), start=1):
        try:
            rows.append(_row(said, bank_account or account))
        except (KeyError, ValueError) as error:
            problems.append(Problem(number, "unreadable", f"{said.get('FITID', '')}: {error}"))
    refuse_empty(rows, problems, "ofx")
    return Reading("ofx", numbered(rows), tuple(problems))


def _transactions(text: str) -> Iterator[tuple[str, Fields]]:
    """(account, fields) of each STMTTRN. A field ends where the next tag begins."""
    account: Fields = {}
    current: Fields | None = None
    for match in _TAG.finditer(text):
        closing, name, value = match[1] == "/", match[2].upper(), html.unescape(match[3]).strip()
        if name == "STMTTRN":
            if current:
                yield _account(account), current
            current = None if closing else {}
        elif closing and name == "BANKTRANLIST" and current:
            yield _account(account), current
            current = None
        elif not closing and name in ("BANKID", "BRANCHID", "ACCTID") and current is None:
            account = {**({} if name == "BANKID" else account), name: value}
        elif not closing and current is not None and value:
            current.setdefault(name, value)


def _account(said: Fields) -> str:
    return "/".join(said[name] for name in ("BANKID", "BRANCHID", "ACCTID") if said.get(name))


def _row(said: Fields, account: str) -> FileRow:
    amount_text = said["TRNAMT"]
    amount = brazilian(amount_text, "," if "," in amount_text else ".")
    text = " ".join(part for part in (said.get("NAME", ""), said.get("MEMO", "")) if part)
    stamp = said["DTPOSTED"]
    return FileRow(
        bank_account=account,
        on=date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:8])),
        amount=amount,
        description=text,
        method="pix" if "pix" in text.casefold() else "transfer",
        payer_name=said.get("NAME", ""),
        payer_document=document_in(text.upper()),
        bank_ref=said.get("FITID", ""),
        txid=txid_in(text),
    )
