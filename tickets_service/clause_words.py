"""The contract's clause behind an answer about coverage: its number or name, and what it says, in pt-BR and en."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tickets_service.domain.agreement import Agreement
from tickets_service.domain.coverage import Coverage
from tickets_service.domain.price_words import UNITS, brl

Words = dict[str, str]
CHANNELS = {"portal": "portal", "phone": "telefone", "email": "e-mail", "other": "outro meio"}


def sentence(
    coverage: Coverage, terms: Mapping[str, Any] | None, agreement: Agreement | None, *, prices: bool = True
) -> Words:
    """What the clause says; empty where no contract is known. Without prices for who does not see them."""
    if coverage.reason == "contract-unknown" or terms is None:
        return {}
    if coverage.status == "suspended":
        return {
            "pt-BR": "Enquanto o contrato está suspenso, os serviços param; voltam na retomada.",
            "en": "While the contract is suspended, services stop; they go on when it is resumed.",
        }
    match coverage.clause:
        case "period":
            return _period(terms)
        case "communication.authorised_only":
            return {
                "pt-BR": "Somente contatos autorizados, com direito a solicitações, pedem atendimento.",
                "en": "Only authorised contacts, with the right to requests, ask for services.",
            }
        case "services":
            named = ", ".join(str(each.get("name") or each.get("code")) for each in terms.get("services") or ())
            return {"pt-BR": f"Serviços do contrato: {named}.", "en": f"Services of the contract: {named}."}
    if agreement is None:
        return {}
    if coverage.reason == "channel-not-in-contract":
        pt = ", ".join(CHANNELS.get(each, each) for each in agreement.channels)
        return {
            "pt-BR": f"{agreement.name}: pedidos por {pt}.",
            "en": f"{agreement.name}: asked for by {', '.join(agreement.channels)}.",
        }
    return _quantity(agreement, prices)


def _period(terms: Mapping[str, Any]) -> Words:
    starts, ends = str(terms.get("starts_on") or ""), terms.get("ends_on")
    day = "/".join(reversed(starts.split("-")))
    if not ends:
        return {"pt-BR": f"Vigência desde {day}.", "en": f"In force since {starts}."}
    return {
        "pt-BR": f"Vigência de {day} a {'/'.join(reversed(str(ends).split('-')))}.",
        "en": f"In force from {starts} to {ends}.",
    }


def _quantity(agreement: Agreement, prices: bool) -> Words:
    unit, price = agreement.unit, agreement.overage_unit_price
    if agreement.included_quantity is None:
        return {
            "pt-BR": f"{agreement.name}: incluído, sem limite de quantidade.",
            "en": f"{agreement.name}: included, without a limit of quantity.",
        }
    pt = f"{agreement.name}: {plain(agreement.included_quantity, ',')} ({UNITS.get(unit, unit)}) por mês incluído"
    en = f"{agreement.name}: {plain(agreement.included_quantity)} ({unit}) a month included"
    if price is None:
        return {"pt-BR": f"{pt}; nada além disso.", "en": f"{en}; nothing beyond."}
    if not prices:
        return {"pt-BR": f"{pt}; além disso, cobrado à parte.", "en": f"{en}; beyond that, charged on top."}
    most = "" if agreement.ceiling is None else f", no máximo {brl(agreement.ceiling)} por período"
    most_en = "" if agreement.ceiling is None else f", at most R$ {agreement.ceiling} a period"
    return {
        "pt-BR": f"{pt}; além disso, {brl(price)} por {UNITS.get(unit, unit)}{most}.",
        "en": f"{en}; beyond that, R$ {price} per {unit}{most_en}.",
    }


def plain(quantity: Decimal, point: str = ".") -> str:
    """Without zeros at the end."""
    text = format(quantity.normalize(), "f")
    return text.replace(".", point)
