"""Other ways to people than e-mail: a port for WhatsApp, SMS and the like, and an implementation that only writes a log line.

A contract whose notices of a topic go by ``phone`` is obeyed where ``VIGENCIA_MESSENGER`` names a messenger: ``log``, or
``package.module:Class`` of the company's own, made without arguments. Without one nobody is told by phone, as the port's
absence is no reason to write a mail that the contract did not agree to. The same rows, hours, retries and *never twice* hold
as for mail.

    class OurWhatsApp:
        def send(self, message_id, to, text, on_handing_over):
            on_handing_over()          # from now on it may have arrived
            answer = provider.post(…, idempotency_key=message_id)
            return answer.id           # kept in the log of this message
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from typing import Protocol, cast

from gateway.mail.texts import Text
from services import logs

PHONE = "phone"
BY_PHONE = frozenset({"phone", "whatsapp", "sms"})
"""Channels of a dunning step that a messenger takes."""
log = logs.get("messenger")


class Messenger(Protocol):
    """A short text to a telephone number in E.164 form (``+5511900000004``)."""

    def send(self, message_id: str, to: str, text: str, on_handing_over: Callable[[], None]) -> str:
        """The provider's answer. ``on_handing_over`` is called when from now on it may be delivered; ``message_id`` is the
        same for ever for one event, person and text: a provider that takes idempotency keys is given it.

        Raises ``Later``, ``No`` or ``Unknown`` of ``gateway.mail.delivery``.
        """


class LoggingMessenger:
    """Development: says that a message would have gone, not to whom and not what."""

    def send(self, message_id: str, to: str, text: str, on_handing_over: Callable[[], None]) -> str:
        on_handing_over()
        log.warning("a message would go by phone", message=message_id, letters=len(text))
        return "logged only"


def messenger_of(environ: Mapping[str, str] = os.environ) -> Messenger | None:
    """Raises ``ValueError`` where the setting names nothing that there is."""
    named = environ.get("VIGENCIA_MESSENGER", "")
    if not named:
        return None
    if named == "log":
        return LoggingMessenger()
    module, _, name = named.partition(":")
    try:
        return cast(Messenger, getattr(importlib.import_module(module), name)())
    except (ImportError, AttributeError, TypeError) as error:
        raise ValueError(f"VIGENCIA_MESSENGER={named}: {error}") from error


def number_of(person: Mapping[str, object] | None) -> str | None:
    """Digits alone; a number without a country's code is one of Brazil. None: no number that could be called."""
    said = str((person or {}).get("phone") or "")
    digits = "".join(letter for letter in said if letter.isdigit()).lstrip("0")
    if said.strip().startswith("+"):
        return f"+{digits}" if 8 <= len(digits) <= 15 else None
    return f"+55{digits}" if len(digits) in (10, 11) else None


def short(text: Text) -> str:
    """Greeting and ending left out: the subject, and what lies between."""
    paragraphs = text.body.strip().split("\n\n")
    return "\n".join([text.subject, *paragraphs[1:-1]])
