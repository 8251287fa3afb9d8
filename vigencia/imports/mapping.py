"""A mapping file: how a source's columns are read, and how they become a record. The language: README.md.

A mapping is found by its name among the shipped ones (``mappings/``) or by its path.
"""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from services.errors import Invalid
from vigencia.imports.gathering import Items
from vigencia.imports.templates import columns_of
from vigencia.imports.values import Column

FOLDER = Path(__file__).parent / "mappings"
KINDS = ("contracts", "receivables", "requests", "open-receivables", "opening-credits")
TYPES = ("text", "integer", "money", "date", "datetime", "choice", "choices")
ITEMS = {"into", "each", "by", "otherwise"}


@dataclass(frozen=True)
class History:
    """How several rows become the steps of one record."""

    at: str
    state: str
    reopened_by: str | None
    order_by: tuple[str, ...]
    same: tuple[str, ...]
    step: dict[str, Any]


@dataclass(frozen=True)
class Rows(Items):
    """How all rows with the same reference become one record: each gives an item of the list at ``into``; ``more`` lists
    are gathered of them besides."""

    same: tuple[str, ...] = ()
    more: tuple[Items, ...] = ()


@dataclass(frozen=True)
class Mapping:
    """One mapping file, checked."""

    name: str
    kind: str
    reference: str
    columns: dict[str, Column]
    params: dict[str, Any]
    record: dict[str, Any]
    contract: dict[str, Any] | None = None
    contract_reference: Any = None
    history: History | None = None
    rows: Rows | None = None
    takes_over: bool = False
    within: str | None = None
    title: dict[str, str] = field(default_factory=dict)

    @property
    def contract_column(self) -> str | None:
        """The column that names a record's contract, where it is one alone."""
        named = columns_of(self.record.get("contract"), self.params)
        return min(named) if len(named) == 1 else None

    def headings(self) -> list[str]:
        """All headings by which its columns may stand in a file."""
        return [heading for name, column in self.columns.items() for heading in (name, *column.also)]

    def with_params(self, given: Dict[str, str]) -> dict[str, Any]:
        """The parameters with what the caller set; each text takes the type of the default."""
        chosen = dict(self.params)
        for name, text in given.items():
            if name not in chosen:
                raise _bad("params", f"unknown parameter {name}; known: {', '.join(self.params) or 'none'}")
            chosen[name] = _like(self.params[name], name, text)
        return chosen


class _Loader(yaml.SafeLoader):
    """YAML in which Yes, No, On and Off are words, as in the files that are mapped; only true and false are not."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def shipped() -> list[str]:
    """The names of the mappings that come with Vigência."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load(name_or_path: str) -> Mapping:
    """A shipped mapping by name, or a file by path. Raises ``Invalid`` with every problem found."""
    path = FOLDER / f"{name_or_path}.yaml"
    if not path.is_file():
        path = Path(name_or_path)
    try:
        document = yaml.load(path.read_text("utf-8"), _Loader)
    except OSError as error:
        raise Invalid("import.mapping-unknown", mapping=name_or_path, shipped=", ".join(shipped())) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _bad(str(path), f"not YAML: {error}") from error
    return parse(document, str(path))


def parse(document: Any, where: str = "mapping") -> Mapping:
    """The mapping that a YAML document describes."""
    if not isinstance(document, dict):
        raise _bad(where, "a mapping file is a YAML dictionary")
    unknown = set(document) - {
        "mapping", "kind", "title", "reference", "time_zone", "columns", "params", "contract", "record", "history",
        "rows", "takes_over", "within",
    }  # fmt: skip
    if unknown:
        raise _bad(where, f"unknown keys: {', '.join(sorted(map(str, unknown)))}")
    for key in ("mapping", "kind", "reference", "columns", "record"):
        if not document.get(key):
            raise _bad(key, "is missing")
    if document["kind"] not in KINDS:
        raise _bad("kind", f"{document['kind']} is none of {', '.join(KINDS)}")
    zone = str(document.get("time_zone", "America/Sao_Paulo"))
    columns = {str(name): _column(str(name), spec or {}, zone) for name, spec in document["columns"].items()}
    contract = dict(document["contract"]) if document.get("contract") else None
    made = Mapping(
        name=str(document["mapping"]),
        kind=document["kind"],
        reference=document["reference"],
        columns=columns,
        params=dict(document.get("params") or {}),
        record=document["record"],
        contract_reference=contract.pop("reference", None) if contract else None,
        contract=contract,
        history=_history(document["history"]) if document.get("history") else None,
        rows=_rows(document["rows"]) if document.get("rows") else None,
        takes_over=bool(document.get("takes_over", False)),
        within=document.get("within"),
        title=dict(document.get("title") or {}),
    )
    _check_references(made)
    return made


