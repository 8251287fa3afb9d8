"""Puts a mail together. ``email`` parses each header that it is given and folds it again: for what we wrote ourselves that
costs more than all else around a mail, so headers are handed over in their last form.
"""

from __future__ import annotations

from binascii import b2a_qp
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from email.utils import format_datetime

_LONGEST_LINE = 998  # RFC 5322
_FOLDED_AT = 76


class _Final(str):
    """A header as people read it (the string) and as it is sent (``sent``: ASCII). ``addresses``: of From and To."""

    name: str
    sent: str
    addresses: tuple[Address, ...]

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self.sent}{policy.linesep}"


class _AsGiven(EmailPolicy):
    """Takes headers as they are: nobody but ``made`` gives any, each once."""

    def header_max_count(self, name: str) -> int | None:
        return None


# not every server takes 8 bits
_POLICY = _AsGiven(cte_type="7bit", max_line_length=_LONGEST_LINE, linesep="\r\n")


def made(sender: Address, to: Address, subject: str, at: datetime, body: str, others: dict[str, str]) -> EmailMessage:
    """``others``: further headers. Raises ``ValueError`` where one of them, or an address, is no line of printable ASCII."""
    message = EmailMessage(policy=_POLICY)

    def add(name: str, said: str, sent: str, addresses: tuple[Address, ...] = ()) -> None:
        value = _Final(said)
        value.name, value.sent, value.addresses = name, sent, addresses
        message[name] = value

    add("From", str(sender), _mailbox("From", sender), (sender,))
    add("To", str(to), _mailbox("To", to), (to,))
    add("Subject", subject, _words("Subject", subject))
    fixed = {"Date": format_datetime(at), **others, "MIME-Version": "1.0"}
    fixed["Content-Type"] = 'text/plain; charset="utf-8"'
    text, fixed["Content-Transfer-Encoding"] = _encoded(body)
    for name, value in fixed.items():
        add(name, value, _line(value))
    message.set_payload(text)
    return message


def _mailbox(header: str, address: Address) -> str:
    if _is_plain(address.display_name):
        return _line(str(address))  # quoted where it must be
    return f"{_words(header, address.display_name)} <{_line(address.addr_spec)}>"


def _words(header: str, text: str) -> str:
    """Encoded words (RFC 2047) where it is more than ASCII, or would be taken for them."""
    if _is_plain(text):
        return text
    return Header(text, "utf-8", maxlinelen=_FOLDED_AT, header_name=header).encode(linesep="\r\n")


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and len(text) < _LONGEST_LINE - 100 and "=?" not in text


def _line(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        raise ValueError("a header that is not one line of printable ASCII")
    return text


def _encoded(body: str) -> tuple[str, str]:
    lines = body.splitlines()
    text = "\n".join(lines) + "\n"
    if text.isascii() and all(len(line) <= _LONGEST_LINE for line in lines):
        return text, "7bit"
    return b2a_qp(text.encode(), istext=True).decode("ascii"), "quoted-printable"


__all__ = ["made"]
