"""The small language in which a mapping builds its record: constants, columns, tables, months, conditions.

A template is YAML. Whatever is no operator stands for itself; ``{Column}`` inside a text is replaced. Operators are
dicts with one key that begins with ``$``; a list's item or a field's value is there only when its ``$when`` holds and
its ``$unless`` does not.

    {$column: Cargos mensuales}                          the value of a column, typed
    {$param: reference_date}                             a parameter (``--set reference_date=2026-01-01``)
    {$lookup: {of: <template>, in: {monthly: 1, …}}}     a value table
    {$months_before: {date: <template>, months: <template>}}
    {$period_end: {from: …, months: …, after: …}}        last day of the running period; none without months
    {$id: {kind: customer, of: <template>}}              the stable id of an imported thing
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from services.errors import Invalid
from vigencia.imports.ids import imported_id

OPERATORS = frozenset({"$column", "$param", "$lookup", "$months_before", "$period_end", "$id"})
_CONDITIONS = ("$when", "$unless")
_PARTS = {
    "$lookup": ("of",),
    "$months_before": ("date", "months"),
    "$period_end": ("from", "months", "after"),
    "$id": ("of",),
}
_CONSTANT = {"$lookup": {"in"}, "$id": {"kind"}}
_PLACE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Scope:
    """What a template may refer to: one row's typed values, the parameters, and the mapping's name for ids."""

    mapping: str
    values: Mapping[str, Any]
    params: Mapping[str, Any]


def fill(template: Any, scope: Scope) -> Any:
    """The template with this row's values. A missing value is None; in a text it is left out."""
    if isinstance(template, str):
        return " ".join(_PLACE.sub(lambda m: _in_text(scope.values[m[1]]), template).split())
    if isinstance(template, list):
        return [fill(_unconditional(item), scope) for item in template if _holds(item, scope)]
    if not isinstance(template, dict):
        return template
    operator = next((key for key in template if str(key).startswith("$")), None)
    return _operate(operator, template[operator], scope) if operator else _fields(template, scope)


def _fields(template: dict[Any, Any], scope: Scope) -> dict[str, Any]:
    return {str(key): fill(_unconditional(item), scope) for key, item in template.items() if _holds(item, scope)}


def _operate(operator: str, argument: Any, scope: Scope) -> Any:
    match operator:
        case "$column":
            return scope.values[argument]
        case "$param":
            return scope.params[argument]
        case "$lookup":
            value = fill(argument["of"], scope)
            return fill(argument["in"].get(value), scope)
        case "$months_before":
            day, months = fill(argument["date"], scope), fill(argument["months"], scope)
            return None if day is None or months is None else _months_before(day, int(months))
        case "$period_end":
            start, months, after = (fill(argument[part], scope) for part in _PARTS["$period_end"])
            return None if start is None or months is None else _period_end(start, int(months), after)
        case "$id":
            return imported_id(argument["kind"], scope.mapping, str(fill(argument["of"], scope)))
    raise AssertionError(operator)  # ``columns_of`` has refused it when the mapping was loaded


def _months_before(day: date, months: int) -> date:
    return day - relativedelta(months=months)


def _period_end(start: date, months: int, after: date) -> date:
    """The last day of the first period of ``months`` from ``start`` that ends on ``after`` or later."""
    periods = 1
    while start + relativedelta(months=months * periods) <= after:
        periods += 1
    return start + relativedelta(months=months * periods, days=-1)


def _holds(item: Any, scope: Scope) -> bool:
    if not isinstance(item, dict):
        return True
    when, unless = item.get("$when"), item.get("$unless")
    return (when is None or _matches(when, scope)) and (unless is None or not _matches(unless, scope))


def _matches(condition: Mapping[str, Any], scope: Scope) -> bool:
    return all(
        scope.values[column] in (wanted if isinstance(wanted, list) else [wanted])
        for column, wanted in condition.items()
    )


def _unconditional(item: Any) -> Any:
    return {k: v for k, v in item.items() if k not in _CONDITIONS} if isinstance(item, dict) else item


def _in_text(value: Any) -> str:
    return "" if value is None else str(value)


def columns_of(template: Any, params: Mapping[str, Any], where: str = "record") -> set[str]:
    """Every column that the template refers to. Raises ``Invalid`` for what is no template."""
    if isinstance(template, str):
        return set(_PLACE.findall(template))
    if isinstance(template, list):
        return set().union(*(columns_of(item, params, f"{where}.{i}") for i, item in enumerate(template)))
    if not isinstance(template, dict):
        return set()
    found: set[str] = set()
    for key, item in template.items():
        if not str(key).startswith("$"):
            found |= columns_of(item, params, f"{where}.{key}")
        elif key in _CONDITIONS and isinstance(item, dict):
            found |= set(item)
        elif key in OPERATORS and len(_unconditional(template)) == 1:
            found |= _operator_columns(key, item, params, where)
        else:
            raise _bad(where, f"{key} is no operator; known: {', '.join(sorted(OPERATORS))}, {', '.join(_CONDITIONS)}")
    return found


def _operator_columns(operator: str, argument: Any, params: Mapping[str, Any], where: str) -> set[str]:
    if operator == "$column":
        return {argument}
    if operator == "$param":
        if argument not in params:
            raise _bad(where, f"parameter {argument} is not declared under params")
        return set()
    needs = {*_PARTS[operator], *_CONSTANT.get(operator, ())}
    if not isinstance(argument, dict) or set(argument) != needs:
        raise _bad(where, f"{operator} needs {', '.join(sorted(needs))}")
    return set().union(*(columns_of(argument[part], params, f"{where}.{operator}") for part in _PARTS[operator]))


def _bad(where: str, message: str) -> Invalid:
    return Invalid("import.mapping-invalid", problems=[{"path": where, "code": "template", "message": message}])
