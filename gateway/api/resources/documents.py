"""Documents for customers as PDF: the statement, and a contract's month."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, local
from gateway.api.companies import company
from gateway.api.owning import own_account
from gateway.api.problems import language
from gateway.api.schemas import money as shapes
from gateway.api.schemas.common import Document
from gateway.api.schemas.documents import MonthQuery
from gateway.mail.hours import DEFAULT_ZONE
from gateway.reports.month import local_day, month_pdf
from gateway.reports.statement import statement_pdf

PDF = "application/pdf"
blp = Blueprint("documents", __name__, description="Documents for customers, as PDF")


@blp.route("/customers/<string:customer_id>/statement/pdf", methods=["GET"])
@blp.arguments(shapes.StatementQuery, location="query")
@blp.response(200, Document, content_type=PDF)
def get_customer_statement_pdf(args: dict[str, Any], customer_id: str) -> Any:
    """The customer's statement, to be sent: balance before, movements, balance after, by contract."""
    scope.of("customer", customer_id, lambda: ask("contracts", "customer", customer_id=customer_id))
    people = ask("contracts", "people", ids=[customer_id]).get("people", {})
    contracts = _all("contracts", customer_id=customer_id)
    provider_id = contracts[0]["provider_id"] if contracts else None
    made = statement_pdf(
        ask("billing", "customer_statement", customer_id=customer_id, **args),
        provider=company(provider_id),
        customer=people.get(customer_id, {}),
        since=_iso(args.get("since")),
        until=_iso(args.get("until")),
        numbers={each["contract_id"]: each["number"] for each in contracts if each["number"]},
        lang=language(),
        made_at=datetime.now(UTC),
    )
    return _sent(made, "extrato" if language() == "pt-BR" else "statement")


@blp.route("/contracts/<string:contract_id>/report/pdf", methods=["GET"])
@blp.arguments(MonthQuery, location="query")
@blp.response(200, Document, content_type=PDF)
def get_contract_month_pdf(args: dict[str, Any], contract_id: str) -> Any:
    """A contract's month, by its local days, to be sent: charges, visits, requests, deadlines met, what the customer said."""
    own_account(contract_id)
    month = args["month"]
    contract = ask("contracts", "contract", contract_id=contract_id)
    customer = local("customer", customer_id=contract["customer_id"])
    revenue = ask("billing", "revenue", contract_id=contract_id, since=month, until=month)
    place = ZoneInfo((contract.get("terms") or {}).get("time_zone") or DEFAULT_ZONE)
    since, until = f"{month}-01", f"{month}-{monthrange(int(month[:4]), int(month[5:]))[1]}"
    made = month_pdf(
        month=month,
        provider=company(contract.get("provider_id")),
        customer_name=customer["name"] or "",
        contract=contract.get("number") or contract_id,
        money=next(iter(revenue.get("items", ())), {}),
        receivables=_all("receivables", contract_id=contract_id, month=month, taken_over=False)[::-1],
        requests=_of_month(_all("requests", contract_id=contract_id), "opened_at", month, place),
        visits=_all("visits", contract_id=contract_id, since=since, until=until),
        evaluations=_of_month(_all("evaluations", contract_id=contract_id), "answered_at", month, place),
        place=place,
        lang=language(),
        made_at=datetime.now(UTC),
    )
    return _sent(made, f"relatorio-{month}" if language() == "pt-BR" else f"report-{month}")


def _all(query: str, **params: Any) -> list[dict[str, Any]]:
    """All pages of a list of ours."""
    found: list[dict[str, Any]] = []
    after: dict[str, Any] = {}
    while True:
        page = local(query, customers=scope.only(), limit=200, **params, **after)
        found += page["items"]
        if page["next"] is None:
            return found
        after = {"after": page["next"]}


def _of_month(items: list[dict[str, Any]], field: str, month: str, place: ZoneInfo) -> list[dict[str, Any]]:
    """By the contract's local days; the oldest first."""
    return [each for each in reversed(items) if local_day(each.get(field), place).startswith(month)]


def _iso(value: Any) -> str | None:
    return value.isoformat() if value else None


def _sent(content: bytes, name: str) -> Response:
    answer = Response(content, content_type=PDF)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer
