"""A price beyond coverage: offered, accepted by name, declined, waived, an emergency; and what may be charged."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

from services.errors import Refused
from tickets_service.domain import document_commands as c
from tickets_service.domain import pricing_events as p
from tickets_service.domain.commands import ClassifyRequest, RecordWork, ResumeRequest, StartRequest, WaitRequest
from tickets_service.domain.coverage import COVERED_AT_PRICE, NOT_COVERED, Coverage
from tickets_service.domain.document_events import WorkCorrected
from tickets_service.domain.events import DocumentAttached, WorkRecorded
from tickets_service.domain.price_words import price_text
from tickets_service.domain.request import DECIDER
from tickets_service.domain.usage import Allowance
from tickets_service.tests.unit.kit import AGREEMENT, COVERAGE, IDS, MONDAY_9, OPEN, day, hours

TEN, ELEVEN = MONDAY_9 + hours(1), MONDAY_9 + hours(2)
D = Decimal
AT_PRICE = replace(COVERAGE, status=COVERED_AT_PRICE, reason="beyond-included", remaining=D(0))
OPEN_AT_PRICE = replace(OPEN, coverage=AT_PRICE, contract_number="2026/1")
EMERGENCY = replace(AGREEMENT, emergency_limit=D("200.00"))
USED_UP = Allowance("hour", D(0), D("90.00"))
TEXT = (
    "Solicitação 2026-000001 (Manutenção): atendimento além do incluído no contrato (contrato 2026/1, cláusula 4.1), "
    "a R$ 90,00 por hora, pela quantidade executada."
)
HASH = sha256(TEXT.encode()).hexdigest()
OFFERED = p.PriceOffered(*IDS, 1, D("90.00"), "hour", None, "4.1", TEXT, HASH, None, MONDAY_9)
ACCEPT = c.AcceptPrice("r1", 1, "Otávio Barreto", HASH, TEN, "p1", may_accept=True, agreement=AGREEMENT)
ACCEPTED = p.PriceAccepted(*IDS, 1, "p1", "Otávio Barreto", D("90.00"), None, "4.1", HASH, TEN)


def after(*commands: Any) -> Any:
    """The state after commands, and the last one's events."""
    state, events = DECIDER.initial, []
    for command in commands:
        events = DECIDER.decide(command, state)
        state = DECIDER.fold(events, state)
    return state, events


def work(work_id: str = "w1", quantity: str = "2", **changes: Any) -> RecordWork:
    made = RecordWork("r1", work_id, day("2026-03-02"), D(quantity), ELEVEN, allowance=USED_UP, agreement=AGREEMENT)
    return replace(made, **changes)


def kinds(events: list[Any]) -> list[str]:
    return [event.EVENT_TYPE.rpartition(".")[2] for event in events]


def test_at_a_price_it_is_offered_with_the_sentence_to_accept_and_no_clock_runs() -> None:
    state, events = after(OPEN_AT_PRICE)
    assert OFFERED in events
    assert kinds(events) == ["opened", "price_offered"]  # no deadline is set: both clocks stand still
    assert (state.status, state.price.awaits) == ("open", True)


def test_work_does_not_begin_before_the_price_is_accepted() -> None:
    state, _ = after(OPEN_AT_PRICE)
    refused(state, StartRequest("r1", TEN, AGREEMENT), "request.price-not-accepted")


def refused(state: Any, command: Any, code: str) -> None:
    with pytest.raises(Refused) as caught:
        DECIDER.decide(command, state)
    assert caught.value.code == code


def test_a_question_does_not_get_around_the_acceptance() -> None:
    state, _ = after(OPEN_AT_PRICE, WaitRequest("r1", TEN, "Qual?", "t1", AGREEMENT))
    refused(state, ResumeRequest("r1", ELEVEN, AGREEMENT), "request.price-not-accepted")


