"""The provider's companies: what stands above their papers, logo and Pix key, the bank, and how contracts are numbered."""

from __future__ import annotations

import base64
from typing import Any

from flask import Response, request
from markupsafe import Markup

from gateway.api import uploads
from gateway.api.calls import ask
from gateway.api.companies import blobs
from gateway.api.resources.papers import keep
from gateway.api.schemas.customers import BankChange, Letterhead, NewProvider
from gateway.api.schemas.papers import NumberSeries
from gateway.pages.console.forms import given, lines
from gateway.pages.console.frame import Answer, blp, loaded, written
from gateway.pages.console.settings.forms import NOTHING, Action, Again, named, shown
from gateway.reports.logo import drawable, logo_of
from services.errors import NotFound, Refused

HERE = "/console/settings/companies"
HEAD = ("trade_name", "address", "city", "state", "pix_key", "phone", "email")
BANK = ("bank_code", "branch", "account", "account_digit", "wallet", "agreement", "protest_days", "expiry_days")


@blp.get("/settings/companies")
def console_companies() -> Response:
    return _list(NOTHING)


@blp.get("/settings/companies/<string:provider_id>")
def console_company(provider_id: str) -> Response:
    return _one(provider_id, NOTHING)


def _list(again: Again) -> Response:
    return shown("companies", again, companies=_companies())


def _one(provider_id: str, again: Again) -> Response:
    found = _company(provider_id)
    logo = logo_of(found, blobs())
    return shown(
        "company",
        again,
        company={**dict.fromkeys((*HEAD, "bank")), **found},
        picture=_picture(logo),
        bank=found.get("bank") or {},
    )


def _picture(logo: bytes | None) -> Markup:
    """The logo within the page: as an address that needs no other."""
    if logo is None:
        return Markup()
    return Markup("data:{};base64,{}").format(uploads.kind_of(logo), base64.b64encode(logo).decode())


def _companies() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask("contracts", "providers").get("items", [])
    return found


def _company(provider_id: str) -> dict[str, Any]:
    for each in _companies():
        if each["provider_id"] == provider_id:
            return each
    raise NotFound("provider.unknown", provider_id=provider_id)


def _register() -> Answer:
    names = ("legal_name", "cnpj", "trade_name", "address", "city", "state", "pix_key", "number_prefix", "branch_of")
    return written("contracts", "register_provider", loaded(NewProvider, given(*names)), made="provider")


def _head() -> Answer:
    """All of it; the logo stays unless another one is brought, or it is to go."""
    provider_id = named("provider_id")
    data = loaded(Letterhead, {**given(*HEAD), "logo_sha256": _logo(provider_id)})
    return written("contracts", "change_letterhead", {**data, "provider_id": provider_id})


def _logo(provider_id: str) -> str:
    file = request.files.get("logo")
    if file and (content := file.read()):
        if not drawable(content):
            raise Refused("page.logo-unreadable")
        return keep(content, uploads.kind_of(content) or "")
    return "" if request.form.get("no_logo") == "1" else str(_company(provider_id).get("logo_sha256") or "")


def _bank() -> Answer:
    provider_id = named("provider_id")
    if request.form.get("no_bank") == "1":
        bank = None
    else:
        values: dict[str, Any] = {name: value for name, value in given(*BANK).items() if value}
        bank = {**values, "instructions": lines(request.form.get("instructions", ""))}
    data = loaded(BankChange, {"bank": bank}) if bank is not None else {"bank": None}
    return written("contracts", "change_bank", {**data, "provider_id": provider_id})


def _series() -> Answer:
    values: dict[str, Any] = {**given("prefix", "digits"), "yearly": request.form.get("yearly") == "1"}
    provider_id = named("provider_id")
    return written("contracts", "change_number_series", {**loaded(NumberSeries, values), "provider_id": provider_id})


def _again(again: Again) -> Response:
    return _one(named("provider_id"), again)


def _to() -> str:
    return f"{HERE}/{request.form.get('provider_id', '')}"


ACTIONS = {
    "register_provider": Action(_register, _list, lambda: HERE),
    "change_letterhead": Action(_head, _again, _to),
    "change_bank": Action(_bank, _again, _to),
    "change_number_series": Action(_series, _again, _to),
}
