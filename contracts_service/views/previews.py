"""What an adjustment or an addendum would do to a selection of contracts. The very rules decide; no event is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from contracts_service.domain.adjusting import earliest_adjustment
from contracts_service.domain.contract import DECIDER
from contracts_service.domain.contract_commands import AdjustByIndex, AdjustPrice, AmendContract
from contracts_service.domain.contract_state import Contract
from contracts_service.domain.price_index import twelve_months
from contracts_service.domain.terms import ContractTerms, Index
from contracts_service.domain.terms_changes import differences
from contracts_service.domain.worth import monthly_price
from contracts_service.patching import patched
from contracts_service.views.customers import customers
from contracts_service.views.indices import published
from contracts_service.views.selecting import Selection, selected, state_of
from contracts_service.words import WORDS
from services.codec import to_json_values
from services.component import Context
from services.errors import Invalid, Refused
from services.rows import Rows


@dataclass(frozen=True, slots=True)
class AdjustmentPreviewQuestion:
    """``percent``, or ``index``; neither: each contract's own index. ``effective_on`` left out: each one's earliest."""

    selection: Selection = field(default_factory=Selection)
    effective_on: date | None = None
    percent: Decimal | None = None
    index: Index | None = None


@dataclass(frozen=True, slots=True)
class AmendmentPreviewQuestion:
    """``changes``: the parts of the terms that change; lines by their ``line_id``."""

    effective_on: date
    changes: Mapping[str, Any] = field(default_factory=dict)
    selection: Selection = field(default_factory=Selection)


def preview_adjustment(asked: AdjustmentPreviewQuestion, rows: Rows, context: Context) -> dict[str, Any]:
    def decide(row: dict[str, Any], contract: Contract) -> tuple[date, dict[str, Any], ContractTerms]:
        base, own = row["price_base_on"] or contract.terms.starts_on, contract.terms.adjustment.month
        day = asked.effective_on or earliest_adjustment(base, own if asked.percent is None else None)
        command = adjustment(rows, row["contract_id"], contract, day, asked.percent, asked.index)
        events = DECIDER.decide(command, contract)
        if not events:
            raise Refused("contract.adjusted-already", on=day)
        event: Any = events[0]
        said = {"percent": event.percent, "index": event.index, "published": to_json_values(event.published)}
        return day, said, event.terms

    return _preview(asked.selection, rows, context, decide)


def adjustment_item(rows: Rows, row: dict[str, Any], day: date, context: Context) -> dict[str, Any]:
    """One contract's adjustment by its own index from a day on: percentage, lines before and after, or why not."""

    def decide(row: dict[str, Any], contract: Contract) -> tuple[date, dict[str, Any], ContractTerms]:
        (event, *_) = DECIDER.decide(adjustment(rows, row["contract_id"], contract, day, None, None), contract)
        adjusted: Any = event
        return day, {"percent": adjusted.percent, "published": to_json_values(adjusted.published)}, adjusted.terms

    return _item(rows, row, context, decide)


def preview_amendment(asked: AmendmentPreviewQuestion, rows: Rows, context: Context) -> dict[str, Any]:
    def decide(row: dict[str, Any], contract: Contract) -> tuple[date, dict[str, Any], ContractTerms]:
        customer = rows.get(customers, customer_id=row["customer_id"])
        consumer = customer is not None and customer["kind"] == "person"
        terms = patched(contract.terms, asked.changes)
        command = AmendContract(row["contract_id"], asked.effective_on, terms, "preview", consumer=consumer)
        DECIDER.decide(command, contract)
        changed = [
            {"path": path, "before": value_at(contract.terms, path), "after": value_at(terms, path)}
            for path in differences(contract.terms, terms)
        ]
        return asked.effective_on, {"changes": changed}, terms

    return _preview(asked.selection, rows, context, decide)


def adjustment(
    rows: Rows, contract_id: str, contract: Contract, day: date, percent: Decimal | None, index: Index | None
) -> AdjustPrice | AdjustByIndex:
    """The command, with what was published for it."""
    if percent is not None:
        return AdjustPrice(contract_id, day, percent)
    chosen = index or contract.terms.adjustment.index
    months = twelve_months(day, contract.terms.adjustment.lag_months)
    values = published(rows, chosen, months) if chosen else ()
    return AdjustByIndex(contract_id, day, chosen, values)


Decide = Callable[[dict[str, Any], Contract], tuple[date, dict[str, Any], ContractTerms]]


def _preview(selection: Selection, rows: Rows, context: Context, decide: Decide) -> dict[str, Any]:
    found, following = selected(rows, selection)
    items = [_item(rows, row, context, decide) for row in found]
    good = [item for item in items if item["problem"] is None]
    return {
        "items": items,
        "next": following,
        "count": len(items),
        "possible": len(good),
        "monthly_before": sum((item["monthly_before"] for item in good), Decimal("0.00")),
        "monthly_after": sum((item["monthly_after"] for item in good), Decimal("0.00")),
    }


def _item(rows: Rows, row: dict[str, Any], context: Context, decide: Decide) -> dict[str, Any]:
    item = {name: row[name] for name in ("contract_id", "customer_id", "number", "status", "price_base_on")}
    contract = state_of(rows, row)
    try:
        day, said, after = decide(row, contract)
    except (Refused, Invalid) as error:
        return {**item, "problem": _problem(error, context.lang)}
    before = contract.terms
    return {
        **item,
        "problem": None,
        "effective_on": day,
        **said,
        "monthly_before": monthly_price(before, day),
        "monthly_after": monthly_price(after, day),
        "lines": _lines(before, after),
    }


def _lines(before: ContractTerms, after: ContractTerms) -> list[dict[str, Any]]:
    """The lines whose amount changes; ``None``: not there."""
    old = {line.line_id: line.amount for line in before.lines}
    new = {line.line_id: line.amount for line in after.lines}
    named = {line.line_id: line for line in (*before.lines, *after.lines)}
    return [
        {"line_id": id_, "clause": line.clause, "before": old.get(id_), "after": new.get(id_)}
        for id_, line in named.items()
        if old.get(id_) != new.get(id_)
    ]


def _problem(error: Refused | Invalid, lang: str) -> dict[str, Any]:
    words = WORDS.get(error.code, {})
    text = words.get("en" if lang.startswith("en") else "pt-BR", error.code).format(**error.params)
    problems = error.problems if isinstance(error, Invalid) else []
    return {"code": error.code, "detail": text, "problems": to_json_values(list(problems))}


def value_at(value: Any, path: str) -> Any:
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, tuple) else getattr(value, step)
    return to_json_values(value)
