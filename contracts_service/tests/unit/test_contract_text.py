"""The contract's text: says what the terms say, in Portuguese, the same for the same; and its PDF."""

from __future__ import annotations

import base64
from decimal import Decimal

import pytest

from contracts_service.domain import contract_phrases as say
from contracts_service.domain.contract_text import Parties, header, plain, text_of, text_sha256
from contracts_service.domain.terms import (
    Adjusting,
    Billing,
    GiveBack,
    Index,
    Interval,
    Leaving,
    LineKind,
    Renewal,
    Rule,
    Suspending,
)
from contracts_service.tests.samples import active, day, line, terms
from contracts_service.tests.samples_events import ACCEPTED, CONTACT, EQUIPMENT, PERSON, PROVIDER, SITE
from contracts_service.tests.unit.folds import context, folded
from contracts_service.views.texts import PdfQuestion, TextQuestion, contract_pdf, contract_text

ONE_PIXEL = (
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63f8cfc0000003010100f70341430000"
    "000049454e44ae426082"
)  # a red PNG
PARTIES = Parties("Vértice Ltda.", "11222333000181", "Rua das Palmeiras, 100", "Ana Lima", "52998224725")


def text(**changes: object) -> str:
    return plain(text_of(terms(**changes), PARTIES))


def test_the_text_names_the_parties_services_period_and_prices() -> None:
    said = text()
    for words in (
        "CONTRATADA: Vértice Ltda., CNPJ 11.222.333/0001-81, Rua das Palmeiras, 100.",
        "CONTRATANTE: Ana Lima, CPF 529.982.247-25.",
        "Manutenção (MAN), em horário de atendimento, solicitado por portal, telefone e e-mail.",
        "alta: resposta em 1 h, solução em 8 h",
        "Incluídos por mês: 8 horas; o que passar disso custa R$ 180,00 por unidade.",
        "Horário de atendimento: segunda a sexta das 08:00 às 18:00, exceto feriados nacionais, "
        "feriados do estado (SP) e dias sem expediente da tabela da CONTRATADA.",
        "Este contrato vigora de 01/01/2026 a 31/12/2026.",
        "Renova-se automaticamente por 12 meses",
        "4.1 Manutenção preventiva mensal: R$ 1.500,00, por mês, cobrado antecipadamente.",
        "multa de 2 % e juros de 1 % ao mês",
    ):
        assert words in said


def test_the_text_follows_what_was_agreed() -> None:
    assert "prazo indeterminado" in text(ends_on=None, renewal=Renewal.NONE)
    assert "mediante aprovação expressa" in text(renewal=Renewal.APPROVAL)
    assert "IPCA (IBGE)" in text(adjustment=Adjusting(Index.IPCA))
    assert "20 % das mensalidades restantes" in text(leaving=Leaving(Decimal("20")))
    assert "se somam ao fim da vigência" in text(suspension=Suspending(give_back=GiveBack.EXTEND))
    assert "faturadas até 31/03/2026, inclusive" in text(billing=Billing(billed_through=day("2026-03-31")))
    assert "O último reajuste foi em 01/05/2026." in text(adjustment=Adjusting(last_on=day("2026-05-01")))
    assert "Já faturado até 30/06/2026" in text(lines=(line(billed_through=day("2026-06-30")),))
    assert "uma única vez" in text(lines=(line(kind=LineKind.ONE_OFF),))


def test_lines_name_their_sites_and_equipment() -> None:
    placed = terms(lines=(line(site_ids=("u1",), equipment_ids=("e1",), ends_on=day("2026-06-30")),))
    parties = Parties("V", "", places={"u1": "Matriz", "e1": "Ar-condicionado"})
    assert "até 30/06/2026 (em: Matriz e Ar-condicionado)." in plain(text_of(placed, parties))


def test_the_same_terms_give_the_same_hash_and_others_another() -> None:
    assert text_sha256(text_of(terms(), PARTIES)) == text_sha256(text_of(terms(), PARTIES))
    assert text_sha256(text_of(terms(), PARTIES)) != text_sha256(text_of(terms(notice_days=31), PARTIES))


def test_the_number_stands_above_the_text() -> None:
    assert (header(None, None), header("2026/000001", day("2026-01-01"))) == (
        "Minuta",
        "Nº 2026/000001, assinado em 01/01/2026",
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (say.money(Decimal("1234567.8")), "R$ 1.234.567,80"),
        (say.number(Decimal("2.50")), "2,5"),
        (say.number(Decimal("10")), "10"),
        (say.rule(Rule.MONTHLY, 2), "a cada 2 meses"),
        (say.minutes(90), "90 min"),
        (say.document("12ABC34501DE35"), "12.ABC.345/01DE-35"),
        (say.listed(["a"]), "a"),
        (
            say.week((Interval(0, "08:00", "12:00"), Interval(0, "13:00", "18:00"), Interval(5, "08:00", "12:00"))),
            "segunda das 08:00 às 12:00 e das 13:00 às 18:00; sábado das 08:00 às 12:00",
        ),
    ],
)
def test_amounts_days_and_hours_are_written_as_in_brazil(said: str, expected: str) -> None:
    assert said == expected


def test_the_pdf_is_one_that_a_person_would_sign_and_always_the_same() -> None:
    rows = folded(PROVIDER, PERSON, CONTACT, SITE, EQUIPMENT, *active(), ACCEPTED)
    answer = contract_pdf(PdfQuestion("c1"), rows, context())
    content = base64.b64decode(answer["content"])
    assert (answer["name"], content[:5]) == ("contrato-2026-000001.pdf", b"%PDF-")
    assert contract_pdf(PdfQuestion("c1"), rows, context()) == answer
    said = contract_text(TextQuestion("c1"), rows, context())
    assert "CONTRATANTE: Ana Lima" in said["text"]
    assert said["header"].startswith("Nº 2026/000001")


def test_the_company_s_logo_stands_above_the_first_page_of_the_pdf() -> None:
    rows = folded(PROVIDER, PERSON, *active())
    logo = base64.b64encode(bytes.fromhex(ONE_PIXEL)).decode()
    with_logo = base64.b64decode(contract_pdf(PdfQuestion("c1", logo=logo), rows, context())["content"])
    without = base64.b64decode(contract_pdf(PdfQuestion("c1"), rows, context())["content"])
    assert (with_logo.count(b"/Subtype /Image"), without.count(b"/Subtype /Image")) == (1, 0)
