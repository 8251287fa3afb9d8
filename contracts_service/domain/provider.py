"""Provider company: the user's own CNPJ or branch, with letterhead, Pix key and number series."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from contracts_service.domain.days import is_time_zone
from contracts_service.domain.documents import is_cnpj, normalised
from contracts_service.domain.terms_check import STATES
from services.decider import Decider, command, doc, event
from services.errors import Refused


@command
class RegisterProvider:
    provider_id: str
    legal_name: str
    cnpj: str = doc("numeric or alphanumeric, with or without punctuation")
    trade_name: str | None = None
    address: str | None = None
    city: str | None = None
    state: str = "SP"
    pix_key: str | None = None
    time_zone: str = "America/Sao_Paulo"
    number_prefix: str = doc("stands before the contracts' numbers", default="")


@event("contracts.provider.registered")
class ProviderRegistered:
    provider_id: str
    legal_name: str
    trade_name: str | None
    cnpj: str = doc("14 capitals and digits, without punctuation")
    address: str | None
    city: str | None
    state: str
    pix_key: str | None
    time_zone: str
    number_prefix: str


@dataclass(frozen=True, slots=True)
class Provider:
    registered: ProviderRegistered | None = None


def decide(command: RegisterProvider, provider: Provider) -> list[ProviderRegistered]:
    if not is_cnpj(command.cnpj):
        raise Refused("provider.cnpj-invalid", cnpj=command.cnpj)
    if not command.legal_name.strip():
        raise Refused("provider.name-missing")
    if command.state not in STATES:
        raise Refused("provider.state-unknown", state=command.state)
    if not is_time_zone(command.time_zone):
        raise Refused("provider.time-zone-unknown", time_zone=command.time_zone)
    values = {each.name: getattr(command, each.name) for each in dataclasses.fields(command)}
    registered = ProviderRegistered(**{**values, "cnpj": normalised(command.cnpj)})
    if provider.registered is None:
        return [registered]
    if provider.registered == registered:
        return []
    raise Refused("provider.exists", provider_id=command.provider_id)


def evolve(_: Provider, event: ProviderRegistered) -> Provider:
    return Provider(event)


DECIDER: Decider[RegisterProvider, Provider, ProviderRegistered] = Decider(Provider(), decide, evolve)
COMMANDS = (RegisterProvider,)
EVENTS = (ProviderRegistered,)
