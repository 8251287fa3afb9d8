"""The bank: files and the work list of their rows, boletos and remittances, a receivable's papers."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections import Counter
from typing import Any

from flask import Response

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import KEY_HEADER, ask, batch, command_id, execute, local, new_id
from gateway.api.companies import blobs, logo_said
from gateway.api.problems import language
from gateway.api.resources.papers import sent
from gateway.api.schemas import bank as shapes
from gateway.api.schemas.common import Document, Written
from services.codec import to_json_values
from services.errors import Invalid, NotFound, from_wire

blp = Blueprint("bank", __name__, description="Boletos, remittances, banks' files and what did not match; papers")
PORTION = 100
PEOPLE = 500  # asked for at once


@blp.route("/bank/files", methods=["POST"])
@blp.arguments(shapes.NewBankFile)
@blp.response(200, shapes.ImportedFile)
def import_bank_file(data: dict[str, Any]) -> Any:
    """Import a bank's file: CSV, OFX 1 or 2, or a CNAB 240 return. Each row is taken once, however often it comes.

    Rows that bear a boleto's number or our Pix code's txid settle by themselves; the bank's messages about boletos are
    noted; everything else waits in the work list.
    """
    return imported(data)


def imported(data: dict[str, Any]) -> dict[str, Any]:
    """What came of a file's rows (``NewBankFile`` → ``ImportedFile``)."""
    try:
        whole = base64.b64decode(data["content"], validate=True)
    except binascii.Error:
        raise Invalid(problems=[{"path": "content", "code": "value", "message": "not base64"}]) from None
    read = ask("billing", "read_bank_file", **data)
    rows = [row for row in read["rows"] if not row.pop("known")]
    counts = Counter({"known": len(read["rows"]) - len(rows)} if len(rows) < len(read["rows"]) else {})
    payers = _payers(rows)
    failures: list[dict[str, Any]] = []
    for start in range(0, len(rows), PORTION):
        portion = rows[start : start + PORTION]
        told = {"file_id": hashlib.sha256(whole).hexdigest()}
        records = [{**row, **told, "customer_id": payers.get(_payer(row))} for row in portion]
        for row, result in zip(portion, batch("billing", "import_bank_rows", records), strict=True):
            counts[result["status"]] += 1
            if result["status"] in ("rejected", "failed"):
                failures.append(
                    {**{name: row[name] for name in ("row_id", "on", "amount")}, "error": result.get("error")}
                )
    return {
        "kind": read["kind"],
        "rows": len(read["rows"]),
        "counts": dict(counts),
        "problems": read["problems"],
        "failures": failures,
    }


@blp.route("/bank/rows", methods=["GET"])
@blp.arguments(shapes.BankRowsQuery, location="query")
@blp.response(200, Document)
def list_bank_rows(args: dict[str, Any]) -> Any:
    """Rows of banks' files by day, each open one with its best suggestion; `status=open` is the work list."""
    return ask("billing", "bank_rows", **args)


@blp.route("/bank/rows/<string:row_id>", methods=["GET"])
@blp.response(200, Document)
def get_bank_row(row_id: str) -> Any:
    """A row with what came of it and all suggestions: score (0–100), reasons, and the parts to settle it with."""
    return ask("billing", "bank_row", row_id=row_id)


@blp.route("/bank/rows/<string:row_id>/settle", methods=["POST"])
@blp.arguments(shapes.Settlement)
@blp.response(200, shapes.RowOutcome)
def settle_bank_row(data: dict[str, Any], row_id: str) -> Any:
    """Accept a suggestion, choose otherwise, or split: payments are recorded with the row, wholly or not at all."""
    return one_record("settle_bank_rows", {**data, "row_id": row_id})


@blp.route("/bank/rows/<string:row_id>/ignore", methods=["POST"])
@blp.arguments(shapes.RowReason)
@blp.response(200, Written)
def ignore_bank_row(data: dict[str, Any], row_id: str) -> Any:
    """It is no payment of ours: say why."""
    body, headers = execute("billing", "ignore_bank_row", {**data, "row_id": row_id})
    return body, 200, headers


@blp.route("/bank/rows/<string:row_id>/undo", methods=["POST"])
@blp.arguments(shapes.RowReason)
@blp.response(200, shapes.RowOutcome)
def undo_bank_row(data: dict[str, Any], row_id: str) -> Any:
    """What was decided was a mistake: the row is open again, its payments are reversed."""
    return one_record("undo_bank_rows", {**data, "row_id": row_id})


@blp.route("/bank/pending-boletos", methods=["GET"])
@blp.arguments(shapes.ProviderQuery, location="query")
@blp.response(200, Document)
def list_pending_boletos(args: dict[str, Any]) -> Any:
    """What the next remittance of a provider company would tell the bank: new boletos, abatements, withdrawals."""
    return ask("billing", "pending_boletos", **args)


@blp.route("/bank/remittances", methods=["GET"])
@blp.arguments(shapes.RemittancesQuery, location="query")
@blp.response(200, Document)
def list_remittances(args: dict[str, Any]) -> Any:
    """Remittances that were made, the latest first."""
    return ask("billing", "remittances", **args)


