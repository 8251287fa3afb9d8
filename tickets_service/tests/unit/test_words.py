"""Words for people: what programs call by a code has a name in the reader's language."""

from __future__ import annotations

import pytest

from tickets_service.domain import state, visit_state
from tickets_service.words import NAMES, WORDS, named


def said(code: str, lang: str = "pt-BR", **params: object) -> str:
    return WORDS[code][lang].format_map(named(params, lang))


def test_missing_evidence_is_named_in_words() -> None:
    kinds = ["photo", "signed_order", "email", "delivery_report", "portal_confirmation"]
    refusal = {"missing": ", ".join(kinds), "accepted": kinds, "given": []}
    assert said("request.evidence-missing", **refusal).endswith(
        "foto, ordem de serviço assinada, e-mail, relatório de entrega, confirmação no portal."
    )
    assert said("request.evidence-missing", "en", **refusal).endswith(
        "photo, signed order, e-mail, delivery report, confirmation in the portal."
    )
    assert "A comprovação foto precisa" in said("request.evidence-needs-document", kind="photo")


def test_every_state_has_a_name() -> None:
    states = {state.NONE, *state.ACTIVE, *state.DONE, state.CLOSED, state.CANCELLED}
    states |= {visit_state.PLANNED, visit_state.STARTED, visit_state.DONE, visit_state.MISSED}
    assert states == set(NAMES["status"])
    assert "(situação: em andamento)" in said("request.not-resolved", status="in_progress")
    assert "(status: in progress)" in said("request.not-resolved", "en", status="in_progress")


@pytest.mark.parametrize(
    ("clause", "portuguese", "english"),
    [
        ("4.1", "(cláusula 4.1)", "(clause 4.1)"),
        ("services.GEN", "(serviço GEN)", "(service GEN)"),
        ("default.suspend", "(regra de inadimplência)", "(rule on default)"),
    ],
)
def test_the_place_in_the_contract_is_readable(clause: str, portuguese: str, english: str) -> None:
    assert portuguese in said("coverage.no-limit", clause=clause)
    assert english in said("coverage.no-limit", "en", clause=clause)


def test_quantities_and_prices_are_written_as_the_reader_writes_them() -> None:
    beyond = {"clause": "4.1", "unit_price": "150.00"}
    assert "R$ 150,00 por unidade" in said("coverage.beyond-included", **beyond)
    assert "R$ 150.00 per unit" in said("coverage.beyond-included", "en", **beyond)
