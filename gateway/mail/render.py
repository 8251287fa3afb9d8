"""Makes a mail of a template, facts and a person: at sending time, from rows and answers of now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

from gateway import saying
from gateway.mail.catalogue import TEMPLATES, Text
from gateway.mail.hours import DEFAULT_ZONE
from gateway.mail.making import made
from gateway.mail.tables import mail_texts
from gateway.tables import contracts, providers, receivables, requests
from services.rows import Rows

NOTHING = "—"
_DECLINE = {
    "pt-BR": "\n-- \nNão quer mais receber este tipo de mensagem? {}\n",
    "en": "\n-- \nNo more messages of this kind? {}\n",
}
SETTLED = frozenset({"settled", "cancelled", "renegotiated", "written_off"})


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What our own rows say about a mail's things. ``whole``: all rows that it names are here."""

    facts: Mapping[str, Any]
    zone: str = DEFAULT_ZONE
    state: str = ""
    owed: bool = True
    disputed: bool = False
    whole: bool = True


def circumstances(rows: Rows, noted: Mapping[str, Any], contract_id: str | None) -> Circumstances:
    """``noted``: the facts that the event gave."""
    contract = _row(rows, contracts, "contract_id", contract_id)
    provider = _row(rows, providers, "provider_id", contract.get("provider_id"))
    receivable = _row(rows, receivables, "receivable_id", noted.get("receivable_id"))
    request = {} if noted.get("protocol") else _row(rows, requests, "request_id", noted.get("request_id"))
    facts: dict[str, Any] = {
        "provider": provider.get("trade_name") or provider.get("legal_name"),
        "contract": contract.get("number") or contract.get("external_ref"),
        "number": receivable.get("number"),
        "amount": receivable.get("net"),
        "balance": receivable.get("balance"),
        "due_on": receivable.get("payable_on") or receivable.get("due_on"),
        "protocol": noted.get("protocol") or request.get("protocol"),
        "price_text": noted.get("price_text"),
        **{name: date.fromisoformat(noted[name]) for name in _DAYS if noted.get(name)},
    }
    zone = provider.get("time_zone") or DEFAULT_ZONE
    if noted.get("tacit_at"):
        facts["tacit_on"] = datetime.fromisoformat(noted["tacit_at"]).astimezone(ZoneInfo(zone)).date()
    if noted.get("due_at"):
        facts["due"] = datetime.fromisoformat(noted["due_at"]).astimezone(ZoneInfo(zone))
        facts |= {"clock": _CLOCKS.get(noted.get("kind") or ""), "level": noted.get("level")}
    if noted.get("webhook"):
        facts |= {"webhook": noted["webhook"], "why": _WHYS.get(noted.get("why") or "")}
    whole = bool((contract or not contract_id) and (receivable.get("number") or not noted.get("receivable_id")))
    owed = receivable.get("status") not in SETTLED
    return Circumstances(facts, zone, provider.get("state") or "", owed, bool(receivable.get("disputed")), whole)


_CLOCKS: Mapping[str, Mapping[str, str]] = {
    "response": {"pt-BR": "resposta", "en": "response"},
    "resolution": {"pt-BR": "solução", "en": "resolution"},
}
_WHYS: Mapping[str, Mapping[str, str]] = {
    "failing": {
        "pt-BR": "nenhuma entrega foi aceita por vários dias",
        "en": "no delivery has been taken for days",
    },
    "gone": {"pt-BR": "o receptor respondeu 410 (não existe mais)", "en": "the receiver answered 410 (gone)"},
    "diverged": {
        "pt-BR": "o feed não tem mais a história que foi seguida (restauração de um backup?)",
        "en": "the feed no longer has the history that was followed (was a backup restored?)",
    },
    "key-revoked": {"pt-BR": "a chave que o criou foi revogada", "en": "the key that made it was revoked"},
    "no-secret": {
        "pt-BR": "seus segredos não podem ser lidos (secrets.json é de outra instalação?)",
        "en": "its secrets cannot be read (is secrets.json of another installation?)",
    },
}
"""Why a webhook endpoint was paused."""
_DAYS = ("suspend_on", "on", "ends_on", "next_ends_on", "answer_by")


def _row(rows: Rows, table: Any, key: str, id_: str | None) -> dict[str, Any]:
    return (rows.get(table, **{key: id_}) if id_ else None) or {}


def text_of(rows: Rows, template: str, lang: str) -> tuple[Text, bool]:
    """The company's own text, or the catalogue's; whether it is the company's."""
    own = rows.get(mail_texts, template=template, lang=lang)
    if own is not None:
        return Text(own["subject"], own["body"]), True
    return TEMPLATES[template].texts[lang], False


def filled(text: Text, facts: Mapping[str, Any], lang: str) -> Text:
    """What is not known is a dash: a mail never shows braces."""
    words = _Words({name: _said(value, lang) for name, value in facts.items()})
    subject = " ".join(text.subject.format_map(words).split())  # one line, whatever a name brings along
    return Text(subject, text.body.format_map(words))


class _Words(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return NOTHING


def _said(value: Any, lang: str) -> str:
    match value:
        case None | "":
            return NOTHING
        case Decimal():
            return saying.money(value, lang)
        case Mapping():
            return str(value.get(lang) or NOTHING)
        case datetime():
            return f"{_said(value.date(), lang)} {value:%H:%M}"
        case date():
            return saying.short_day(value, lang)
    return str(value)


def message(
    text: Text,
    *,
    mail_id: str,
    sender: Address,
    to: Address,
    correlation: str | None,
    at: datetime,
    lang: str,
    decline: str | None = None,
) -> EmailMessage:
    """``Message-ID`` comes from the mail's id: a server that gets it twice can tell. ``decline``: where one click says that
    the reader wants no more such mail (RFC 8058)."""
    others = {"Message-ID": f"<{mail_id}@{sender.domain or 'localhost'}>", "Auto-Submitted": "auto-generated"}
    if correlation and correlation.isascii() and correlation.isprintable():
        others["X-Correlation-ID"] = correlation
    if decline:
        others |= {"List-Unsubscribe": f"<{decline}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    others["Content-Language"] = lang
    return made(sender, to, text.subject, at, text.body + (_DECLINE[lang].format(decline) if decline else ""), others)
