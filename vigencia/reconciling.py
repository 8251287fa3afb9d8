"""What a file says, beside what the system answers afterwards: rows and sums per kind, each difference by its row.

The system is asked over its interface; what the import answered while it ran proves nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Protocol

from vigencia.imports.records import Converted, Record, jsonable
from vigencia.words import say

API = "/api/v1"
AT_ONCE = 2
ZERO = Decimal("0.00")
_MONTHS = {"monthly": 1, "monthly_last_day": 1, "quarterly": 3, "semesterly": 6, "yearly": 12}
_DAYS = {"daily": 1, "weekly": 7, "thirty_days": 30}


class Asked(Protocol):
    """The running system, as far as it is asked here."""

    def get(self, path: str, **params: Any) -> Any: ...

    def pages(self, path: str, **params: Any) -> Iterator[dict[str, Any]]: ...


Facts = dict[str, Any]
"""What is compared of one record: sums (decimals) and other facts, by name."""


@dataclass(frozen=True)
class Difference:
    """``row`` of the file; ``what`` differs; None: it is not there at all."""

    row: int
    reference: str
    what: str
    file: Any
    system: Any


@dataclass
class Reconciliation:
    """``file``, ``system``: rows and sums by name, of what the file names."""

    kind: str
    file: dict[str, Any] = field(default_factory=dict)
    system: dict[str, Any] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        return not self.differences and self.file == self.system

    def shown(self) -> dict[str, Any]:
        """As JSON."""
        rows = [
            {name: jsonable(getattr(each, name)) for name in Difference.__annotations__} for each in self.differences
        ]
        return {
            "agrees": self.agrees,
            "file": jsonable(self.file),
            "system": jsonable(self.system),
            "differences": rows,
        }

    def sentences(self, lang: str) -> Iterator[str]:
        """For people: a line per sum, then one per difference."""
        for name, value in self.file.items():
            there = self.system[name]
            code = "reconciled.equal" if value == there else "reconciled.differs"
            yield say(code, lang, name=say(f"sum.{name}", lang), file=_text(value), system=_text(there))
        for each in self.differences:
            code = "reconciled.missing" if each.what == "row" else "reconciled.row"
            told = {
                "row": each.row,
                "reference": each.reference,
                "file": _text(each.file),
                "system": _text(each.system),
            }
            yield say(code, lang, what=each.what, **told)


def reconcile(client: Asked, kind: str, converted: Converted, ids: Mapping[str, str]) -> Reconciliation:
    """``ids``: the contract of each reference (of a contract: its own)."""
    told, ask = _KINDS[kind]
    found = Reconciliation(kind)
    file = [(record, told(record.data)) for record in converted.records]
    there = ask(client, converted.records, ids)
    names = _SUMS[kind]
    found.file = {"rows": len(file) + len(converted.rejections), **_sums(names, (facts for _, facts in file))}
    found.system = {"rows": len(there), **_sums(names, there.values())}
    for rejection in converted.rejections:
        row, _ = rejection.rows[0]
        found.differences.append(Difference(row.number, rejection.reference or "?", "row", "?", None))
    for record, facts in file:
        answer = there.get(record.reference)
        row_number = record.rows[0].number
        if answer is None:
            found.differences.append(Difference(row_number, record.reference, "row", _main(kind, facts), None))
            continue
        for name, value in facts.items():
            if answer.get(name) != value:
                found.differences.append(Difference(row_number, record.reference, name, value, answer.get(name)))
    found.differences.sort(key=lambda each: each.row)
    return found


# -- what the file says ----------------------------------------------------------------------------------------------


def _contract_told(data: Mapping[str, Any]) -> Facts:
    """Of every line what is charged by it; of the contract what it was taken over with."""
    terms, suspension = data["contract"], data.get("suspension") or {}
    lines = list(terms.get("lines") or ())
    kinds: dict[str, list[Mapping[str, Any]]] = {"recurring": [], "per_use": [], "one_off": []}
    for line in lines:
        kinds[line.get("kind") or "recurring"].append(line)
    return {
        "monthly": monthly(kinds["recurring"]),
        "once": _summed(kinds["one_off"]),
        "uses": _summed(kinds["per_use"]),
        "lines": len(lines),
        "visits": sum(int(plan.get("per_month") or 1) for plan in terms.get("visit_plan") or ()),
        "suspended": 1 if suspension else 0,
        "suspended_on": jsonable(suspension.get("on")),
        "suspension_reason": suspension.get("reason"),
        "give_back": (terms.get("suspension") or {}).get("give_back") or "prorate",
        "starts_on": jsonable(terms["starts_on"]),
        "billed_through": jsonable((terms.get("billing") or {}).get("billed_through")),
        **{f"line {line['clause']}": told(line) for line in lines},
        **{f"service {each['code']}": _service(each) for each in terms.get("services") or ()},
    }


def _summed(lines: Iterable[Mapping[str, Any]]) -> Decimal:
    return sum((Decimal(str(line["amount"])) for line in lines), ZERO).quantize(ZERO)


_USUAL = {"kind": "recurring", "rule": "monthly", "interval": 1, "mode": "advance", "proration": "actual"}
_LINE = (
    *_USUAL,
    "amount",
    "starts_on",
    "ends_on",
    "billed_through",
    "anchor_day",
    "minimum",
    "ceiling",
    "included_quantity",
)
_DISCOUNT = ("percent", "amount", "starts_on", "ends_on")


def told(line: Mapping[str, Any]) -> str:
    """A line in one comparable text; what is usual is not said."""
    said = [f"{name}={_plain(line[name])}" for name in _LINE if line.get(name) not in (None, _USUAL.get(name))]
    for discount in line.get("discounts") or ():
        off = [f"{name} {_plain(discount[name])}" for name in _DISCOUNT if _plain(discount.get(name)) not in ("-", "0")]
        said.append(f"discount {', '.join(off)}")
    return "; ".join(said)


def _service(service: Mapping[str, Any]) -> str:
    named = ("unit", "included_quantity", "overage_unit_price")
    return "; ".join(f"{name}={_plain(service[name])}" for name in named if service.get(name) is not None)


def _plain(value: Any) -> str:
    """Days as ISO; numbers without needless decimals, whether they are text or not."""
    said = _text(value)
    try:
        return format(Decimal(said).normalize(), "f")
    except InvalidOperation:
        return said


def _receivable_told(data: Mapping[str, Any]) -> Facts:
    amounts = {name: Decimal(str(data.get(name) or 0)).quantize(ZERO) for name in ("amount", "withheld", "left")}
    return {**amounts, "due_on": jsonable(data["due_on"]), "issued_on": jsonable(data["issued_on"])}


def _credit_told(data: Mapping[str, Any]) -> Facts:
    return {"amount": Decimal(str(data["amount"])).quantize(ZERO)}


def monthly(lines: Iterable[Mapping[str, Any]]) -> Decimal:
    """What recurring lines come to in a month: a quarterly one is a third of its price; half-up to cents."""
    total = Fraction(0)
    for line in lines:
        price, rule = Fraction(Decimal(str(line["amount"]))), line.get("rule") or "monthly"
        interval = int(line.get("interval") or 1)
        if rule in _MONTHS:
            total += price / (_MONTHS[rule] * interval)
        else:
            total += price * Fraction(365, 12) / (_DAYS[rule] * interval)
    return (Decimal(total.numerator) / Decimal(total.denominator)).quantize(ZERO, ROUND_HALF_UP)


# -- what the system answers -----------------------------------------------------------------------------------------


def _contracts_asked(client: Asked, records: Sequence[Record], ids: Mapping[str, str]) -> dict[str, Facts]:
    """Each contract with the terms of its first day: as it was taken over, whatever addenda followed."""
    there = {row["contract_id"] for row in client.pages(f"{API}/contracts")}
    wanted = [(record, ids[record.reference]) for record in records if ids.get(record.reference) in there]

    def ask(each: tuple[Record, str]) -> tuple[str, Facts]:
        record, contract_id = each
        day = jsonable(record.data["contract"]["starts_on"])
        found = client.get(f"{API}/contracts/{contract_id}", as_of=day)
        return record.reference, _contract_told(
            {"contract": found["terms"], "suspension": found.get("taken_over_suspension")}
        )

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(pool.map(ask, wanted))


def _receivables_asked(client: Asked, records: Sequence[Record], ids: Mapping[str, str]) -> dict[str, Facts]:
    """The opening figures; of what was cancelled and taken over again, the one that lives."""
    wanted = {(ids.get(record.data["contract"]), record.data["external_ref"]): record.reference for record in records}
    found: dict[str, Facts] = {}
    for row in client.pages(f"{API}/receivables", taken_over="true"):
        reference = wanted.get((row["contract_id"], row["external_ref"]))
        if reference is None or (reference in found and row["status"] == "cancelled"):
            continue
        opening = row["taken_over"]
        found[reference] = {
            "amount": Decimal(opening["gross"]),
            "withheld": Decimal(opening["withheld"]),
            "left": Decimal(row["net"]),
            "due_on": row["due_on"],
            "issued_on": row["issued_on"],
        }
    return found


def _credits_asked(client: Asked, records: Sequence[Record], ids: Mapping[str, str]) -> dict[str, Facts]:
    from billing_service.domain.ids import opening_credit_id

    found: dict[str, Facts] = {}
    by_contract: dict[str, list[Record]] = {}
    for record in records:
        if contract_id := ids.get(record.data["contract"]):
            by_contract.setdefault(contract_id, []).append(record)
    for contract_id, theirs in by_contract.items():
        items = client.get(f"{API}/contracts/{contract_id}/statement")["items"]
        granted = {row["source_id"]: row["amount"] for row in items if row["kind"] == "opening_credit"}
        for record in theirs:
            amount = granted.get(opening_credit_id(contract_id, record.data["external_ref"]))
            if amount is not None:
                found[record.reference] = {"amount": -Decimal(amount)}
    return found


_KINDS: dict[str, tuple[Callable[[Mapping[str, Any]], Facts], Callable[..., dict[str, Facts]]]] = {
    "contracts": (_contract_told, _contracts_asked),
    "open-receivables": (_receivable_told, _receivables_asked),
    "opening-credits": (_credit_told, _credits_asked),
}
_SUMS = {
    "contracts": ("monthly", "once", "uses", "lines", "visits", "suspended"),
    "open-receivables": ("amount", "withheld", "left"),
    "opening-credits": ("amount",),
}
_COUNTS = frozenset({"lines", "visits", "suspended"})
KINDS = tuple(_KINDS)


def _sums(names: Sequence[str], rows: Iterable[Facts]) -> dict[str, Any]:
    listed = list(rows)
    return {name: sum((facts[name] for facts in listed), 0 if name in _COUNTS else ZERO) for name in names}


def _main(kind: str, facts: Facts) -> Any:
    return facts[_SUMS[kind][-1] if kind == "open-receivables" else _SUMS[kind][0]]


def _text(value: Any) -> str:
    return "-" if value is None else str(jsonable(value))