def test_accepted_by_name_the_clocks_run_from_then_on() -> None:
    state, events = after(OPEN_AT_PRICE, ACCEPT)
    assert events[0] == ACCEPTED
    due = {event.kind: event.due_at for event in events[1:]}
    assert due == {"response": MONDAY_9 + hours(3), "resolution": MONDAY_9 + hours(9)}  # an hour later: it waited one
    assert kinds(DECIDER.decide(StartRequest("r1", ELEVEN, AGREEMENT), state))[0] == "started"
    assert DECIDER.decide(ACCEPT, state) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"may_accept": False}, "request.price-right-missing"),
        ({"name": " "}, "request.name-missing"),
        ({"text_sha256": "0" * 64}, "request.price-changed"),
        ({"offer": 2}, "request.price-changed"),
        ({"recorded_by": "bruna"}, "request.acceptance-needs-document"),
    ],
)
def test_only_who_may_accepts_by_name_what_he_read(changes: dict[str, Any], code: str) -> None:
    refused(after(OPEN_AT_PRICE)[0], replace(ACCEPT, **changes), code)


def test_staff_records_an_acceptance_given_elsewhere_with_its_document() -> None:
    state, _ = after(OPEN_AT_PRICE)
    mail = DocumentAttached(*IDS, "d1", "email", "ab" * 32, "ok.eml", 9, "message/rfc822", TEN, "bruna", "provider")
    state = DECIDER.fold([mail], state)
    accepted = DECIDER.decide(replace(ACCEPT, recorded_by="bruna", document_id="d1"), state)[0]
    assert (accepted.recorded_by, accepted.document_id, accepted.contact_id) == ("bruna", "d1", "p1")


def test_a_raised_price_needs_a_new_acceptance() -> None:
    raise_it = c.OfferPrice("r1", TEN, D("120.00"), D("500.00"), "Peça importada", "bruna", AGREEMENT, "2026/1")
    state, events = after(OPEN_AT_PRICE, raise_it)
    (raised,) = events
    assert (raised.offer, raised.unit_price, raised.ceiling) == (2, D("120.00"), D("500.00"))
    assert "no máximo R$ 500,00 ao todo" in raised.price_text
    refused(state, ACCEPT, "request.price-changed")
    assert DECIDER.decide(raise_it, state) == []


def test_raised_after_the_acceptance_the_accepted_price_holds_until_the_new_one_is_accepted() -> None:
    raise_it = c.OfferPrice("r1", TEN, D("120.00"), None, None, "bruna", AGREEMENT, "2026/1")
    state, _ = after(OPEN_AT_PRICE, ACCEPT, raise_it)
    assert not state.price.awaits
    (recorded,) = DECIDER.decide(work(), state)
    assert (recorded.charge, recorded.unit_price) == ("accepted", D("90.00"))


def test_declined_it_goes_on_waiting_for_another_offer() -> None:
    decline = c.DeclinePrice("r1", 1, TEN, "Caro", "p1", may_accept=True)
    state, events = after(OPEN_AT_PRICE, decline)
    assert events == [p.PriceDeclined(*IDS, 1, "p1", TEN, "Caro")]
    refused(state, StartRequest("r1", ELEVEN, AGREEMENT), "request.price-declined")
    same_again = c.OfferPrice("r1", ELEVEN, None, None, None, "bruna", AGREEMENT, "2026/1")
    assert kinds(DECIDER.decide(same_again, state)) == ["price_offered"]


def test_waived_it_is_done_without_a_charge() -> None:
    waive = c.WaivePrice("r1", "Cortesia", TEN, "bruna", AGREEMENT)
    state, events = after(OPEN_AT_PRICE, waive)
    assert kinds(events) == ["price_waived", "set", "set"]
    (recorded,) = DECIDER.decide(work(), state)
    assert (recorded.charge, recorded.uncharged_because) == ("none", "waived")
    refused(state, ACCEPT, "request.price-changed")


def test_a_critical_request_is_served_first_up_to_the_emergency_limit() -> None:
    opening = replace(OPEN_AT_PRICE, priority="critical", agreement=EMERGENCY)
    state, events = after(opening)
    assert kinds(events)[:3] == ["opened", "price_offered", "emergency_invoked"]
    assert kinds(DECIDER.decide(StartRequest("r1", TEN, EMERGENCY), state))[0] == "started"
    state = DECIDER.fold(DECIDER.decide(work("w1", "2", agreement=EMERGENCY), state), state)
    (second,) = DECIDER.decide(work("w2", "2", agreement=EMERGENCY), state)
    assert (second.charge, second.unit_price, second.charge_limit) == ("emergency", D("90.00"), D("20.00"))


