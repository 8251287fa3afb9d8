"""What an import's records name in words, found in the running system: the contract of a receivable, the provider company."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from vigencia.exits import Exit, Failure
from vigencia.words import say

if TYPE_CHECKING:
    from vigencia.client import Client

API = "/api/v1"


def contracts(client: Client, references: Iterable[str], provider_id: str = "") -> dict[str, list[str]]:
    """The ids of the contracts that each reference names: by number, else by the reference that they were imported with."""
    wanted = set(references)
    by_number: dict[str, list[str]] = {}
    by_reference: dict[str, list[str]] = {}
    if wanted:
        only = {"provider_id": provider_id} if provider_id else {}
        for row in client.pages(f"{API}/contracts", **only):
            for found, name in ((by_number, row.get("number")), (by_reference, row.get("external_ref"))):
                if name in wanted:
                    found.setdefault(name, []).append(row["contract_id"])
    return {reference: by_number.get(reference) or by_reference.get(reference) or [] for reference in wanted}


def provider(known: Iterable[Mapping[str, Any]], wanted: str | None, lang: str) -> str:
    """The id of the company that is meant: by id, CNPJ or name; where none was named empty if there is only one, and the head
    office if the others are its branches."""
    companies = list(known)
    if wanted is None:
        if (head := _head_office(companies)) is not None:
            return str(head["provider_id"])
        if len(companies) > 1:
            names = ", ".join(f"{row['legal_name']} ({row['cnpj']})" for row in companies)
            raise Failure(Exit.USAGE, say("provider.which", lang, names=names))
        return ""
    named = [row for row in companies if wanted.strip() in (row["provider_id"], row["cnpj"])]
    named = named or [row for row in companies if _bare(wanted) and _bare(wanted) == _bare(row["cnpj"])]
    named = named or [
        row
        for row in companies
        if wanted.strip().casefold() in ((row["legal_name"] or "").casefold(), (row.get("trade_name") or "").casefold())
    ]
    if len(named) != 1:
        names = ", ".join(f"{row['legal_name']} ({row['cnpj']})" for row in companies) or "-"
        raise Failure(Exit.USAGE, say("provider.unknown", lang, wanted=wanted, names=names))
    return str(named[0]["provider_id"])


def _head_office(companies: list[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """A CNPJ's first eight places name the company, the next four its house: 0001 is the head office («matriz»)."""
    houses = [_bare(row["cnpj"]) for row in companies]
    if len(houses) < 2 or len({house[:8] for house in houses}) > 1:
        return None
    return next((row for row, house in zip(companies, houses, strict=True) if house[8:12] == "0001"), None)


def _bare(document: str | None) -> str:
    """A CNPJ without its signs."""
    return "".join(letter for letter in (document or "").upper() if letter.isalnum())
