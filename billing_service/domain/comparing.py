"""This bill against the one before, line by line: what differs, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .explain import sentence
from .money import ZERO, total

REASONS = {
    "same": ("como no mês anterior", "as in the month before"),
    "new_line": ("item novo no contrato", "new line of the contract"),
    "rhythm": ("não é cobrado todo mês", "is not charged every month"),
    "once": ("cobrança única", "charged once"),
    "use": ("cobrança por uso", "charged by use"),
    "held": ("retido na agenda", "held on the agenda"),
    "ended": ("não é mais cobrado", "is charged no more"),
    "price": ("preço alterado", "price changed"),
    "price_adjusted": ("preço reajustado", "price adjusted"),
    "discount": ("desconto, mínimo ou teto", "discount, minimum or ceiling"),
    "proration": ("dias proporcionais", "part of a period"),
    "quantity": ("quantidade", "quantity"),
    "periods": ("número de períodos", "number of periods"),
}
EVERY_MONTH = ("monthly", "monthly_last_day", "weekly", "daily", "thirty_days")


@dataclass(frozen=True, slots=True)
class Item:
    """A charge that would be billed, or was; ``why`` is its explanation as JSON values."""

    charge_id: str
    line_id: str | None
    clause: str
    description: str
    amount: Decimal
    why: Mapping[str, Any]


def compare(now: Sequence[Item], last: Sequence[Item], held: Collection[str | None] = ()) -> list[dict[str, Any]]:
    """Per line of the contract: amount, amount of the month before, their difference, the codes of the reasons, and what
    they say in Portuguese and English. Extra charges stand together, by what they are for. ``held``: lines of which a
    charge is held."""
    keys = dict.fromkeys(_key(item) for item in (*now, *last))
    found = [
        _line(key, [i for i in now if _key(i) == key], [i for i in last if _key(i) == key], key[0] in held)
        for key in keys
    ]
    return sorted(found, key=lambda line: (line["difference"] == 0, line["clause"], line["description"]))


def _key(item: Item) -> tuple[str, str]:
    return item.line_id or "", "" if item.line_id else str(item.why.get("source_type") or item.charge_id)


def _line(key: tuple[str, str], now: Sequence[Item], last: Sequence[Item], held: bool) -> dict[str, Any]:
    shown = (now or last)[0]
    amount, before = total(item.amount for item in now), total(item.amount for item in last)
    reasons = ["held"] if held and not now else _reasons(now, last)
    words = [", ".join(REASONS[code][lang] for code in reasons) for lang in (0, 1)]
    return {
        "line_id": key[0] or None,
        "clause": shown.clause,
        "description": shown.description,
        "amount": amount,
        "last_amount": before,
        "difference": amount - before,
        "reasons": reasons,
        "said": {"pt-BR": words[0], "en": words[1]},
        "why": [{lang: sentence(item.why, lang) for lang in ("pt-BR", "en")} for item in now],
    }


def _reasons(now: Sequence[Item], last: Sequence[Item]) -> list[str]:
    if not last or not now:
        return [_alone((now or last)[0].why, new=bool(now))]
    a, b = now[-1].why, last[-1].why
    found = []
    if _list_price(a) != _list_price(b):
        found.append("price_adjusted" if str(a.get("cause", "")).startswith("adjustment") else "price")
    if a.get("unit_price") != b.get("unit_price") and _list_price(a) == _list_price(b):
        found.append("discount")
    if _parts(now) != _parts(last):
        found.append("proration")
    if a["kind"] == "use" and _quantity(now) != _quantity(last):
        found.append("quantity")
    elif a["kind"] == "period" and len(now) != len(last):
        found.append("periods")
    if not found and total(i.amount for i in now) != total(i.amount for i in last):
        found.append("quantity" if a["kind"] == "use" else "price")
    return found or ["same"]


def _alone(why: Mapping[str, Any], *, new: bool) -> str:
    """Why a line stands on one of the two bills only."""
    if why["kind"] in ("once", "use"):
        return str(why["kind"])
    if why["kind"] == "period" and why.get("rule") not in EVERY_MONTH:
        return "rhythm"
    return "new_line" if new else "ended"


def _list_price(why: Mapping[str, Any]) -> Any:
    return (why.get("pricing") or {}).get("list_price") or why.get("unit_price")


def _parts(items: Sequence[Item]) -> list[str]:
    return sorted(item.why.get("factor", "1") for item in items if item.why.get("factor", "1") != "1")


def _quantity(items: Sequence[Item]) -> Decimal:
    return sum((Decimal(item.why.get("quantity") or 0) for item in items), ZERO)