def test_classified_critical_while_it_waits_the_emergency_clause_holds() -> None:
    state, _ = after(replace(OPEN_AT_PRICE, agreement=EMERGENCY))
    events = DECIDER.decide(ClassifyRequest("r1", "critical", TEN, EMERGENCY), state)
    assert kinds(events)[:2] == ["classified", "emergency_invoked"]


def test_a_critical_request_without_an_emergency_clause_waits() -> None:
    state, events = after(replace(OPEN_AT_PRICE, priority="critical"))
    assert "emergency_invoked" not in kinds(events)
    refused(state, StartRequest("r1", TEN, AGREEMENT), "request.price-not-accepted")


@pytest.mark.parametrize(
    ("commands", "charge", "why"),
    [
        ((OPEN,), "contract", None),  # covered: the signed price holds for what goes beyond
        ((OPEN_AT_PRICE,), "none", "price-not-accepted"),
        ((OPEN_AT_PRICE, c.DeclinePrice("r1", 1, TEN, None, "p1", may_accept=True)), "none", "price-declined"),
        ((OPEN_AT_PRICE, ACCEPT), "accepted", None),
        (
            (
                replace(
                    OPEN, coverage=Coverage(NOT_COVERED, "services", "service-not-in-contract"), override_reason="x"
                ),
            ),
            "none",
            "override",
        ),
    ],
)
def test_what_may_be_charged_beyond_the_included_quantity(commands: Any, charge: str, why: str | None) -> None:
    state, _ = after(*commands)
    (recorded,) = DECIDER.decide(work(), state)
    assert isinstance(recorded, WorkRecorded)
    assert (recorded.charge, recorded.uncharged_because, recorded.beyond_quantity) == (charge, why, D(2))


def test_a_contract_may_want_an_acceptance_for_all_excess() -> None:
    state, _ = after(OPEN)
    (recorded,) = DECIDER.decide(work(agreement=replace(AGREEMENT, accept_excess=True)), state)
    assert (recorded.charge, recorded.uncharged_because) == ("none", "price-not-accepted")


def test_work_within_what_is_included_needs_no_acceptance() -> None:
    state, _ = after(OPEN_AT_PRICE)
    (recorded,) = DECIDER.decide(work(allowance=Allowance("hour", D(5), D("90.00"))), state)
    assert (recorded.charge, recorded.beyond_quantity) == ("contract", D(0))


def test_all_work_of_a_request_stays_under_the_accepted_ceiling_also_when_it_is_corrected() -> None:
    offer = c.OfferPrice("r1", TEN, D("100.00"), D("300.00"), None, "bruna", AGREEMENT, "2026/1")
    state, (offered,) = after(OPEN_AT_PRICE, offer)
    accept = replace(ACCEPT, offer=2, text_sha256=offered.text_sha256, at=ELEVEN)
    for command in (accept, work("w1", "2"), work("w2", "2")):
        state = DECIDER.fold(DECIDER.decide(command, state), state)
    assert dict(state.price.charged_by) == {"w1": D("200.00"), "w2": D("100.00")}
    correct = c.CorrectWork("r1", "w1", D("1"), "Só uma hora", ELEVEN, "t1", USED_UP)
    (corrected,) = DECIDER.decide(correct, state)
    assert isinstance(corrected, WorkCorrected)
    assert (corrected.former_quantity, corrected.quantity, corrected.charge_limit) == (D(2), D(1), D("200.00"))


def test_the_sentence_names_request_clause_price_and_ceiling() -> None:
    said = price_text(None, "", None, "4.1", D("1234.50"), "visit", D("5000"))
    assert said.startswith("Solicitação s/n: atendimento além do incluído no contrato (cláusula 4.1)")
    assert said.endswith("a R$ 1.234,50 por visita, no máximo R$ 5.000,00 ao todo.")
