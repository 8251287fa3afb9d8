"""A contract is drafted by steps and changed by addenda: what changes, and what it would charge in a year, before it is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as Redirection

from gateway.api.calls import ask, local, new_id
from gateway.api.schemas import contracts as shapes
from gateway.api.schemas import papers
from gateway.pages.console.charts import bars
from gateway.pages.console.figures import point
from gateway.pages.console.forms import given, number
from gateway.pages.console.frame import (
    Answer,
    allow,
    blp,
    done,
    loaded,
    local_today,
    month_name,
    refusal,
    show,
    written,
)
from gateway.pages.console.workbench import known
from services.errors import Conflict, Invalid, NotFound, Refused, VigenciaError

MONTHS = 12
PARTS = {
    "billing": ("due_days",),
    "late": ("fine_percent", "interest_percent_month"),
    "": ("notice_days", "renewal", "ends_on"),
}
"""What the form changes beside prices and services, by the part of the terms that it stands in."""
WHOLE = ("due_days", "notice_days")
RENEWALS = ("none", "tacit", "approval")


@blp.get("/contracts/new")
def console_new_contract() -> Response:
    return new_page()


@blp.post("/contracts/new")
def console_draft_contract() -> Response | Redirection:
    """The first step: for whom, from what. The second shows what the draft would charge; the third is its activation."""
    source = request.form.get("source", "")
    kind, _, id_ = source.partition(":")
    operation = {"template": "draft_from_template", "copy": "copy_contract"}.get(kind, "draft_contract")
    try:
        return done(operation, "/console/contracts/{id}/addendum", lambda: _draft(kind, id_))
    except (Refused, Invalid, Conflict) as error:
        return new_page(refused=error)


@blp.get("/contracts/<string:contract_id>/addendum")
def console_addendum(contract_id: str) -> Response:
    return change_page(contract_id)


@blp.post("/contracts/<string:contract_id>/addendum")
def console_amend(contract_id: str) -> Response | Redirection:
    """``step=check`` shows what would be; ``step=send`` does it."""
    if request.form.get("step") != "send":
        return change_page(contract_id)
    contract = ask("contracts", "contract", contract_id=contract_id)
    draft = contract.get("status") == "draft"
    try:
        return done(
            "change_terms" if draft else "amend_contract",
            f"/console/contracts/{contract_id}",
            lambda: _change(contract_id, contract, draft=draft),
        )
    except (Refused, Invalid, Conflict) as error:
        return change_page(contract_id, refused=error)


@blp.get("/contracts/<string:contract_id>/versions/<string:version>")
def console_version(contract_id: str, version: str) -> Response:
    """An addendum, before and after."""
    contract = ask("contracts", "contract", contract_id=contract_id)
    found = next((each for each in contract.get("versions") or () if str(each["version"]) == version), None)
    if found is None:
        raise NotFound("not-found")
    since = date.fromisoformat(str(found["effective_on"])[:10])
    after = ask("contracts", "contract", contract_id=contract_id, on=since).get("terms") or {}
    before = ask("contracts", "contract", contract_id=contract_id, on=since - timedelta(days=1)).get("terms") or {}
    changes = list(differences(before, after))
    return show("console/version.html", contract=contract, version=found, changes=changes)


def change_page(contract_id: str, *, refused: VigenciaError | None = None) -> Response:
    contract = ask("contracts", "contract", contract_id=contract_id)
    draft = contract.get("status") == "draft"
    preview: dict[str, Any] = {}
    status, why = refusal(refused) if refused else (200, "")
    if refused is None and (draft or request.method == "POST"):
        try:
            preview = preview_of(contract, draft=draft)
        except (Refused, Invalid) as error:
            status, why = refusal(error)
    terms = contract.get("terms") or {}
    return show(
        "console/addendum.html",
        status=status,
        why=why,
        contract=contract,
        terms=terms,
        draft=draft,
        preview=preview,
        changes=list(differences(terms, preview["terms"])) if preview else [],
        said=request.form,
        renewals=RENEWALS,
        tomorrow=local_today() + timedelta(days=1),
        bars=bars,
        point=point,
        month=month_name,
    )


def new_page(*, refused: VigenciaError | None = None) -> Response:
    status, why = refusal(refused) if refused else (200, "")
    return show(
        "console/new_contract.html",
        status=status,
        why=why,
        said=request.form,
        customer=request.values.get("customer_id", ""),
        customers=local("customers", customers=None, limit=200)["items"],
        providers=local("providers", limit=50)["items"],
        templates=known("contracts", "templates").get("items") or [],
        contracts=local("contracts", customers=None, limit=50)["items"],
        service_types=local("service_types", limit=200)["items"],
        today=local_today(),
    )


def preview_of(contract: Mapping[str, Any], *, draft: bool) -> dict[str, Any]:
    """Checked by the rules, with its text, and what it would charge in twelve months. Nothing is written."""
    allow("preview_contract")
    changes = changes_of(contract.get("terms") or {})
    of: dict[str, Any] = {"contract_id": contract["contract_id"], "changes": changes}
    if draft:
        terms = merged(contract.get("terms") or {}, changes)
        of = {"terms": terms, "customer_id": contract["customer_id"], "provider_id": contract["provider_id"]}
    else:
        of["effective_on"] = loaded(shapes.Amendment, _of_addendum())["effective_on"]
    shown = ask("contracts", "contract_preview", **of)
    asked = {"terms": shown["terms"], "before": shown["before"], "since": shown["effective_on"], "months": MONTHS}
    return {**shown, "plan": ask("billing", "plan_preview", **asked)}


def changes_of(terms: Mapping[str, Any]) -> dict[str, Any]:
    """What the form changes of these terms; what stays is left out."""
    changes: dict[str, Any] = {}
    lines = []
    for line in terms.get("lines") or ():
        amount = number(request.form.get(f"amount:{line['line_id']}", ""))
        if amount and not _same(amount, line.get("amount")):
            lines.append({"line_id": line["line_id"], "amount": amount})
    new = given("new_description", "new_amount")
    if new["new_description"] and new["new_amount"]:
        clause = f"4.{len(terms.get('lines') or ()) + 1}"
        said = {"description": new["new_description"], "amount": number(new["new_amount"]), "clause": clause}
        lines.append({"line_id": new_id("line"), **said})
    services = []
    for each in terms.get("services") or ():
        key = each["service_type_id"]
        for name in ("included_quantity", "overage_unit_price"):
            value = number(request.form.get(f"{name}:{key}", ""))
            if value and not _same(value, each.get(name)):
                services.append({"service_type_id": key, name: value})
    for part, names in PARTS.items():
        values = terms.get(part) or {} if part else terms
        for name in names:
            value = (
                number(request.form.get(f"{part}.{name}", ""))
                if name != "ends_on"
                else request.form.get(".ends_on", "")
            )
            if value and not _same(value, values.get(name)):
                (changes.setdefault(part, {}) if part else changes)[name] = _whole(name, value)
    return changes | ({"lines": lines} if lines else {}) | ({"services": services} if services else {})


def merged(terms: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A draft's terms with the changes: lists by their items' ids, parts by their fields."""
    whole = dict(terms)
    for name, value in changes.items():
        if isinstance(value, list):
            key = "line_id" if name == "lines" else "service_type_id"
            items = [dict(each) for each in whole.get(name) or ()]
            for change in value:
                known_item = next((each for each in items if each[key] == change[key]), None)
                if known_item is None:
                    items.append(dict(change))
                else:
                    known_item.update(change)
            whole[name] = items
        elif isinstance(value, Mapping):
            whole[name] = {**(whole.get(name) or {}), **value}
        else:
            whole[name] = value
    return whole


