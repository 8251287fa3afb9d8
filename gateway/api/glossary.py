"""Says what each field and parameter of the OpenAPI document means, with an example: glossary.toml, where a schema does not.

One word has one meaning in the whole API (the names are the field's standard terms), so it is explained once.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

Word = tuple[str, Any]
WORDS = Path(__file__).with_suffix(".toml")
_NONE = object()


def words() -> dict[str, Word]:
    """Meaning and example (or none) by field name, or by ``Schema.name``."""
    told = tomllib.loads(WORDS.read_text("utf-8"))
    return {name: (word, _NONE) if isinstance(word, str) else (word[0], word[1]) for name, word in told.items()}


def explain(spec: dict[str, Any]) -> None:
    """Give every property and parameter of the document the description and example that it lacks."""
    known = words()
    for schema, shape in spec["components"]["schemas"].items():
        for name, field in shape.get("properties", {}).items():
            if "$ref" not in field:
                _explain(name, field, field, known.get(f"{schema}.{name}") or known.get(name))
    for methods in spec["paths"].values():
        for operation in methods.values():
            parameters = operation if isinstance(operation, list) else operation.get("parameters", [])
            for parameter in parameters:
                if "$ref" not in parameter:
                    name = parameter["name"]
                    _explain(name, parameter, parameter.setdefault("schema", {}), known.get(name))


def _explain(name: str, described: dict[str, Any], shape: dict[str, Any], word: Word | None) -> None:
    if word is not None and not described.get("description"):
        described["description"] = word[0]
    if "example" in shape or "examples" in shape or "$ref" in shape or shape.get("type") in ("array", "object"):
        return
    if (example := _example(name, shape, word)) is not _NONE:
        shape["example"] = example


def _example(name: str, shape: dict[str, Any], word: Word | None) -> Any:
    """The schema's own values, then the glossary's example if it is of the field's type."""
    if allowed := [value for value in shape.get("enum", ()) if value is not None]:
        return allowed[0]
    if word is not None and word[1] is not _NONE and _fits(word[1], shape):
        return word[1]
    kinds = _kinds(shape)
    if name.endswith("_id") and "string" in kinds:
        return "0193a1b2-7c44-7d2e-9f00-5a6b7c8d9e0f"
    if "boolean" in kinds:
        return True
    if shape.get("format") == "date":
        return "2026-11-24"
    if shape.get("format") == "date-time":
        return "2026-11-24T12:30:00Z"
    return _NONE


def _fits(example: Any, shape: dict[str, Any]) -> bool:
    kinds = _kinds(shape)
    if isinstance(example, bool):
        return "boolean" in kinds
    if isinstance(example, int):
        least, most = shape.get("minimum", example), shape.get("maximum", example)
        return bool(kinds & {"integer", "number"}) and least <= example <= most
    return isinstance(example, str) and "string" in kinds


def _kinds(shape: dict[str, Any]) -> set[str]:
    kind = shape.get("type", ())
    return {kind} if isinstance(kind, str) else set(kind)
