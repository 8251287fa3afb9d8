"""Contract: notice, termination by a right and its fine, renewal by approval, and what was a mistake."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contracts_service.domain.contract import DECIDER
from contracts_service.domain.contract_commands import (
    Change,
    DeclineRenewal,
    EndByNotice,
    ExpireContract,
    GiveNotice,
    OfferRenewal,
    Party,
    RenewContract,
    RenewTacitly,
    ResumeContract,
    Right,
    SuspendContract,
    TerminateContract,
    UndoChange,
    WithdrawNotice,
)
from contracts_service.domain.contract_events import (
    ContractRenewed,
    ContractTerminated,
    ExpiryUndone,
    NoticeGiven,
    NoticeWithdrawn,
    RenewalDeclined,
    RenewalOffered,
    RenewalUndone,
    ResumptionUndone,
    SuspensionUndone,
    TerminationUndone,
)
from contracts_service.domain.contract_state import Status
from contracts_service.domain.ending import early_fine
from contracts_service.domain.terms import GiveBack, Leaving, Line, Renewal, Rule, Suspending
from contracts_service.domain.terms_changes import with_end
from contracts_service.domain.worth import monthly_amount, months_between
from contracts_service.tests.samples import (
    AGREEMENT,
    active,
    at,
    day,
    expired,
    line,
    notified,
    resumed,
    suspended,
    terminated,
    terms,
)
from services.testing.decider import DeciderSpec

spec = DeciderSpec(DECIDER)
NOTICE = GiveNotice("c1", Party.CUSTOMER, at("2026-03-10"))


def given_notice(last_day: str = "2026-12-31") -> NoticeGiven:
    return NoticeGiven("c1", "k1", day("2026-03-10"), Party.CUSTOMER, day(last_day), "")


def undo(change: Change, when: str = "2026-07-10", reason: str = "Engano") -> UndoChange:
    return UndoChange("c1", change, reason, at(when))


# -- notice


def test_who_names_no_day_leaves_at_the_end_of_the_term() -> None:
    spec.given(*active()).when(NOTICE).then(given_notice())


def test_a_contract_without_end_is_left_after_the_days_of_notice() -> None:
    spec.given(*active(ends_on=None, renewal=Renewal.NONE)).when(NOTICE).then(given_notice("2026-04-09"))


def test_who_leaves_within_the_term_gives_the_days_that_the_contract_demands() -> None:
    spec.given(*active()).when(replace(NOTICE, last_day=day("2026-04-08"))).then_refused(
        "contract.leaves-too-soon", earliest=date(2026, 4, 9), notice_days=30
    )
    spec.given(*active()).when(replace(NOTICE, last_day=day("2026-04-09"))).then(given_notice("2026-04-09"))
    spec.given(*active()).when(replace(NOTICE, last_day=day("2027-01-01"))).then_refused("contract.day-after-end")


def test_the_same_notice_again_changes_nothing_and_another_is_refused() -> None:
    spec.given(*active(), given_notice()).when(NOTICE).then_nothing()
    spec.given(*active(), given_notice()).when(replace(NOTICE, by=Party.PROVIDER)).then_refused("contract.leaving")


def test_after_notice_nothing_is_renewed_until_it_is_withdrawn() -> None:
    renew = RenewTacitly("c1", day("2026-12-31"))
    spec.given(*active(), given_notice()).when(renew).then_nothing()
    spec.given(*active(), given_notice()).when(RenewContract("c1", day("2026-12-31"))).then_refused("contract.leaving")
    withdrawn = NoticeWithdrawn("c1", "k1", day("2026-03-12"))
    spec.given(*active(), given_notice()).when(WithdrawNotice("c1", at("2026-03-12"))).then(withdrawn)
    spec.given(*active(), withdrawn).when(WithdrawNotice("c1", at("2026-03-12"))).then_nothing()
    assert spec.given(*active(), given_notice(), withdrawn).when(renew).events()


def test_a_notice_to_the_end_of_the_term_lets_it_expire_and_an_earlier_one_terminates() -> None:
    spec.given(*active(), given_notice()).when(EndByNotice("c1", at("2027-01-01"))).then(expired())
    spec.given(*active(), given_notice()).when(EndByNotice("c1", at("2026-12-31"))).then_refused(
        "contract.still-in-force"
    )
    ended = ContractTerminated("c1", "k1", day("2026-04-09"), "notice", Party.CUSTOMER, Right.NOTICE)
    spec.given(*active(), given_notice("2026-04-09")).when(EndByNotice("c1", at("2026-04-10"))).then(ended)
    spec.given(*active(), given_notice("2026-04-09"), ended).when(EndByNotice("c1", at("2026-04-10"))).then_nothing()
    spec.given(*active()).when(EndByNotice("c1", at("2027-01-01"))).then_nothing()


# -- rights


def ends(right: Right, when: str = "2026-03-10", **changes: Any) -> TerminateContract:
    command = TerminateContract("c1", "Rescisão", at(when), by=Party.CUSTOMER, right=right)
    return replace(command, **changes)


def test_to_leave_by_notice_needs_a_notice_that_has_run() -> None:
    spec.given(*active()).when(ends(Right.NOTICE)).then_refused("contract.unannounced", notice_days=30)
    announced = (*active(), given_notice("2026-04-09"))
    spec.given(*announced).when(ends(Right.NOTICE)).then_refused("contract.leaves-too-soon", earliest=date(2026, 4, 9))
    assert spec.given(*announced).when(ends(Right.NOTICE, "2026-04-09")).events()


def test_breach_is_one_sides_right() -> None:
    spec.given(*active()).when(ends(Right.BREACH, by=Party.BOTH)).then_refused("contract.party-missing")
    [event] = spec.given(*active()).when(ends(Right.BREACH)).events()
    assert (event.by, event.right, event.fine) == (Party.CUSTOMER, Right.BREACH, Decimal("0.00"))


def test_a_consumer_may_regret_within_seven_days_and_gets_everything_back() -> None:
    [event] = spec.given(*active()).when(ends(Right.REGRET, "2026-01-08", consumer=True)).events()
    assert (event.refund_all, event.fine) == (True, Decimal("0.00"))
    spec.given(*active()).when(ends(Right.REGRET, "2026-01-09", consumer=True)).then_refused(
        "contract.regret-over", until=date(2026, 1, 8), days=7
    )
    spec.given(*active()).when(ends(Right.REGRET, "2026-01-08")).then_refused("contract.regret-of-consumers")


def test_leaving_early_costs_a_part_of_the_rest_of_the_term() -> None:
    costly = active(leaving=Leaving(Decimal("20")))
    # 1,500.00 a month, 9 April to 31 December: 8 months and 22 days = 13,100.00, of which a fifth
    [event] = spec.given(*costly, given_notice("2026-04-09")).when(EndByNotice("c1", at("2026-04-10"))).events()
    assert (event.fine_base, event.fine, event.fine_percent) == (Decimal("13100.00"), Decimal("2620.00"), Decimal(20))
    forgone = ends(Right.NOTICE, "2026-04-09", without_fine=True)
    [event] = spec.given(*costly, given_notice("2026-04-09")).when(forgone).events()
    assert event.fine == Decimal("0.00")


def test_after_the_minimum_that_was_agreed_leaving_costs_nothing() -> None:
    half_a_year = terms(leaving=Leaving(Decimal("10"), minimum_months=6))
    assert early_fine(half_a_year, half_a_year.ends_on, day("2026-05-31")).amount == Decimal("150.00")
    assert early_fine(half_a_year, half_a_year.ends_on, day("2026-06-30")).amount == Decimal("0.00")


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2026-01-01", "2026-12-31", Decimal(12)),
        ("2026-01-31", "2026-02-27", Decimal(1)),
        ("2026-01-01", "2026-01-15", Decimal("0.5")),
        ("2026-02-01", "2026-01-31", Decimal(0)),
    ],
)
def test_months_are_whole_or_thirtieths(first: str, last: str, months: Decimal) -> None:
    assert months_between(day(first), day(last)) == months


def test_a_months_worth_brings_every_rule_to_months() -> None:
    yearly = Line("l2", "4.2", "Licença", Decimal("1200.00"), rule=Rule.YEARLY)
    over = line(line_id="l3", ends_on=day("2026-02-28"))
    assert monthly_amount(terms(lines=(line(), yearly, over)), day("2026-03-01")) == Decimal("1600.00")


# -- renewal by approval

BY_APPROVAL = active(renewal=Renewal.APPROVAL)
OFFER = OfferRenewal("c1", day("2026-12-31"), at("2026-11-01"))
OFFERED = RenewalOffered("c1", "k1", day("2026-11-01"), day("2026-12-31"), day("2027-12-31"), day("2026-12-01"))
DECLINE = DeclineRenewal("c1", day("2026-12-31"), Party.CUSTOMER, at("2026-11-10"))
DECLINED = RenewalDeclined("c1", "k1", day("2026-11-10"), day("2026-12-31"), Party.CUSTOMER, "")


def test_a_renewal_by_approval_is_offered_once_with_the_day_by_which_to_answer() -> None:
    spec.given(*BY_APPROVAL).when(OFFER).then(OFFERED)
    spec.given(*BY_APPROVAL, OFFERED).when(OFFER).then_nothing()
    spec.given(*active()).when(OFFER).then_nothing()
    spec.given(*BY_APPROVAL, given_notice()).when(OFFER).then_nothing()


def test_an_offer_is_answered_by_renewing_or_declining() -> None:
    assert spec.given(*BY_APPROVAL, OFFERED).when(RenewContract("c1", day("2026-12-31"))).events()
    spec.given(*BY_APPROVAL, OFFERED).when(DECLINE).then(DECLINED)
    spec.given(*BY_APPROVAL, DECLINED).when(DECLINE).then_nothing()
    spec.given(*BY_APPROVAL, DECLINED).when(OFFER).then_nothing()
    spec.given(*BY_APPROVAL).when(replace(DECLINE, ended_on=day("2027-12-31"))).then_refused("contract.other-term")


def test_who_declines_a_tacit_renewal_is_not_renewed() -> None:
    spec.given(*active(), DECLINED).when(RenewTacitly("c1", day("2026-12-31"))).then_nothing()


def test_who_declined_may_still_renew_expressly() -> None:
    assert spec.given(*active(), DECLINED).when(RenewContract("c1", day("2026-12-31"))).events()


# -- mistakes


def test_a_mistaken_suspension_is_undone_and_its_notice_stays_used() -> None:
    history = (*active(), notified(), suspended())
    after = (
        spec.given(*history)
        .when(undo(Change.SUSPENSION))
        .then(SuspensionUndone("c1", "k1", day("2026-03-15"), "Engano"))
    )
    state = after.state()
    assert (state.status, state.suspension, state.notice) == (Status.ACTIVE, None, None)
    after.when(SuspendContract("c1", AGREEMENT, at("2026-03-12"))).events()  # dated as if it had never been


def test_a_mistaken_resumption_leaves_the_contract_suspended_since_then() -> None:
    history = (*active(), suspended(), resumed())
    after = (
        spec.given(*history)
        .when(undo(Change.RESUMPTION))
        .then(ResumptionUndone("c1", "k1", day("2026-04-01"), "Engano"))
    )
    assert after.state().suspension.on == date(2026, 3, 15)
    after.when(undo(Change.SUSPENSION)).then(SuspensionUndone("c1", "k1", day("2026-03-15"), "Engano"))


def test_a_mistaken_termination_gives_back_what_was_before_it() -> None:
    undone = TerminationUndone("c1", "k1", day("2026-06-30"), "suspended", "Engano")
    after = spec.given(*active(), suspended(), terminated()).when(undo(Change.TERMINATION)).then(undone)
    assert (after.state().status, after.state().ended_on) == (Status.SUSPENDED, None)
    after.when(ResumeContract("c1", at("2026-07-10"))).events()
    again = spec.given(*active(), terminated()).when(undo(Change.TERMINATION)).events()
    assert again == [replace(undone, status="active")]


def test_a_mistaken_expiry_waits_for_a_renewal() -> None:
    after = (
        spec.given(*active(), expired())
        .when(undo(Change.EXPIRY, "2027-01-05"))
        .then(ExpiryUndone("c1", "k1", day("2026-12-31"), "active", "Engano"))
    )
    after.when(RenewContract("c1", day("2026-12-31"))).events()


def test_a_mistaken_renewal_gives_the_old_end_back_and_is_not_made_again_by_time() -> None:
    renewed = ContractRenewed("c1", "k1", day("2027-12-31"), day("2026-01-01"), with_end(terms(), day("2027-12-31")))
    undone = RenewalUndone("c1", "k1", day("2026-12-31"), day("2026-01-01"), terms(), "Engano")
    after = spec.given(*active(), renewed).when(undo(Change.RENEWAL)).then(undone)
    assert after.state().terms.ends_on == date(2026, 12, 31)
    after.when(RenewTacitly("c1", day("2026-12-31"))).then_nothing()
    after.when(ExpireContract("c1", at("2027-01-01"))).then(expired())


def test_only_the_last_change_is_undone_and_with_a_reason() -> None:
    spec.given(*active(), suspended(), resumed()).when(undo(Change.SUSPENSION)).then_refused(
        "contract.nothing-to-undo", last="resumption"
    )
    spec.given(*active()).when(undo(Change.TERMINATION)).then_refused("contract.nothing-to-undo")
    spec.given(*active()).when(undo(Change.RENEWAL)).then_refused("contract.nothing-to-undo")
    spec.given(*active(), suspended()).when(undo(Change.SUSPENSION, reason=" ")).then_refused("contract.reason-missing")


# -- what a suspension does


def test_a_suspension_says_what_happens_to_requests_visits_and_charges() -> None:
    rules = Suspending(give_back=GiveBack.NOTHING)
    [event] = spec.given(*active(suspension=rules)).when(SuspendContract("c1", AGREEMENT, at("2026-03-15"))).events()
    assert (event.requests, event.visits, event.give_back) == ("pause", "cancel", "nothing")


def test_days_without_services_are_given_back_at_the_end_where_the_contract_says_so() -> None:
    rules = Suspending(give_back=GiveBack.EXTEND)
    history = (*active(suspension=rules), replace(suspended(AGREEMENT), give_back=GiveBack.EXTEND))
    back, longer = spec.given(*history).when(ResumeContract("c1", at("2026-04-01"))).events()
    assert back == resumed()
    assert (longer.addendum, longer.effective_on, longer.terms.ends_on) == (1, date(2026, 4, 1), date(2027, 1, 17))
