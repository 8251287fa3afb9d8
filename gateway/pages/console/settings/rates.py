"""Tables that others publish: rates of taxes withheld at source, and values of indices; read, and loaded from a file."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Response, request

from gateway.api.calls import ask, local
from gateway.api.schemas.bulk_terms import INDICES, IndexValues
from gateway.api.schemas.money import NewRates, Rate
from gateway.pages.console.forms import given, number
from gateway.pages.console.frame import Answer, asked_day, blp, loaded, local_today, written
from gateway.pages.console.settings.forms import NOTHING, Action, Again, file_text, named, shown
from services.errors import Invalid

COLUMNS = {
    "tax": ("imposto", "tributo", "tax"),
    "percent": ("aliquota", "alíquota", "percentual", "percent", "rate"),
    "valid_from": ("de", "vigente de", "valid_from", "from"),
    "valid_until": ("ate", "até", "vigente até", "valid_until", "until"),
    "service_type_id": ("servico", "serviço", "service", "service_type_id"),
    "base_percent": ("base", "base %", "base_percent"),
    "minimum": ("minimo", "mínimo", "minimum"),
    "law": ("lei", "law"),
}
NUMBERS = ("percent", "base_percent", "minimum")
SHOWN = 36
"""Months of an index that the page lists; the API has all."""


@blp.get("/settings/withholding")
def console_withholding() -> Response:
    return _taxes(NOTHING)


@blp.get("/settings/indices")
def console_indices() -> Response:
    return _indices(NOTHING)


def _taxes(again: Again) -> Response:
    day = asked_day() or local_today()
    found = ask("billing", "withholding_rates", on=day).get("items", [])
    names = {each["service_type_id"]: each["name"] for each in _types()}
    return shown("withholding", again, rates=found, on=day, names=names)


def _types() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = local("service_types", retired=True, limit=200)["items"]
    return found


def _indices(again: Again) -> Response:
    asked = request.values.get("index", "")
    index = asked if asked in INDICES else INDICES[0]
    answer = ask("contracts", "index_values", index=index)
    values = [each for each in answer.get("items", []) if each["index"] == index]
    last = (answer.get("last") or {}).get(index)
    return shown("indices", again, indices=INDICES, index=index, values=values[::-1][:SHOWN], last=last)


def _load_rates() -> Answer:
    data = loaded(NewRates, {"rates": _rows(file_text()), "source": request.form.get("source", "").strip()})
    return written("billing", "load_withholding_rates", data)


def _rows(text: str) -> list[dict[str, Any]]:
    """The file's rates, by its first line's titles. Raises ``Invalid`` that names each line that is none."""
    sign = ";" if text.partition("\n")[0].count(";") >= text.partition("\n")[0].count(",") else ","
    table = list(csv.reader(io.StringIO(text), delimiter=sign))
    titles = [_column(title) for title in table[0]] if table else []
    if missing := [each for each in ("tax", "percent", "valid_from") if each not in titles]:
        message = ", ".join(COLUMNS[each][0] for each in missing)
        raise Invalid(problems=[{"path": "1", "code": "missing", "message": message}])
    types = {each["code"]: each["service_type_id"] for each in _types()}
    rates, problems = [], []
    for line, row in enumerate(table[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        rate = {name: value.strip() for name, value in zip(titles, row, strict=False) if name and value.strip()}
        rate = {name: number(value) if name in NUMBERS else value for name, value in rate.items()}
        rate |= {name: _iso(rate[name]) for name in ("valid_from", "valid_until") if name in rate}
        if "service_type_id" in rate:
            rate["service_type_id"] = types.get(rate["service_type_id"], rate["service_type_id"])
        if wrong := Rate().validate(rate):
            said = "; ".join(f"{COLUMNS[name][0]}: {' '.join(map(str, why))}" for name, why in wrong.items())
            problems.append({"path": str(line), "code": "value", "message": said})
        rates.append(rate)
    if problems:
        raise Invalid(problems=problems)
    return rates


def _column(title: str) -> str:
    said = title.strip().lower()
    return next((name for name, known in COLUMNS.items() if said in known), "")


def _iso(text: str) -> str:
    """ "31/12/2026" as the API writes it."""
    parts = text.split("/")
    return f"{parts[2]}-{parts[1]:0>2}-{parts[0]:0>2}" if len(parts) == 3 else text


def _load_values() -> Answer:
    values: dict[str, Any] = {"table": file_text(), **given("source"), "correct": request.form.get("correct") == "1"}
    return written("contracts", "load_index_values", {**loaded(IndexValues, values), "index": named("index")})


ACTIONS = {
    "load_withholding_rates": Action(_load_rates, _taxes, lambda: "/console/settings/withholding"),
    "load_index_values": Action(
        _load_values, _indices, lambda: f"/console/settings/indices?index={request.form.get('index', '')}"
    ),
}
