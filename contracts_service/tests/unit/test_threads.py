"""What hurt users of other systems, about a contract's terms and its renewal; each test names the thread."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contracts_service.domain import contract
from contracts_service.domain.contract_commands import AmendContract, RenewTacitly
from contracts_service.domain.contract_events import ContractRenewed
from contracts_service.domain.terms import Renewal
from contracts_service.domain.terms_changes import with_end
from contracts_service.tests.samples import activated, active, day, drafted, line, terms
from contracts_service.tests.samples_events import PERSON, PROVIDER
from contracts_service.tests.unit.folds import context, folded
from contracts_service.views.work_lists import RenewalsQuestion, list_renewals
from services.testing.decider import DeciderSpec

spec = DeciderSpec(contract.DECIDER)
RENEWED = ContractRenewed("c1", "k1", day("2027-12-31"), day("2026-01-01"), with_end(terms(), day("2027-12-31")))


def test_the_day_for_notice_is_that_of_the_term_after_a_tacit_renewal() -> None:
    """glpi 23084: it stayed that of the first term."""
    rows = folded(PROVIDER, PERSON, *active(), RENEWED)
    (item,) = list_renewals(RenewalsQuestion(until=day("2027-12-31")), rows, context())["items"]
    assert (item["ends_on"], item["notice_by"]) == (day("2027-12-31"), day("2027-12-01"))


def test_lines_go_on_after_a_renewal_and_those_that_had_ended_do_not() -> None:
    """OCA/contract 803: after a renewal a line had no next bill day, and the contract was no longer in progress."""
    lines = (line(ends_on=day("2026-12-31")), line(line_id="old", ends_on=day("2026-06-30")))
    after = spec.given(*active(lines=lines)).when(RenewTacitly("c1", day("2026-12-31")))
    (renewed,) = after.events()
    assert [each.ends_on for each in renewed.terms.lines] == [None, date(2026, 6, 30)]


def test_a_contract_without_end_is_in_force_and_waits_for_no_renewal() -> None:
    """OCA/contract 1266: lines without an end were not found among those in progress."""
    endless = terms(ends_on=None, renewal=Renewal.NONE)
    rows = folded(PROVIDER, PERSON, drafted(terms=endless), activated(terms=endless))
    assert list_renewals(RenewalsQuestion(until=day("2099-12-31")), rows, context())["items"] == []
    spec.given(drafted(terms=endless), activated(terms=endless)).when(
        RenewTacitly("c1", day("2026-12-31"))
    ).then_nothing()


def test_an_addendum_that_revises_one_price_leaves_every_other_line_as_it_is() -> None:
    """OCA/contract 467: the revision of a price touched lines that had ended."""
    ended = line(line_id="old", ends_on=day("2026-06-30"), amount=Decimal("900.00"))
    given = spec.given(*active(lines=(line(), ended)))
    revised = terms(lines=(line(amount=Decimal("1600.00")), ended))
    (amended,) = given.when(AmendContract("c1", day("2026-09-01"), revised, "Revisão")).events()
    assert amended.terms.lines[1] == ended
