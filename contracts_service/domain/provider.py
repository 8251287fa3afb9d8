"""Provider company: the user's own CNPJ or branch, with letterhead, Pix key, bank account and number series."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace

from contracts_service.domain.bank import BankDetails, checked
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
    bank: BankDetails | None = doc("the account that is paid, and its agreement for boletos", default=None)
    phone: str | None = None
    email: str | None = None
    logo_sha256: str | None = doc("an uploaded PNG or JPEG that stands above its papers", default=None)


@command
class ChangeBank:
    """Where the company is paid from now on; none: nowhere by boleto."""

    provider_id: str
    bank: BankDetails | None = None


@command
class ChangeLetterhead:
    """All that stands above the company's papers, and its Pix key: what is left out is taken off."""

    provider_id: str
    trade_name: str | None = None
    address: str | None = None
    city: str | None = None
    state: str = "SP"
    pix_key: str | None = None
    phone: str | None = None
    email: str | None = None
    logo_sha256: str | None = None


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
    bank: BankDetails | None = None
    phone: str | None = None
    email: str | None = None
    logo_sha256: str | None = None


@event("contracts.provider.bank_changed")
class BankChanged:
    provider_id: str
    bank: BankDetails | None


@event("contracts.provider.letterhead_changed")
class LetterheadChanged:
    provider_id: str
    trade_name: str | None
    address: str | None
    city: str | None
    state: str
    pix_key: str | None
    phone: str | None
    email: str | None
    logo_sha256: str | None


@event("contracts.provider.series_changed")
class NumberSeriesChanged:
    provider_id: str
    prefix: str
    digits: int
    yearly: bool


Command = RegisterProvider | ChangeNumberSeries | ChangeBank | ChangeLetterhead
Event = ProviderRegistered | NumberSeriesChanged | BankChanged | LetterheadChanged
DIGITS = (1, 9)


@dataclass(frozen=True, slots=True)
class Provider:
    registered: ProviderRegistered | None = None
    series: NumberSeriesChanged | None = None
    bank: BankDetails | None = None
    letterhead: LetterheadChanged | None = None


def decide(command: Command, provider: Provider) -> list[Event]:
    match command:
        case RegisterProvider():
            return _register(command, provider)
        case ChangeNumberSeries():
            return _change_series(command, provider)
        case ChangeBank(provider_id, bank):
            _registered(command, provider)
            bank = checked(bank) if bank else None
            return [] if bank == provider.bank else [BankChanged(provider_id, bank)]
        case ChangeLetterhead():
            return _change_letterhead(command, provider)


def _registered(command: Command, provider: Provider) -> ProviderRegistered:
    if provider.registered is None:
        raise NotFound("provider.unknown", provider_id=command.provider_id)
    return provider.registered


def _change_letterhead(command: ChangeLetterhead, provider: Provider) -> list[Event]:
    registered = _registered(command, provider)
    if command.state not in STATES:
        raise Refused("provider.state-unknown", state=command.state)
    changed = _letterhead(command)
    return [] if changed == (provider.letterhead or _letterhead(registered)) else [changed]


def _letterhead(of: ChangeLetterhead | ProviderRegistered) -> LetterheadChanged:
    return LetterheadChanged(**{each.name: getattr(of, each.name) for each in dataclasses.fields(LetterheadChanged)})


def _change_series(command: ChangeNumberSeries, provider: Provider) -> list[Event]:
    registered = _registered(command, provider)
    low, high = DIGITS
    if not low <= command.digits <= high:
        raise Refused("provider.digits-out-of-range", low=low, high=high)
    first = NumberSeriesChanged(command.provider_id, registered.number_prefix, 6, True)
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
    bank = checked(command.bank) if command.bank else None
    registered = ProviderRegistered(**{**values, "cnpj": normalised(command.cnpj), "bank": bank})
    if provider.registered is None:
        return [registered]
    if provider.registered == registered:
        return []
    raise Refused("provider.exists", provider_id=command.provider_id)


def evolve(provider: Provider, event: Event) -> Provider:
    match event:
        case ProviderRegistered():
            return Provider(event, bank=event.bank)
        case NumberSeriesChanged():
            return replace(provider, series=event)
        case BankChanged():
            return replace(provider, bank=event.bank)
        case LetterheadChanged():
            return replace(provider, letterhead=event)


DECIDER: Decider[Command, Provider, Event] = Decider(Provider(), decide, evolve)
COMMANDS = (RegisterProvider, ChangeNumberSeries, ChangeBank, ChangeLetterhead)
EVENTS = (ProviderRegistered, NumberSeriesChanged, BankChanged, LetterheadChanged)
