"""A technician's day in a real browser on a phone: what he enters while the signal is lost survives the closing of the page
and is done once when the signal is back; every page without a serious finding of axe-core."""

from __future__ import annotations

import re
from base64 import b64decode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.system.axe import findings
from tests.system.browser import DESKTOP, PHONE
from tests.system.house import House
from tests.system.seeing import EMBEDDED, entered, picture

pytestmark = EMBEDDED

KEPT = "document.getElementById('field').dataset.kept === '1' && caches.has('vigencia-pages-1')"


@pytest.fixture(scope="module")
def contract(house: House) -> str:
    return house.contract()


def planned(house: House, contract_id: str) -> str:
    """A visit of today, assigned to the technician."""
    visit_id = house.office.make(
        f"contracts/{contract_id}/visits", on=house.today.isoformat(), opens="08:00", closes="12:00",
        service_type_id=house.service_id, site_id=house.site_id, equipment_ids=[house.equipment_id],
        technician_id=house.technician.me["user_id"], description="Limpar os filtros",
    )  # fmt: skip
    house.settle()
    return visit_id


def looked_at(page: Page, name: str, *, wide: bool = False) -> None:
    """No serious finding; nothing stands out to the right, but in tables that scroll (``wide``)."""
    picture(page, name)
    assert findings(page) == [], name
    if wide:
        return
    right = (
        "[...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > innerWidth + 1)"
    )
    assert page.evaluate(f"{right}.filter((each) => !each.closest('.days')).map((each) => each.className)") == [], name


def a_photo(page: Page) -> bytes:
    """As large as a camera's, made by the browser itself."""
    drawn = """() => { const canvas = document.createElement('canvas'); canvas.width = 3200; canvas.height = 2400;
        canvas.getContext('2d').fillRect(0, 0, 900, 900); return canvas.toDataURL('image/jpeg').split(',')[1]; }"""
    return b64decode(page.evaluate(drawn))


def test_what_is_entered_without_a_signal_is_kept_and_done_once(house: House, contract: str, chrome: Browser) -> None:
    visit_id = planned(house, contract)
    context, page = entered(chrome, house, "bruno", PHONE)
    page.goto(f"{house.system.url}/console/field")
    visit = page.get_by_role("article")
    expect(visit).to_contain_text("Clínica Boa Vista")
    expect(visit).to_contain_text("Split 24.000 BTU")
    expect(visit).to_contain_text("Incluído por mês: 2 horas.")
    expect(visit).not_to_contain_text("120")  # no price
    page.get_by_label("Etiqueta do equipamento").fill("sp24-0001")
    page.get_by_role("button", name="Procurar").click()
    expect(page.get_by_text("Equipamento desta visita: Split 24.000 BTU")).to_be_visible()
    page.wait_for_function(KEPT)
    page.wait_for_function("caches.match('/console/field', {ignoreVary: true}).then(Boolean)")
    looked_at(page, "technician-day")
    photo = a_photo(page)

    context.set_offline(True)
    visit.get_by_role("button", name="Iniciar a visita").click()
    expect(page.get_by_role("status").first).to_contain_text("1 por enviar")
    visit.get_by_label("Tirar uma foto").set_input_files({"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": photo})
    expect(page.get_by_role("status").first).to_contain_text("2 por enviar")
    visit.get_by_text("Assinatura", exact=True).click()
    board = visit.get_by_role("img", name="Quadro para assinar")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 90, steps=8)
    page.mouse.up()
    visit.get_by_role("button", name="Guardar a assinatura").click()
    expect(page.get_by_role("status").first).to_contain_text("3 por enviar")
    looked_at(page, "technician-offline")

    page.close()  # the tab is closed, still without a signal
    page = context.new_page()
    page.goto(f"{house.system.url}/console/field")
    expect(page.get_by_role("status").first).to_contain_text("3 por enviar")
    visit = page.get_by_role("article")
    visit.get_by_text("Material usado").click()
    visit.get_by_label("O que", exact=True).fill("Filtro G4")
    visit.get_by_label("Quantidade").fill("2,5")
    visit.get_by_role("button", name="Lançar o material").click()
    visit.get_by_text("Concluir", exact=True).click()
    visit.get_by_label("O que foi conferido, um por linha").fill("Filtros\nDreno")
    visit.get_by_label("Observação").fill("Trocar a correia em breve")
    visit.get_by_label("Quem recebeu").select_option(label="Otávio Barreto")
    visit.get_by_role("button", name="Concluir a visita").click()
    expect(page.get_by_role("status").first).to_contain_text("5 por enviar")
    house.settle()
    assert house.technician.get("technician/day")["visits"][0]["status"] == "planned"  # nothing has come through

    context.set_offline(False)
    expect(page.get_by_role("status").first).to_contain_text("Tudo enviado")
    house.settle()
    (done,) = house.technician.get("technician/day")["visits"]
    assert (done["visit_id"], done["status"], done["note"]) == (visit_id, "done", "Trocar a correia em breve")
    assert done["checklist"] == ["Filtros", "Dreno"]
    assert sorted(each["kind"] for each in done["documents"]) == ["photo", "signature"]
    assert [(each["description"], each["quantity"]) for each in done["parts"]] == [("Filtro G4", "2.5")]
    kept = next(each for each in done["documents"] if each["kind"] == "photo")
    assert kept["size"] < len(photo)  # made smaller in the phone
    expect(page.get_by_role("article")).to_contain_text("feita")  # the page has read itself again
    expect(page.get_by_role("button", name="Iniciar a visita")).to_have_count(0)
    looked_at(page, "technician-done")
    context.close()


