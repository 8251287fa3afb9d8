"""A contract's text, its hash, and its PDF: made from the terms and the parties as they are on record."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts_service.domain import contract_phrases as say
from contracts_service.domain.contract_text import Document, Parties, header, plain, text_of, text_sha256
from contracts_service.domain.contract_text_en import english_header, english_text
from contracts_service.domain.terms import ContractTerms
from contracts_service.domain.terms_rules import Language
from contracts_service.pdf import Signature, render
from contracts_service.views.contract_tables import contract_versions, contracts
from contracts_service.views.customers import customers, equipment, people, sites
from contracts_service.views.papers import papers_of
from contracts_service.views.providers import providers
from services.codec import from_json_values
from services.component import Context
from services.errors import NotFound
from services.rows import Rows


@dataclass(frozen=True, slots=True)
class TextQuestion:
    """The text of the terms that were agreed last. ``language`` ``en``: a translation for reading; the hash is always that of
    the Portuguese text, which is the one that is accepted and signed."""

    contract_id: str
    language: Language = Language.PT_BR


def contract_text(asked: TextQuestion, rows: Rows, _: Context) -> dict[str, Any]:
    row, signed, document = read(rows, asked)
    return {
        "contract_id": asked.contract_id,
        "header": _header(row, asked),
        "title": document.title,
        "clauses": [{"title": each.title, "paragraphs": list(each.paragraphs)} for each in document.clauses],
        "closing": document.closing,
        "text": plain(document),
        "sha256": text_sha256(signed),
        "language": asked.language,
        "addendum": row["addendum"],
    }


@dataclass(frozen=True, slots=True)
class PdfQuestion:
    """``logo``: the provider company's, PNG or JPEG in base64: files are not kept here."""

    contract_id: str
    language: Language = Language.PT_BR
    logo: str = ""


def contract_pdf(params: PdfQuestion, rows: Rows, _: Context) -> dict[str, Any]:
    """``{name, media_type, content}``; the content in base64."""
    asked = TextQuestion(params.contract_id, params.language)
    row, signed, document = read(rows, asked)
    sha256 = text_sha256(signed)
    papers = papers_of(rows, asked.contract_id)
    parties = parties_of(rows, row)
    content = render(
        document,
        letterhead=parties.provider_name,
        contact=_contact(rows, row),
        header=_header(row, asked),
        signatures=_signatures(papers["acceptances"], parties, row["addendum"]),
        sha256=sha256,
        made_at=row["drafted_at"],
        language=asked.language,
        logo=base64.b64decode(params.logo) or None,
    )
    name = f"contrato-{(row['number'] or 'minuta').replace('/', '-')}.pdf"
    return {"name": name, "media_type": "application/pdf", "content": base64.b64encode(content).decode()}


def read(rows: Rows, asked: TextQuestion) -> tuple[dict[str, Any], Document, Document]:
    """The contract's row, the text that is signed, and the text in the language that was asked for."""
    contract_id = asked.contract_id
    row = rows.get(contracts, contract_id=contract_id)
    version = row and rows.get(contract_versions, contract_id=contract_id, version=row["version"])
    if not row or not version:
        raise NotFound("contract.unknown", contract_id=contract_id)
    terms: ContractTerms = from_json_values(version["terms"], ContractTerms)
    parties = parties_of(rows, row)
    signed = text_of(terms, parties)
    return row, signed, english_text(terms, parties) if asked.language is Language.EN else signed


def _header(row: dict[str, Any], asked: TextQuestion) -> str:
    made = english_header if asked.language is Language.EN else header
    return made(row["number"], row["activated_on"])


def _contact(rows: Rows, row: dict[str, Any]) -> str:
    """How the provider is reached: what stands below its name."""
    provider = rows.get(providers, provider_id=row["provider_id"]) or {}
    return " · ".join(each for each in (provider.get("phone"), provider.get("email")) if each)


def parties_of(rows: Rows, row: dict[str, Any]) -> Parties:
    provider = rows.get(providers, provider_id=row["provider_id"]) or {}
    customer = rows.get(customers, customer_id=row["customer_id"]) or {}
    key = {"person_id": row["customer_id"], "customer_id": row["customer_id"], "kind": "customer"}
    person = rows.get(people, **key) or {}
    places = {each["site_id"]: each["name"] for each in rows.find(sites, customer_id=row["customer_id"])}
    things = rows.find(equipment, customer_id=row["customer_id"])
    return Parties(
        provider_name=provider.get("legal_name") or row["provider_id"],
        provider_document=provider.get("cnpj") or "",
        provider_address=say.joined(provider.get("address"), provider.get("city"), provider.get("state")) or None,
        customer_name=customer.get("legal_name") or person.get("name") or "",
        customer_document=customer.get("cnpj") or person.get("document"),
        customer_address=person.get("address"),
        places=places | {each["equipment_id"]: each["description"] for each in things},
    )


def _signatures(acceptances: list[dict[str, Any]], parties: Parties, addendum: int) -> Sequence[Signature]:
    made = []
    for side, title, name in (
        ("provider", "CONTRATADA", parties.provider_name),
        ("customer", "CONTRATANTE", parties.customer_name),
    ):
        said = [_said(each) for each in acceptances if each["side"] == side and each["addendum"] == addendum]
        made += [Signature(f"{title}: {name}", words) for words in said] or [Signature(f"{title}: {name}")]
    return made


def _said(acceptance: dict[str, Any]) -> str:
    who = say.joined(
        acceptance["signer_name"] or "(nome apagado)",
        f"CPF {say.document(acceptance['signer_document'])}" if acceptance["signer_document"] else None,
    )
    if acceptance["method"] == "paper":
        return f"Assinado por {who} em {say.day(acceptance['on'])}."
    place = f", de {acceptance['origin']}" if acceptance["origin"] else ""
    at = f"{acceptance['at']:%d/%m/%Y %H:%M:%S} UTC"
    return f"Aceito eletronicamente por {who} em {at}{place}. Texto SHA-256 {acceptance['text_sha256']}."
