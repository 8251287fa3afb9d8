"""Why this amount? Each kind of line as a sentence in Portuguese and English."""

from __future__ import annotations

from typing import Any

from billing_service.domain import events as e
from billing_service.domain.explain import sentence, sentences
from billing_service.tests.unit.samples import life
from services.codec import to_json_values

HISTORY = life()


def lines() -> list[dict[str, Any]]:
    bills = [event for event in HISTORY if isinstance(event, e.ReceivableIssued)]
    return [to_json_values(line.explanation) for event in bills for line in event.lines]


def test_a_shortened_period_says_its_days_its_factor_and_its_rounding() -> None:
    assert sentence(lines()[0]) == (
        "Cláusula 4.1 (contrato original): cobrança mensal de R$ 100,00, período de 01/01/2026 a 09/01/2026, "
        "9 de 31 dias (dias corridos): R$ 100,00 × 9/31 = R$ 29,03 "
        "(arredondado ao centavo, meio para cima, de 29,032258)."
    )
    assert sentence(lines()[0], "en") == (
        "Clause 4.1 (original contract): monthly charge of R$ 100.00, period from 2026-01-01 to 2026-01-09, "
        "9 of 31 days (calendar days): R$ 100.00 × 9/31 = R$ 29.03 (rounded half-up to cents from 29.032258)."
    )


def test_a_whole_period_says_so() -> None:
    assert sentence(lines()[1]).endswith("período de 10/01/2026 a 09/02/2026 (período inteiro) = R$ 100,00.")


def test_work_says_its_day_its_source_quantity_and_price() -> None:
    (use,) = [line for line in lines() if line["kind"] == "use"]
    assert sentence(use, "en") == (
        "Extra charge: work of 2026-01-20 (W1): 2.5 × R$ 33.333 = R$ 83.33 (rounded half-up to cents from 83.3325)."
    )


def test_work_is_named_as_its_customer_knows_it_and_never_by_an_id_of_ours() -> None:
    (use,) = [line for line in lines() if line["kind"] == "use"]
    ours = {**use, "source_ref": "50bb7532-faea-578c-82a6-1e16bce85199"}
    assert "atendimento de 20/01/2026 (2026-000123):" in sentence({**ours, "source_label": "2026-000123"})
    assert "atendimento de 20/01/2026:" in sentence(ours)


def test_a_credit_says_what_was_billed_what_is_owed_and_why() -> None:
    note = next(event for event in HISTORY if isinstance(event, e.CreditNoteIssued))
    assert sentence(to_json_values(note.explanation)) == (
        "Cláusula 4.1 (contrato original): crédito de 20/03/2026 a 09/04/2026 por aditivo 1: cobrado R$ 100,00, "
        "devido R$ 32,26 (10 de 31 dias), crédito de R$ 67,74."
    )


def test_every_explanation_of_the_life_has_a_sentence_in_both_languages() -> None:
    for line in lines():
        assert all(text.endswith(".") and "None" not in text for text in sentences(line).values())