@blp.route("/bank/remittances", methods=["POST"])
@blp.arguments(shapes.NewRemittance)
@blp.response(201, shapes.Remittance)
def make_remittance(data: dict[str, Any]) -> Any:
    """Make the file (CNAB 240) of all that waits. Each boleto and each change stands in one file only."""
    return remitted(data)


def remitted(data: dict[str, Any]) -> Any:
    """The file is made and kept; the answer says which."""
    waiting = ask("billing", "pending_boletos", **data)["items"]
    payers = _customers({item["customer_id"] for item in waiting})
    record = {**data, "remittance_id": new_id("remittance"), "payers": payers}
    answer = one_record("make_remittance", record)
    content = answer.pop("content", None)
    if content is not None:
        blobs().put(content.encode("ascii"))
    return answer, 201, {KEY_HEADER: command_id()}


@blp.route("/bank/remittances/<string:remittance_id>/file", methods=["GET"])
@blp.response(200, Document, content_type="application/octet-stream")
def get_remittance_file(remittance_id: str) -> Any:
    """The file as it was made, byte for byte."""
    return remittance_file(remittance_id)


def remittance_file(remittance_id: str) -> Response:
    said = ask("billing", "remittance_file", remittance_id=remittance_id)
    try:
        content = blobs().get(said["sha256"])
    except NotFound:  # it was made, and its keeping broke off: the same data give the same bytes
        payers = _customers(set(said["customers"]))
        made = ask("billing", "remittance_file", remittance_id=remittance_id, payers=payers)
        content = made["content"].encode("ascii")
        blobs().put(content)
    file: Response = sent(content, "application/octet-stream", said["name"])
    return file


@blp.route("/receivables/<string:receivable_id>/boleto", methods=["GET"])
@blp.response(200, Document)
def get_boleto(receivable_id: str) -> Any:
    """Typeable line, bar code and its bars as SVG, once the bank has registered it; until then `registered` is false
    and Pix is the way to pay."""
    _own(receivable_id)
    return ask("billing", "boleto", receivable_id=receivable_id)


@blp.route("/receivables/<string:receivable_id>/pdf", methods=["GET"])
@blp.arguments(shapes.PdfQuery, location="query")
@blp.response(200, Document, content_type="application/pdf")
def get_receivable_pdf(args: dict[str, Any], receivable_id: str) -> Response:
    """The receivable as a document to send, in the language of `Accept-Language`: lines with their reasons, taxes,
    Pix, and the boleto once it is registered."""
    _own(receivable_id)
    return receivable_pdf(receivable_id, lang=language(), **args)


def receivable_pdf(receivable_id: str, *, lang: str, **args: Any) -> Response:
    """The receivable as a document, with its payer's name."""
    known = local("owner", kind="receivable", id=receivable_id)
    if known["contract_id"] is None:  # not known here yet
        known = ask("billing", "receivable", receivable_id=receivable_id)
    payer = _customers({known["customer_id"]}).get(known["customer_id"], {})
    named = {f"payer_{name}": value for name, value in payer.items()} | logo_said(known["contract_id"])
    answer = ask("billing", "receivable_pdf", receivable_id=receivable_id, lang=lang, **named, **args)
    return sent(base64.b64decode(answer["content"]), answer["media_type"], answer["name"])


def _own(receivable_id: str) -> None:
    scope.of("receivable", receivable_id, lambda: ask("billing", "receivable", receivable_id=receivable_id))


def one_record(name: str, record: dict[str, Any]) -> dict[str, Any]:
    (answer,) = batch("billing", name, [to_json_values({**record, "id": command_id()})])
    if answer.get("status") in ("rejected", "failed"):
        raise from_wire(answer["error"])
    return answer


def _customers(ids: set[str]) -> dict[str, dict[str, str]]:
    """Customer id → name, document, address; who was erased is missing."""
    found: dict[str, dict[str, str]] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), PEOPLE):
        people = ask("contracts", "people", ids=wanted[start : start + PEOPLE])["people"]
        for id_, said in people.items():
            found[id_] = {name: said.get(name) or "" for name in ("name", "document", "address")}
    return found


def _payer(row: dict[str, Any]) -> str:
    """What the bank says of him by which he may be known: the document, else the name."""
    return str(row["payer_document"] or row["payer_name"] or "")


def _payers(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Document or name → customer id, where exactly one customer has it."""
    found: dict[str, str] = {}
    for said in {_payer(row) for row in rows} - {""}:
        items = ask("contracts", "customers", text=said, limit=2)["items"]
        if len(items) == 1 and not items[0].get("erased"):
            one = items[0]
            if said in (one.get("document"), one.get("name"), one.get("person_name")) or _same(said, one):
                found[said] = one["customer_id"]
    return found


def _same(said: str, customer: dict[str, Any]) -> bool:
    return said.casefold() in {str(customer.get(name) or "").casefold() for name in ("name", "person_name")}
