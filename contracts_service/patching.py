"""Terms with some parts changed, so that one addendum fits a whole selection of contracts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from contracts_service.domain.terms import ContractTerms
from services.codec import to_json_values
from services.errors import Invalid
from services.schemas import load, schema_of

TERMS = schema_of(ContractTerms)
_KEYS = {"lines": "line_id", "services": "service_type_id", "dunning": "level", "visit_plan": "plan_id"}


def patched(terms: ContractTerms, changes: Mapping[str, Any]) -> ContractTerms:
    """The terms with these changes: parts are merged, lists replaced; lines, services, dunning levels and visit
    plans that are there are merged by their id, those that are not are added. Raises ``Invalid`` with paths."""
    made: ContractTerms
    try:
        made = load(TERMS, _merged(to_json_values(terms), changes))
    except Invalid as invalid:
        problems = [{**problem, "path": f"changes.{problem['path']}"} for problem in invalid.problems]
        raise Invalid(invalid.code, problems=problems) from None
    return made


def _merged(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(before)
    for name, value in changes.items():
        old = merged.get(name)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            merged[name] = _merged(old, value)
        elif name in _KEYS and isinstance(value, list | tuple) and isinstance(old, list | tuple):
            merged[name] = _by_key(old, value, _KEYS[name])
        else:
            merged[name] = value
    return merged


def _by_key(before: Iterable[Any], changes: Iterable[Any], key: str) -> list[Any]:
    made = {each[key]: each for each in before}
    for change in changes:
        id_ = change.get(key) if isinstance(change, Mapping) else None
        made[id_] = _merged(made[id_], change) if id_ in made else change
    return list(made.values())
