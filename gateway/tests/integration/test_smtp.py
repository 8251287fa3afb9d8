"""Delivery to a real SMTP server that takes, refuses, is busy, hangs, or goes away."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from gateway.mail.catalogue import Text
from gateway.mail.delivery import Later, MailSettings, No, Smtp, Unknown
from gateway.mail.render import message


class Server:
    """What the next mail meets: an answer to RCPT and one to DATA, or that it goes away."""

    def __init__(self) -> None:
        self.rcpt, self.data = "250 OK", "250 OK"
        self.leaves = False
        self.taken: list[Any] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.rcpt.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.leaves:
            server.transport.abort()
            return ""
        if self.data.startswith("2"):
            self.taken.append(envelope)
        return self.data


@pytest.fixture
def server() -> Iterator[tuple[Server, Smtp]]:
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=0)
    controller.port = _free_port()
    controller.start()
    settings = MailSettings(host="127.0.0.1", port=controller.port, starttls=False)
    yield handler, Smtp(settings, timeout=5)
    controller.stop()


def made() -> EmailMessage:
    return message(
        Text("Cobrança em aberto", "Olá, Ana.\n.\nFim.\n"),
        mail_id="m-1",
        sender=Address("Clima & Cia", addr_spec="nao-responda@casa.example"),
        to=Address("Ana Assunção", addr_spec="ana@a.example"),
        correlation="corr-1",
        at=datetime(2026, 3, 2, tzinfo=UTC),
        lang="pt-BR",
    )


def test_a_mail_arrives_with_its_letters_and_headers(server: tuple[Server, Smtp]) -> None:
    handler, smtp = server
    handed: list[bool] = []
    assert smtp.deliver("m-1", made(), lambda: handed.append(True)).startswith("250")
    [envelope] = handler.taken
    assert envelope.content.isascii()  # a server need not take 8 bits
    text = envelope.content.decode()
    assert handed == [True]
    assert (envelope.mail_from, envelope.rcpt_tos) == ("nao-responda@casa.example", ["ana@a.example"])
    for header in ("Message-ID: <m-1@casa.example>", "X-Correlation-ID: corr-1", "Auto-Submitted: auto-generated"):
        assert header in text


@pytest.mark.parametrize(("answer", "error"), [("451 busy", Later), ("550 unknown user", No)])
def test_a_no_before_the_text_is_surely_no_delivery(
    server: tuple[Server, Smtp], answer: str, error: type[Exception]
) -> None:
    handler, smtp = server
    handler.rcpt = answer
    with pytest.raises(error, match=answer):
        smtp.deliver("m-1", made(), lambda: pytest.fail("nothing was handed over"))


@pytest.mark.parametrize(("answer", "error"), [("452 full", Later), ("554 spam", No)])
def test_a_no_to_the_text_is_surely_no_delivery(
    server: tuple[Server, Smtp], answer: str, error: type[Exception]
) -> None:
    handler, smtp = server
    handler.data = answer
    with pytest.raises(error, match=answer):
        smtp.deliver("m-1", made(), lambda: None)


def test_a_server_that_goes_away_with_the_text_leaves_it_open(server: tuple[Server, Smtp]) -> None:
    handler, smtp = server
    handler.leaves = True
    with pytest.raises(Unknown):
        smtp.deliver("m-1", made(), lambda: None)


def test_no_server_and_one_that_never_greets_are_tried_later() -> None:
    with pytest.raises(Later):
        Smtp(MailSettings(host="127.0.0.1", port=_free_port(), starttls=False)).deliver("m-1", made(), lambda: None)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings = MailSettings(host="127.0.0.1", port=silent.getsockname()[1], starttls=False)
        with pytest.raises(Later):
            Smtp(settings, timeout=0.2).deliver("m-1", made(), lambda: None)


def test_a_server_without_encryption_gets_nothing_where_it_is_demanded(server: tuple[Server, Smtp]) -> None:
    handler, smtp = server
    demanding = Smtp(MailSettings(host="127.0.0.1", port=smtp._settings.port, starttls=True), timeout=5)
    with pytest.raises(Later):
        demanding.deliver("m-1", made(), lambda: None)
    assert handler.taken == []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
