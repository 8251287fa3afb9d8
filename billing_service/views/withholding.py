"""The table of rates of taxes withheld at source, and which customers withhold what since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Integer, String, Table

from billing_service.domain.commands import BillMonth, BillThrough, IssueDue
from billing_service.domain.withholding import Rate, Withholder, rate_of, withholder_on
from billing_service.views.accounts import accounts
from billing_service.views.metadata import METADATA
from services.codec import from_json_values
from services.component import Context, View
from services.events import Incoming
from services.rows import Rows
from services.store.types import JsonText

withholding_rates = Table(
    "withholding_rates",
    METADATA,
    Column("table_id", Integer, primary_key=True, autoincrement=False),
    Column("rates", JsonText, nullable=False),
)

withholders = Table(
    "withholders",
    METADATA,
    Column("customer_id", String(64), primary_key=True),
    Column("versions", JsonText, nullable=False),
)


class WithholdingView(View):
    name = "withholding"
    source = "billing"
    tables = (withholding_rates, withholders)

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        match event.type:
            case "billing.withholding.rates_loaded":
                rows.put(withholding_rates, table_id=1, rates=data["rates"])
            case "billing.withholding.customer_set":
                known = (rows.get(withholders, customer_id=data["customer_id"]) or {}).get("versions") or []
                others = [version for version in known if version["valid_from"] != data["valid_from"]]
                said = {name: data[name] for name in ("valid_from", "taxes", "service_type_ids")}
                versions = sorted([*others, said], key=lambda version: version["valid_from"])
                rows.put(withholders, customer_id=data["customer_id"], versions=versions)


Bill = BillMonth | BillThrough | IssueDue


def fill_withholding(command: Bill, rows: Rows, context: Context) -> Bill:
    """What the customer of this account withholds, and the rates; nothing for those who withhold nothing."""
    account = rows.get(accounts, account_id=command.account_id) or {}
    said = rows.get(withholders, customer_id=account["customer_id"]) if account.get("customer_id") else None
    if said is None:
        return replace(command, withholders=(), rates=())
    return replace(command, withholders=_versions(said["versions"]), rates=_rates(rows))


def _versions(said: Any) -> tuple[Withholder, ...]:
    return tuple(from_json_values(version, Withholder) for version in said)


def _rates(rows: Rows) -> tuple[Rate, ...]:
    table = rows.get(withholding_rates, table_id=1) or {"rates": ()}
    return tuple(from_json_values(rate, Rate) for rate in table["rates"])


@dataclass(frozen=True, slots=True)
class RatesParams:
    """``on``: only what is valid that day."""

    on: date | None = None


@dataclass(frozen=True, slots=True)
class WithholderParams:
    customer_id: str
    on: date | None = None


def rates(params: RatesParams, rows: Rows, context: Context) -> dict[str, Any]:
    """The table of rates."""
    found = (rows.get(withholding_rates, table_id=1) or {"rates": ()})["rates"]
    return {"items": [rate for rate in found if _valid(rate, params.on)]}


def withholder(params: WithholderParams, rows: Rows, context: Context) -> dict[str, Any]:
    """What a customer withholds on a day, with the general rates of these taxes, and since when it was what."""
    on = params.on or context.now.date()
    versions = (rows.get(withholders, customer_id=params.customer_id) or {}).get("versions") or []
    now = withholder_on(_versions(versions), on)
    valid = [rate for rate in _rates(rows) if rate.valid_from <= on and (rate.valid_until or on) >= on]
    general = {tax: rate_of(valid, tax, None) for tax in (now.taxes if now else ())}
    percents = {tax: Decimal(rate.percent) for tax, rate in general.items() if rate is not None}
    return {"customer_id": params.customer_id, "on": on, "taxes": percents, "versions": versions}


def _valid(rate: Mapping[str, Any], on: date | None) -> bool:
    if on is None:
        return True
    day = on.isoformat()
    return rate["valid_from"] <= day and (rate["valid_until"] is None or day <= rate["valid_until"])
