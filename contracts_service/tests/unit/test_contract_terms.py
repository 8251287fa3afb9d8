"""Contract: draft, terms of a draft, addenda, price adjustments, renewals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from contracts_service.domain.contract import DECIDER
from contracts_service.domain.contract_commands import (
    AdjustPrice,
    AmendContract,
    ChangeTerms,
    RenewContract,
    RenewTacitly,
)
from contracts_service.domain.contract_events import (
    ContractAmended,
    ContractRenewed,
    PriceAdjusted,
    TermsChanged,
)
from contracts_service.domain.terms import Adjusting, Billing, ContractTerms, Late, Renewal
from contracts_service.domain.terms_changes import with_end, with_prices_adjusted
from contracts_service.tests.samples import (
    activated,
    active,
    day,
    draft,
    drafted,
    expired,
    line,
    suspended,
    terminated,
    terms,
)
from services.errors import Invalid, NotFound
from services.testing.decider import DeciderSpec

spec = DeciderSpec(DECIDER)

CHEAPER = terms(lines=(line(amount=Decimal("1200.00")),))
WITH_STATE = terms(state="RJ")


def amend(effective_on: str, new: ContractTerms = WITH_STATE, reason: str = "Mudança de filial") -> AmendContract:
    return AmendContract("c1", day(effective_on), new, reason)


def amended(effective_on: str, new: ContractTerms = WITH_STATE, addendum: int = 1) -> ContractAmended:
    return ContractAmended("c1", "k1", addendum, day(effective_on), new, "Mudança de filial")


def renewed(ends_on: str) -> ContractRenewed:
    return ContractRenewed("c1", "k1", day(ends_on), date(2026, 1, 1), with_end(terms(), day(ends_on)))


# -- draft


def test_a_contract_is_drafted() -> None:
    spec.when(draft(external_ref="A-1")).then(drafted(external_ref="A-1"))


def test_the_same_draft_again_changes_nothing_whatever_became_of_the_contract() -> None:
    spec.given(drafted()).when(draft()).then_nothing()
    spec.given(*active()).when(draft()).then_nothing()
    spec.given(*active(), amended("2026-02-01")).when(draft()).then_nothing()
    spec.given(*active(), terminated()).when(draft()).then_nothing()


def test_another_draft_under_the_same_id_is_refused_and_says_where_it_differs() -> None:
    other = draft(customer_id="k2", terms=terms(lines=(line(amount=Decimal(1)),)))
    spec.given(*active()).when(other).then_refused(
        "contract.exists", status="active", where="customer_id, terms.lines.0.amount"
    )


def test_terms_that_make_no_sense_are_not_drafted() -> None:
    with pytest.raises(Invalid):
        spec.when(draft(terms=terms(state="XX"))).events()


def test_consumer_law_limits_the_late_fine_of_a_persons_contract() -> None:
    ten = terms(late=Late(fine_percent=Decimal(10)))
    assert spec.when(draft(terms=ten)).events()
    with pytest.raises(Invalid):
        spec.when(draft(terms=ten, consumer=True)).events()


def test_a_drafts_terms_are_changed_freely() -> None:
    spec.given(drafted()).when(ChangeTerms("c1", CHEAPER)).then(TermsChanged("c1", CHEAPER))
    spec.given(drafted()).when(ChangeTerms("c1", terms())).then_nothing()


def test_an_active_contracts_terms_are_not_changed_without_an_addendum() -> None:
    spec.given(*active()).when(ChangeTerms("c1", CHEAPER)).then_refused("contract.not-draft", status="active")


def test_what_was_never_drafted_is_not_found() -> None:
    with pytest.raises(NotFound):
        spec.when(ChangeTerms("c1", CHEAPER)).events()


# -- addenda


def test_an_addendum_changes_the_terms_from_its_day_on_and_keeps_what_was() -> None:
    given = spec.given(*active()).when(amend("2026-07-01")).then(amended("2026-07-01"))
    contract = given.state()
    assert contract.terms_on(date(2026, 6, 30)).state == "SP"
    assert contract.terms_on(date(2026, 7, 1)).state == "RJ"
    assert contract.terms_on(date(2020, 1, 1)).state == "SP"


def test_the_same_addendum_again_changes_nothing() -> None:
    spec.given(*active(), amended("2026-07-01")).when(amend("2026-07-01")).then_nothing()
    spec.given(*active()).when(amend("2026-07-01", terms())).then_nothing()


def test_addenda_are_numbered() -> None:
    third = terms(state="MG")
    spec.given(*active(), amended("2026-02-01")).when(amend("2026-03-01", third)).then(
        amended("2026-03-01", third, addendum=2)
    )


def test_an_addendum_does_not_reach_back_before_the_last_one() -> None:
    spec.given(*active(), amended("2026-07-01")).when(amend("2026-06-30", terms(state="MG"))).then_refused(
        "contract.effective-before-last", last=date(2026, 7, 1)
    )


def test_an_addendum_cannot_change_what_another_system_billed() -> None:
    taken_over = terms(billing=Billing(billed_through=date(2026, 3, 31)))
    given = spec.given(*active(billing=Billing(billed_through=date(2026, 3, 31))))
    given.when(amend("2026-07-01", terms())).then_refused("contract.term-fixed", where="terms.billing.billed_through")
    more = replace(taken_over, lines=(*taken_over.lines, line(line_id="l2", billed_through=date(2026, 5, 31))))
    given.when(amend("2026-07-01", more)).then_refused("contract.term-fixed", where="terms.lines.1.billed_through")
    given.when(amend("2026-07-01", replace(taken_over, state="MG"))).then(
        amended("2026-07-01", replace(taken_over, state="MG"))
    )


def test_two_addenda_of_the_same_day_are_allowed_and_the_later_holds() -> None:
    given = spec.given(*active(), amended("2026-07-01")).when(amend("2026-07-01", terms(state="MG")))
    assert given.state().terms_on(date(2026, 7, 1)).state == "MG"


def test_an_addendum_cannot_move_the_beginning_or_the_time_zone() -> None:
    given = spec.given(*active())
    given.when(amend("2026-07-01", terms(starts_on=date(2025, 1, 1)))).then_refused(
        "contract.term-fixed", where="terms.starts_on"
    )
    given.when(amend("2026-07-01", terms(time_zone="America/Manaus"))).then_refused(
        "contract.term-fixed", where="terms.time_zone"
    )


def test_an_addendum_lies_within_the_contract_and_has_a_reason() -> None:
    spec.given(*active()).when(amend("2027-01-01")).then_refused("contract.day-after-end", ends_on=date(2026, 12, 31))
    spec.given(*active()).when(amend("2026-07-01", reason=" ")).then_refused("contract.reason-missing")


@pytest.mark.parametrize("end", [terminated(), expired()])
def test_an_ended_contract_is_not_amended(end: object) -> None:
    spec.given(*active(), end).when(amend("2026-07-01")).then_refused("contract.not-active")
    spec.given(*active(), end).when(AdjustPrice("c1", day("2027-01-01"), Decimal(5))).then_refused(
        "contract.not-active"
    )


def test_a_suspended_contract_may_be_amended() -> None:
    spec.given(*active(), suspended()).when(amend("2026-07-01")).then(amended("2026-07-01"))


# -- price

LONG = {"ends_on": date(2029, 12, 31)}


def adjust(effective_on: str, percent: str = "4.5") -> AdjustPrice:
    return AdjustPrice("c1", day(effective_on), Decimal(percent))


def price_adjusted(effective_on: str, percent: str = "4.5", addendum: int = 1) -> PriceAdjusted:
    new = with_prices_adjusted(terms(**LONG), Decimal(percent), day(effective_on))
    return PriceAdjusted("c1", "k1", addendum, day(effective_on), Decimal(percent), new)


def test_prices_rise_twelve_months_after_the_beginning() -> None:
    spec.given(*active(**LONG)).when(adjust("2027-01-01")).then(price_adjusted("2027-01-01"))


def test_the_price_before_the_day_stays_what_it_was() -> None:
    contract = spec.given(*active(**LONG), price_adjusted("2027-01-01")).state()
    assert contract.terms_on(date(2026, 12, 31)).lines[0].amount == Decimal("1500.00")
    assert contract.terms_on(date(2027, 1, 1)).lines[0].amount == Decimal("1567.50")


def test_no_adjustment_sooner_than_twelve_months_after_the_beginning() -> None:
    spec.given(*active(**LONG)).when(adjust("2026-12-31")).then_refused(
        "contract.adjusted-too-soon", last=date(2026, 1, 1), earliest=date(2027, 1, 1)
    )


def test_no_adjustment_sooner_than_twelve_months_after_the_last() -> None:
    given = spec.given(*active(**LONG), price_adjusted("2027-03-01"))
    given.when(adjust("2028-02-29", "5")).then_refused("contract.adjusted-too-soon", earliest=date(2028, 3, 1))
    assert given.when(adjust("2028-03-01", "5")).events()


def test_a_revision_of_the_price_by_addendum_restarts_the_clock() -> None:
    cheaper = replace(CHEAPER, **LONG)
    given = spec.given(*active(**LONG), amended("2026-08-01", cheaper))
    given.when(adjust("2027-01-01")).then_refused("contract.adjusted-too-soon", earliest=date(2027, 8, 1))


def test_the_last_adjustment_of_another_system_starts_the_twelve_months() -> None:
    given = spec.given(*active(ends_on=None, adjustment=Adjusting(last_on=date(2026, 9, 1))))
    given.when(adjust("2027-08-31")).then_refused("contract.adjusted-too-soon", earliest=date(2027, 9, 1))
    (adjusted,) = given.when(adjust("2027-09-01")).events()
    assert adjusted.effective_on == date(2027, 9, 1)


def test_an_addendum_that_leaves_prices_alone_does_not_restart_the_clock() -> None:
    other_state = terms(state="RJ", **LONG)
    assert spec.given(*active(**LONG), amended("2026-08-01", other_state)).when(adjust("2027-01-01")).events()


def test_a_new_line_is_no_revision_of_the_price() -> None:
    wider = terms(lines=(line(), line(line_id="l2")), **LONG)
    assert spec.given(*active(**LONG), amended("2026-08-01", wider)).when(adjust("2027-01-01")).events()


def test_the_same_adjustment_again_changes_nothing() -> None:
    spec.given(*active(**LONG), price_adjusted("2027-01-01")).when(adjust("2027-01-01")).then_nothing()


@pytest.mark.parametrize("percent", ["0", "-91", "1001"])
def test_an_adjustment_has_a_sensible_percentage(percent: str) -> None:
    spec.given(*active(**LONG)).when(adjust("2027-01-01", percent)).then_refused("contract.percent-out-of-range")


def test_a_draft_has_no_price_to_adjust() -> None:
    spec.given(drafted()).when(adjust("2027-01-01")).then_refused("contract.not-active", status="draft")


# -- renewal


def renew(ended_on: str = "2026-12-31", ends_on: str | None = None) -> RenewContract:
    return RenewContract("c1", day(ended_on), day(ends_on) if ends_on else None)


def test_a_contract_is_renewed_for_its_months() -> None:
    spec.given(*active()).when(renew()).then(renewed("2027-12-31"))


def test_a_contract_is_renewed_until_a_chosen_day() -> None:
    spec.given(*active()).when(renew(ends_on="2027-06-30")).then(renewed("2027-06-30"))
    spec.given(*active()).when(renew(ends_on="2026-11-30")).then_refused("contract.renewal-shortens")
    spec.given(*active()).when(renew(ends_on="2026-12-31")).then_nothing()


def test_a_term_is_renewed_once() -> None:
    spec.given(*active(), renewed("2027-12-31")).when(renew()).then_nothing()
    spec.given(*active(), renewed("2027-06-30")).when(renew(ends_on="2027-06-30")).then_nothing()
    spec.given(*active(), renewed("2027-06-30")).when(renew(ends_on="2027-12-31")).then_refused(
        "contract.other-term", ends_on=date(2027, 6, 30)
    )
    spec.given(*active()).when(renew("2027-12-31")).then_refused("contract.other-term", ends_on=date(2026, 12, 31))


def test_the_next_term_can_be_renewed_in_its_turn() -> None:
    spec.given(*active(), renewed("2027-12-31")).when(renew("2027-12-31")).then(renewed("2028-12-31"))


def test_a_contract_by_approval_is_renewed_when_somebody_says_so() -> None:
    assert spec.given(*active(renewal=Renewal.APPROVAL)).when(renew()).events()


def test_a_contract_without_end_is_not_renewed() -> None:
    endless = active(ends_on=None, renewal=Renewal.NONE)
    spec.given(*endless).when(renew()).then_refused("contract.without-end")


def test_a_renewal_does_not_hinder_an_addendum_in_what_is_left_of_the_old_term() -> None:
    longer = replace(with_end(terms(), day("2027-12-31")), state="RJ")
    given = spec.given(*active(), renewed("2027-12-31")).when(amend("2026-12-10", longer))
    given.then(amended("2026-12-10", longer))


def test_a_renewal_brings_no_later_addendum_into_force_early() -> None:
    later = terms(state="RJ")
    given = spec.given(*active(), amended("2026-12-15", later)).when(renew())
    given.then(ContractRenewed("c1", "k1", day("2027-12-31"), day("2026-12-15"), with_end(later, day("2027-12-31"))))
    assert given.state().terms_on(date(2026, 12, 14)).state == "SP"


def test_silence_renews_a_tacit_contract_once() -> None:
    tacitly = RenewTacitly("c1", day("2026-12-31"))
    spec.given(*active()).when(tacitly).then(renewed("2027-12-31"))
    spec.given(*active(), renewed("2027-12-31")).when(tacitly).then_nothing()


@pytest.mark.parametrize("renewal", [Renewal.NONE, Renewal.APPROVAL])
def test_silence_renews_no_other_contract(renewal: Renewal) -> None:
    spec.given(*active(renewal=renewal)).when(RenewTacitly("c1", day("2026-12-31"))).then_nothing()


def test_silence_renews_no_suspended_or_ended_contract() -> None:
    tacitly = RenewTacitly("c1", day("2026-12-31"))
    spec.given(*active(), suspended()).when(tacitly).then_nothing()
    spec.given(*active(), terminated()).when(tacitly).then_nothing()
    spec.given(activated(), terminated()).when(tacitly).then_nothing()
