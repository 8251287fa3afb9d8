"""The provider companies on papers: whose contract it is, and the logo that stands above it."""

from __future__ import annotations

import base64
from typing import Any

from flask import current_app

from gateway.api.calls import ask, local
from gateway.reports.logo import logo_of
from services.blobs import BlobStore


def blobs() -> BlobStore:
    return current_app.extensions["vigencia"].blobs  # type: ignore[no-any-return]


def company(provider_id: str | None) -> dict[str, Any]:
    """What stands above a paper: the company's letterhead, with ``logo`` as bytes or None. Empty where it is unknown."""
    known = ask("contracts", "providers").get("items", ()) if provider_id else ()
    found = next((dict(each) for each in known if each["provider_id"] == provider_id), {})
    return {**found, "logo": logo_of(found, blobs())}


def logo_said(contract_id: str | None) -> dict[str, str]:
    """``{"logo": base64}`` for a service that draws a paper of this contract; nothing where there is none."""
    if contract_id is None:
        return {}
    provider_id = local("letterhead", contract_id=contract_id)["provider_id"]
    if provider_id is None:  # not known here yet
        provider_id = ask("contracts", "contract", contract_id=contract_id).get("provider_id")
    logo = company(provider_id)["logo"]
    return {} if logo is None else {"logo": base64.b64encode(logo).decode()}
