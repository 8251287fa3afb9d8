"""Provider company: the user's own CNPJ or branch, with letterhead, Pix key and number series."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace

from contracts_service.domain.days import is_time_zone
from contracts_service.domain.documents import is_cnpj, normalised
from contracts_service.domain.terms_check import STATES
from services.decider import Decider, command, doc, event
from services.errors import NotFound, Refused


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
    branch_of: str | None = doc("the provider of which it is a branch", default=None)


@command
class ChangeNumberSeries:
    """How the numbers of this company's or branch's next contracts look. Numbers that were given stay."""

    provider_id: str
    prefix: str = ""
    digits: int = 6
    yearly: bool = doc("2026/000001, from 1 again each year; else 000001 for ever on", default=True)


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
    branch_of: str | None = None


@event("contracts.provider.series_changed")
class NumberSeriesChanged:
    provider_id: str
    prefix: str
    digits: int
    yearly: bool


Command = RegisterProvider | ChangeNumberSeries
Event = ProviderRegistered | NumberSeriesChanged
DIGITS = (1, 9)


@dataclass(frozen=True, slots=True)
class Provider:
    registered: ProviderRegistered | None = None
    series: NumberSeriesChanged | None = None


def decide(command: Command, provider: Provider) -> list[Event]:
    match command:
        case RegisterProvider():
            return _register(command, provider)
        case ChangeNumberSeries():
            return _change_series(command, provider)


def _change_series(command: ChangeNumberSeries, provider: Provider) -> list[Event]:
    if provider.registered is None:
        raise NotFound("provider.unknown", provider_id=command.provider_id)
    low, high = DIGITS
    if not low <= command.digits <= high:
        raise Refused("provider.digits-out-of-range", low=low, high=high)
    first = NumberSeriesChanged(command.provider_id, provider.registered.number_prefix, 6, True)
    changed = NumberSeriesChanged(command.provider_id, command.prefix.strip(), command.digits, command.yearly)
    return [] if changed == (provider.series or first) else [changed]


def _register(command: RegisterProvider, provider: Provider) -> list[Event]:
    if command.branch_of == command.provider_id:
        raise Refused("provider.branch-of-itself")
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


def evolve(provider: Provider, event: Event) -> Provider:
    match event:
        case ProviderRegistered():
            return Provider(event)
        case NumberSeriesChanged():
            return replace(provider, series=event)


DECIDER: Decider[Command, Provider, Event] = Decider(Provider(), decide, evolve)
COMMANDS = (RegisterProvider, ChangeNumberSeries)
EVENTS = (ProviderRegistered, NumberSeriesChanged)
