"""Finance's day in a real browser: the agenda against last month, a run and the same again, a bank's file settled by its
suggestion, a receivable's actions, figures; a draft by steps and an addendum; every page looked at by axe-core."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.system.browser import PHONE
from tests.system.house import House
from tests.system.seeing import EMBEDDED, entered, looked_at

pytestmark = EMBEDDED


@pytest.fixture(scope="module")
def desk(house: House) -> House:
    house.system.add_user("vera", "finance")
    house.system.add_user("carla", "manager")
    house.contract()
    return house


def test_finance_bills_a_month_and_settles_what_the_bank_says(desk: House, chrome: Browser) -> None:
    _, page = entered(chrome, desk, "vera")
    page.get_by_role("link", name="Agenda financeira").first.click()
    expect(page.get_by_text("R$ 1.000,00").first).to_be_visible()
    looked_at(page, "finance-agenda", also=PHONE)
    page.get_by_text("Por quê? Cada cobrança").click()
    page.locator("summary", has_text="Reter").first.click()
    page.get_by_label("Motivo").first.fill("conferir com o cliente")
    page.get_by_role("button", name="Reter", exact=True).first.click()
    expect(page.get_by_role("status").first).to_contain_text("Retida")
    page.get_by_text("Liberar", exact=True).first.click()
    page.get_by_label("Motivo").first.fill("conferido")
    page.get_by_role("button", name="Liberar", exact=True).first.click()
    expect(page.get_by_role("status").first).to_contain_text("Liberada")

    for issued in ("1", "0"):  # the same run again bills nothing twice
        page.goto(f"{desk.system.url}/console/finance?month={desk.month}")
        page.get_by_role("button", name=f"Faturar {desk.month}").click()
        expect(page.locator("#run")).to_contain_text("pronto")
        expect(page.locator("#run dd").first).to_have_text(issued)
    looked_at(page, "finance-run", also=PHONE)

    page.get_by_role("link", name="Banco").first.click()
    statement = f"Data;Histórico;Valor\n{desk.today:%d/%m/%Y};PIX CLINICA BOA VISTA;1.000,00\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "extrato.csv", "mimeType": "text/csv", "buffer": statement.encode()}
    )
    page.get_by_label("Conta (só para CSV)").fill("itau")
    page.get_by_role("button", name="Importar", exact=True).click()
    expect(page.get_by_role("heading", name="Arquivo lido")).to_be_visible()
    page.goto(f"{desk.system.url}/console/bank")
    looked_at(page, "finance-bank", also=PHONE)
    page.get_by_role("button", name="Conciliar").click()
    expect(page.get_by_role("status")).to_have_text("Conciliado.")
    expect(page.get_by_text("Nenhuma linha espera por você.")).to_be_visible()

    desk.settle()
    page.goto(f"{desk.system.url}/console/receivables?status=settled")
    looked_at(page, "finance-receivables", also=PHONE)
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Esta cobrança está paga")
    looked_at(page, "finance-receivable", also=PHONE)
    page.locator("summary", has_text="Anotar a NFS-e").click()
    page.get_by_label("Número", exact=True).fill("2026/77")
    page.get_by_role("button", name="Anotar a NFS-e").click()
    expect(page.get_by_role("heading", name="NFS-e")).to_be_visible()
    page.get_by_role("link", name="Números").first.click()
    expect(page.get_by_role("img", name=re.compile("Receita por contrato"))).to_be_visible()
    looked_at(page, "finance-figures", also=PHONE)
    page.context.close()


def test_a_manager_drafts_previews_activates_and_amends(desk: House, chrome: Browser) -> None:
    _, page = entered(chrome, desk, "carla")
    page.get_by_role("link", name="Contratos").first.click()
    looked_at(page, "contracts", also=PHONE)
    page.get_by_role("link", name="Novo contrato").click()
    looked_at(page, "contract-new", also=PHONE)
    page.locator("select[name=customer_id]").select_option(label="Maria Helena Souza")
    page.locator("select[name=service_type_id]").select_option(label="Ar-condicionado")
    page.get_by_label("Início").fill(desk.today.replace(day=1).isoformat())
    page.get_by_label("O que é cobrado").fill("Manutenção residencial")
    page.get_by_label("Valor por mês (R$)").fill("189,90")
    page.get_by_role("button", name="Continuar").click()
    expect(page.get_by_role("img", name=re.compile("O que seria cobrado por mês"))).to_be_visible()
    looked_at(page, "contract-draft", also=PHONE)
    page.get_by_label("4.1 Manutenção residencial").fill("195,00")
    page.get_by_role("button", name="Gravar o rascunho").click()
    page.locator("summary", has_text="Ativar (assinado)").click()
    page.get_by_role("button", name="Ativar (assinado)").click()
    expect(page.get_by_role("status").first).to_have_text("Contrato em vigor.")
    desk.settle()
    page.reload()
    expect(page.get_by_role("region", name="As regras")).to_contain_text("R$ 195,00")
    looked_at(page, "contract-whole", also=PHONE)
    page.get_by_role("link", name="Aditivo", exact=True).click()
    page.get_by_label("4.1 Manutenção residencial").fill("210,00")
    page.get_by_label("Motivo").fill("mais um aparelho")
    page.get_by_role("button", name="Ver antes e depois").click()
    expect(page.get_by_role("table")).to_contain_text("210")
    looked_at(page, "contract-addendum", also=PHONE)
    page.get_by_role("button", name="Fazer o aditivo").click()
    expect(page.get_by_role("status").first).to_have_text("Aditivo feito.")
    page.get_by_role("link", name="antes e depois").click()
    expect(page.get_by_role("row", name=re.compile("valor"))).to_contain_text("210")
    looked_at(page, "contract-version", also=PHONE)
    for path, name in (("decisions", "contract-decisions"), ("adjustments?percent=4,5", "contract-adjustments")):
        page.goto(f"{desk.system.url}/console/{path}")
        looked_at(page, name, also=PHONE)
    page.context.close()