def differences(before: Any, after: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """``{path, before, after}`` of what is not the same; items of lists by their clause, code or place."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted({*before, *after}):
            yield from differences(before.get(name), after.get(name), f"{path}/{name}" if path else str(name))
    elif _items(before) and _items(after):
        one, other = _keyed(before), _keyed(after)
        for key in {**one, **other}:
            yield from differences(one.get(key), other.get(key), f"{path} {key}")
    else:
        yield {"path": path, "before": _said(before), "after": _said(after)}


def _items(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, Mapping) for each in value)


def _keyed(rows: list[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {
        str(row.get("clause") or row.get("name") or row.get("level") or place): row
        for place, row in enumerate(rows, start=1)
    }


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(str(value[name]) for name in ("clause", "name", "description", "amount") if value.get(name))
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value)
    return "" if value is None else str(value)


def _same(value: str, known_value: Any) -> bool:
    """Numbers by their value: "95" is "95.00"."""
    try:
        return Decimal(value) == Decimal(str(known_value))
    except ArithmeticError:
        return value == str(known_value or "")


def _whole(name: str, value: str) -> Any:
    return int(value) if name in WHOLE and value.isdecimal() else value


def _of_addendum() -> dict[str, Any]:
    """The API asks for whole terms; the form tells what changes, and the preview makes them whole."""
    said = given("effective_on", "reason")
    nothing = {"starts_on": "2000-01-01"}
    return {"effective_on": said["effective_on"], "reason": said["reason"] or "—", "terms": nothing}


def _change(contract_id: str, contract: Mapping[str, Any], *, draft: bool) -> Answer:
    terms = preview_of(contract, draft=draft)["terms"]
    allow("change_terms" if draft else "amend_contract")
    payload: dict[str, Any] = {"contract_id": contract_id, "terms": terms}
    if not draft:
        said = given("effective_on", "reason")
        if not said["reason"]:
            raise Refused("page.text-missing")
        payload |= said
    return written("contracts", "change_terms" if draft else "amend_contract", payload)


def _draft(kind: str, source: str) -> Answer:
    said = given("customer_id", "provider_id", "starts_on", "ends_on")
    if kind == "template":
        return _made(
            "draft_from_template",
            {"template_id": source, **loaded(papers.FromTemplate, {"template_id": source, **said})},
        )
    if kind == "copy":
        copy = {name: said[name] for name in ("customer_id", "starts_on", "ends_on")}
        return _made("copy_contract", {"source_id": source, **loaded(papers.ContractCopy, copy)})
    line = {**given("description"), "amount": number(request.form.get("amount", ""))}
    service = next(
        (
            {name: each[name] for name in ("service_type_id", "code", "name")}
            for each in local("service_types", limit=200)["items"]
            if each["service_type_id"] == request.form.get("service_type_id")
        ),
        None,
    )
    terms: dict[str, Any] = {"starts_on": said["starts_on"], "services": [service] if service else []}
    if said["ends_on"]:
        terms["ends_on"] = said["ends_on"]
    if line["description"] or line["amount"]:
        terms["lines"] = [{"line_id": "line-1", "clause": "4.1", **line}]
    who = {name: said[name] for name in ("customer_id", "provider_id")}
    return _made("draft_contract", loaded(shapes.NewContract, {**who, "terms": terms}))


def _made(command: str, payload: dict[str, Any]) -> Answer:
    return written("contracts", command, payload, made="contract")
