"""Templates of contracts, and the questions for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Column, String, Table, Text

from contracts_service.views.metadata import METADATA
from services.component import Context, View
from services.errors import NotFound
from services.events import Incoming
from services.rows import Rows
from services.store.types import JsonText

templates = Table(
    "templates",
    METADATA,
    Column("template_id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("terms", JsonText, nullable=False),
    Column("retired", Boolean, nullable=False),
)


class TemplatesView(View):
    name = "templates"
    source = "contracts"
    tables = (templates,)

    def fold(self, event: Incoming, rows: Rows, *_: Any) -> None:
        match event.type:
            case "contracts.template.defined":
                names = ("template_id", "name", "description", "terms")
                rows.put(templates, **{name: event.data[name] for name in names}, retired=False)
            case "contracts.template.retired":
                rows.put(templates, template_id=event.data["template_id"], retired=True)


@dataclass(frozen=True, slots=True)
class TemplatesQuestion:
    include_retired: bool = False


@dataclass(frozen=True, slots=True)
class TemplateQuestion:
    template_id: str


def list_templates(asked: TemplatesQuestion, rows: Rows, _: Context) -> dict[str, Any]:
    where = [] if asked.include_retired else [templates.c.retired.is_(False)]
    names = ("template_id", "name", "description", "retired")
    found = rows.find(templates, *where, order_by=(templates.c.name, templates.c.template_id))
    return {"items": [{name: row[name] for name in names} for row in found]}


def one_template(asked: TemplateQuestion, rows: Rows, _: Context) -> dict[str, Any]:
    row = rows.get(templates, template_id=asked.template_id)
    if row is None:
        raise NotFound("template.unknown", template_id=asked.template_id)
    return row
