"""Requests as a desk works them off: filtered, counted, by what is due next; and who may take them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, or_, select
from sqlalchemy.sql import literal

from gateway.identity.roles import STAFF
from gateway.mail.hours import DEFAULT_ZONE
from gateway.queries.paging import equal, page
from gateway.tables import contacts, contracts, customers, equipment, requests, service_types, sites, users
from gateway.views.reading import sortable
from services.component import Context
from services.rows import Rows
from services.store.types import UtcDateTime

Params = Mapping[str, Any]
ACTIVE = ("open", "in_progress", "waiting")
AWAITING = "awaiting_confirmation"
SORTS = ("opened", "oldest", "due", "changed", "priority")
DUE = ("late", "soon", "today", "week")
SOON = timedelta(hours=4)
NOBODY = "none"
"""As ``assignee_id``: requests that nobody has taken."""
FILTERS = (
    "contract_id",
    "customer_id",
    "status",
    "priority",
    "channel",
    "protocol",
    "external_ref",
    "opened_by",
    "service_type_id",
    "equipment_id",
)
_FAR = datetime(9999, 1, 1, tzinfo=UTC)
c = requests.c

_UNANSWERED = c.response_state.in_(("running", "warned", "breached")) & c.response_due_at.is_not(None)
NEXT_DUE = case((_UNANSWERED, c.response_due_at), else_=c.resolution_due_at)
"""The clock that runs out next: the answer's until somebody has answered, then the resolution's."""
_LATE = or_(c.resolution_state == "breached", _UNANSWERED & (c.response_state == "breached"))


def seen(params: Params) -> list[Any]:
    """A contact without the right to the company's requests sees what he opened himself, and with the right to money
    what has a price. ``whole``, ``money``: customers; ``contacts``: who the caller is. Without them: all."""
    own = [] if params.get("customers") is None else [c.customer_id.in_(list(params["customers"]))]
    if params.get("whole") is None:
        return own
    priced = c.customer_id.in_(list(params["money"])) & c.price_state.is_not(None)
    return [*own, or_(c.customer_id.in_(list(params["whole"])), c.opened_by.in_(list(params["contacts"])), priced)]


def conditions(params: Params, now: datetime) -> list[Any]:
    where = [*seen(params), *equal(c, params, FILTERS)]
    if params.get("assignee_id") == NOBODY:
        where.append(c.assignee_id.is_(None))
    elif params.get("assignee_id") is not None:
        where.append(c.assignee_id == params["assignee_id"])
    if params.get("priced") is not None:
        waits = c.price_state.in_(("offered", "declined"))
        where.append(waits if params["priced"] else ~func.coalesce(waits, False))
    if params.get("breached"):
        where.append((c.response_state == "breached") | (c.resolution_state == "breached"))
    if params.get("reopened"):
        where.append(c.reopened > 0)
    if params.get("due"):
        where.append(due_in(params["due"], now))
    if params.get("search"):
        where.append(mentions(params["search"]))
    return where


def due_in(span: str, now: datetime) -> Any:
    """Unfinished requests whose next clock has run out (``late``), or will within hours, by midnight, within a week."""
    active = c.status.in_(ACTIVE)
    if span == "late":
        return active & or_(_LATE, now > NEXT_DUE)
    zone = ZoneInfo(DEFAULT_ZONE)
    midnight = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone).astimezone(UTC)
    until = {"soon": now + SOON, "today": midnight, "week": now + timedelta(days=7)}[span]
    return active & (now <= NEXT_DUE) & (until > NEXT_DUE)


def mentions(text: str) -> Any:
    """By protocol, another system's number, customer, who asked, equipment or site. Accents and case do not matter."""
    plain = sortable(text.strip()) or ""

    def those(key: Any, column: Any) -> Any:
        return select(key).where(column.contains(plain, autoescape=True))

    asker = contacts.alias("asker")
    return or_(
        c.protocol.contains(text.strip(), autoescape=True),
        c.external_ref == text.strip(),
        c.customer_id.in_(those(customers.c.customer_id, customers.c.sort_name)),
        c.opened_by.in_(those(asker.c.contact_id, asker.c.sort_name)),
        c.equipment_id.in_(those(equipment.c.equipment_id, equipment.c.search_text)),
        c.site_id.in_(those(sites.c.site_id, sites.c.search_text)),
    )


