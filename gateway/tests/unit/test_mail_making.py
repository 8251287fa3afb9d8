"""A mail as bytes: what a mail program makes of it is what was said, whatever letters, lengths and tricks there are."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

import pytest

from gateway.mail.making import made

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
OFFICE = Address("Horizonte", addr_spec="nao-responda@horizonte.example")
ADDRESS = "otavio@vertice.example"


def sent(to: Address, subject: str, body: str, **others: str) -> tuple[bytes, EmailMessage]:
    """As it goes over the wire, and as the other side reads it."""
    raw = made(OFFICE, to, subject, AT, body, others).as_bytes()
    read = message_from_bytes(raw, policy=default)
    assert isinstance(read, EmailMessage)
    assert not read.defects
    return raw, read


@pytest.mark.parametrize(
    "name", ["Ana", "Otávio Barreto", 'Ana "a chefe", Vértice', "Ana, Rui", "=?utf-8?q?Ana?=", "Ç" * 150, ""]
)
@pytest.mark.parametrize("subject", ["Aviso", "Solicitação 2026-000123", "=?utf-8?q?x?=", "é" * 400, "a b" * 600])
def test_names_and_subjects_arrive_as_they_were(name: str, subject: str) -> None:
    raw, read = sent(Address(name, addr_spec=ADDRESS), subject, "Olá.")
    assert read["To"].addresses[0].addr_spec == ADDRESS
    [shown, _] = parseaddr(message_from_bytes(raw)["To"])  # the newer parser puts blanks between encoded words
    assert str(make_header(decode_header(shown))) == name if "=?utf-8" in shown else shown == name
    assert read["Subject"] == subject
    assert read["From"].addresses == (OFFICE,)
    assert read["Date"].datetime == AT
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "body", ["plain\n", "Olá, Otávio.\n\nfim  \n.\nFrom here\n", "x" * 5000, "é" * 5000, "a=b\t\n", ""]
)
def test_texts_arrive_as_they_were(body: str) -> None:
    raw, read = sent(Address("Ana", addr_spec=ADDRESS), "Aviso", body)
    assert read.get_content().replace("\r\n", "\n") == (body if body.endswith("\n") else body + "\n")
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_headers_are_sent_in_one_piece_and_hold_one_line() -> None:
    link = f"<https://portal.example/u/{'x' * 400}>"
    raw, read = sent(Address("Ana", addr_spec=ADDRESS), "Aviso", "Olá.", **{"List-Unsubscribe": link})
    assert f"\r\nList-Unsubscribe: {link}\r\n".encode() in raw
    assert read["List-Unsubscribe"] == link
    with pytest.raises(ValueError):
        made(OFFICE, Address("Ana", addr_spec=ADDRESS), "Aviso", AT, "", {"X-Other": "a\r\nBcc: eva@a.example"})


def test_a_line_in_a_subject_is_no_header() -> None:
    _, read = sent(Address("Ana", addr_spec=ADDRESS), "Aviso\r\nBcc: eva@a.example", "Olá.")
    assert read["Bcc"] is None
