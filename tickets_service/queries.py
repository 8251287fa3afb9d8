"""The questions: a list of requests, coverage before opening, statistics. One request's detail stands in ``detail``."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import Select, case, func, or_, select, tuple_

from services.codec import to_json_values
from services.component import Context
from services.cursors import instant_place
from services.errors import NotFound
from services.rows import Rows
from tickets_service.clause_words import sentence
from tickets_service.domain.agreement import agreement_from_terms
from tickets_service.domain.coverage import COVERED_AT_PRICE
from tickets_service.domain.state import ACTIVE
from tickets_service.facts import coverage_of, terms_of_day
from tickets_service.tables import requests
from tickets_service.views.coverage import owner_of
from tickets_service.words import WORDS, named

Params = dict[str, Any]
SAME = (
    "contract_id",
    "assignee_id",
    "service_type_id",
    "equipment_id",
    "priority",
    "channel",
    "protocol",
    "external_ref",
)
CHANNELS = ("portal", "phone", "email", "other")
r = requests.c


def requests_list(params: Params, rows: Rows, ctx: Context) -> dict[str, Any]:
    """``{"requests": [row, …], "next": cursor or None}``."""
    statement = select(requests).where(*_filters(params, ctx.now))
    by_due = params["order"] == "due"
    if by_due:
        statement = statement.where(r.resolution_due_at.is_not(None))
    key, ascending = (r.resolution_due_at, True) if by_due else (r.opened_at, False)
    if params["after"]:
        here, there = tuple_(key, r.request_id), instant_place(params["after"])
        statement = statement.where(here > there if ascending else here < there)
    order = (key.asc(), r.request_id.asc()) if ascending else (key.desc(), r.request_id.desc())
    found = rows.select(statement.order_by(*order).limit(params["limit"] + 1))
    page = found[: params["limit"]]
    more = len(found) > len(page)
    following = f"{page[-1][key.name].isoformat()}|{page[-1]['request_id']}" if more else None
    return {"requests": page, "next": following}


def coverage(params: Params, rows: Rows, ctx: Context) -> dict[str, Any]:
    """``{"status", "clause", "reason", "remaining", "unit", "unit_price", "ceiling", "opens", "needs_acceptance",
    "words", "clause_name", "clause_words"}``; the clause that says so by its number or name, and what it says."""
    contract = params["contract_id"]
    at, service = params["at"] or ctx.now, params["service_type_id"]
    answer = coverage_of(rows, contract, service, params["contact_id"], at, params["channel"])
    if answer is None:
        raise NotFound("request.contract-unknown", contract_id=contract)
    told: dict[str, Any] = to_json_values(answer)
    code, prices = f"coverage.{answer.reason}", params["prices"]
    said = WORDS.get(f"{code}.without-price" if not prices and f"{code}.without-price" in WORDS else code, {})
    words = {lang: text.format_map(named(told, lang)) for lang, text in said.items()}
    if not prices:
        told = {name: value for name, value in told.items() if name not in ("unit_price", "ceiling")}
    terms = terms_of_day(rows, contract, at)
    agreement = agreement_from_terms(terms, service) if terms else None
    return {
        **told,
        "contract_id": contract,
        "customer_id": owner_of(rows, contract),
        "opens": answer.opens,
        "needs_acceptance": answer.status == COVERED_AT_PRICE,
        "words": words,
        "clause_name": {lang: named({"clause": answer.clause}, lang)["clause"] for lang in ("pt-BR", "en")},
        "clause_words": sentence(answer, terms, agreement, prices=prices),
    }


def statistics(params: Params, rows: Rows, ctx: Context) -> dict[str, Any]:
    """Counts of requests: by status, channel and deadline; how many ever waited, were reopened or resolved.
    Duplicates are left out."""
    where = [*_filters({**dict.fromkeys(_FILTERED), **params}, ctx.now), r.duplicate_of.is_(None)]
    total = rows.select(
        _over(
            where,
            func.count().label("requests"),
            _count(r.reopenings > 0, "reopened"),
            func.coalesce(func.sum(r.reopenings), 0).label("reopenings"),
            _count(r.waitings > 0, "waited"),
            func.coalesce(func.sum(r.waitings), 0).label("waitings"),
            _count(r.resolution > 0, "resolved"),
            _count(r.status.in_(ACTIVE), "active"),
        )
    )[0]
    return {
        **{name: int(value or 0) for name, value in total.items()},
        "by_status": _by(rows, where, r.status),
        "by_channel": _by(rows, where, r.channel),
        "by_priority": _by(rows, where, r.priority),
        "response": _by(rows, where, r.response_outcome),
        "resolution": _by(rows, where, r.resolution_outcome),
    }


def channels(params: Params, rows: Rows, ctx: Context) -> dict[str, Any]:
    """``{"items": [{"month", "requests", "portal", "phone", "email", "other", "phone_share"}]}``, the latest month first.

    ``phone_share``: percent of all that was asked in that month, with one decimal. Duplicates count: somebody phoned.
    The month is that of the contract's local day.
    """
    where = _filters({**dict.fromkeys(_FILTERED), **params}, ctx.now)
    if params["since"] is not None:
        where.append(r.month >= params["since"])
    if params["until"] is not None:
        where.append(r.month <= params["until"])
    counted = rows.select(
        _over([*where, r.month.is_not(None)], r.month, r.channel, func.count().label("n")).group_by(r.month, r.channel)
    )
    months: dict[str, dict[str, int]] = {}
    for row in counted:
        known = row["channel"] if row["channel"] in CHANNELS else "other"
        of_month = months.setdefault(row["month"], dict.fromkeys(CHANNELS, 0))
        of_month[known] += row["n"]
    return {"items": [_month(month, months[month]) for month in sorted(months, reverse=True)]}


def _month(month: str, by_channel: dict[str, int]) -> dict[str, Any]:
    total = sum(by_channel.values())
    share = (Decimal(100 * by_channel["phone"]) / total).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return {"month": month, "requests": total, **by_channel, "phone_share": str(share)}


_FILTERED = ("status", "customer_id", "opened_from", "opened_before", "overdue", *SAME)


def _filters(params: Params, now: datetime) -> list[Any]:
    where: list[Any] = [r[name] == params[name] for name in SAME if params[name] is not None]
    if params["status"]:
        where.append(r.status.in_(params["status"]))
    if params["customer_id"] is not None:
        where.append(r.customer_id.in_(params["customer_id"]))
    if params["opened_from"] is not None:
        where.append(r.opened_at >= params["opened_from"])
    if params["opened_before"] is not None:
        where.append(r.opened_at < params["opened_before"])
    if params["overdue"] is not None:
        late = or_(
            (r.response_outcome == "running") & (r.response_due_at < now),
            (r.resolution_outcome == "running") & (r.resolution_due_at < now),
            r.response_outcome == "breached",
            r.resolution_outcome == "breached",
        )
        open_and_late = r.status.in_(ACTIVE) & func.coalesce(late, False)
        where.append(open_and_late if params["overdue"] else ~open_and_late)
    return where


def _over(where: list[Any], *columns: Any) -> Select[Any]:
    return select(*columns).select_from(requests).where(*where)


def _count(condition: Any, name: str) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(name)


def _by(rows: Rows, where: list[Any], column: Any) -> dict[str, int]:
    counted = rows.select(_over(where, column.label("name"), func.count().label("n")).group_by(column))
    return {row["name"] or "none": row["n"] for row in counted}
