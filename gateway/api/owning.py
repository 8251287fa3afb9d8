"""Whose account: commands about a contract's money go to its account, once it is known that the caller may see it."""

from __future__ import annotations

from typing import Any

from gateway.api import scope
from gateway.api.calls import ask, execute, local


def as_account(args: dict[str, Any]) -> dict[str, Any]:
    contract_id = args.pop("contract_id", None)
    return args if contract_id is None else {**args, "account_id": contract_id}


def of_account(command: str, data: dict[str, Any], contract_id: str) -> Any:
    body, headers = execute("billing", command, {**data, "account_id": contract_id})
    return body, 200, headers


def own_account(contract_id: str) -> str | None:
    return scope.of("contract", contract_id, lambda: ask("contracts", "contract", contract_id=contract_id))


def of_receivable(command: str, data: dict[str, Any], receivable_id: str) -> Any:
    """Commands go to the contract's account; which one that is, the read model knows, else billing."""
    known = local("owner", kind="receivable", id=receivable_id)
    if known["contract_id"] is None:
        known = ask("billing", "receivable", receivable_id=receivable_id)
    scope.check(known["customer_id"])
    payload = {**data, "account_id": known["contract_id"], "receivable_id": receivable_id}
    body, headers = execute("billing", command, payload, customer_id=known["customer_id"])
    return body, 200, headers
