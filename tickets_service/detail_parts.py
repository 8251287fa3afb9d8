"""Parts of a request's detail, gathered from what happened to it: price, work and parts as they are now, checklist."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

Data = dict[str, Any]

WHY_NOT_CHARGED = {
    "price-not-accepted": {
        "pt-BR": "Não cobrado: o preço além do contrato não foi aceito antes do trabalho.",
        "en": "Not charged: the price beyond the contract was not accepted before the work.",
    },
    "price-declined": {
        "pt-BR": "Não cobrado: o cliente recusou o preço.",
        "en": "Not charged: the customer declined the price.",
    },
    "waived": {
        "pt-BR": "Não cobrado: o prestador dispensou o preço.",
        "en": "Not charged: the provider waived the price.",
    },
    "override": {
        "pt-BR": "Não cobrado: aberto por exceção, sem preço aceito.",
        "en": "Not charged: opened by an exception, without an accepted price.",
    },
}


def all_of(happened: list[Data], kind: str) -> list[Data]:
    return [each["data"] for each in happened if each["type"] == f"tickets.{kind}"]


def latest(happened: list[Data], kind: str, field: str) -> Any:
    found = all_of(happened, kind)
    return found[-1].get(field) if found else None


def corrected(happened: list[Data], field: str) -> Any:
    """The latest correction of a field; None where there is none."""
    found = [each for each in all_of(happened, "request.field_corrected") if each["field"] == field]
    return (found[-1]["text"] if field == "description" else found[-1]["value"]) if found else None


def preferred_of(happened: list[Data]) -> list[str]:
    found = [each for each in all_of(happened, "request.field_corrected") if each["field"] == "preferred"]
    if found:
        return [part for part in (found[-1]["value"] or "").split("; ") if part]
    return list(latest(happened, "request.opened", "preferred") or ())


def coverage_of(happened: list[Data]) -> Any:
    """As it was answered at the opening, or for the service type as it was corrected; ``overridden``: not covered, and
    opened all the same."""
    anew = [each["coverage"] for each in all_of(happened, "request.field_corrected") if each.get("coverage")]
    answer = anew[-1] if anew else latest(happened, "request.opened", "coverage")
    if answer is None:
        return None
    overridden = answer["status"] not in ("covered", "covered_at_price")
    reason = latest(happened, "request.opened", "override_reason")
    return {**answer, "overridden": overridden, **({"override_reason": reason} if overridden and reason else {})}


def price_of(happened: list[Data]) -> Data | None:
    """The latest offer and what became of it; ``accepted``: the acceptance that holds."""
    price: Data | None = None
    for event in happened:
        data, at = event["data"], event["at"]
        match event["type"].removeprefix("tickets.request."):
            case "price_offered":
                accepted, emergency = (price or {}).get("accepted"), (price or {}).get("emergency")
                price = {**data, "state": "offered", "accepted": accepted, "emergency": emergency}
            case "price_accepted":
                price = {**(price or {}), "state": "accepted", "accepted": data}
            case "price_declined":
                price = {**(price or {}), "state": "declined", "declined": data}
            case "price_waived":
                price = {**(price or {}), "state": "waived", "waived": data}
            case "emergency_invoked":
                price = {**(price or {}), "emergency": {"limit": data["limit"], "clause": data["clause"], "at": at}}
    if price is None:
        return None
    waits = price["state"] in ("offered", "declined") and not price.get("accepted") and not price.get("emergency")
    return {**price, "work_waits": waits}


def works_of(happened: list[Data]) -> list[Data]:
    """Each as it is now, with its corrections, and why it is not charged where it is not."""
    works: dict[str, Data] = {}
    for data in all_of(happened, "request.work_recorded"):
        why = data.get("uncharged_because")
        charged = Decimal(str(data["beyond_quantity"])) > 0 and data.get("charge") != "none"
        words = WHY_NOT_CHARGED.get(why) if why else None
        works[data["work_id"]] = {**data, "charged": charged, "uncharged_words": words, "corrections": []}
    for data in all_of(happened, "request.work_corrected"):
        work = works.get(data["work_id"])
        if work is not None:
            said = ("former_quantity", "quantity", "reason", "author_id", "at")
            work["corrections"].append({name: data[name] for name in said})
            work |= {name: data[name] for name in ("quantity", "included_quantity", "beyond_quantity")}
            work["charged"] = Decimal(str(data["beyond_quantity"])) > 0 and data.get("charge") != "none"
    return list(works.values())


PRICED = ("quantity", "unit_price", "charge", "charge_limit", "uncharged_because", "charged", "uncharged_words")


def parts_of(happened: list[Data]) -> list[Data]:
    """Each as it is now, with its corrections."""
    parts = {data["part_id"]: {**_priced(data), "corrections": []} for data in all_of(happened, "request.part_used")}
    for data in all_of(happened, "request.part_corrected"):
        if data["part_id"] in parts:
            said = ("former_quantity", "quantity", "reason", "author_id", "at")
            part = parts[data["part_id"]]
            part["corrections"].append({name: data[name] for name in said})
            part |= {name: value for name, value in _priced(data).items() if name in PRICED}
    return list(parts.values())


def _priced(data: Data) -> Data:
    why = data.get("uncharged_because")
    charged = data.get("charge", "none") != "none" and Decimal(str(data["quantity"])) > 0
    return {**data, "charged": charged, "uncharged_words": WHY_NOT_CHARGED.get(why) if why else None}


def checklist_of(happened: list[Data]) -> list[Data]:
    items: dict[str, Data] = {}
    for event in happened:
        data = event["data"]
        if event["type"] == "tickets.request.checklist_set":
            nothing: Data = {"done": False, "by": None, "at": None}
            items = {item: items.get(item, {"item": item, **nothing}) for item in data["items"]}
        elif event["type"] == "tickets.request.item_checked" and data["item"] in items:
            said = {"done": data["done"], "by": data["author_id"], "at": data["at"]}
            items[data["item"]] = {"item": data["item"], **said}
    return list(items.values())
