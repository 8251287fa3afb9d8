"""An attendant's day in a real browser: a call, the request's life at the desk, the queue by keyboard, pages that change by
themselves; every page without a serious finding of axe-core, on a desktop and a phone, also without a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.system.axe import findings
from tests.system.browser import PHONE
from tests.system.house import House
from tests.system.seeing import EMBEDDED, entered, looked_at

pytestmark = EMBEDDED

LARGEST_FIRST_PAGE = 300_000  # bytes over the wire, all that it loads
JPEG = b"\xff\xd8\xff\xe0" + bytes(996)


@pytest.fixture(scope="module")
def desk(house: House) -> House:
    """An attendant, a contract, and a contact who is known by his telephone."""
    house.system.add_user("rita", "attendant")
    house.office.make(
        f"customers/{house.customer_id}/contacts", name="Eva Luz", phone="(11) 99876-1234", rights=["requests"],
        role="Recepção",
    )  # fmt: skip
    house.contract()
    return house


def test_a_call_becomes_a_request_that_is_worked_off_and_other_pages_hear_of_it(desk: House, chrome: Browser) -> None:
    context, page = entered(chrome, desk, "rita")
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    looked_at(page, "console-home", also=PHONE)

    queue = context.new_page()  # stays open, and is never loaded again
    queue.goto(f"{desk.system.url}/console/requests")
    expect(queue.get_by_text("A fila está vazia.")).to_be_visible()
    expect(queue.get_by_text("Atualiza sozinha")).to_be_visible()

    page.keyboard.press("n")
    page.get_by_label("Quem chama?").fill("998761234")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Eva Luz")).to_be_visible()
    looked_at(page, "console-caller", also=PHONE)
    page.get_by_role("link", name="Eva Luz").click()
    page.get_by_label("Serviço e contrato").select_option(label="Ar-condicionado")
    page.get_by_label("Onde, em qual equipamento").select_option(label="Split 24.000 BTU (SP24-0001)")
    page.get_by_label("O que acontece").fill("O ar da recepção pinga.")
    page.get_by_role("button", name="Ver o que o contrato diz").click()
    expect(page.get_by_role("status")).to_contain_text("Resta neste mês: 2")
    looked_at(page, "console-open", also=PHONE)
    page.get_by_role("button", name="Abrir o atendimento").click()
    expect(page.get_by_role("status")).to_have_text("Atendimento aberto.")
    expect(page).to_have_url(re.compile(r"/console/requests/[0-9a-f-]+$"))  # an address to keep
    protocol = page.get_by_role("heading", level=1).inner_text().split()[0]
    expect(queue.get_by_role("link", name=protocol)).to_be_visible()  # by itself

    page.get_by_label("Nota interna").fill("Levar escada.")
    page.get_by_role("button", name="Gravar nota interna").click()
    expect(page.get_by_role("status")).to_have_text("Nota gravada.")
    page.get_by_label("Mensagem ao cliente").fill("Chegamos às 15 h.")
    page.get_by_role("button", name="Enviar ao cliente").click()
    expect(page.get_by_text("Chegamos às 15 h.").first).to_be_visible()
    request_id = page.url.split("/requests/")[1].split("?")[0].split("#")[0]
    read = desk.customer.get(f"requests/{request_id}")
    assert [note["text"] for note in read["notes"]] == ["Chegamos às 15 h."]

    page.get_by_role("region", name="Fazer").get_by_label("Com quem").select_option(label="bruno")
    page.get_by_role("button", name="Atribuir").click()
    expect(page.get_by_role("status")).to_have_text("Atribuído.")
    page.get_by_role("button", name="Iniciar").click()
    expect(page.get_by_role("status")).to_have_text("Trabalho iniciado.")
    expect(queue.get_by_role("row", name=protocol)).to_contain_text("em andamento")
    page.get_by_text("Corrigir um campo do cliente").click()
    page.get_by_role("textbox", name="O que o cliente pediu").fill("O ar da recepção pinga na mesa.")
    page.get_by_role("button", name="Corrigir").first.click()
    expect(page.get_by_role("region", name="Parte do cliente").locator("s")).to_have_text("O ar da recepção pinga.")
    expect(page.get_by_text("Falta uma destas comprovações para resolver.")).to_be_visible()
    looked_at(page, "console-request", also=PHONE)

    page.get_by_text("Resolver", exact=True).click()
    page.get_by_role("button", name="Resolver e perguntar ao cliente").click()
    expect(page.get_by_role("alert")).to_be_visible()  # the evidence that the contract asks for is missing
    page.get_by_text("Anexar um documento").click()
    page.get_by_label("Arquivo").set_input_files({"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": JPEG})
    page.get_by_role("button", name="Anexar", exact=True).click()
    expect(page.get_by_role("link", name="foto.jpg")).to_be_visible()
    page.get_by_text("Lançar trabalho").click()
    page.get_by_role("region", name="Trabalho e material").get_by_label("Quantidade").first.fill("2,5")
    page.get_by_role("region", name="Trabalho e material").get_by_role("button", name="Lançar").first.click()
    expect(page.get_by_role("status")).to_have_text("Trabalho lançado.")
    expect(page.get_by_role("region", name="Trabalho e material")).to_contain_text("2 incluído, 0,5 além")
    page.get_by_role("link", name="Resolver…").click()
    page.get_by_label("O que foi feito (o cliente lê)").fill("Dreno limpo.")
    page.get_by_role("button", name="Resolver e perguntar ao cliente").click()
    expect(page.get_by_role("status")).to_contain_text("Resolvido")
    expect(page.get_by_role("list").filter(has_text="Resolvido por")).to_contain_text("Resolvido por rita")
    looked_at(page, "console-resolved", also=PHONE)
    assert [each for each in problems if "422" not in each] == []
    context.close()


def test_the_queue_by_keyboard_and_what_stands_in_its_address(desk: House, chrome: Browser) -> None:
    (contract, *_) = desk.office.list("contracts")
    request_id = desk.open_request(contract["contract_id"], "A porta range.")
    desk.settle()
    protocol = desk.office.get(f"requests/{request_id}")["protocol"]
    context, page = entered(chrome, desk, "rita")
    page.keyboard.press("g")
    page.keyboard.press("q")
    expect(page.get_by_role("heading", name="Atendimentos", level=1)).to_be_visible()
    looked_at(page, "console-queue", also=PHONE)
    page.keyboard.press("j")
    page.keyboard.press("a")  # takes the row's request
    expect(page.get_by_role("status")).to_have_text("Atribuído.")
    page.get_by_label("Com quem").select_option(label="comigo")
    page.wait_for_url(re.compile("assignee=me"))
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(protocol)
    page.keyboard.press("i")
    expect(page.get_by_label("Nota interna")).to_be_focused()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Atalhos do teclado")).to_be_visible()
    page.keyboard.press("Escape")
    page.goto(f"{desk.system.url}/console/requests?view=board")
    expect(
        page.get_by_role("region", name=re.compile("Novo|Em andamento")).get_by_role("link", name=protocol)
    ).to_be_visible()
    looked_at(page, "console-board", also=PHONE)
    page.keyboard.press("/")
    page.keyboard.type(protocol)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(request_id))
    context.close()


def test_customers_equipment_label_and_search(desk: House, chrome: Browser) -> None:
    context, page = entered(chrome, desk, "rita")
    page.get_by_label("Procurar em tudo").fill("clinica boa")  # without its accent
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/console/search"))
    looked_at(page, "console-search", also=PHONE)
    page.get_by_role("link", name="Clínica Boa Vista Ltda.").first.click()
    looked_at(page, "console-customer", also=PHONE)
    page.get_by_text("Cadastrar um equipamento").click()
    page.get_by_label("Descrição").fill("Condensadora")
    page.get_by_label("Etiqueta (QR)").fill("CD-1")
    page.get_by_role("region", name="Locais e equipamentos").get_by_role("button", name="Cadastrar").last.click()
    page.get_by_role("link", name="etiqueta CD-1").click()
    expect(page.get_by_role("img", name="QR Code da etiqueta")).to_be_visible()
    looked_at(page, "console-label", also=PHONE)
    page.goto(f"{desk.system.url}/console/customers/new")
    looked_at(page, "console-new-customer", also=PHONE)
    page.get_by_label("Razão social").fill("Padaria Sol Ltda.")
    page.get_by_label("CNPJ").fill("11.111.111/1111-11")
    page.get_by_role("button", name="Cadastrar").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Razão social")).to_have_value("Padaria Sol Ltda.")
    page.get_by_label("CNPJ").fill("45.997.418/0001-53")
    page.get_by_role("button", name="Cadastrar").click()
    expect(page.get_by_role("heading", name="Padaria Sol Ltda.")).to_be_visible()
    context.close()


def test_in_the_dark_without_a_script_and_light_enough(desk: House, chrome: Browser) -> None:
    context, page = entered(chrome, desk, "rita", color_scheme="dark")
    for path in ("/console", "/console/requests", "/console/requests?view=board"):
        page.goto(f"{desk.system.url}{path}")
        assert findings(page) == []
    page.get_by_role("link", name=re.compile(r"^20\d\d-")).first.click()
    assert findings(page) == []
    address = page.url
    context.close()
    context, page = entered(chrome, desk, "rita")
    page.goto(address, wait_until="load")
    loaded = "performance.getEntries().reduce((sum, each) => sum + (each.transferSize || 0), 0)"
    assert 0 < page.evaluate(loaded) < LARGEST_FIRST_PAGE
    context.close()
    context, page = entered(chrome, desk, "rita", java_script_enabled=False)
    page.goto(address)
    page.get_by_label("Nota interna").fill("Sem script.")
    page.get_by_role("button", name="Gravar nota interna").click()
    expect(page.get_by_text("Sem script.").first).to_be_visible()
    context.close()
