"""Provider companies and the catalogue of service types."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contracts_service.domain import provider, service_type
from contracts_service.domain.provider import (
    ChangeNumberSeries,
    NumberSeriesChanged,
    ProviderRegistered,
    RegisterProvider,
)
from contracts_service.domain.service_type import (
    DefineServiceType,
    RetireServiceType,
    ServiceTypeDefined,
    ServiceTypeRetired,
)
from contracts_service.tests.samples import ALPHANUMERIC_CNPJ
from services.errors import NotFound
from services.testing.decider import DeciderSpec

providers = DeciderSpec(provider.DECIDER)
catalogue = DeciderSpec(service_type.DECIDER)

REGISTER = RegisterProvider("p1", "Vértice Manutenções Ltda.", ALPHANUMERIC_CNPJ, city="Campinas")
REGISTERED = ProviderRegistered(
    "p1",
    "Vértice Manutenções Ltda.",
    None,
    "12ABC34501DE35",
    None,
    "Campinas",
    "SP",
    None,
    "America/Sao_Paulo",
    "",
)
DEFINE = DefineServiceType("s1", "MAN", "Manutenção")
DEFINED = ServiceTypeDefined("s1", "MAN", "Manutenção", None)


def test_a_provider_is_registered_once() -> None:
    providers.when(REGISTER).then(REGISTERED)
    providers.given(REGISTERED).when(REGISTER).then_nothing()
    providers.given(REGISTERED).when(replace(REGISTER, city="Santos")).then_refused("provider.exists")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(REGISTER, cnpj="11.222.333/0001-82"), "provider.cnpj-invalid"),
        (replace(REGISTER, legal_name=""), "provider.name-missing"),
        (replace(REGISTER, state="ZZ"), "provider.state-unknown"),
        (replace(REGISTER, time_zone="Brasilia"), "provider.time-zone-unknown"),
        (replace(REGISTER, branch_of="p1"), "provider.branch-of-itself"),
    ],
)
def test_a_wrong_provider_is_refused(command: RegisterProvider, code: str) -> None:
    providers.when(command).then_refused(code)


def test_each_company_and_branch_has_a_number_series_of_its_own_form() -> None:
    change = ChangeNumberSeries("p1", " F2- ", 5, yearly=False)
    changed = NumberSeriesChanged("p1", "F2-", 5, False)
    providers.given(REGISTERED).when(change).then(changed)
    providers.given(REGISTERED, changed).when(change).then_nothing()
    providers.given(REGISTERED).when(ChangeNumberSeries("p1")).then_nothing()
    providers.given(REGISTERED).when(replace(change, digits=0)).then_refused("provider.digits-out-of-range")
    with pytest.raises(NotFound):
        providers.when(change).events()


def test_a_service_type_is_defined_renamed_and_retired() -> None:
    catalogue.when(DEFINE).then(DEFINED)
    catalogue.given(DEFINED).when(DEFINE).then_nothing()
    catalogue.given(DEFINED).when(replace(DEFINE, name="Manutenção predial")).then(
        replace(DEFINED, name="Manutenção predial")
    )
    catalogue.given(DEFINED).when(RetireServiceType("s1")).then(ServiceTypeRetired("s1"))
    catalogue.given(DEFINED, ServiceTypeRetired("s1")).when(RetireServiceType("s1")).then_nothing()


def test_an_import_leaves_a_known_service_type_as_it_is() -> None:
    again = replace(DEFINE, name="Outro nome", only_new=True)
    catalogue.given(DEFINED).when(again).then_nothing()
    catalogue.given(DEFINED, ServiceTypeRetired("s1")).when(again).then_nothing()
    catalogue.when(replace(DEFINE, only_new=True)).then(DEFINED)


def test_a_retired_service_type_comes_back_when_it_is_defined_again() -> None:
    catalogue.given(DEFINED, ServiceTypeRetired("s1")).when(DEFINE).then(DEFINED)


def test_a_service_types_code_stays() -> None:
    catalogue.given(DEFINED).when(replace(DEFINE, code="X")).then_refused("servicetype.code-fixed")
    catalogue.when(replace(DEFINE, code=" ")).then_refused("servicetype.name-missing")


def test_what_is_not_defined_cannot_be_retired() -> None:
    with pytest.raises(NotFound):
        catalogue.when(RetireServiceType("s9")).events()
