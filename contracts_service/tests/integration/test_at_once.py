"""Many at once: one series of numbers without doubles or holes, and no document twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from contracts_service.domain.contract_commands import ActivateContract
from contracts_service.domain.customer_messages import CustomerKind, RegisterCustomer
from contracts_service.domain.provider import RegisterProvider
from contracts_service.domain.service_type import DefineServiceType
from contracts_service.tests.integration.store import StoreApp
from contracts_service.tests.samples import CNPJ, CPF, at, draft
from services.errors import Conflict, Refused


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run ``work(0)`` … ``work(count - 1)`` in threads that begin together; errors come back as values."""
    barrier = Barrier(count)

    def run(place: int) -> Any:
        barrier.wait()
        try:
            return work(place)
        except (Refused, Conflict) as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_contracts_that_are_activated_at_once_get_different_numbers_without_holes(app: StoreApp) -> None:
    app.execute(RegisterProvider("p1", "Vértice Ltda.", CNPJ))
    app.execute(DefineServiceType("s1", "MAN", "Manutenção"))
    app.execute(RegisterCustomer("k1", CustomerKind.PERSON, person_name="Ana", cpf=CPF))
    for n in range(6):
        app.execute(draft(contract_id=f"c{n}"))

    def activate(n: int) -> Any:
        command = ActivateContract(f"c{n}", at("2026-03-10"))
        while True:  # three tries may not be enough for six at once: the caller sends the same command again
            try:
                return app.execute(command, id=f"activate-{n}")
            except Conflict:
                continue

    at_once(6, activate)
    numbers = sorted(item["number"] for item in app.query("contracts")["items"])
    assert numbers == [f"2026/{n:06d}" for n in range(1, 7)]


def test_of_two_customers_with_one_document_the_second_is_refused(app: StoreApp) -> None:
    def register(n: int) -> Any:
        return app.execute(RegisterCustomer(f"k{n}", CustomerKind.PERSON, person_name="Ana", cpf=CPF))

    outcomes = at_once(2, register)
    codes = [outcome.code for outcome in outcomes if isinstance(outcome, Refused)]
    assert codes == ["customer.document-taken"]
