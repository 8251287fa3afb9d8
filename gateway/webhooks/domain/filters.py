"""Which events an endpoint gets: by type, with a wildcard at the end, and by customer or contract.

A pattern is a type (``billing.receivable.issued``), the beginning of types (``billing.receivable.*``, ``billing.*``), or ``*``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

ALL = "*"
PATTERN = re.compile(r"\*|[a-z_]+(\.[a-z_]+){2}|[a-z_]+(\.[a-z_]+)?\.\*")
CONTRACT_FIELDS = ("contract_id", "account_id")
"""Fields that name the contract: an account has its contract's id."""
CUSTOMER_FIELD = "customer_id"


def is_pattern(text: str) -> bool:
    return PATTERN.fullmatch(text) is not None


def covers(pattern: str, type_name: str) -> bool:
    """Whether an event type is one that the pattern means."""
    if pattern.endswith(ALL):
        return type_name.startswith(pattern[:-1])
    return pattern == type_name


def contract_of(data: Mapping[str, Any]) -> str | None:
    return next((str(data[name]) for name in CONTRACT_FIELDS if data.get(name)), None)


@dataclass(frozen=True, slots=True)
class Filter:
    """``types``: patterns, any of which will do. ``customers``, ``contracts``: ids; none named: all, also what is of none."""

    types: tuple[str, ...] = (ALL,)
    customers: frozenset[str] = frozenset()
    contracts: frozenset[str] = frozenset()

    def wants_type(self, type_name: str) -> bool:
        return any(covers(pattern, type_name) for pattern in self.types)

    def wants(self, type_name: str, data: Mapping[str, Any]) -> bool | None:
        """None: that depends on whose the contract is which the event names, and the event does not say it."""
        if not self.wants_type(type_name):
            return False
        contract_id = contract_of(data)
        if self.contracts and contract_id not in self.contracts:
            return False
        if not self.customers:
            return True
        if data.get(CUSTOMER_FIELD):
            return data[CUSTOMER_FIELD] in self.customers
        return None if contract_id else False

    def exact(self) -> list[str] | None:
        """The types by name, where no pattern has a wildcard: only these need to be read."""
        return None if any(pattern.endswith(ALL) for pattern in self.types) else list(self.types)

    def sources(self, services: Iterable[str]) -> list[str]:
        """Those of the services from which anything can come."""
        return [each for each in services if any(p == ALL or p.split(".")[0] == each for p in self.types)]

    def can_tell(self, fields: Collection[str]) -> bool:
        """Whether events with these fields say enough for the filter: without, they never match."""
        names_contract = any(name in fields for name in CONTRACT_FIELDS)
        if self.contracts and not names_contract:
            return False
        return not self.customers or names_contract or CUSTOMER_FIELD in fields
