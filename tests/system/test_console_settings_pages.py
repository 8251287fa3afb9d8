"""The console's settings in a real browser: a manager walks through each page; no serious finding of axe-core, on a desktop and a
phone; a closed day, a mail text and a key come about by their forms."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.system.browser import PHONE
from tests.system.house import House
from tests.system.seeing import EMBEDDED, entered, looked_at

pytestmark = EMBEDDED


@pytest.fixture(scope="module")
def page(house: House, chrome: Browser) -> Iterator[Page]:
    house.contract()
    house.system.add_user("marta", "manager")
    context, page = entered(chrome, house, "marta")
    yield page
    context.close()


def test_each_page_is_usable_by_everybody_on_a_desktop_and_a_phone(house: House, page: Page) -> None:
    paths = ("", "/catalogue", "/holidays?year=2026&state=SP", "/withholding", "/indices", "/mail-texts", "/mail",
             "/mail-texts/receivable_issued/pt-BR", "/companies", f"/companies/{house.provider_id}", "/api-keys", "/webhooks",
             )  # fmt: skip
    for path in paths:
        answer = page.goto(f"{house.system.url}/console/settings{path}")
        assert answer is not None
        assert (path, answer.status) == (path, 200)
        looked_at(page, "console-settings" + re.sub(r"\W+", "-", path.split("?")[0])[:30].rstrip("-"), also=PHONE)
    page.goto(f"{house.system.url}/console/customers/{house.customer_id}")
    page.get_by_role("link", name="Quem fez o quê").click()
    expect(page.get_by_role("heading", name="Quem fez o quê")).to_be_visible()
    looked_at(page, "console-history", also=PHONE)


def test_a_closed_day_a_text_and_a_key_come_about_by_their_forms(house: House, page: Page) -> None:
    page.goto(f"{house.system.url}/console/settings/holidays?year=2027&state=SP")
    page.get_by_label("Dia", exact=True).fill("2027-07-14")
    page.get_by_label("Nome").fill("Aniversário de Campinas")
    page.get_by_role("button", name="Gravar").click()
    expect(page.get_by_role("status")).to_contain_text("Dia fechado gravado.")
    expect(page.get_by_role("row", name="Aniversário de Campinas")).to_contain_text("todos os contratos")

    page.goto(f"{house.system.url}/console/settings/mail-texts/receivable_issued/pt-BR")
    page.get_by_label("Assunto").fill("Sua cobrança de {provider}")
    page.get_by_role("button", name="Ver como fica").click()
    expect(page.get_by_role("region", name="Como o cliente lê")).to_contain_text("Sua cobrança de Horizonte")
    page.get_by_role("button", name="Gravar").click()
    expect(page.get_by_role("status")).to_contain_text("Texto gravado.")

    page.goto(f"{house.system.url}/console/settings/api-keys")
    page.get_by_label("De quem é").fill("Contabilidade")
    page.get_by_label("feed:billing").check()
    page.get_by_role("button", name="Criar a chave").click()
    expect(page.get_by_role("status")).to_contain_text("vgk_")
    page.goto(f"{house.system.url}/console/settings/api-keys")
    page.get_by_role("button", name="revogar: Contabilidade").click()
    expect(page.get_by_role("status")).to_contain_text("Chave revogada")
