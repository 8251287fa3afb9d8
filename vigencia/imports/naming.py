"""Which row and column of the file a refusal of the system is about, so that people find the cell to mend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.errors import VigenciaError
from vigencia.imports.gathering import Items, gather
from vigencia.imports.mapping import Mapping as Mapping_
from vigencia.imports.templates import Scope, columns_of

ABOUT = {
    "customer.cpf-invalid": "customer.document",
    "customer.cnpj-invalid": "customer.document",
    "customer.document-taken": "customer.document",
    "contract.number-taken": "contract.number",
    "contract.suspended-otherwise": "suspension.on",
    "contract.day-before-last": "suspension.on",
    "contract.day-in-future": "suspension.on",
}
"""Refusals that name no path: what of the record they are about."""

Place = tuple[int | None, str | None]
"""Index of the record's row (None: all), and the column (None: the whole row)."""


def place_of(
    mapping: Mapping_, error: VigenciaError, values: Sequence[Mapping[str, Any]], params: Mapping[str, Any]
) -> Place:
    paths = [str(problem.get("path", "")) for problem in getattr(error, "problems", None) or ()]
    for path in [*paths, *([ABOUT[error.code]] if error.code in ABOUT else [])]:
        parts = path.split(".")
        found = _found(mapping, ["contract", *parts[1:]] if parts[0] == "terms" else parts, values, params)
        if found != (None, None):
            return found
    return None, None


def _found(
    mapping: Mapping_, parts: Sequence[str], values: Sequence[Mapping[str, Any]], params: Mapping[str, Any]
) -> Place:
    rules = (mapping.rows, *mapping.rows.more) if mapping.rows else ()
    for rule in rules:
        depth = len(rule.into)
        if tuple(parts[:depth]) != rule.into or len(parts) <= depth or not parts[depth].isdigit():
            continue
        row = _row(rule, int(parts[depth]), [Scope(mapping.name, its, params) for its in values])
        return row, _column(rule.each, parts[depth + 1 :], params, mapping.reference)
    return None, _column(mapping.record, parts, params)


def _row(rule: Items, nth: int, scopes: Sequence[Scope]) -> int | None:
    rows = gather(rule, scopes).rows
    return rows[nth] if nth < len(rows) else None


def _column(template: Any, parts: Sequence[str], params: Mapping[str, Any], reference: str = "") -> str | None:
    for part in parts:
        if isinstance(template, list) and part.isdigit() and int(part) < len(template):
            template = template[int(part)]
        elif isinstance(template, dict) and part in template:
            template = template[part]
        else:
            break
    conditions = {"$when", "$unless"}
    bare = {k: v for k, v in template.items() if k not in conditions} if isinstance(template, dict) else template
    columns = sorted(columns_of(bare, params) - {reference})
    return columns[0] if len(columns) == 1 else None
