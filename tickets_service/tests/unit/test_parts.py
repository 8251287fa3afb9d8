"""Parts and material with a price: of the contract's per-use line, accepted by name, in an emergency; or recorded, uncharged."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from services.errors import Refused
from tickets_service.domain import document_commands as c
from tickets_service.domain.document_events import PartCorrected, PartUsed
from tickets_service.domain.part_pricing import ListedPart
from tickets_service.domain.pricing_events import OfferedPart
from tickets_service.domain.request import DECIDER
from tickets_service.tests.unit.kit import AGREEMENT, OPEN, day
from tickets_service.tests.unit.test_pricing import ACCEPT, ELEVEN, EMERGENCY, OPEN_AT_PRICE, TEN, after, work

D = Decimal
BELT = ListedPart("belt", "4.3", "Correia", D("80.00"))
COMPRESSOR = OfferedPart("Compressor 24.000 BTU", D("2"), D("900.00"))


def used(name: str = "Correia", quantity: str = "1", part_id: str = "x1", **changes: Any) -> c.RecordPart:
    made = c.RecordPart("r1", part_id, name, D(quantity), ELEVEN, technician_id="t1", agreement=AGREEMENT)
    return replace(made, **changes)


def how(event: Any) -> tuple[str, Decimal | None, Decimal | None, str | None]:
    return event.charge, event.unit_price, event.charge_limit, event.uncharged_because


def told(state: Any, command: Any) -> Any:
    (event,) = DECIDER.decide(command, state)
    assert isinstance(event, PartUsed | PartCorrected)
    return event


def accepted(*parts: OfferedPart, ceiling: Decimal | None = None) -> Any:
    """A request whose offer with these parts was accepted by name."""
    offer = c.OfferPrice("r1", TEN, D("100.00"), ceiling, None, "bruna", AGREEMENT, "2026/1", parts)
    state, (offered,) = after(OPEN_AT_PRICE, offer)
    accept = replace(ACCEPT, offer=2, text_sha256=offered.text_sha256, at=ELEVEN)
    return DECIDER.fold(DECIDER.decide(accept, state), state)


def test_a_part_of_the_contracts_price_list_is_charged_as_it_was_signed() -> None:
    state, _ = after(OPEN)
    event = told(state, used(line_id="belt", listed=BELT, unit_price=D("5000")))
    assert how(event) == ("contract", D("80.00"), None, None)
    assert (event.line_id, event.clause, event.used_on, event.protocol) == (
        "belt",
        "4.3",
        day("2026-03-02"),
        "2026-000001",
    )


def test_a_line_that_the_contract_has_not_prices_nothing() -> None:
    state, _ = after(OPEN)
    with pytest.raises(Refused) as refused:
        DECIDER.decide(used(line_id="other"), state)
    assert refused.value.code == "request.part-not-priced"


def test_what_staff_asks_for_an_unlisted_part_is_not_charged_before_it_was_accepted() -> None:
    state, _ = after(OPEN)
    assert how(told(state, used(unit_price=D("80")))) == ("none", D("80"), None, "price-not-accepted")
    assert how(told(state, used())) == ("none", None, None, None)
    priced = accepted()  # an acceptance of hours is none of parts
    assert how(told(priced, used(unit_price=D("80")))) == ("none", D("80"), None, "price-not-accepted")


def test_the_accepted_sentence_names_the_part_its_quantity_and_its_price() -> None:
    offer = c.OfferPrice("r1", TEN, D("100"), None, None, "bruna", AGREEMENT, "2026/1", (COMPRESSOR,))
    _, (offered,) = after(OPEN_AT_PRICE, offer)
    assert offered.price_text.endswith(
        "a R$ 100,00 por hora; peças: 2 × Compressor 24.000 BTU a R$ 900,00, pela quantidade executada."
    )
    assert offered.parts == (COMPRESSOR,)
    state = DECIDER.fold([offered], after(OPEN_AT_PRICE)[0])
    assert DECIDER.decide(offer, state) == []  # the same again
    with pytest.raises(Refused):
        DECIDER.decide(replace(offer, parts=(replace(COMPRESSOR, unit_price=D(0)),)), state)


def test_an_accepted_part_costs_what_was_accepted_for_as_many_as_were() -> None:
    state = accepted(COMPRESSOR)
    first = told(state, used("compressor  24.000 btu", "1", unit_price=D("999")))
    assert how(first) == ("accepted", D("900.00"), D("1800.00"), None)
    state = DECIDER.fold([first], state)
    second = told(state, used("Compressor 24.000 BTU", "2", "x2"))
    assert how(second) == ("accepted", D("900.00"), D("900.00"), None)


def test_a_ceiling_binds_work_and_parts_together() -> None:
    state = accepted(COMPRESSOR, ceiling=D("1000.00"))
    state = DECIDER.fold(DECIDER.decide(work("w1", "2"), state), state)
    part = told(state, used("Compressor 24.000 BTU"))
    assert how(part) == ("accepted", D("900.00"), D("800.00"), None)
    state = DECIDER.fold([part], state)
    assert sum(state.price.charged_by.values()) == D("1000.00")
    listed = told(state, used(part_id="x2", line_id="belt", listed=BELT))
    assert how(listed) == ("accepted", D("80.00"), D("0.00"), None)


def test_in_an_emergency_parts_count_up_to_its_limit() -> None:
    state, _ = after(replace(OPEN_AT_PRICE, priority="critical", agreement=EMERGENCY))
    event = told(state, used(unit_price=D("150"), agreement=EMERGENCY))
    assert how(event) == ("emergency", D("150"), D("200.00"), None)
    state = DECIDER.fold([event], state)
    assert how(told(state, used(unit_price=D("150"), part_id="x2", agreement=EMERGENCY)))[2] == D("50.00")


def test_a_price_is_given_later_where_there_was_none_and_then_only_the_quantity_changes() -> None:
    state = accepted(replace(COMPRESSOR, name="Correia", unit_price=D("80.00")))
    given = c.CorrectPart("r1", "x1", D("1"), "Preço combinado", ELEVEN, "bruna", agreement=AGREEMENT)
    before, _ = after(OPEN, used())
    priced = told(before, replace(given, unit_price=D("70")))
    assert how(priced) == ("none", D("70"), None, "price-not-accepted")
    state = DECIDER.fold(DECIDER.decide(used(), state), state)
    assert state.document.parts["x1"].charge == "accepted"
    with pytest.raises(Refused) as refused:
        DECIDER.decide(replace(given, unit_price=D("95")), state)
    assert refused.value.code == "request.part-charged"
    fewer = told(state, replace(given, quantity=D(0), reason="Não foi usada"))
    assert (fewer.name, fewer.quantity, fewer.charge) == ("Correia", D(0), "accepted")
    assert sum(DECIDER.fold([fewer], state).price.charged_by.values()) == 0
