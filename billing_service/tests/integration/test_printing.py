"""The receivable as a PDF: who is paid (CDC art. 42-A), why, what is owed that day, Pix, and the boleto once it lives."""

from __future__ import annotations

import base64
import re
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from billing_service.tests.integration.banking import receivable, remit, returned, take, with_bank
from billing_service.tests.integration.steps import pay
from billing_service.tests.integration.store import StoreApp

PAYER = {"payer_name": "Padaria Pão Quente", "payer_document": "11222333000181", "payer_address": "Av. Brasil, 1500"}


def printed(app: StoreApp, id_: str, **options: Any) -> str:
    """The words of all pages, in the order in which they are drawn."""
    answer = app.query("receivable_pdf", receivable_id=id_, **PAYER, **options)
    assert answer["media_type"] == "application/pdf"
    content = base64.b64decode(answer["content"])
    assert content.startswith(b"%PDF-")
    words = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            drawn = zlib.decompress(stream)
        except zlib.error:
            continue
        words += re.findall(rb"\(((?:\\.|[^\\()])*)\) Tj", drawn)
    return b"\n".join(re.sub(rb"\\(.)", rb"\1", word) for word in words).decode("latin-1")


@pytest.fixture
def bank(app: StoreApp) -> StoreApp:
    with_bank(app)
    return app


def test_it_shows_the_creditor_the_customer_the_reason_and_pix(bank: StoreApp) -> None:
    id_ = receivable(bank)["receivable_id"]
    text = printed(bank, id_)
    for words in (
        "Clima Bom Serviços Ltda",
        "CNPJ 12.345.678/0001-95",
        "Rua das Oficinas, 120, Campinas - SP",
        "Padaria Pão Quente",
        "CNPJ 11.222.333/0001-81",
        "Cláusula 4.1 (contrato original): cobrança mensal de R$ 300,00",
        "A pagar em 01/01/2026",
        "R$ 300,00",
        "Pague com Pix",
    ):
        assert words in text
    assert bank.query("pix", receivable_id=id_)["code"] in text.replace("\n", "")
    assert "341-7" not in text


def test_the_boleto_stands_on_it_once_the_bank_has_confirmed_it(bank: StoreApp) -> None:
    id_ = receivable(bank)["receivable_id"]
    remit(bank, "r1")
    assert "341-7" not in printed(bank, id_)
    take(bank, returned(("02", 1, "0.00", "02012026")))
    text = printed(bank, id_)
    assert bank.query("boleto", receivable_id=id_)["line"] in text
    assert "109/00000001-6" in text


def test_in_english_and_with_the_late_charges_of_the_day(bank: StoreApp) -> None:
    id_ = receivable(bank)["receivable_id"]
    owed = bank.query("receivable", receivable_id=id_, as_of="2026-01-31")["as_of"]["payable"]
    text = printed(bank, id_, lang="en", on="2026-01-31")
    assert "To pay on Jan 31, 2026" in text
    assert f"R${owed}" in text
    assert "Late fine" in text
    assert "Clause 4.1" in text


def test_what_is_paid_asks_for_nothing(bank: StoreApp) -> None:
    id_ = receivable(bank)["receivable_id"]
    pay(bank, "300.00", "2026-01-05")
    text = printed(bank, id_)
    assert "Quitada em 05/01/2026." in text
    assert "Pague com Pix" not in text


def test_without_a_pix_key_it_is_made_all_the_same(app: StoreApp) -> None:
    with_bank(app, pix_key=None, bank=None)
    assert "Pague com Pix" not in printed(app, receivable(app)["receivable_id"])


def test_the_company_s_logo_stands_above_it(bank: StoreApp) -> None:
    made = BytesIO()
    Image.new("RGB", (80, 20), (200, 30, 30)).save(made, "PNG")
    id_ = receivable(bank)["receivable_id"]
    plain = base64.b64decode(bank.query("receivable_pdf", receivable_id=id_, **PAYER)["content"])
    logo = base64.b64encode(made.getvalue()).decode()
    shown = base64.b64decode(bank.query("receivable_pdf", receivable_id=id_, logo=logo, **PAYER)["content"])
    assert shown.count(b"/Subtype /Image") == plain.count(b"/Subtype /Image") + 1
