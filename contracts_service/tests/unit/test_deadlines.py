"""What a contract waits for: expiry, tacit renewal, the day of a notified suspension, each once and at its instant."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from contracts_service.domain.contract_commands import Party
from contracts_service.domain.contract_events import (
    ContractRenewed,
    ExpiryUndone,
    NoticeGiven,
    NoticeWithdrawn,
    RenewalDeclined,
    RenewalOffered,
    RenewalUndone,
    SuspensionUndone,
    SuspensionWithdrawn,
    TerminationUndone,
)
from contracts_service.domain.terms import Renewal
from contracts_service.domain.terms_changes import with_end
from contracts_service.tests.samples import (
    active,
    day,
    drafted,
    expired,
    notified,
    resumed,
    suspended,
    terminated,
    terms,
)
from contracts_service.tests.unit.folds import folded
from services.store.tables import due


def waiting(*events: Any) -> list[tuple[str, datetime, str]]:
    rows = folded(*events).find(due, order_by=(due.c.at,))
    return [(row["key"], row["at"], row["command"]) for row in rows]


def begins(text: str) -> datetime:
    """São Paulo's midnight."""
    return datetime.fromisoformat(f"{text} 03:00").replace(tzinfo=UTC)


RENEWAL = ("renew:c1:2", begins("2026-12-01"), "renew_tacitly")
BY_APPROVAL = active(renewal=Renewal.APPROVAL)
OFFERED = RenewalOffered("c1", "k1", day("2026-11-01"), day("2026-12-31"), day("2027-12-31"), day("2026-12-01"))
DECLINED = RenewalDeclined("c1", "k1", day("2026-11-10"), day("2026-12-31"), Party.CUSTOMER, "")
LEAVES = NoticeGiven("c1", "k1", day("2026-03-10"), Party.CUSTOMER, day("2026-04-30"), "")
WITHDRAWN = SuspensionWithdrawn("c1", "k1", day("2026-03-12"))


def test_a_tacit_contract_waits_for_the_last_day_of_notice() -> None:
    assert waiting(*active()) == [RENEWAL]


def test_a_contract_without_renewal_waits_for_the_day_after_its_last() -> None:
    assert waiting(*active(renewal=Renewal.NONE)) == [("expire:c1:2", begins("2027-01-01"), "expire_contract")]


def test_a_contract_by_approval_waits_for_the_day_of_the_offer_and_then_for_an_answer() -> None:
    assert waiting(*BY_APPROVAL) == [("offer:c1:2", begins("2026-11-01"), "offer_renewal")]
    assert waiting(*BY_APPROVAL, OFFERED) == []
    assert waiting(*BY_APPROVAL, DECLINED) == [("expire:c1:3", begins("2027-01-01"), "expire_contract")]


def test_who_gave_notice_waits_for_the_last_day_only() -> None:
    assert waiting(*active(), LEAVES) == [("leave:c1:3", begins("2026-05-01"), "end_by_notice")]
    stays = NoticeWithdrawn("c1", "k1", day("2026-03-12"))
    assert waiting(*active(), LEAVES, stays) == [("renew:c1:4", *RENEWAL[1:])]


def test_what_is_undone_waits_again() -> None:
    undone = TerminationUndone("c1", "k1", day("2026-06-30"), "active", "Engano")
    assert waiting(*active(), terminated(), undone) == [("renew:c1:4", *RENEWAL[1:])]
    assert waiting(*active(), suspended(), SuspensionUndone("c1", "k1", day("2026-03-15"), "x")) == [
        ("renew:c1:4", *RENEWAL[1:])
    ]


def test_a_term_whose_renewal_or_expiry_was_a_mistake_is_not_renewed_or_expired_by_time() -> None:
    renewed = ContractRenewed("c1", "k1", day("2027-12-31"), day("2026-01-01"), with_end(terms(), day("2027-12-31")))
    undone = RenewalUndone("c1", "k1", day("2026-12-31"), day("2026-01-01"), terms(), "Engano")
    assert waiting(*active(), renewed, undone) == [("expire:c1:4", begins("2027-01-01"), "expire_contract")]
    alive = ExpiryUndone("c1", "k1", day("2026-12-31"), "active", "Engano")
    assert waiting(*active(renewal=Renewal.NONE), expired(), alive) == []


def test_a_contract_without_end_waits_for_nothing() -> None:
    assert waiting(*active(renewal=Renewal.NONE, ends_on=None)) == []


def test_a_draft_waits_for_nothing() -> None:
    assert waiting(drafted()) == []


def test_after_a_renewal_the_next_one_is_waited_for() -> None:
    renewed = ContractRenewed("c1", "k1", day("2027-12-31"), day("2026-01-01"), with_end(terms(), day("2027-12-31")))
    assert waiting(*active(), renewed) == [("renew:c1:3", begins("2027-12-01"), "renew_tacitly")]


def test_a_notice_waits_for_its_day() -> None:
    assert waiting(*active(), notified())[0] == ("suspend:c1:3", begins("2026-03-15"), "suspend_after_notice")
    payload = folded(*active(), notified()).find(due, command="suspend_after_notice")[0]["payload"]
    assert payload == {"contract_id": "c1", "on": "2026-03-15"}


def test_a_withdrawn_notice_waits_no_more() -> None:
    assert [command for _, _, command in waiting(*active(), notified(), WITHDRAWN)] == ["renew_tacitly"]


def test_a_suspended_contract_is_not_renewed_and_a_resumed_one_is() -> None:
    assert waiting(*active(), notified(), suspended()) == []
    assert waiting(*active(), notified(), suspended(), resumed()) == [("renew:c1:5", *RENEWAL[1:])]


def test_a_suspended_contract_still_expires() -> None:
    history = (*active(renewal=Renewal.NONE), notified(), suspended())
    assert [command for _, _, command in waiting(*history)] == ["expire_contract"]


def test_what_has_ended_waits_for_nothing() -> None:
    assert waiting(*active(), notified(), terminated()) == []
    assert waiting(*active(renewal=Renewal.NONE), expired()) == []


def test_the_days_are_those_of_the_contracts_time_zone() -> None:
    manaus = active(renewal=Renewal.NONE, time_zone="America/Manaus", ends_on=date(2026, 6, 30))
    assert waiting(*manaus) == [("expire:c1:2", datetime(2026, 7, 1, 4, tzinfo=UTC), "expire_contract")]
