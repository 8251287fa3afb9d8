"""A contract's papers: text and PDF, acceptance, tags, documents; and the files behind them, by content hash."""

from __future__ import annotations

import base64
from typing import Any

from flask import Response, current_app, request

from gateway.api import scope, uploads
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, execute, new_id
from gateway.api.companies import blobs, logo_said
from gateway.api.schemas import papers as shapes
from gateway.api.schemas.common import Document, Written
from services.errors import Forbidden, Invalid, NotFound

blp = Blueprint("papers", __name__, description="Contracts' text, PDF, acceptance, tags and documents; files")

SAFE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp", "text/plain"})
"""What a browser may show as what it says it is; anything else is only saved."""


@blp.route("/files", methods=["POST"])
@blp.response(201, shapes.File)
def put_file() -> Any:
    """Upload a file: its bytes as the body, its kind as `Content-Type`. The same bytes are kept once.

    It is what it says it is: a PDF, PNG, JPEG or WebP, from staff also HEIC, mails, texts and office documents without
    macros. A customer's has at most 10 MB, an image at most 60 million pixels.
    """
    content = request.get_data(cache=False)
    if not content:
        raise Invalid(problems=[{"path": "", "code": "missing", "message": "the body is empty"}])
    sha256 = keep(content, request.mimetype or "")
    return {"sha256": sha256, "size": len(content), "media_type": request.mimetype or ""}


def keep(content: bytes, said: str) -> str:
    """A file that the caller brings, by the API or by a form: looked at, kept, and known as his; its SHA-256."""
    who = scope.caller()
    uploads.check(content, said, staff=not who.is_customer)
    sha256 = blobs().put(content)
    if who.is_customer:
        current_app.extensions["vigencia"].uploads.note(sha256, who.user.user_id)
    return sha256


def brought(sha256: str) -> bytes:
    """The content of a file that the caller may attach: staff any, a customer one that he brought himself."""
    if scope.caller().is_customer:
        current_app.extensions["vigencia"].uploads.check(sha256, scope.caller().user.user_id)
    return blobs().get(sha256)


@blp.route("/contracts/<string:contract_id>/text", methods=["GET"])
@blp.arguments(shapes.TextQuery, location="query")
@blp.response(200, Document)
def get_contract_text(args: dict[str, Any], contract_id: str) -> Any:
    """The contract as people read it, clause by clause, and the hash by which the Portuguese text is accepted."""
    _own(contract_id)
    return ask("contracts", "contract_text", contract_id=contract_id, **args)


@blp.route("/contracts/<string:contract_id>/pdf", methods=["GET"])
@blp.arguments(shapes.TextQuery, location="query")
@blp.response(200, Document, content_type="application/pdf")
def get_contract_pdf(args: dict[str, Any], contract_id: str) -> Any:
    """The contract as a PDF under the company's logo: to sign, or with what is known of its signatures; in English a
    translation for reading."""
    _own(contract_id)
    answer = ask("contracts", "contract_pdf", contract_id=contract_id, **logo_said(contract_id), **args)
    return sent(base64.b64decode(answer["content"]), answer["media_type"], answer["name"])


@blp.route("/contracts/<string:contract_id>/accept", methods=["POST"])
@blp.arguments(shapes.ElectronicAcceptance)
@blp.response(200, Written)
def accept_contract(data: dict[str, Any], contract_id: str) -> Any:
    """A contact with the right to approve accepts the text that he read: who, when, from where, which text.

    The accepted text itself is kept as a file under its hash.
    """
    customer_id = _own(contract_id)
    contact_id = scope.caller().contact_for(customer_id)
    if contact_id is None:
        raise Forbidden("access.denied")
    read = ask("contracts", "contract_text", contract_id=contract_id)
    said = {"contact_id": contact_id, "origin": request.remote_addr, "agent": (request.user_agent.string or "")[:300]}
    payload = {**data, **said, "contract_id": contract_id, "acceptance_id": new_id("acceptance")}
    body, headers = execute("contracts", "accept_contract", payload, customer_id=customer_id)
    if read.get("sha256") == data["text_sha256"]:
        blobs().put(read["text"].encode())
    return body, 200, headers


@blp.route("/contracts/<string:contract_id>/acceptances", methods=["POST"])
@blp.arguments(shapes.PaperSignature)
@blp.response(201, Written)
def record_acceptance(data: dict[str, Any], contract_id: str) -> Any:
    """Somebody signed on paper: who, when, and the scanned paper."""
    id_ = new_id("acceptance")
    return _write("record_acceptance", {**data, "acceptance_id": id_}, contract_id, made=id_, status=201)


@blp.route("/contracts/<string:contract_id>/tags", methods=["PUT"])
@blp.arguments(shapes.Tags)
@blp.response(200, Written)
def tag_contract(data: dict[str, Any], contract_id: str) -> Any:
    """The contract's tags, all of them."""
    return _write("tag_contract", data, contract_id)


@blp.route("/contracts/<string:contract_id>/documents", methods=["POST"])
@blp.arguments(shapes.NewContractDocument)
@blp.response(201, Written)
def attach_contract_document(data: dict[str, Any], contract_id: str) -> Any:
    """Attach a file that was uploaded before: the signed contract, an addendum, an annex."""
    _own(contract_id)
    content = brought(data["sha256"])
    size = len(content)
    said_kind = data.get("media_type") or uploads.kind_of(content) or ""
    uploads.check(content, said_kind, staff=not scope.caller().is_customer)
    id_ = new_id("document")
    said = {"media_type": "application/octet-stream", **data, "document_id": id_, "size": size}
    return _write("attach_document", said, contract_id, made=id_, status=201)


@blp.route("/contracts/<string:contract_id>/documents/<string:document_id>", methods=["GET"])
@blp.response(200, Document, content_type="application/octet-stream")
def get_contract_document(contract_id: str, document_id: str) -> Any:
    """The file of a document."""
    _own(contract_id)
    contract = ask("contracts", "contract", contract_id=contract_id)
    for document in contract.get("documents") or ():
        if document["document_id"] == document_id:
            return sent(blobs().get(document["sha256"]), document["media_type"], document["name"])
    raise NotFound("contract.document-unknown", document_id=document_id)


@blp.route("/contracts/<string:contract_id>/documents/<string:document_id>/remove", methods=["POST"])
@blp.arguments(shapes.Removal)
@blp.response(200, Written)
def remove_contract_document(data: dict[str, Any], contract_id: str, document_id: str) -> Any:
    """The document was attached by mistake. The mistake stays on record."""
    return _write("remove_document", {**data, "document_id": document_id}, contract_id)


def _own(contract_id: str) -> str | None:
    return scope.of("contract", contract_id, lambda: ask("contracts", "contract", contract_id=contract_id))


def _write(command: str, data: dict[str, Any], contract_id: str, *, made: str | None = None, status: int = 200) -> Any:
    customer_id = _own(contract_id)
    payload = {**data, "contract_id": contract_id}
    body, headers = execute("contracts", command, payload, customer_id=customer_id, made=made)
    return body, status, headers


def sent(content: bytes, media_type: str, name: str) -> Response:
    """A file as a download; never something that a browser would run as a page of ours."""
    safe = media_type if media_type in SAFE else "application/octet-stream"
    answer = Response(content, mimetype=safe)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