def _column(name: str, spec: dict[str, Any], zone: str) -> Column:
    unknown = set(spec) - {
        "type", "required", "empty", "formats", "decimal", "min", "max", "pattern", "width", "values", "not_before",
        "also", "default", "example", "only_with", "required_with", "needs",
    }  # fmt: skip
    if unknown:
        raise _bad(f"columns.{name}", f"unknown keys: {', '.join(sorted(map(str, unknown)))}")
    kind = spec.get("type", "text")
    if kind not in TYPES:
        raise _bad(f"columns.{name}", f"type {kind} is none of {', '.join(TYPES)}")
    if kind in ("choice", "choices") and not spec.get("values"):
        raise _bad(f"columns.{name}", "a choice needs values")
    if kind in ("date", "datetime") and not spec.get("formats"):
        raise _bad(f"columns.{name}", f"a {kind} needs formats, for example ['%d/%m/%Y']")
    if spec.get("decimal", ".") not in (".", ","):
        raise _bad(f"columns.{name}", "decimal is '.' or ','")
    return Column(
        name=name,
        type=kind,
        required=bool(spec.get("required", False)),
        empty=tuple(str(text).strip() for text in spec.get("empty", ())),
        formats=tuple(spec.get("formats", ())),
        decimal=spec.get("decimal", "."),
        minimum=_bound(kind, spec.get("min"), name),
        maximum=_bound(kind, spec.get("max"), name),
        pattern=spec.get("pattern"),
        width=spec.get("width"),
        values={str(key): value for key, value in spec.get("values", {}).items()},
        not_before=spec.get("not_before"),
        time_zone=zone,
        also=tuple(str(heading) for heading in spec.get("also", ())),
        default=_bound(kind, spec.get("default"), name)
        if kind in ("money", "integer", "date")
        else spec.get("default"),
        examples=tuple(str(cell) for cell in _listed(spec.get("example", ""))),
        only_with={str(of): tuple(_listed(values)) for of, values in spec.get("only_with", {}).items()},
        required_with={str(of): tuple(_listed(values)) for of, values in spec.get("required_with", {}).items()},
        needs=tuple(str(of) for of in _listed(spec.get("needs", ()))),
    )


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _bound(kind: str, value: Any, name: str) -> Any:
    if value is None:
        return None
    try:
        return Decimal(str(value)) if kind == "money" else int(value) if kind == "integer" else _a_date(value)
    except (ValueError, TypeError, InvalidOperation) as error:
        raise _bad(f"columns.{name}", f"{value} is no bound for {kind}") from error


def _a_date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _history(spec: dict[str, Any]) -> History:
    if missing := {"at", "state", "step"} - set(spec):
        raise _bad("history", f"missing: {', '.join(sorted(missing))}")
    return History(
        at=spec["at"],
        state=spec["state"],
        reopened_by=spec.get("reopened_by"),
        order_by=tuple(spec.get("order_by", ())),
        same=tuple(spec.get("same", ())),
        step=spec["step"],
    )


def _rows(spec: dict[str, Any]) -> Rows:
    more = tuple(Items(**_items(each, f"rows.more.{at}", ITEMS)) for at, each in enumerate(spec.get("more") or ()))
    return Rows(**_items(spec, "rows", ITEMS | {"same", "more"}), same=tuple(spec.get("same", ())), more=more)


def _items(spec: dict[str, Any], where: str, known: set[str]) -> dict[str, Any]:
    if missing := {"into", "each"} - set(spec):
        raise _bad(where, f"missing: {', '.join(sorted(missing))}")
    if unknown := set(spec) - known:
        raise _bad(where, f"unknown keys: {', '.join(sorted(map(str, unknown)))}")
    by = spec.get("by")
    if by is not None and by not in spec["each"]:
        raise _bad(where, f"by names no field of each: {by}")
    into = tuple(str(spec["into"]).split("."))
    return {"into": into, "each": spec["each"], "by": by, "otherwise": dict(spec.get("otherwise") or {})}


def _check_references(mapping: Mapping) -> None:
    """Every column that is spoken of is declared."""
    used = {mapping.reference, *([mapping.within] if mapping.within else [])} | columns_of(
        mapping.record, mapping.params
    )
    for column in mapping.columns.values():
        used |= {*column.only_with, *column.required_with, *column.needs}
        used |= {column.not_before} if column.not_before else set()
    if mapping.contract:
        used |= columns_of(mapping.contract, mapping.params, "contract")
        used |= columns_of(mapping.contract_reference, mapping.params, "contract.reference")
    if history := mapping.history:
        used |= {history.at, history.state, *history.order_by, *history.same}
        used |= {history.reopened_by} if history.reopened_by else set()
        used |= columns_of(history.step, mapping.params, "history.step")
    if mapping.rows:
        used |= set(mapping.rows.same)
        for rule in (mapping.rows, *mapping.rows.more):
            used |= columns_of([rule.each, rule.otherwise], mapping.params, "rows.each")
    if undeclared := used - set(mapping.columns):
        raise _bad("columns", f"not declared: {', '.join(sorted(undeclared))}")


def _like(default: Any, name: str, text: str) -> Any:
    try:
        if isinstance(default, date):
            return date.fromisoformat(text)
        return int(text) if isinstance(default, int) else text
    except ValueError as error:
        raise _bad("params", f"{name}={text}: expected something like {default}") from error


def _bad(where: str, message: str) -> Invalid:
    return Invalid("import.mapping-invalid", problems=[{"path": where, "code": "mapping", "message": message}])
