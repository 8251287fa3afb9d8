"""What the contracts do when an account is in default, and when it is regularised."""

from __future__ import annotations

from typing import Any

from contracts_service.domain.contract_commands import NotifySuspension, ResumeContract, WithdrawSuspension
from contracts_service.domain.terms import Default
from contracts_service.policies import POLICIES
from contracts_service.tests.samples import AGREEMENT, DEFAULT, active, drafted, notified, suspended, terminated
from contracts_service.tests.unit.folds import folded, incoming

HANDLERS = {kind: fn for policy in POLICIES for kind, fn in policy.handles.items()}
IN_DEFAULT = {
    "account_id": "c1",
    "contract_id": "c1",
    "customer_id": "k1",
    "since": "2026-02-08",
    "days": 30,
    "amount": "1500.00",
}
REGULARISED = {"account_id": "c1", "contract_id": "c1", "customer_id": "k1", "on": "2026-03-20"}


def commands(kind: str, data: dict[str, Any], *history: Any) -> list[Any]:
    event = incoming((kind, data), source="billing")
    return list(HANDLERS[kind](event, folded(*history)))


def in_default(*history: Any) -> list[Any]:
    return commands("billing.account.in_default", IN_DEFAULT, *history)


def regularised(*history: Any) -> list[Any]:
    return commands("billing.account.regularised", REGULARISED, *history)


def test_default_of_payment_notifies_the_suspension() -> None:
    (command,) = in_default(*active())
    assert isinstance(command, NotifySuspension)
    assert (command.contract_id, command.reason) == ("c1", DEFAULT)


def test_default_suspends_nobody_whose_contract_does_not_say_so() -> None:
    assert in_default(*active(default=Default(suspend=False))) == []


def test_default_concerns_only_a_contract_in_force() -> None:
    assert in_default() == []
    assert in_default(drafted()) == []
    assert in_default(*active(), suspended(AGREEMENT)) == []
    assert in_default(*active(), terminated()) == []


def test_payment_withdraws_the_notice() -> None:
    (command,) = regularised(*active(), notified())
    assert isinstance(command, WithdrawSuspension)
    assert command.reason == DEFAULT


def test_payment_resumes_what_was_suspended_for_default() -> None:
    (command,) = regularised(*active(), notified(), suspended())
    assert isinstance(command, ResumeContract)
    assert command.reason == DEFAULT


def test_payment_leaves_other_notices_and_suspensions_alone() -> None:
    assert regularised(*active(), notified(AGREEMENT)) == []
    assert regularised(*active(), suspended(AGREEMENT)) == []
    assert regularised(*active()) == []
    assert regularised() == []


def test_imported_history_moves_no_contract() -> None:
    assert not any(policy.historical for policy in POLICIES)


def test_default_and_payment_share_one_place_in_the_feed() -> None:
    """Two policies would have a checkpoint each, and a default could be handled after its payment."""
    assert len(POLICIES) == 1
