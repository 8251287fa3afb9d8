"""A customer's whole way in a real browser on a phone: a request in under a minute, a lost connection, photos, the live page,
one tap to confirm; every page of the portal without a serious finding of axe-core, nothing to scroll sideways, and light."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.system.browser import DESKTOP, PHONE
from tests.system.house import House
from tests.system.seeing import EMBEDDED, entered, looked_at

pytestmark = EMBEDDED

LARGEST_FIRST_PAGE = 300_000  # bytes over the wire, all that it loads


@pytest.fixture(scope="module")
def contract_id(house: House) -> str:
    made = house.contract()
    house.bill(made)
    return made


def photo() -> bytes:
    made = io.BytesIO()
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(made, "JPEG", quality=95)
    return made.getvalue()


def test_a_request_is_opened_through_a_lost_connection_and_followed_to_its_end(
    house: House, contract_id: str, chrome: Browser
) -> None:
    context, page = entered(chrome, house, "otavio", PHONE, has_touch=True)
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
    looked_at(page, "portal-new", also=DESKTOP)

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
    looked_at(page, "portal-request", also=DESKTOP)
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
    looked_at(page, "portal-done", also=DESKTOP)
    page.goto(f"{house.system.url}/portal")
    looked_at(page, "portal-home", also=DESKTOP)
    page.get_by_role("button", name="Sim, foi feito").click()  # one tap
    expect(page.get_by_role("heading", level=1)).to_contain_text("Que nota você dá?")
    page.get_by_role("radio", name="5").check()
    page.get_by_role("button", name="Enviar avaliação").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Obrigado pela sua avaliação!")
    assert problems == []
    context.close()


def test_every_other_page_is_usable_and_light_also_in_the_dark(house: House, contract_id: str, chrome: Browser) -> None:
    context, page = entered(chrome, house, "otavio", PHONE, has_touch=True, color_scheme="dark")
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
        looked_at(page, name, also=DESKTOP)
    context.close()
    context, page = entered(chrome, house, "otavio", PHONE, has_touch=True)
    loaded = "performance.getEntries().reduce((sum, each) => sum + (each.transferSize || 0), 0)"
    assert 0 < page.evaluate(loaded) < LARGEST_FIRST_PAGE
    context.close()


def test_without_a_script_a_request_is_opened_by_steps(house: House, contract_id: str, chrome: Browser) -> None:
    context, page = entered(chrome, house, "otavio", PHONE, has_touch=True, java_script_enabled=False)
    page.goto(f"{house.system.url}/portal/requests/new")
    page.get_by_label("O que acontece?").fill("Sem script.")
    page.get_by_role("button", name="Continuar").click()
    page.get_by_role("button", name="Enviar o pedido").click()
    expect(page.get_by_role("status").first).to_contain_text("O seu número é")
    context.close()
