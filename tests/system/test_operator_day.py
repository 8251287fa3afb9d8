"""An operator's day in a real browser: all is well; an event is parked, tried again, discarded with a reason; views are rebuilt;
a stream is inspected; who only reads cannot act. Every page without a serious finding of axe-core, desktop and phone."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from services.events import Envelope, parse_envelope
from services.parking import park
from services.store.database import Database
from services.subscriptions import subscriptions_of
from tests.system.browser import PHONE
from tests.system.house import House
from tests.system.seeing import EMBEDDED, entered, looked_at
from tests.system.visitor import Problem, Visitor

pytestmark = EMBEDDED

VIEW = "view.customers"


@pytest.fixture(scope="module")
def watched(house: House) -> House:
    house.system.add_user("otavio", "operator")
    house.system.add_user("marta", "manager")
    house.settle()
    return house


def at_work(chrome: Browser, house: House, login: str) -> Page:
    _, page = entered(chrome, house, login)
    page.goto(f"{house.system.url}/console/operations")
    expect(page.get_by_role("heading", name="Operação", level=1)).to_be_visible()
    return page


def parked(house: House, number: int, data: dict[str, Any] | None = None) -> Envelope:
    """As if the gateway's view had not been able to take this customer's event. ``data``: what it cannot take at all."""
    from gateway.wiring import component

    events = house.office.get("operations/contracts/feed", after=-1, limit=500)["events"]
    told = [each for each in events if each["type"] == "contracts.customer.registered"][number]
    envelope = parse_envelope(json.dumps({**told, **({"data": data} if data is not None else {})}))
    (subscription,) = [each for each in subscriptions_of(component()) if each.name == VIEW]
    database = Database(house.system.gateway_database)
    try:
        with database.write() as conn:
            park(conn, subscription, envelope, "KeyError: 'um motivo'")
    finally:
        database.dispose()
    return envelope


def test_parked_is_told_tried_again_and_discarded(watched: House, chrome: Browser) -> None:
    page = at_work(chrome, watched, "otavio")
    expect(page.get_by_role("status").first).to_contain_text("Tudo em ordem.")
    expect(page.get_by_text("Atualiza sozinha")).to_be_visible()

    healing = parked(watched, 0)
    stubborn = parked(watched, 1, {"customer_id": ["not", "an", "id"], "profile": "none"})
    expect(page.get_by_role("status").first).to_contain_text(
        "gateway: 2 evento(s) retido(s)", timeout=25_000
    )  # by itself
    looked_at(page, "operations-parked", also=PHONE)
    page.get_by_role("link", name="O que fazer").first.click()
    expect(page).to_have_url(re.compile("runbook#parked"))
    looked_at(page, "operations-runbook", also=PHONE)

    page.goto(f"{watched.system.url}/console/operations/gateway")
    held = page.get_by_role("listitem").filter(has_text=healing.subject)
    page.set_default_timeout(10_000)
    held.get_by_text("O que contêm").click()
    expect(held.locator(".payload")).to_contain_text("customer_id")
    assert "sealed" not in held.locator(".payload").inner_text()
    looked_at(page, "operations-service", also=PHONE)
    held.get_by_role("button", name="Tentar de novo").click()
    expect(page.get_by_text("Feito de novo: o que estava retido seguiu.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=healing.subject)).to_have_count(0)

    held = page.get_by_role("listitem").filter(has_text=stubborn.subject)
    held.get_by_role("button", name="Tentar de novo").click()
    expect(page.get_by_role("alert")).to_contain_text("Falhou de novo")
    held = page.get_by_role("listitem").filter(has_text=stubborn.subject)
    held.get_by_text("Descartar o primeiro").click()
    held.get_by_label(re.compile("Motivo")).fill("Evento de teste")
    held.get_by_label(re.compile("nunca será tratado")).check()
    held.get_by_role("button", name="Descartar", exact=True).click()
    expect(page.get_by_text("Nada retido.")).to_be_visible()
    (kept, *_) = watched.office.get("operations/gateway")["discarded"]
    assert (kept["reason"], kept["event"]) == ("Evento de teste", f"{stubborn.subject}@{stubborn.streamversion}")
    assert kept["actor"].startswith("user:")
    assert f'"by":"{kept["actor"].removeprefix("user:")}"' in watched.system.output().replace(": ", ":")
    page.goto(f"{watched.system.url}/console/operations")
    expect(page.get_by_role("status").first).to_contain_text("Tudo em ordem.")
    looked_at(page, "operations", also=PHONE)
    page.context.close()


def test_a_view_is_rebuilt_and_fills_again(watched: House, chrome: Browser) -> None:
    page = at_work(chrome, watched, "otavio")
    for service, view, end in (
        ("gateway", "customers", "recomeçou do primeiro evento"),
        ("contracts", None, "reconstruída"),
    ):
        page.goto(f"{watched.system.url}/console/operations/{service}")
        name = view or watched.office.get(f"operations/{service}")["figures"]["views"]["own"][0]
        item = (
            page.get_by_role("region", name="Visões")
            .get_by_role("listitem")
            .filter(has_text=f"Reconstruir {name}")
            .first
        )
        item.get_by_text(f"Reconstruir {name}").click()
        item.get_by_label(re.compile("Motivo")).fill("Conferência")
        item.get_by_role("checkbox").check()
        item.get_by_role("button", name="Reconstruir", exact=True).click()
        expect(page.get_by_text("Reconstrução iniciada.")).to_be_visible()
        expect(page.locator("#rebuilds")).to_contain_text(end, timeout=25_000)
    watched.settle()
    assert {each["name"] for each in watched.office.list("customers")} >= {"Clínica Boa Vista Ltda."}
    page.context.close()


def test_streams_and_events_are_found_by_their_ids(watched: House, chrome: Browser) -> None:
    page = at_work(chrome, watched, "otavio")
    page.get_by_label(re.compile("Evento, fluxo")).fill(f"customer-{watched.customer_id}@1")
    page.get_by_role("button", name="Procurar", exact=True).click()
    expect(page).to_have_url(re.compile("/console/operations/contracts/streams"))
    expect(page.get_by_role("heading", name="contracts.customer.registered")).to_be_visible()
    assert "sealed" not in "".join(page.locator(".payload").all_inner_texts())
    looked_at(page, "operations-stream", also=PHONE)
    page.get_by_role("link", name="o percurso").first.click()
    expect(page.get_by_role("heading", name="Tudo sobre um atendimento")).to_be_visible()
    page.context.close()


def test_a_manager_reads_and_does_not_act(watched: House, chrome: Browser) -> None:
    page = at_work(chrome, watched, "marta")
    page.goto(f"{watched.system.url}/console/operations/gateway")
    expect(page.get_by_role("heading", name="gateway", level=1)).to_be_visible()
    expect(page.get_by_text("Reconstruir")).to_have_count(0)
    page.context.close()
    with Visitor(watched.system.url, ("marta", "segredo")) as manager, pytest.raises(Problem) as refused:
        manager.post("operations/gateway/rebuild", view="customers")
    assert refused.value.status == 403
