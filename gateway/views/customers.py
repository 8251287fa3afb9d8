"""Providers, the catalogue, customers with their contacts, sites and equipment: from contracts' events.

Names of persons are sealed in events. ``prepare`` asks contracts for them before the transaction; they stand in rows
that go when the person is erased.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gateway.tables import contacts, customers, equipment, providers, service_types, sites
from gateway.views.reading import readable, searchable, sortable
from services.component import View
from services.decider import ERASED
from services.events import Incoming
from services.rows import Rows

NAMED = {
    "contracts.customer.registered": "customer_id",
    "contracts.customer.profile_changed": "customer_id",
    "contracts.customer.contact_authorised": "contact_id",
}
CHUNK = 500
PROVIDER = ("provider_id", "legal_name", "trade_name", "cnpj", "city", "state", "time_zone", "number_prefix")
SERVICE_TYPE = ("service_type_id", "code", "name", "description")
SITE = ("site_id", "customer_id", "name", "city", "state")
EQUIPMENT = ("equipment_id", "customer_id", "site_id", "description", "serial", "label")


class CustomersView(View):
    name = "customers"
    source = "contracts"
    tables = (providers, service_types, customers, contacts, sites, equipment)

    def prepare(self, events: Sequence[Incoming], call: Callable[..., Any]) -> dict[str, str | None]:
        """Person id → name as it is now, for the persons of these events. Raises when contracts does not answer:
        the events then wait, since a name that was left out would be missing for ever."""
        ids = list(dict.fromkeys(event.data[NAMED[event.type]] for event in events if _needs_name(event)))
        names: dict[str, str | None] = {}
        for start in range(0, len(ids), CHUNK):
            params = {"ids": ids[start : start + CHUNK]}
            answer = call("contracts", "ask", {"query": "people", "params": params})
            names |= {person: _name(value) for person, value in answer.get("people", answer).items()}
        return names

    def fold(self, event: Incoming, rows: Rows, *prepared: Any) -> None:
        data = event.data
        names: dict[str, str | None] = prepared[0] if prepared else {}
        match event.type:
            case "contracts.provider.registered":
                rows.put(providers, **{name: data.get(name) for name in PROVIDER})
            case "contracts.servicetype.defined":
                rows.put(service_types, **{name: data.get(name) for name in SERVICE_TYPE}, retired=False)
            case "contracts.servicetype.retired":
                rows.put(service_types, service_type_id=data["service_type_id"], retired=True)
            case "contracts.customer.registered":
                ref, kind = data.get("external_ref"), data["kind"]
                rows.put(customers, **_profile(data, names), kind=kind, external_ref=ref, erased=False)
            case "contracts.customer.profile_changed":
                rows.put(customers, **_profile(data, names))
            case "contracts.customer.contact_authorised":
                rows.put(
                    contacts,
                    customer_id=data["customer_id"],
                    contact_id=data["contact_id"],
                    name=names.get(data["contact_id"]),
                    sort_name=sortable(names.get(data["contact_id"])) or "",
                    rights=list(data.get("rights") or ()),
                    role=readable(data.get("role")),
                )
            case "contracts.customer.contact_removed":
                rows.delete(contacts, customer_id=data["customer_id"], contact_id=data["contact_id"])
            case "contracts.customer.site_added":
                site = {name: readable(data.get(name)) for name in SITE}
                rows.put(sites, **site, search_text=searchable(site["name"], site["city"]))
            case "contracts.customer.equipment_added":
                thing = {name: readable(data.get(name)) for name in EQUIPMENT}
                said = searchable(thing["description"], thing["serial"], thing["label"])
                rows.put(equipment, **thing, search_text=said)
            case "contracts.customer.erased":
                self._erase(data, rows)
            case "contracts.customer.contact_erased":
                rows.delete(contacts, customer_id=data["customer_id"], contact_id=data["contact_id"])

    @staticmethod
    def _erase(data: Any, rows: Rows) -> None:
        """The persons' rows go. A company's name is no personal data and stays with its money."""
        customer_id = data["customer_id"]
        rows.delete_where(contacts, customer_id=customer_id)
        known = rows.get(customers, customer_id=customer_id) or {}
        rows.put(customers, customer_id=customer_id, erased=True)
        if known.get("kind") != "company":
            rows.put(customers, customer_id=customer_id, name=None, sort_name="")


def _needs_name(event: Incoming) -> bool:
    return event.type in NAMED and not (
        NAMED[event.type] == "customer_id" and readable(event.data.get("legal_name")) is not None
    )


def _name(value: Any) -> str | None:
    name = value.get("name") if isinstance(value, dict) else value
    return name if isinstance(name, str) and name != ERASED else None


def _profile(data: Any, names: dict[str, str | None]) -> dict[str, Any]:
    name = readable(data.get("legal_name")) or names.get(data["customer_id"])
    return {
        "customer_id": data["customer_id"],
        "name": name,
        "sort_name": sortable(name) or "",
        "cnpj": data.get("cnpj"),
    }
