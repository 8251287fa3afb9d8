"""In whose name a page speaks: the provider's company of a contract."""

from __future__ import annotations

from typing import Any

from gateway.tables import contracts, customers, providers
from services.component import Context
from services.rows import Rows


def letterhead(params: dict[str, Any], rows: Rows, ctx: Context) -> Any:
    """``{contract_id}`` → ``{provider_id, provider, city, time_zone, contract, customer}``;
    Nones where it is not known here (yet)."""
    contract = rows.get(contracts, contract_id=params["contract_id"]) or {}
    provider = _row(rows, providers, "provider_id", contract)
    customer = _row(rows, customers, "customer_id", contract)
    return {
        "provider_id": contract.get("provider_id"),
        "provider": provider.get("trade_name") or provider.get("legal_name"),
        "city": provider.get("city"),
        "time_zone": provider.get("time_zone"),
        "contract": contract.get("number") or contract.get("external_ref"),
        "customer": customer.get("name"),
    }


def _row(rows: Rows, table: Any, key: str, known: dict[str, Any]) -> dict[str, Any]:
    return (rows.get(table, **{key: known[key]}) if known.get(key) else None) or {}
