"""Service type: an entry of the catalogue. Contracts keep their own copy of its name and their own terms for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.decider import Decider, command, doc, event
from services.errors import NotFound, Refused


@command
class DefineServiceType:
    """Enter a service type, or give it another name; a retired one comes back."""

    service_type_id: str
    code: str
    name: str
    description: str | None = None
    only_new: bool = doc("leave one that is known as it is", default=False)


@command
class RetireServiceType:
    """No new contract takes it up; contracts that have it keep it."""

    service_type_id: str


@event("contracts.servicetype.defined")
class ServiceTypeDefined:
    service_type_id: str
    code: str
    name: str
    description: str | None


@event("contracts.servicetype.retired")
class ServiceTypeRetired:
    service_type_id: str


Command = DefineServiceType | RetireServiceType
Event = ServiceTypeDefined | ServiceTypeRetired


@dataclass(frozen=True, slots=True)
class ServiceType:
    defined: ServiceTypeDefined | None = None
    retired: bool = False


def decide(command: Command, service_type: ServiceType) -> list[Event]:
    match command:
        case DefineServiceType(only_new=True) if service_type.defined:
            return []
        case DefineServiceType(id_, code, name, description):
            code, name = code.strip(), name.strip()
            if not code or not name:
                raise Refused("servicetype.name-missing")
            if service_type.defined and service_type.defined.code != code:
                raise Refused("servicetype.code-fixed", code=service_type.defined.code)
            defined = ServiceTypeDefined(id_, code, name, description)
            return [] if defined == service_type.defined and not service_type.retired else [defined]
        case RetireServiceType(id_):
            if service_type.defined is None:
                raise NotFound("servicetype.unknown", service_type_id=id_)
            return [] if service_type.retired else [ServiceTypeRetired(id_)]


def evolve(service_type: ServiceType, event: Event) -> ServiceType:
    match event:
        case ServiceTypeDefined():
            return ServiceType(event)
        case ServiceTypeRetired():
            return replace(service_type, retired=True)


DECIDER: Decider[Command, ServiceType, Event] = Decider(ServiceType(), decide, evolve)
COMMANDS = (DefineServiceType, RetireServiceType)
EVENTS = (ServiceTypeDefined, ServiceTypeRetired)
