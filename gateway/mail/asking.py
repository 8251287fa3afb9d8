"""What one pass of the sender asks other services: each question once, persons for many mails at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gateway.mail.agreed import Agreed, agreed
from services.errors import NotFound

Call = Callable[[str, str, Mapping[str, Any]], Any]
YOUNG = 5.0  # seconds for which a person's name and address are believed: then they are asked for again


class Asked:
    """Its errors are the services': then all waits for the next pass."""

    def __init__(self, call: Call, clock: Callable[[], float] = time.monotonic) -> None:
        self._call, self._clock = call, clock
        self._terms: dict[str, Mapping[str, Any]] = {}
        self._of_customers: dict[str, dict[str, Any]] = {}
        self._persons: dict[str, tuple[float, dict[str, Any] | None]] = {}

    def agreed(self, about: Mapping[str, Any]) -> Agreed:
        """What the contract of a cause or a mail says today."""
        contract_id = about["contract_id"]
        if not contract_id:
            return Agreed()
        if contract_id not in self._terms:
            asked = {"query": "contract", "params": {"contract_id": contract_id}}
            try:
                self._terms[contract_id] = self._call("contracts", "ask", asked).get("terms") or {}
            except NotFound:
                self._terms[contract_id] = {}
        return agreed(self._terms[contract_id], about["template"], about["facts"].get("level"))

    def people_of(self, customer_id: str) -> dict[str, Any]:
        """Who may be told something for a customer, by id."""
        if customer_id not in self._of_customers:
            self._of_customers[customer_id] = self.people(customer_id=customer_id)
        return self._of_customers[customer_id]

    def expect(self, ids: Iterable[str]) -> None:
        """Ask for these persons together."""
        wanted = sorted({id_ for id_ in ids if not self._known(id_)})
        if wanted:
            found, now = self.people(ids=wanted), self._clock()
            self._persons |= {id_: (now, found.get(id_)) for id_ in wanted}

    def person(self, id_: str) -> dict[str, Any] | None:
        """Name and address of now; None: erased."""
        self.expect([id_])
        return self._persons[id_][1]

    def _known(self, id_: str) -> bool:
        return id_ in self._persons and self._clock() - self._persons[id_][0] < YOUNG

    def people(self, **params: Any) -> dict[str, Any]:
        """Contacts of a customer, or those with these ids, as they are now."""
        answer = self._call("contracts", "ask", {"query": "people", "params": params})
        return dict(answer["people"])


__all__ = ["Asked", "Call"]