def test_an_answer_that_is_lost_makes_nothing_twice_and_a_refusal_is_told(
    house: House, contract: str, chrome: Browser
) -> None:
    visit_id = planned(house, contract)
    context, page = entered(chrome, house, "bruno", PHONE)
    page.goto(f"{house.system.url}/console/field")
    visit = page.locator(f"[data-visit='{visit_id}']")
    sent: list[int] = []

    def lost(route) -> None:  # type: ignore[no-untyped-def]
        """The server takes the entries; the phone does not hear of it."""
        if not sent:
            sent.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    context.route("**/console/field/outbox", lost)
    visit.get_by_text("Material usado").click()
    visit.get_by_label("O que", exact=True).fill("Correia")
    visit.get_by_role("button", name="Lançar o material").click()
    expect(page.get_by_role("status").first).to_contain_text("1 por enviar")
    page.get_by_role("button", name="Enviar agora").click()
    expect(page.get_by_role("status").first).to_contain_text("Tudo enviado")
    house.settle()
    shown = {each["visit_id"]: each for each in house.technician.get("technician/day")["visits"]}
    assert sent == [200]
    assert [each["description"] for each in shown[visit_id]["parts"]] == ["Correia"]

    context.set_offline(True)  # else the page may show in time that there is nothing to start any more
    house.office.post(f"visits/{visit_id}/cancel", reason="o cliente desistiu")
    house.settle()
    visit.get_by_role("button", name="Iniciar a visita").click()
    context.set_offline(False)
    expect(visit.get_by_text("Recusado:")).to_be_visible()
    visit.get_by_role("button", name="Descartar").click()
    expect(visit.get_by_text("Recusado:")).to_have_count(0)
    page.get_by_role("button", name="Sair").click()
    page.wait_for_function("caches.has('vigencia-pages-1').then((kept) => !kept)")  # nothing of customers stays
    context.close()


def test_on_a_desktop_too(house: House, contract: str, chrome: Browser) -> None:
    planned(house, contract)
    context, page = entered(chrome, house, "bruno", DESKTOP)
    page.get_by_role("navigation", name="Console").get_by_role("link", name="Meu dia").click()
    expect(page.get_by_role("article").first).to_be_visible()
    looked_at(page, "technician-desktop")
    context.close()


def test_the_office_sees_who_has_nobody_and_assigns(house: House, contract: str, chrome: Browser) -> None:
    visit_id = planned(house, contract)
    house.office.post(f"visits/{visit_id}/assign", technician_id=None)
    house.system.add_user("rosa", "manager")
    house.settle()
    context, page = entered(chrome, house, "rosa", {"width": 1440, "height": 900})
    page.goto(f"{house.system.url}/console/visits")
    nobody = page.get_by_role("row", name=re.compile("sem técnico"))
    nobody.get_by_text("Mudar", exact=False).first.click()
    looked_at(page, "visits-week", wide=True)
    nobody.get_by_label("Com quem").select_option(label="bruno")
    nobody.get_by_role("button", name="Atribuir").click()
    expect(page.get_by_role("status")).to_have_text("Visita atribuída.")
    house.settle()
    assert visit_id in {each["visit_id"] for each in house.technician.get("technician/day")["visits"]}
    page.get_by_role("link", name="Mês").click()
    expect(page.get_by_role("region", name="Mês")).to_contain_text("Clínica Boa Vista")
    context.close()
