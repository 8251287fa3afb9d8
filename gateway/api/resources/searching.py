"""Finding things by what people type or say on the telephone."""

from __future__ import annotations

from typing import Any

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, local
from gateway.api.schemas import searching as shapes
from services.errors import OutcomeUnknown, Unavailable

blp = Blueprint("searching", __name__, description="Search over everything, and who calls")
MONEY = ("receivables",)


@blp.route("/search", methods=["GET"])
@blp.arguments(shapes.SearchQuery, location="query")
@blp.response(200, shapes.Found)
def search_everything(args: dict[str, Any]) -> Any:
    """Customers, contacts, contracts, requests by protocol, receivables by number, equipment and sites: some of each kind.

    Accents and case do not matter; a CNPJ may be typed with or without its signs. Who sees no prices finds no receivables.
    """
    return found(args["text"], args.get("limit"))


@blp.route("/customers/callers", methods=["GET"])
@blp.arguments(shapes.CallersQuery, location="query")
@blp.response(200, shapes.Callers)
def find_callers(args: dict[str, Any]) -> Any:
    """Who calls: customers and their contacts by name, telephone (however it is written), e-mail, CPF or CNPJ."""
    return {"items": callers(args["text"])}


def found(text: str, limit: int | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = local("search", text=text, limit=limit)
    if scope.caller().sees_prices:
        return answer
    return scope.without_prices({**answer, **{kind: [] for kind in MONEY}})  # type: ignore[no-any-return]


def callers(text: str) -> list[dict[str, Any]]:
    """By name from here, by number and address from contracts, as far as it answers; each pair once."""
    known = local("search", text=text, limit=10)
    rows = [_caller(each, each["customer_id"], each["name"], None) for each in known["customers"]]
    rows += [_caller(each, each["contact_id"], each["customer_name"], each["name"]) for each in known["contacts"]]
    try:
        people = ask("contracts", "find_people", text=text)["items"]
    except (Unavailable, OutcomeUnknown):
        people = []
    for each in people:
        himself = each["kind"] == "customer"
        customer = each["customer"] or each["name"]
        rows.append(_caller(each, each["person_id"], customer, None if himself else each["name"]))
    once: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        kept = once.setdefault((row["customer_id"], row["contact_id"]), row)
        kept |= {name: value for name, value in row.items() if value is not None}
    return list(once.values())


def _caller(row: dict[str, Any], contact_id: str, customer: str | None, name: str | None) -> dict[str, Any]:
    said = {key: row.get(key) for key in ("role", "email", "phone")}
    return {"customer_id": row["customer_id"], "contact_id": contact_id, "customer": customer, "name": name, **said}
