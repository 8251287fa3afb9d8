"""Contract: a suspension for default that a manager approves, where the contract says so."""

from __future__ import annotations

from contracts_service.domain.contract import DECIDER
from contracts_service.domain.contract_commands import ApproveSuspension, SuspendAfterNotice, SuspendContract
from contracts_service.domain.contract_events import SuspensionProposed, SuspensionWithdrawn
from contracts_service.domain.terms import Default
from contracts_service.tests.samples import AGREEMENT, DEFAULT, active, at, day, notified, suspended
from services.testing.decider import DeciderSpec

spec = DeciderSpec(DECIDER)
APPROVED = active(default=Default(days=30, suspend=True, notice_days=5, approval=True))
WHEN_IT_HAS_RUN = SuspendAfterNotice("c1", at("2026-03-15"))
PROPOSED = SuspensionProposed("c1", "k1", day("2026-03-15"), DEFAULT)


def test_without_approval_the_notices_end_suspends() -> None:
    spec.given(*active(), notified()).when(WHEN_IT_HAS_RUN).then(suspended())


def test_with_approval_it_asks_a_manager_once() -> None:
    spec.given(*APPROVED, notified()).when(WHEN_IT_HAS_RUN).then(PROPOSED)
    spec.given(*APPROVED, notified(), PROPOSED).when(WHEN_IT_HAS_RUN).then_nothing()
    spec.given(*APPROVED, notified()).when(SuspendContract("c1", DEFAULT, at("2026-03-15"))).then_refused(
        "contract.suspension-needs-approval"
    )


def test_other_suspensions_need_no_approval() -> None:
    spec.given(*APPROVED, notified(AGREEMENT)).when(WHEN_IT_HAS_RUN).then(suspended(AGREEMENT))


def test_a_manager_approves_once_and_only_after_the_notice() -> None:
    approve = ApproveSuspension("c1", at("2026-03-16"))
    [event] = spec.given(*APPROVED, notified(), PROPOSED).when(approve).events()
    assert event == suspended(on="2026-03-16")
    spec.given(*APPROVED, notified(), PROPOSED, event).when(approve).then_nothing()
    spec.given(*APPROVED, notified()).when(ApproveSuspension("c1", at("2026-03-14"))).then_refused(
        "contract.notice-running"
    )
    withdrawn = SuspensionWithdrawn("c1", "k1", day("2026-03-15"))
    spec.given(*APPROVED, notified(), PROPOSED, withdrawn).when(approve).then_refused("contract.notice-missing")


def test_a_notice_that_was_withdrawn_suspends_nobody() -> None:
    spec.given(*active()).when(WHEN_IT_HAS_RUN).then_nothing()
