"""Work lists: which terms end, by when notice can be given, what waits for a decision; and terms as they were believed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts_service.domain.contract_commands import Party
from contracts_service.domain.contract_events import (
    ContractRenewed,
    NoticeGiven,
    RenewalDeclined,
    RenewalUndone,
    SuspensionProposed,
    SuspensionUndone,
    TerminationUndone,
)
from contracts_service.domain.terms import Renewal
from contracts_service.domain.terms_changes import with_end
from contracts_service.tests.samples import (
    DEFAULT,
    activated,
    active,
    at,
    day,
    drafted,
    notified,
    resumed,
    suspended,
    terminated,
    terms,
)
from contracts_service.tests.unit.folds import VIEWS, context, folded, incoming
from contracts_service.views.contract_queries import ContractQuestion, one_contract
from contracts_service.views.work_lists import (
    RenewalsQuestion,
    SuspensionsQuestion,
    list_renewals,
    list_suspensions,
)
from services.codec import to_json_values
from services.errors import NotFound

NOVEMBER = context(at("2026-11-20"))


def renewals(*events: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = list_renewals(RenewalsQuestion(), folded(*events), NOVEMBER)["items"]
    return items


def shown(*events: Any, on: str | None = None, believed_on: str | None = None) -> dict[str, Any]:
    asked = ContractQuestion("c1", day(on) if on else None, day(believed_on) if believed_on else None)
    return one_contract(asked, folded(*events), NOVEMBER)


def test_a_renewal_by_approval_is_open_until_somebody_decides() -> None:
    [item] = renewals(*active(renewal=Renewal.APPROVAL))
    assert (item["decision"], item["notice_by"], item["days_left"]) == ("open", day("2026-12-01"), 11)
    assert (item["next_ends_on"], item["overdue"], item["offered"]) == (day("2027-12-31"), False, False)
    [late] = list_renewals(RenewalsQuestion(), folded(*active(renewal=Renewal.APPROVAL)), context(at("2026-12-02")))[
        "items"
    ]
    assert late["overdue"]


def test_the_list_says_what_is_known_of_the_next_term() -> None:
    declined = RenewalDeclined("c1", "k1", day("2026-11-10"), day("2026-12-31"), Party.CUSTOMER, "")
    leaves = NoticeGiven("c1", "k1", day("2026-03-10"), Party.CUSTOMER, day("2026-12-31"), "")
    assert [renewals(*history)[0]["decision"] for history in (
        active(),
        active(renewal=Renewal.NONE),
        (*active(), declined),
        (*active(), leaves),
    )] == ["tacit", "ends", "declined", "leaving"]  # fmt: skip


def test_terms_that_end_later_or_have_no_end_are_not_listed() -> None:
    assert renewals(*active(ends_on=day("2027-12-31"))) == []
    assert renewals(*active(ends_on=None, renewal=Renewal.NONE)) == []
    assert renewals(*active(), terminated()) == []


def test_a_suspension_waits_for_a_manager_until_it_is_decided() -> None:
    proposed = (*active(), notified(), SuspensionProposed("c1", "k1", day("2026-03-15"), DEFAULT))
    assert [
        i["contract_id"] for i in list_suspensions(SuspensionsQuestion(), folded(*proposed), NOVEMBER)["items"]
    ] == ["c1"]
    assert list_suspensions(SuspensionsQuestion(), folded(*proposed, suspended()), NOVEMBER)["items"] == []


def test_what_was_undone_shows_the_contract_as_before() -> None:
    undone = TerminationUndone("c1", "k1", day("2026-06-30"), "suspended", "Engano")
    contract = shown(*active(), suspended(), terminated(), undone)
    assert (contract["status"], contract["end"]) == ("suspended", None)
    assert contract["suspension"]["on"] == day("2026-03-15")
    contract = shown(*active(), suspended(), SuspensionUndone("c1", "k1", day("2026-03-15"), "Engano"))
    assert (contract["status"], contract["suspension"]) == ("active", None)
    assert shown(*active(), suspended(), resumed())["status"] == "active"


def test_an_undone_renewal_stays_on_record_and_counts_no_more() -> None:
    renewed = ContractRenewed("c1", "k1", day("2027-12-31"), day("2026-01-01"), with_end(terms(), day("2027-12-31")))
    undone = RenewalUndone("c1", "k1", day("2026-12-31"), day("2026-01-01"), terms(), "Engano")
    contract = shown(*active(), renewed, undone, renewed)
    assert [version["undone_at"] is None for version in contract["versions"]] == [True, False, True]
    assert contract["ends_on"] == day("2027-12-31")


def test_terms_are_shown_as_they_were_believed_on_an_earlier_day() -> None:
    """Recorded on 10 March, in force since 1 January: asked for what was known on the 9th, there was nothing."""
    rows = folded(drafted(), activated())
    other = replace(drafted(), terms=terms(state="RJ"))
    late = incoming(("contracts.contract.amended", {**AMENDED, "terms": to_json_values(other.terms)}), 3)
    for view in VIEWS:
        view.fold(replace(late, at=at("2026-05-05")), rows)
    asked = ContractQuestion("c1", day("2026-06-01"))
    assert one_contract(asked, rows, NOVEMBER)["terms"]["state"] == "RJ"
    assert one_contract(replace(asked, believed_on=day("2026-05-05")), rows, NOVEMBER)["terms"]["state"] == "RJ"
    assert one_contract(replace(asked, believed_on=day("2026-05-04")), rows, NOVEMBER)["terms"]["state"] == "SP"
    assert one_contract(ContractQuestion("c1", day("2026-03-01")), rows, NOVEMBER)["terms"]["state"] == "SP"
    with pytest.raises(NotFound):
        one_contract(replace(asked, believed_on=day("2026-03-09")), rows, NOVEMBER)


AMENDED = {"contract_id": "c1", "customer_id": "k1", "addendum": 1, "effective_on": "2026-04-01", "reason": "Mudança"}
