"""Contract: activation, suspension with its notice, resumption, termination, expiry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given as every
from hypothesis import strategies as st

from contracts_service.domain.contract import DECIDER
from contracts_service.domain.contract_commands import (
    ActivateContract,
    ExpireContract,
    NotifySuspension,
    RenewContract,
    ResumeContract,
    SuspendContract,
    SuspensionReason,
    TerminateContract,
    WithdrawSuspension,
)
from contracts_service.domain.contract_events import SuspensionWithdrawn
from contracts_service.domain.contract_state import Contract, Status
from contracts_service.domain.terms import Default, Renewal
from contracts_service.tests.samples import (
    AGREEMENT,
    DEFAULT,
    activated,
    active,
    at,
    day,
    draft,
    drafted,
    expired,
    notified,
    resumed,
    suspended,
    terminated,
    terms,
)
from services.errors import NotFound, Refused
from services.testing.decider import DeciderSpec

spec = DeciderSpec(DECIDER)
ACTIVATE = ActivateContract("c1", at("2026-01-01"), number="2026/000001")
SUSPEND = SuspendContract("c1", DEFAULT, at("2026-03-15"))
EXPIRE = ExpireContract("c1", at("2027-01-01"))
WITHDRAWN = SuspensionWithdrawn("c1", "k1", day("2026-03-12"))


def terminate(on: str = "2026-06-30", reason: str = "Rescisão pelo cliente") -> TerminateContract:
    return TerminateContract("c1", reason, at("2026-07-10"), day(on))


# -- activation


def test_a_draft_is_activated_with_its_number() -> None:
    spec.given(drafted()).when(ACTIVATE).then(activated())


def test_a_contract_is_activated_once() -> None:
    spec.given(*active()).when(ACTIVATE).then_nothing()
    spec.given(*active(), suspended()).when(replace(ACTIVATE, number="2026/000002")).then_nothing()


def test_the_day_of_signature_may_be_told_later_but_not_ahead() -> None:
    spec.given(drafted()).when(replace(ACTIVATE, at=at("2026-02-01"), on=day("2026-01-01"))).then(activated())
    spec.given(drafted()).when(replace(ACTIVATE, on=day("2026-01-02"))).then_refused(
        "contract.day-in-future", today=date(2026, 1, 1)
    )


def test_the_day_of_signature_is_the_contracts_local_day() -> None:
    late_evening = replace(ACTIVATE, at=at("2026-01-02 02:30"))
    spec.given(drafted()).when(late_evening).then(activated())


def test_an_empty_contract_is_not_activated() -> None:
    spec.given(drafted(terms=terms(lines=(), services=()))).when(ACTIVATE).then_refused("contract.empty")


def test_a_contract_that_is_over_is_not_activated() -> None:
    spec.given(drafted()).when(replace(ACTIVATE, at=at("2027-01-02"))).then_refused("contract.day-after-end")
    spec.given(*active(), terminated()).when(ACTIVATE).then_refused("contract.not-draft", status="terminated")


def test_a_contract_without_number_is_not_activated() -> None:
    spec.given(drafted()).when(replace(ACTIVATE, number=None)).then_refused("contract.number-missing")


# -- notice of suspension

NOTIFY = NotifySuspension("c1", DEFAULT, at("2026-03-10"))


def test_a_notice_runs_for_the_days_that_the_contract_says() -> None:
    spec.given(*active()).when(NOTIFY).then(notified())


def test_a_notice_is_never_shorter_than_the_contract_says() -> None:
    spec.given(*active()).when(replace(NOTIFY, suspend_on=day("2026-03-14"))).then_refused(
        "contract.notice-too-short", earliest=date(2026, 3, 15), notice_days=5
    )
    longer = replace(notified(), suspend_on=day("2026-03-20"))
    spec.given(*active()).when(replace(NOTIFY, suspend_on=day("2026-03-20"))).then(longer)


def test_a_second_notice_for_the_same_reason_changes_nothing() -> None:
    spec.given(*active(), notified()).when(replace(NOTIFY, at=at("2026-03-12"))).then_nothing()
    spec.given(*active(), suspended()).when(replace(NOTIFY, at=at("2026-03-20"))).then_nothing()


def test_there_is_one_notice_at_a_time() -> None:
    spec.given(*active(), notified(AGREEMENT)).when(NOTIFY).then_refused("contract.already-notified")


def test_no_notice_for_default_where_the_contract_does_not_suspend() -> None:
    lenient = active(default=Default(suspend=False))
    spec.given(*lenient).when(NOTIFY).then_refused("contract.suspension-not-agreed")
    assert spec.given(*lenient).when(replace(NOTIFY, reason=AGREEMENT)).events()


def test_no_notice_to_who_is_not_active() -> None:
    for history in ((drafted(),), (*active(), terminated()), (*active(), suspended(AGREEMENT))):
        spec.given(*history).when(replace(NOTIFY, at=at("2026-07-01"))).then_refused("contract.not-active")


def test_a_notice_is_withdrawn_once() -> None:
    withdraw = WithdrawSuspension("c1", at("2026-03-12"))
    spec.given(*active(), notified()).when(withdraw).then(WITHDRAWN)
    spec.given(*active(), notified(), WITHDRAWN).when(withdraw).then_nothing()
    spec.given(*active()).when(withdraw).then_nothing()


def test_payment_withdraws_only_a_notice_that_was_given_for_default() -> None:
    spec.given(*active(), notified(AGREEMENT)).when(
        WithdrawSuspension("c1", at("2026-03-12"), reason=DEFAULT)
    ).then_nothing()


# -- suspension and resumption


def test_after_its_notice_a_contract_in_default_is_suspended() -> None:
    spec.given(*active(), notified()).when(SUSPEND).then(suspended())


def test_no_suspension_for_default_without_notice() -> None:
    spec.given(*active()).when(SUSPEND).then_refused("contract.notice-missing")
    spec.given(*active(), notified(), WITHDRAWN).when(SUSPEND).then_refused("contract.notice-missing")
    spec.given(*active(), notified(AGREEMENT)).when(SUSPEND).then_refused("contract.notice-missing")


def test_no_suspension_for_default_while_the_notice_runs() -> None:
    spec.given(*active(), notified()).when(replace(SUSPEND, at=at("2026-03-14"))).then_refused(
        "contract.notice-running", suspend_on=date(2026, 3, 15)
    )


def test_a_suspension_by_agreement_needs_no_notice() -> None:
    command = SuspendContract("c1", AGREEMENT, at("2026-03-15"), note=" Obra no prédio ")
    spec.given(*active()).when(command).then(replace(suspended(AGREEMENT), note="Obra no prédio"))


def test_a_contract_is_suspended_once() -> None:
    spec.given(*active(), notified(), suspended()).when(SUSPEND).then_nothing()


def test_a_suspended_contract_is_resumed_once() -> None:
    command = ResumeContract("c1", at("2026-04-01"))
    spec.given(*active(), suspended()).when(command).then(resumed())
    spec.given(*active(), suspended(), resumed()).when(command).then_nothing()
    spec.given(*active()).when(command).then_nothing()


def test_payment_resumes_only_what_was_suspended_for_default() -> None:
    paid = ResumeContract("c1", at("2026-04-01"), reason=DEFAULT)
    spec.given(*active(), suspended(AGREEMENT)).when(paid).then_nothing()
    spec.given(*active(), suspended()).when(paid).then(resumed())


def test_nothing_is_dated_before_the_last_change() -> None:
    spec.given(*active(), suspended()).when(ResumeContract("c1", at("2026-04-01"), day("2026-03-14"))).then_refused(
        "contract.day-before-last", last=date(2026, 3, 15)
    )
    spec.given(*active(), suspended(), resumed()).when(
        SuspendContract("c1", AGREEMENT, at("2026-05-01"), day("2026-03-31"))
    ).then_refused("contract.day-before-last", last=date(2026, 4, 1))


def test_who_pays_after_a_second_notice_is_served_again() -> None:
    again = replace(notified(), on=day("2026-05-01"), suspend_on=day("2026-05-06"))
    history = (*active(), notified(), suspended(), resumed(), again)
    assert spec.given(*history).when(replace(SUSPEND, at=at("2026-05-06"))).events()


# -- the end


def test_a_contract_is_terminated_once_with_a_reason() -> None:
    spec.given(*active()).when(terminate()).then(terminated())
    spec.given(*active(), terminated()).when(terminate("2026-07-01")).then_nothing()
    spec.given(*active()).when(terminate(reason=" ")).then_refused("contract.reason-missing")


def test_a_suspended_contract_may_be_terminated() -> None:
    spec.given(*active(), suspended()).when(terminate()).then(terminated())


def test_a_contract_is_not_terminated_ahead_or_after_its_end() -> None:
    spec.given(*active()).when(terminate("2026-07-11")).then_refused("contract.day-in-future")
    late = replace(terminate("2027-01-01"), at=at("2027-01-01"))
    spec.given(*active()).when(late).then_refused("contract.day-after-end")


def test_a_draft_is_neither_suspended_nor_terminated() -> None:
    for command in (
        terminate(),
        SUSPEND,
        ResumeContract("c1", at("2026-04-01")),
        EXPIRE,
        RenewContract("c1", at("2026-04-01")),
    ):
        spec.given(drafted()).when(command).then_refused("contract.not-active", status="draft")


def test_a_contract_expires_when_its_last_day_is_over() -> None:
    spec.given(*active(renewal=Renewal.NONE)).when(EXPIRE).then(expired())
    spec.given(*active(), expired()).when(EXPIRE).then_nothing()
    spec.given(*active(), terminated()).when(EXPIRE).then_nothing()


def test_a_contract_does_not_expire_on_its_last_day() -> None:
    # 02:59 UTC on 1 January is still 31 December in São Paulo
    spec.given(*active()).when(ExpireContract("c1", at("2027-01-01 02:59"))).then_refused("contract.still-in-force")


def test_a_contract_without_end_does_not_expire() -> None:
    endless = active(ends_on=None, renewal=Renewal.NONE)
    spec.given(*endless).when(EXPIRE).then_refused("contract.still-in-force", ends_on=None)


def test_a_contract_that_never_was_is_not_found() -> None:
    for command in (ACTIVATE, terminate(), EXPIRE, NOTIFY):
        with pytest.raises(NotFound):
            spec.when(command).events()


# -- any order of commands

_DAYS = st.dates(date(2026, 1, 1), date(2028, 1, 1)).map(lambda on: at(on.isoformat()))
_COMMANDS = st.one_of(
    st.just(draft()),
    _DAYS.map(lambda when: replace(ACTIVATE, at=when)),
    st.builds(NotifySuspension, st.just("c1"), st.sampled_from(SuspensionReason), _DAYS),
    st.builds(WithdrawSuspension, st.just("c1"), _DAYS),
    st.builds(SuspendContract, st.just("c1"), st.sampled_from(SuspensionReason), _DAYS),
    st.builds(ResumeContract, st.just("c1"), _DAYS),
    st.builds(RenewContract, st.just("c1"), st.sampled_from([date(2026, 12, 31), date(2027, 12, 31)])),
    _DAYS.map(lambda when: TerminateContract("c1", "fim", when)),
    st.builds(ExpireContract, st.just("c1"), _DAYS),
)


@every(st.lists(_COMMANDS, max_size=25))
def test_any_sequence_of_commands_leaves_a_contract_that_makes_sense(commands: list[Any]) -> None:
    contract = Contract()
    for command in commands:
        try:
            events = DECIDER.decide(command, contract)
        except (Refused, NotFound):
            continue
        after = DECIDER.fold(events, contract)
        assert after.suspension is None or after.status is not Status.ACTIVE
        assert after.notice is None or after.status is Status.ACTIVE
        assert (after.ended_on is not None) == (after.status in (Status.TERMINATED, Status.EXPIRED))
        assert list(DECIDER.decide(command, after)) == []  # idempotent: who asks twice changes nothing
        contract = after
