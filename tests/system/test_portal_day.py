"""A customer's whole way in a real browser on a phone: a request in under a minute, a lost connection, photos, the live page,
one tap to confirm; every page of the portal without a serious finding of axe-core, nothing to scroll sideways, and light."""

from __future__ import annotations

import io
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from services.testing.servers import scratch_folder
from tests.system.axe import findings
from tests.system.browser import DESKTOP, PHONE, browser
from tests.system.house import House
from tests.system.running import Embedded

PICTURES = os.environ.get("VIGENCIA_PICTURES")
LARGEST_FIRST_PAGE = 300_000  # bytes over the wire, all that it loads


@pytest.fixture(scope="module")
def system() -> Iterator[Embedded]:
    folder = scratch_folder()
    started = Embedded(folder / "store", "--no-demo")
    try:
        yield started.start()
    finally:
        started.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def contract_id(house: House) -> str:
    made = house.contract()
    house.bill(made)
    return made


def entered(chrome: Browser, house: House, **options: object) -> tuple[BrowserContext, Page]:
    context = chrome.new_context(viewport=PHONE, locale="pt-BR", has_touch=True, **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{house.system.url}/login")
    page.get_by_label("Usuário").fill("otavio")
    page.get_by_label("Senha").fill("segredo")
    page.get_by_role("button", name="Entrar", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("Olá"))).to_be_visible()
    return context, page


def looked_at(page: Page, name: str) -> None:
    """No serious finding, nothing to scroll sideways, on a phone and at a desk; and a picture for who wants one."""
    page.wait_for_load_state()
    for size, suffix in ((DESKTOP, "-desk"), (PHONE, "")):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        if PICTURES:
            page.screenshot(path=str(Path(PICTURES) / f"{name}{suffix}.png"), full_page=True)
    assert findings(page) == [], name


def photo() -> bytes:
    made = io.BytesIO()
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(made, "JPEG", quality=95)
    return made.getvalue()


def test_a_request_is_opened_through_a_lost_connection_and_followed_to_its_end(
    house: House, contract_id: str, chrome: Browser
) -> None:
    context, page = entered(chrome, house)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if "Content Security" in message.text else None)
    page.goto(f"{house.system.url}/portal/requests/new?label=SP24-0001")
    expect(page.get_by_label("Onde?")).to_have_value(f"{house.site_id}/{house.equipment_id}")
    send = page.get_by_role("button", name="Enviar o pedido")
    expect(send).to_be_visible()  # there is one service: its contract answers at once
    page.get_by_label("O que acontece?").fill("O ar da recepção pinga.")
    large = photo()
    page.get_by_label("Fotos").set_input_files({"name": "pinga.jpg", "mimeType": "image/jpeg", "buffer": large})
    expect(page.get_by_role("img", name="pinga.jpg")).to_be_visible()
    looked_at(page, "portal-new")

    context.set_offline(True)
    send.click()
    expect(page.get_by_role("status").first).to_contain_text("guardado neste aparelho")
    context.set_offline(False)
    page.goto(f"{house.system.url}/portal/requests/new")
    expect(page.get_by_label("O que acontece?")).to_have_value("O ar da recepção pinga.")
    expect(page.get_by_text("Recuperamos o que você tinha começado.")).to_be_visible()
    page.get_by_label("Fotos").set_input_files({"name": "pinga.jpg", "mimeType": "image/jpeg", "buffer": large})
    send.click()
    expect(page.get_by_role("status").first).to_contain_text("O seu número é")
    looked_at(page, "portal-request")
    request_id = page.url.split("/requests/")[1].split("?")[0]
    with page.expect_download() as file:
        page.get_by_role("link", name="pinga.jpg").evaluate("link => { link.download = ''; link.click(); }")
    assert len(file.value.path().read_bytes()) < len(large) / 2
    (document,) = house.office.get(f"requests/{request_id}")["documents"]
    assert (document["kind"], document["visibility"]) == ("photo", "public")

    steps = page.get_by_role("region", name="O que aconteceu")
    house.office.post(f"requests/{request_id}/assign", assignee_id=house.technician.me["user_id"])
    expect(steps).to_contain_text("cuida do seu pedido")  # by itself
    house.technician.post(f"requests/{request_id}/start")
    expect(page.get_by_role("heading", level=1)).to_have_text("Em andamento")
    page.get_by_label("Responder ou acrescentar").fill("É a segunda vez.")
    page.get_by_role("button", name="Enviar", exact=True).click()
    expect(page.get_by_role("region", name="Mensagens")).to_contain_text("É a segunda vez.")
    house.attach_photo(request_id)
    house.technician.post(f"requests/{request_id}/resolve", summary="Dreno limpo.")
    house.settle()
    page.reload()
    expect(page.get_by_role("button", name="Sim, o serviço foi feito")).to_be_visible()
    looked_at(page, "portal-done")
    page.goto(f"{house.system.url}/portal")
    looked_at(page, "portal-home")
    page.get_by_role("button", name="Sim, foi feito").click()  # one tap
    expect(page.get_by_role("heading", level=1)).to_contain_text("Que nota você dá?")
    page.get_by_role("radio", name="5").check()
    page.get_by_role("button", name="Enviar avaliação").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Obrigado pela sua avaliação!")
    assert problems == []
    context.close()


def test_every_other_page_is_usable_and_light_also_in_the_dark(house: House, contract_id: str, chrome: Browser) -> None:
    context, page = entered(chrome, house, color_scheme="dark")
    (receivable, *_) = house.customer.list("receivables")
    for name, path in {
        "portal-home-dark": "/portal",
        "portal-requests": "/portal/requests",
        "portal-none": "/portal/requests?state=yours",
        "portal-receivables": "/portal/receivables",
        "portal-receivable": f"/portal/receivables/{receivable['receivable_id']}",
        "portal-contracts": "/portal/contracts",
        "portal-contract": f"/portal/contracts/{contract_id}",
    }.items():
        page.goto(f"{house.system.url}{path}", wait_until="load")
        looked_at(page, name)
    context.close()
    context, page = entered(chrome, house)
    loaded = "performance.getEntries().reduce((sum, each) => sum + (each.transferSize || 0), 0)"
    assert 0 < page.evaluate(loaded) < LARGEST_FIRST_PAGE
    context.close()


def test_without_a_script_a_request_is_opened_by_steps(house: House, contract_id: str, chrome: Browser) -> None:
    context, page = entered(chrome, house, java_script_enabled=False)
    page.goto(f"{house.system.url}/portal/requests/new")
    page.get_by_label("O que acontece?").fill("Sem script.")
    page.get_by_role("button", name="Continuar").click()
    page.get_by_role("button", name="Enviar o pedido").click()
    expect(page.get_by_role("status").first).to_contain_text("O seu número é")
    context.close()
