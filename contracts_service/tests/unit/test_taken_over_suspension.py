"""A contract that comes suspended from another system: since when, why, and never twice."""

from __future__ import annotations

from dataclasses import replace

from contracts_service.domain.contract import DECIDER
from contracts_service.domain.contract_commands import (
    Change,
    ResumeContract,
    SuspendContract,
    TakeOverSuspension,
    UndoChange,
)
from contracts_service.domain.terms import GiveBack, Suspending
from contracts_service.tests.samples import AGREEMENT, DEFAULT, active, at, day, suspended
from services.testing.decider import DeciderSpec

spec = DeciderSpec(DECIDER)
SUSPENDED_THERE = TakeOverSuspension("c1", DEFAULT, day("2026-02-10"), at("2026-03-15"), " Desde o sistema antigo ")
TAKEN_OVER = replace(suspended(on="2026-02-10"), note="Desde o sistema antigo", taken_over=True)


def test_it_is_suspended_since_the_other_system_says_so_without_a_notice_of_ours() -> None:
    spec.given(*active()).when(SUSPENDED_THERE).then(TAKEN_OVER)


def test_whether_charges_go_on_its_terms_say() -> None:
    keeps = active(suspension=Suspending(give_back=GiveBack.NOTHING))
    spec.given(*keeps).when(SUSPENDED_THERE).then(replace(TAKEN_OVER, give_back=GiveBack.NOTHING))


def test_the_same_again_changes_nothing_whatever_happened_since() -> None:
    resume = spec.given(*active(), TAKEN_OVER).when(ResumeContract("c1", at("2026-04-01"))).events()
    spec.given(*active(), TAKEN_OVER).when(SUSPENDED_THERE).then_nothing()
    spec.given(*active(), TAKEN_OVER, *resume).when(SUSPENDED_THERE).then_nothing()
    undo = UndoChange("c1", Change.SUSPENSION, "Não estava suspenso", at("2026-04-01"))
    undone = spec.given(*active(), TAKEN_OVER).when(undo).events()
    spec.given(*active(), TAKEN_OVER, *undone).when(SUSPENDED_THERE).then_nothing()


def test_another_day_or_reason_is_refused_and_says_what_is_known() -> None:
    for other in (replace(SUSPENDED_THERE, on=day("2026-02-11")), replace(SUSPENDED_THERE, reason=AGREEMENT)):
        spec.given(*active(), TAKEN_OVER).when(other).then_refused(
            "contract.suspended-otherwise", on=day("2026-02-10"), reason=DEFAULT
        )


def test_what_was_suspended_here_is_not_what_comes_from_there() -> None:
    here = spec.given(*active()).when(SuspendContract("c1", AGREEMENT, at("2026-03-01"))).events()
    spec.given(*active(), *here).when(SUSPENDED_THERE).then_refused("contract.moved-on")


def test_it_is_suspended_within_its_life_and_not_in_the_future() -> None:
    spec.given(*active()[:1]).when(SUSPENDED_THERE).then_refused("contract.not-active")
    spec.given(*active()).when(replace(SUSPENDED_THERE, on=day("2026-03-16"))).then_refused("contract.day-in-future")
    spec.given(*active()).when(replace(SUSPENDED_THERE, on=day("2025-12-31"))).then_refused("contract.day-before-last")


def test_who_was_suspended_for_default_there_is_served_again_when_he_pays_here() -> None:
    paid = ResumeContract("c1", at("2026-04-01"), reason=DEFAULT)
    assert spec.given(*active(), TAKEN_OVER).when(paid).events()