def request_list(params: dict[str, Any], rows: Rows, ctx: Context) -> Any:
    """``sort``: opened (the latest first), oldest, due, changed, priority."""
    opener = contacts.alias("opener")
    statement = (
        select(
            requests,
            customers.c.name.label("customer_name"),
            opener.c.name.label("opened_by_name"),
            service_types.c.name.label("service_name"),
            NEXT_DUE.label("next_due_at"),
        )
        .outerjoin(customers, customers.c.customer_id == c.customer_id)
        .outerjoin(opener, (opener.c.customer_id == c.customer_id) & (opener.c.contact_id == c.opened_by))
        .outerjoin(service_types, service_types.c.service_type_id == c.service_type_id)
        .where(*conditions(params, ctx.now))
    )
    if params.get("customers") is None:
        statement = _for_staff(statement)
    order, descending = _order(params.get("sort") or "opened")
    if order.name.startswith("_"):
        statement = statement.add_columns(order)
    found = page(rows, statement, params, order=order, key=c.request_id, descending=descending)
    for item in found["items"]:
        item.pop("_due", None)
        item.pop("_rank", None)
    return found


def _for_staff(statement: Any) -> Any:
    """Who has taken it is not for customers to know; where and by which contract they know themselves."""
    taker = users.alias("taker")
    return (
        statement.add_columns(
            taker.c.name.label("assignee_name"),
            sites.c.name.label("site_name"),
            contracts.c.number.label("contract_number"),
        )
        .outerjoin(taker, taker.c.user_id == c.assignee_id)
        .outerjoin(sites, sites.c.site_id == c.site_id)
        .outerjoin(contracts, contracts.c.contract_id == c.contract_id)
    )


def _order(sort: str) -> tuple[Any, bool]:
    if sort == "due":
        return func.coalesce(NEXT_DUE, literal(_FAR, UtcDateTime), type_=UtcDateTime).label("_due"), False
    if sort == "priority":
        rank = case({"critical": "1", "high": "2", "medium": "3", "low": "4"}, value=c.priority, else_="5")
        return rank.label("_rank"), False
    return (c.changed_at, True) if sort == "changed" else (c.opened_at, sort != "oldest")


def request_counts(params: dict[str, Any], rows: Rows, ctx: Context) -> Any:
    """How many requests in each state, for the caller's customers or all; by the list's filters but the state."""
    where = conditions({**params, "status": None}, ctx.now)
    statement = select(c.status, func.count().label("count")).where(*where).group_by(c.status)
    return {row["status"]: row["count"] for row in rows.select(statement) if row["status"]}


def desk_figures(params: dict[str, Any], rows: Rows, ctx: Context) -> Any:
    """``{user_id}`` → ``{active, late, soon, today, unassigned, waiting, awaiting, priced, mine}``."""

    def count(condition: Any, name: str) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(name)

    active = c.status.in_(ACTIVE)
    statement = select(
        count(active, "active"),
        *(count(due_in(span, ctx.now), span) for span in ("late", "soon", "today")),
        count(active & c.assignee_id.is_(None), "unassigned"),
        count(c.status == "waiting", "waiting"),
        count(c.status == AWAITING, "awaiting"),
        count(active & (c.price_state == "offered"), "priced"),
        count(active & (c.assignee_id == params["user_id"]), "mine"),
    ).where(c.status.in_((*ACTIVE, AWAITING)))
    return {name: int(value) for name, value in rows.select(statement)[0].items()}


def staff(params: dict[str, Any], rows: Rows, ctx: Context) -> Any:
    """Who may be given work: ``{items: [{user_id, name, roles}]}``, by name."""
    found = rows.select(select(users.c.user_id, users.c.name, users.c.roles).where(users.c.active.is_(True)))
    people = [row for row in found if set(row["roles"]) & STAFF]
    return {"items": sorted(people, key=lambda row: sortable(row["name"]) or "")}
