"""The catalogue of service types, and the templates from which contracts begin."""

from __future__ import annotations

from flask import Response

from gateway.api.calls import ask, local
from gateway.api.schemas.customers import NewServiceType
from gateway.pages.console.forms import given
from gateway.pages.console.frame import Answer, blp, loaded, may, written
from gateway.pages.console.settings.forms import NOTHING, Action, Again, named, shown

HERE = "/console/settings/catalogue"


@blp.get("/settings/catalogue")
def console_catalogue() -> Response:
    return _page(NOTHING)


@blp.get("/settings/templates/<string:template_id>")
def console_template(template_id: str) -> Response:
    """What a draft from this template begins with."""
    return shown("template", NOTHING, model=ask("contracts", "template", template_id=template_id))


def _page(again: Again) -> Response:
    types = local("service_types", retired=True, limit=200)["items"]
    templates = ask("contracts", "templates", include_retired=True).get("items", []) if may("list_templates") else []
    return shown("catalogue", again, types=types, templates=templates)


def _define() -> Answer:
    data = loaded(NewServiceType, given("code", "name", "description"))
    return written("contracts", "define_service_type", data, made="service-type")


def _retire() -> Answer:
    return written("contracts", "retire_service_type", {"service_type_id": named("service_type_id")})


def _retire_template() -> Answer:
    return written("contracts", "retire_template", {"template_id": named("template_id")})


ACTIONS = {
    "define_service_type": Action(_define, _page, lambda: HERE),
    "retire_service_type": Action(_retire, _page, lambda: HERE),
    "retire_template": Action(_retire_template, _page, lambda: f"{HERE}#templates"),
}
