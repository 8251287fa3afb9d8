"""A contract's papers: tags, documents, acceptances. Names of persons go with their erasure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text

from contracts_service.views.metadata import METADATA
from services.component import View
from services.events import Incoming
from services.rows import Rows
from services.store.types import UtcDateTime

contract_tags = Table(
    "contract_tags",
    METADATA,
    Column("contract_id", String(64), primary_key=True),
    Column("tag", String(60), primary_key=True),
    Index("contract_tags_tag", "tag"),
)

contract_documents = Table(
    "contract_documents",
    METADATA,
    Column("contract_id", String(64), primary_key=True),
    Column("document_id", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("addendum", Integer),
    Column("attached_at", UtcDateTime, nullable=False),
    Column("attached_by", Text, nullable=False),
    Column("removed_at", UtcDateTime),
    Column("remove_reason", Text),
)

contract_acceptances = Table(
    "contract_acceptances",
    METADATA,
    Column("contract_id", String(64), primary_key=True),
    Column("acceptance_id", String(64), primary_key=True),
    Column("method", String(12), nullable=False),
    Column("side", String(10), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("signer_name", Text),
    Column("signer_document", Text),
    Column("on", Date, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("addendum", Integer, nullable=False),
    Column("text_sha256", String(64)),
    Column("document_id", String(64)),
    Column("origin", Text),
    Column("agent", Text),
    Index("contract_acceptances_person", "person_id"),
)


class PapersView(View):
    name = "papers"
    source = "contracts"
    tables = (contract_tags, contract_documents, contract_acceptances)

    def fold(self, event: Incoming, rows: Rows, *_: Any) -> None:
        data = event.data
        match event.type:
            case "contracts.contract.tags_changed":
                for row in rows.find(contract_tags, contract_id=data["contract_id"]):
                    rows.delete(contract_tags, contract_id=row["contract_id"], tag=row["tag"])
                rows.flush()
                for tag in data["tags"]:
                    rows.put(contract_tags, contract_id=data["contract_id"], tag=tag)
            case "contracts.contract.document_attached":
                names = ("contract_id", "document_id", "kind", "name", "sha256", "size", "media_type", "addendum")
                said = {name: data[name] for name in names}
                by = {"attached_at": _instant(data["at"]), "attached_by": event.actor}
                rows.put(contract_documents, **said, **by, removed_at=None, remove_reason=None)
            case "contracts.contract.document_removed":
                key = {"contract_id": data["contract_id"], "document_id": data["document_id"]}
                rows.put(contract_documents, **key, removed_at=_instant(data["at"]), remove_reason=data["reason"])
            case "contracts.contract.accepted":
                _accepted(data, rows)
            case "contracts.customer.erased" | "contracts.customer.contact_erased":
                for row in rows.find(
                    contract_acceptances, contract_acceptances.c.person_id.in_(list(data["person_ids"]))
                ):
                    key = {"contract_id": row["contract_id"], "acceptance_id": row["acceptance_id"]}
                    rows.put(contract_acceptances, **key, signer_name=None, signer_document=None, origin=None)


def _accepted(data: Any, rows: Rows) -> None:
    names = [column.name for column in contract_acceptances.columns if column.name not in ("on", "at")]
    days = {"on": date.fromisoformat(data["on"]), "at": _instant(data["at"])}
    rows.put(contract_acceptances, **{name: data[name] for name in names}, **days)


def papers_of(rows: Rows, contract_id: str) -> dict[str, Any]:
    """``{tags, documents, acceptances}`` as a contract's page shows them."""
    tags = rows.find(contract_tags, contract_id=contract_id, order_by=(contract_tags.c.tag,))
    documents = rows.find(contract_documents, contract_id=contract_id, order_by=(contract_documents.c.attached_at,))
    accepted = rows.find(contract_acceptances, contract_id=contract_id, order_by=(contract_acceptances.c.at,))
    return {
        "tags": [row["tag"] for row in tags],
        "documents": [_without(row, "contract_id") for row in documents if row["removed_at"] is None],
        "acceptances": [_without(row, "contract_id") for row in accepted],
    }


def _without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
