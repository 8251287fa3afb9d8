"""A request's service report and dossier: a PDF made of its facts, and one file that proves what happened."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, request

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, local, new_id
from gateway.api.companies import blobs, company
from gateway.api.problems import language
from gateway.api.resources.requests import of_request, own_request
from gateway.api.schemas import dossiers as shapes
from gateway.api.schemas.common import Document, Written
from gateway.reports.service import service_pdf
from services.dossier import EVENTS, as_json, build, verify
from services.errors import NotFound

blp = Blueprint("dossiers", __name__, description="Service reports and dossiers of requests")
PDF, ZIP = "application/pdf", "application/zip"


@blp.route("/requests/<string:request_id>/report/pdf", methods=["GET"])
@blp.response(200, Document, content_type=PDF)
def get_service_report(request_id: str) -> Any:
    """The service report: times, work, parts, visits, documents by hash, signature, confirmation. No price stands on it."""
    return report_of(request_id)


def report_of(request_id: str) -> Response:
    own_request(request_id, reading=True)
    return _file(
        _report(_asked(request_id)), PDF, f"{'relatorio' if language() == 'pt-BR' else 'report'}-{request_id}.pdf"
    )


@blp.route("/requests/<string:request_id>/report", methods=["POST"])
@blp.response(201, Written)
def file_service_report(request_id: str) -> Any:
    """Make the service report a document of the request, by its hash: it can be signed, and be evidence where the contract
    accepts `service_report`."""
    return filed_report(request_id)


def filed_report(request_id: str) -> Any:
    own_request(request_id)
    content = _report(_asked(request_id))
    said = {"kind": "service_report", "sha256": blobs().put(content), "name": "relatorio-de-servico.pdf"}
    data = {**said, "size": len(content), "media_type": PDF}
    return of_request("attach_document", data, request_id, made=("document_id", new_id("document")))


@blp.route("/requests/<string:request_id>/dossier", methods=["GET"])
@blp.response(200, Document, content_type=ZIP)
def get_dossier(request_id: str) -> Any:
    """All of a request in one file: facts, events with their hash chain, documents, the customer's verdict, charges that point
    to it, and the report. A changed byte is found: `vigencia dossier verify FILE`, or `POST /dossiers/verification`."""
    return dossier_of(request_id)


def dossier_of(request_id: str) -> Response:
    own_request(request_id, reading=True)
    asked = _asked(request_id)
    files = {
        "request.json": as_json(asked),
        EVENTS: as_json(ask("tickets", "request_chain", request_id=request_id)),
        "evaluation.json": as_json(_evaluation(request_id)),
        "charges.json": as_json(_charges(asked)),
        "report.pdf": _report(asked),
    }
    for document in asked.get("documents") or ():
        sha256 = document["sha256"]
        if blobs().has(sha256):
            files[f"documents/{sha256}"] = blobs().get(sha256)
    about = {"request_id": request_id, "protocol": asked.get("protocol"), "made_at": datetime.now(UTC).isoformat()}
    content = build(files, about, current_app.extensions["vigencia"].seal_secret)
    return _file(content, ZIP, f"dossier-{asked.get('protocol') or request_id}.zip")


@blp.route("/dossiers/verification", methods=["POST"])
@blp.response(200, shapes.Verification)
def verify_dossier() -> Any:
    """Whether a dossier (the file as the body) is unaltered and was made here; what was changed is named."""
    return verify(request.get_data(cache=False), current_app.extensions["vigencia"].seal_secret)


def _asked(request_id: str) -> dict[str, Any]:
    audience = "customer" if scope.caller().is_customer else "provider"
    return dict(ask("tickets", "request", request_id=request_id, audience=audience))


def _evaluation(request_id: str) -> dict[str, Any]:
    try:
        return dict(ask("feedback", "evaluation", request_id=request_id))
    except NotFound:
        return {}


def _charges(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """What is charged for its work, visits and parts; once billed, with the receivable: number, amounts and status."""
    of = {"account_id": asked["contract_id"], "request_id": asked["request_id"]}
    return [dict(each) for each in ask("billing", "charges_of_request", **of)["items"]]


def _report(asked: dict[str, Any]) -> bytes:
    visits = [{**each, **ask("tickets", "visit", visit_id=each["visit_id"])} for each in asked.get("visits") or ()]
    about = local("letterhead", contract_id=asked["contract_id"])
    contract = ask("contracts", "contract", contract_id=asked["contract_id"])
    customer = local("customer", customer_id=asked["customer_id"])
    return service_pdf(
        asked,
        provider=company(contract.get("provider_id")),
        customer_name=customer.get("name") or "",
        contract=contract.get("number") or asked["contract_id"],
        visits=visits,
        evaluation=_evaluation(asked["request_id"]),
        signature=_signature(visits),
        zone=about.get("time_zone") or "America/Sao_Paulo",
        lang=language(),
        made_at=_moment(asked),
    )


def _signature(visits: list[dict[str, Any]]) -> bytes | None:
    """The last one that was drawn; one whose file did not come (yet) is left out."""
    drawn = [each for visit in visits for each in visit.get("documents") or () if each["kind"] == "signature"]
    found = [each for each in drawn if blobs().has(each["sha256"])]
    return blobs().get(found[-1]["sha256"]) if found else None


def _moment(asked: dict[str, Any]) -> datetime:
    """Of the last change: the same facts make the same report."""
    return datetime.fromisoformat(asked.get("updated_at") or asked["opened_at"])


def _file(content: bytes, media_type: str, name: str) -> Response:
    answer = Response(content, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
