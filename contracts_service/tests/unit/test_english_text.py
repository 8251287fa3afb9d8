"""The contract in English: a translation for reading, clause by clause; what is signed stays the Portuguese text."""

from __future__ import annotations

import base64
from decimal import Decimal

from contracts_service.domain import contract_phrases_en as say
from contracts_service.domain.contract_text import Parties, plain, text_of
from contracts_service.domain.contract_text_en import english_header, english_text
from contracts_service.domain.terms import (
    Adjusting,
    Billing,
    EvidenceKind,
    GiveBack,
    Index,
    Late,
    LateCorrection,
    LateInterest,
    Leaving,
    LineKind,
    Renewal,
    Rule,
    Suspending,
)
from contracts_service.domain.terms_rules import Channel, Language, Topic
from contracts_service.tests.samples import active, day, line, terms
from contracts_service.tests.samples_events import PERSON, PROVIDER, RICH_TERMS
from contracts_service.tests.unit.folds import context, folded
from contracts_service.views.texts import PdfQuestion, TextQuestion, contract_pdf, contract_text

PARTIES = Parties(
    "Vértice Ltda.", "11222333000181", None, "Ana Lima", "52998224725", places={"u1": "Matriz", "e1": "Split"}
)


def text(**changes: object) -> str:
    return plain(english_text(terms(**changes), PARTIES))


def test_it_says_all_that_the_portuguese_text_says_clause_by_clause() -> None:
    for agreed in (terms(), RICH_TERMS, terms(ends_on=None, renewal=Renewal.NONE, services=())):
        english, signed = english_text(agreed, PARTIES), text_of(agreed, PARTIES)
        assert [len(clause.paragraphs) for clause in english.clauses] == [
            len(clause.paragraphs) for clause in signed.clauses
        ]


def test_it_says_what_another_system_billed() -> None:
    assert "up to and including 31 March 2026" in text(billing=Billing(billed_through=day("2026-03-31")))
    assert "adjusted last on 1 May 2026." in text(adjustment=Adjusting(last_on=day("2026-05-01")))
    assert "Billed already until 30 June 2026" in text(lines=(line(billed_through=day("2026-06-30")),))


def test_it_reads_as_english() -> None:
    said = plain(english_text(RICH_TERMS, PARTIES))
    for words in (
        "CUSTOMER: Ana Lima, CPF 529.982.247-25.",
        "high: response within 1 h, resolution within 8 h",
        "Service hours: Monday to Friday from 08:00 to 18:00, except national holidays, "
        "holidays of the state (SP), closed days of the PROVIDER's own table, Carnival and 26 July 2026.",
        "in force from 1 January 2026 to 31 December 2026.",
        "R$ 1,500.00, per month, charged in advance, in periods of the civil calendar, issued 5 days after the period's first",
        "Discount of 10 % plus R$ 25.00 from 1 January 2026 to 30 June 2026 (Boas-vindas). Discount of 5 %.",
        "Minimum per period: R$ 900.00. Ceiling per period: R$ 1,400.00.",
        "for each unit used. Included per period: 2 units. Ceiling of each period's uses: R$ 2,000.00.",
        "Preventiva: 2 visits a month, preferably on Tuesday and Thursday, from 08:00 to 12:00 (at: Matriz and Split).",
        "every twelve months, in May, by the accumulated variation of IPCA (IBGE)",
        "reminds of the payment 3 days before the due day by e-mail and 10 days after the due day by phone.",
        "Of charges contacts with the right for money are told, by e-mail.",
        "can be opened again within 10 days.",
        "before the price is accepted, up to R$ 500.00.",
        "A score below 3 needs a comment.",
        "The text in Portuguese is the one that the parties sign.",
    ):
        assert words in said


def test_it_follows_what_was_agreed() -> None:
    assert "without end" in text(ends_on=None, renewal=Renewal.NONE)
    assert "with express approval" in text(renewal=Renewal.APPROVAL)
    assert "20 % of the remaining charges" in text(leaving=Leaving(Decimal("20")))
    assert "added at the end of the term" in text(suspension=Suspending(give_back=GiveBack.EXTEND))
    assert "R$ 1,500.00, once." in text(lines=(line(kind=LineKind.ONE_OFF),))
    assert "IGP-M (FGV)" in text(adjustment=Adjusting(Index.IGPM))
    legal = Late(interest=LateInterest.LEGAL, correction=LateCorrection.IPCA)
    assert "interest at the legal rate (Código Civil, art. 406), in proportion to the days, corrected by IPCA" in text(
        late=legal
    )
    assert "juros pela taxa legal (Código Civil, art. 406)" in plain(text_of(terms(late=legal), PARTIES))
    assert "correção monetária pelo IPCA (IBGE)." in plain(text_of(terms(late=legal), PARTIES))
    assert "every 2 periods (month)" in text(lines=(line(interval=2),))
    assert (english_header(None, None), english_header("7", day("2026-01-02"))) == (
        "Draft",
        "No. 7, signed on 2 January 2026",
    )


def test_every_name_has_its_words() -> None:
    assert (set(say.CHANNELS), set(say.TOPICS), set(say.EVIDENCE)) == (set(Channel), set(Topic), set(EvidenceKind))
    assert all(say.rule(rule, 1).startswith("per ") for rule in Rule)


def test_the_hash_is_that_of_the_text_that_is_signed() -> None:
    rows = folded(PROVIDER, PERSON, *active())
    english = contract_text(TextQuestion("c1", Language.EN), rows, context())
    signed = contract_text(TextQuestion("c1"), rows, context())
    assert english["sha256"] == signed["sha256"]
    assert (english["header"], english["title"]) == ("No. 2026/000001, signed on 1 January 2026", "Service contract")
    pdf = base64.b64decode(contract_pdf(PdfQuestion("c1", Language.EN), rows, context())["content"])
    assert pdf.startswith(b"%PDF-")
    assert pdf != base64.b64decode(contract_pdf(PdfQuestion("c1"), rows, context())["content"])
