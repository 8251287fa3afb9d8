"""Templates of contracts: named terms from which drafts begin."""

from __future__ import annotations

from dataclasses import dataclass

from contracts_service.domain.terms import ContractTerms
from contracts_service.domain.terms_check import check
from services.decider import Decider, command, doc, event
from services.errors import NotFound, Refused


@command
class DefineTemplate:
    """A template, or what is to be in it from now on. Contracts that were made from it stay as they are."""

    template_id: str
    name: str
    terms: ContractTerms = doc("its days only say how far from its beginning things are")
    description: str = ""


@command
class RetireTemplate:
    template_id: str


@event("contracts.template.defined")
class TemplateDefined:
    template_id: str
    name: str
    description: str
    terms: ContractTerms


@event("contracts.template.retired")
class TemplateRetired:
    template_id: str


Command = DefineTemplate | RetireTemplate
Event = TemplateDefined | TemplateRetired


@dataclass(frozen=True, slots=True)
class Template:
    defined: TemplateDefined | None = None
    retired: bool = False


def decide(command: Command, template: Template) -> list[Event]:
    match command:
        case DefineTemplate(template_id, name, terms, description):
            if not name.strip():
                raise Refused("template.name-missing")
            check(terms)
            defined = TemplateDefined(template_id, name.strip(), description.strip(), terms)
            return [] if template == Template(defined) else [defined]
        case RetireTemplate(template_id):
            if template.defined is None:
                raise NotFound("template.unknown", template_id=template_id)
            return [] if template.retired else [TemplateRetired(template_id)]


def evolve(template: Template, event: Event) -> Template:
    match event:
        case TemplateDefined():
            return Template(event)
        case TemplateRetired():
            return Template(template.defined, retired=True)


DECIDER: Decider[Command, Template, Event] = Decider(Template(), decide, evolve)
COMMANDS = (DefineTemplate, RetireTemplate)
EVENTS = (TemplateDefined, TemplateRetired)
