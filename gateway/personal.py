"""What the system knows of one person, from all services, for him to take away (LGPD, art. 18 II and V): JSON, or a ZIP."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from gateway.api.calls import ask, local, operate
from gateway.identity.devices import device_of
from gateway.identity.sessions import Session
from gateway.identity.users import User
from services.blobs import BlobStore
from services.errors import NotFound, OutcomeUnknown, Unavailable

SERVICES = ("contracts", "billing", "tickets", "feedback")
SECONDS = 60.0
README = {
    "pt-BR": "dados.json: tudo o que o sistema guarda sobre você, e onde. arquivos/: o que você enviou.\n",
    "en": "dados.json: all that the system keeps about you, and where. arquivos/: what you sent.\n",
}


def personal_data(
    contacts: Sequence[Mapping[str, str]], user: User | None, sessions: Sequence[Session], at: datetime
) -> dict[str, Any]:
    """``contacts``: as whom he speaks. A part that does not answer is named under ``missing``: ask again later."""
    ids = list(dict.fromkeys(pair["contact_id"] for pair in contacts))
    missing: list[str] = []
    services = {service: _of_service(service, ids, missing) for service in SERVICES}
    return {
        "made_at": at.isoformat(),
        "account": _account(user, sessions),
        "speaks_for": [_speaks(pair) for pair in contacts],
        "profile": _profile(ids, missing),
        "money": [_money(pair["customer_id"]) for pair in contacts if pair["customer_id"] == pair["contact_id"]],
        "mail": _mail([*ids, *([user.user_id] if user else [])]),
        "services": services,
        "missing": sorted(set(missing)),
    }


def zipped(data: Mapping[str, Any], blobs: BlobStore, lang: str) -> bytes:
    """The data, and the files that belong to it, by their hash."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("LEIA-ME.txt", README[lang])
        archive.writestr("dados.json", json.dumps(data, ensure_ascii=False, indent=2))
        for sha256 in sorted(set(_files(data))):
            if blobs.has(sha256):
                archive.writestr(f"arquivos/{sha256}", blobs.get(sha256))
    return made.getvalue()


def _of_service(service: str, ids: Iterable[str], missing: list[str]) -> list[dict[str, Any]]:
    """What stands under the person's own key, in the order in which it happened."""
    found: list[dict[str, Any]] = []
    for person in ids:
        after: Any = None
        while True:
            try:
                page = operate(service, {"action": "personal", "person": person, "after": after}, timeout=SECONDS)
            except (Unavailable, OutcomeUnknown):
                missing.append(service)
                break
            found += page.get("items", ())
            after = page.get("next")
            if after is None:
                break
    return sorted(found, key=lambda item: str(item["at"]))


def _account(user: User | None, sessions: Sequence[Session]) -> dict[str, Any] | None:
    if user is None:
        return None
    named = {name: getattr(user, name) for name in ("login", "name", "email", "lang")}
    made = user.created_at.isoformat() if user.created_at else None
    where = [
        {"device": device_of(each.agent), "address": each.address, "since": each.created_at.isoformat()}
        for each in sessions
    ]
    return {**named, "roles": list(user.roles), "created_at": made, "sessions": where}


def _speaks(pair: Mapping[str, str]) -> dict[str, Any]:
    try:
        customer = local("customer", customer_id=pair["customer_id"])
    except NotFound:
        return dict(pair)
    known = next((each for each in customer["contacts"] if each["contact_id"] == pair["contact_id"]), {})
    return {**pair, "customer": customer["name"], "rights": known.get("rights"), "role": known.get("role")}


def _profile(ids: list[str], missing: list[str]) -> dict[str, Any]:
    try:
        return dict(ask("contracts", "people", ids=ids).get("people", {}))
    except (Unavailable, OutcomeUnknown):
        missing.append("contracts")
        return {}


def _money(customer_id: str) -> dict[str, Any]:
    """A person who is the customer himself: his contracts, and what he owes and paid."""
    own = {"customers": [customer_id], "limit": 200}
    lists = ("contracts", "receivables", "payments", "requests")
    return {"customer_id": customer_id, **{name: local(name, **own)["items"] for name in lists}}


def _mail(recipients: list[str]) -> list[dict[str, Any]]:
    from flask import current_app

    mail = current_app.extensions["vigencia"].mail
    names = ("template", "state", "queued_at", "ended_at")
    rows = [row for each in recipients for row in mail.page({"recipient_id": each, "limit": 200})["items"]]
    return [{name: _text(row[name]) for name in names} for row in rows]


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _files(data: Mapping[str, Any]) -> Iterable[str]:
    return (item["file"] for items in data["services"].values() for item in items if "file" in item)
