"""The last step of a mail: an SMTP server, or, where none is named, a folder (development)."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Protocol

from environs import Env

from gateway.mail.hours import Hours

TIMEOUT_SECONDS = 20.0
PUBLIC_URL = "http://127.0.0.1:8000"
SENDER = "Vigência <nao-responda@localhost>"


class Later(Exception):
    """Surely not delivered; try again."""


class No(Exception):
    """Surely not delivered, and it would not be the next time."""


class Unknown(Exception):
    """The server had it all and did not answer: it may have been delivered."""


class Delivery(Protocol):
    @property
    def repeatable(self) -> bool:
        """Whether the same mail again does no harm: then what became of several is written together."""

    def deliver(self, mail_id: str, message: EmailMessage, on_handing_over: Callable[[], None]) -> str:
        """The server's answer. ``on_handing_over`` is called when from now on it may be delivered.

        Raises ``Later``, ``No`` or ``Unknown``."""

    def forget(self, mail_id: str) -> None:
        """Remove what is kept of a mail here."""

    def kept(self, mail_id: str) -> str | None:
        """The whole mail, where it is kept."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """``VIGENCIA_SMTP_…`` and ``VIGENCIA_MAIL_…``; without ``VIGENCIA_SMTP_HOST`` mail is kept in ``<var>/mail``.

    ``public_url`` (``VIGENCIA_PUBLIC_URL``): where people reach the gateway; mailed addresses begin with it.
    """

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = ""
    starttls: bool = True
    sender: str = SENDER
    lang: str = "pt-BR"
    hours: Hours = field(default_factory=Hours)
    give_up_days: int = 3
    public_url: str = PUBLIC_URL


def mail_settings() -> MailSettings:
    env = Env()
    with env.prefixed("VIGENCIA_"):
        first, _, last = env.str("MAIL_HOURS", "8-20").partition("-")
        return MailSettings(
            host=env.str("SMTP_HOST", ""),
            port=env.int("SMTP_PORT", 587),
            user=env.str("SMTP_USER", ""),
            password=env.str("SMTP_PASSWORD", ""),
            starttls=env.bool("SMTP_STARTTLS", True),
            sender=env.str("MAIL_FROM", SENDER),
            lang=env.str("MAIL_LANGUAGE", "pt-BR"),
            hours=Hours(int(first), int(last)),
            give_up_days=env.int("MAIL_GIVE_UP_DAYS", 3),
            public_url=env.str("PUBLIC_URL", PUBLIC_URL),
        )


def delivery_of(settings: MailSettings, var: Path) -> Delivery:
    return Smtp(settings) if settings.host else Folder(var / "mail")


class Smtp:
    """One connection a mail. Until DATA has been sent, whatever fails is surely no delivery."""

    repeatable = False

    def __init__(self, settings: MailSettings, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self._settings, self._timeout = settings, timeout

    def deliver(self, mail_id: str, message: EmailMessage, on_handing_over: Callable[[], None]) -> str:
        try:
            smtp = smtplib.SMTP(self._settings.host, self._settings.port, timeout=self._timeout)
        except (OSError, smtplib.SMTPException) as error:
            raise Later(type(error).__name__) from error
        try:
            self._open(smtp)
            _expect(smtp.mail(str(message["From"].addresses[0].addr_spec)))
            _expect(smtp.rcpt(str(message["To"].addresses[0].addr_spec)))
            on_handing_over()
            return self._hand_over(smtp, message)
        except smtplib.SMTPAuthenticationError as error:
            raise Later(f"{error.smtp_code} login") from error
        except (OSError, smtplib.SMTPException) as error:
            raise Later(type(error).__name__) from error
        finally:
            smtp.close()

    def _open(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if self._settings.starttls:
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if self._settings.user:
            smtp.login(self._settings.user, self._settings.password)

    @staticmethod
    def _hand_over(smtp: smtplib.SMTP, message: EmailMessage) -> str:
        try:
            return _expect(smtp.data(message.as_bytes()))
        except smtplib.SMTPDataError as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unknown(type(error).__name__) from error

    def forget(self, mail_id: str) -> None:
        """Nothing is kept here."""

    def kept(self, mail_id: str) -> str | None:
        return None


class Folder:
    """A catcher: every mail a file that a mail program opens. The same again is the same file."""

    repeatable = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, mail_id: str, message: EmailMessage, on_handing_over: Callable[[], None]) -> str:
        place, content = self._place(mail_id), message.as_bytes()
        try:
            _keep(place, content)
        except FileNotFoundError:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _keep(place, content)
        return "kept as a file"

    def forget(self, mail_id: str) -> None:
        self._place(mail_id).unlink(missing_ok=True)

    def kept(self, mail_id: str) -> str | None:
        place = self._place(mail_id)
        return place.read_text("utf-8", errors="replace") if place.exists() else None

    def _place(self, mail_id: str) -> Path:
        """``mail_id`` is one of ours: a uuid, looked up in the table first."""
        return self._folder / f"{mail_id}.eml"


def _keep(place: Path, content: bytes) -> None:
    with open(place, "wb", opener=partial(os.open, mode=0o600)) as file:
        file.write(content)


def _expect(answer: tuple[int, bytes]) -> str:
    code, words = answer
    if not 200 <= code < 300:
        raise _refusal(code, words)
    return f"{code} {words.decode(errors='replace')}"


def _refusal(code: int, words: bytes | str) -> Later | No:
    told = words.decode(errors="replace") if isinstance(words, bytes) else words
    return (No if 500 <= code < 600 else Later)(f"{code} {told}")
