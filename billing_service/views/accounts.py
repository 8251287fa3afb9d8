"""Accounts: whose they are, under which terms, until when planned, in default or not; and which can be billed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text, and_, or_, select

from billing_service.domain.issuing import last_day
from billing_service.domain.localtime import local_date
from billing_service.views.agenda import planned_charges
from billing_service.views.ledger import balances
from billing_service.views.metadata import METADATA, day, found, limited
from services.component import Context, View
from services.events import Incoming
from services.rows import Rows
from services.store.types import JsonText

accounts = Table(
    "accounts",
    METADATA,
    Column("account_id", String(64), primary_key=True),
    Column("contract_id", String(64), nullable=True),
    Column("customer_id", String(64), nullable=True, index=True),
    Column("contract_number", Text, nullable=True),
    Column("opened_on", Date, nullable=True),
    Column("time_zone", Text, nullable=True),
    Column("terms", JsonText, nullable=True),
    Column("terms_from", Date, nullable=True),
    Column("ends_on", Date, nullable=True),
    Column("due_days", Integer, nullable=True),
    Column("first_bill", Text, nullable=True),
    Column("planned_through", Date, nullable=True),
    Column("stopped_on", Date, nullable=True),
    Column("stop_reason", Text, nullable=True),
    Column("in_default_since", Date, nullable=True, index=True),
    Index("accounts_planned", "planned_through", "account_id"),
)


class AccountsView(View):
    name = "accounts"
    source = "billing"
    tables = (accounts,)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        changes: dict[str, Any]
        match event.type:
            case "billing.account.opened":
                names = ("contract_id", "customer_id", "contract_number")
                changes = {name: data.get(name) for name in names} | {"opened_on": day(data, "on")}
            case "billing.account.terms_taken":
                billing = data["terms"]["billing"]
                changes = {
                    "terms": data["terms"],
                    "terms_from": day(data, "effective_on"),
                    "time_zone": data["terms"]["time_zone"],
                    "ends_on": day(data["terms"], "ends_on"),
                    "due_days": billing["due_days"],
                    # where it is known what was billed elsewhere, the first bill does not say it
                    "first_bill": None if billing.get("billed_through") else billing.get("first_bill"),
                }
            case "billing.account.charges_planned":
                changes = {"planned_through": day(data, "through")}
            case "billing.account.planning_stopped":
                changes = {"stopped_on": day(data, "on"), "stop_reason": data["reason"]}
            case "billing.account.planning_resumed":
                changes = {"stopped_on": None, "stop_reason": None}
            case "billing.account.in_default":
                changes = {"in_default_since": day(data, "since")}
            case "billing.account.regularised":
                changes = {"in_default_since": None}
            case _:
                return
        rows.put(accounts, account_id=data["account_id"], **changes)


@dataclass(frozen=True, slots=True)
class AccountParams:
    account_id: str


@dataclass(frozen=True, slots=True)
class BillableParams:
    month: str
    after: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class DefaultsParams:
    after: str | None = None
    limit: int | None = None


def account(params: AccountParams, rows: Rows, context: Context) -> dict[str, Any]:
    """One account with its terms, balance and credit of today."""
    row = found(rows.get(accounts, account_id=params.account_id), "account.unknown", account_id=params.account_id)
    return {**row, **balances(rows, account_today(row, context), params.account_id)}


def billable(params: BillableParams, rows: Rows, context: Context) -> dict[str, Any]:
    """Accounts with something to bill by the month's end, or whose agenda does not reach it yet; in pages by id."""
    last, limit = last_day(params.month), limited(params.limit, 10_000)
    page = billable_ids(rows, last, params.after or "", limit)
    return {"month": params.month, "accounts": page, "next": page[-1] if len(page) == limit else None}


def billable_ids(rows: Rows, last: date, after: str, limit: int) -> list[str]:
    """The accounts with something to bill by a day, or whose agenda does not reach it yet; in order of their ids."""
    due = (
        select(planned_charges.c.account_id)
        .where(planned_charges.c.bill_on <= last, planned_charges.c.account_id > after)
        .where(~planned_charges.c.held)
        .group_by(planned_charges.c.account_id)
        .order_by(planned_charges.c.account_id)
        .limit(limit)
    )
    ids = {row["account_id"] for row in rows.select(due)}
    goes_on = or_(accounts.c.ends_on.is_(None), accounts.c.ends_on > accounts.c.planned_through)
    short = and_(accounts.c.planned_through < last, accounts.c.stopped_on.is_(None), goes_on)
    behind = (
        select(accounts.c.account_id)
        .where(short, accounts.c.account_id > after)
        .order_by(accounts.c.account_id)
        .limit(limit)
    )
    ids |= {row["account_id"] for row in rows.select(behind)}
    return sorted(ids)[:limit]


def defaults(params: DefaultsParams, rows: Rows, context: Context) -> dict[str, Any]:
    """Accounts in default, by id."""
    limit = limited(params.limit)
    page = rows.find(
        accounts,
        accounts.c.in_default_since.is_not(None),
        accounts.c.account_id > (params.after or ""),
        order_by=(accounts.c.account_id,),
        limit=limit,
    )
    names = ("account_id", "contract_id", "customer_id", "contract_number", "in_default_since")
    items = [{name: row[name] for name in names} for row in page]
    return {"items": items, "next": items[-1]["account_id"] if len(items) == limit else None}


def account_today(row: dict[str, Any], context: Context) -> date:
    """The account's local day now."""
    return local_date(context.now, row["time_zone"] or "America/Sao_Paulo")
