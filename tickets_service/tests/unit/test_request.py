"""The life of a request, step by step: given / when / then."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from services.errors import NotFound
from tickets_service.domain.commands import (
    AddNote,
    AssignRequest,
    AttachDocument,
    CancelRequest,
    ClassifyRequest,
    CloseRequest,
    CompleteRequest,
    RecordWork,
    ReopenRequest,
    ResolveRequest,
    ResumeRequest,
    StartRequest,
    WaitRequest,
)
from tickets_service.domain.coverage import NOT_AUTHORISED, NOT_COVERED, SUSPENDED, Coverage
from tickets_service.domain.events import (
    DocumentAttached,
    Evidence,
    RequestAssigned,
    RequestCancelled,
    RequestClassified,
    RequestClosed,
    RequestCompleted,
    RequestNoted,
    RequestReopened,
    RequestResolved,
    RequestResumed,
    RequestStarted,
    RequestWaiting,
    WorkRecorded,
)
from tickets_service.domain.request import DECIDER
from tickets_service.domain.usage import Allowance
from tickets_service.tests.unit.kit import AGREEMENT, IDS, MONDAY_9, OPEN, OPENED, SET, day, hours, opened, spec

TEN = MONDAY_9 + hours(1)
ORDER = DocumentAttached(
    *IDS, "d1", "signed_order", "ab" * 32, "os.pdf", 1000, "application/pdf", TEN, "t1", "provider"
)
RESOLVED = RequestResolved(*IDS, "p1", TEN, 1, "t1", (Evidence("signed_order", "d1"),))
CLOSED = RequestClosed(*IDS, TEN, "confirmation")
STARTED = RequestStarted(*IDS, TEN)
WAITING = RequestWaiting(*IDS, TEN, "t1", "Qual o modelo?")
REOPENED = RequestReopened(*IDS, TEN, "customer", "p1", "Voltou a pingar")
CANCELLED = RequestCancelled(*IDS, TEN, "customer", "p1", "Engano")
ATTACH = AttachDocument("r1", "d1", "signed_order", "ab" * 32, "os.pdf", 1000, "application/pdf", TEN, "t1")


# -- opening


def test_a_covered_request_is_opened_with_its_coverage_and_deadlines() -> None:
    spec.given().when(OPEN).then(OPENED, *SET)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (NOT_COVERED, "request.not-covered"),
        (SUSPENDED, "request.suspended"),
        (NOT_AUTHORISED, "request.not-authorised"),
    ],
)
def test_what_is_not_covered_is_refused_with_the_clause_that_says_so(status: str, code: str) -> None:
    not_covered = replace(OPEN, coverage=Coverage(status, "7.2", "why"))
    spec.given().when(not_covered).then_refused(code, clause="7.2", reason="why")


def test_the_provider_may_open_it_all_the_same_with_a_reason() -> None:
    suspended = Coverage(SUSPENDED, "default.suspend", "default")
    overridden = replace(OPEN, coverage=suspended, override_reason="Emergência", entered_by="t1", agreement=None)
    expected = replace(OPENED, coverage=suspended, override_reason="Emergência", entered_by="t1")
    spec.given().when(overridden).then(expected)


def test_a_request_under_an_unknown_contract_is_refused() -> None:
    spec.given().when(replace(OPEN, coverage=None)).then_refused("request.contract-unknown")


def test_a_request_is_opened_once() -> None:
    opened.when(OPEN).then_refused("request.exists")


def test_without_a_target_for_the_priority_there_is_no_deadline() -> None:
    spec.given().when(replace(OPEN, priority="low")).then(replace(OPENED, priority="low"))


@pytest.mark.parametrize("command", [StartRequest("r9", TEN), CloseRequest("r9", TEN), ATTACH])
def test_a_request_that_was_never_opened_is_not_found(command: Any) -> None:
    with pytest.raises(NotFound):
        spec.given().when(command).events()


# -- the provider's part


def test_the_provider_completes_his_part_and_may_correct_it() -> None:
    first = CompleteRequest("r1", TEN, "Refrigeração", "Dreno entupido", "t1")
    completed = RequestCompleted(*IDS, "Refrigeração", "t1", "Dreno entupido", TEN)
    after = opened.when(first).then(completed)
    after.when(first).then_nothing()
    after.when(replace(first, category="Hidráulica")).then(replace(completed, category="Hidráulica"))
    after.given(CANCELLED).when(first).then_refused("request.not-open", status="cancelled")


def test_classifying_keeps_the_former_priority() -> None:
    opened.when(ClassifyRequest("r1", "low", TEN)).then(RequestClassified(*IDS, "low", TEN, "medium"))
    opened.when(ClassifyRequest("r1", "medium", TEN)).then_nothing()


def test_assigning_to_the_same_again_changes_nothing() -> None:
    assign = AssignRequest("r1", "t1", TEN, "Campo")
    after = opened.when(assign).then(RequestAssigned(*IDS, "t1", TEN, "Campo"))
    after.when(assign).then_nothing()
    after.when(AssignRequest("r1", None, TEN)).then(RequestAssigned(*IDS, None, TEN, None))


def test_work_starts_once() -> None:
    opened.when(StartRequest("r1", TEN)).then(STARTED).when(StartRequest("r1", TEN)).then_nothing()


def test_waiting_and_resuming() -> None:
    wait, resume = WaitRequest("r1", TEN, "Qual o modelo?", "t1"), ResumeRequest("r1", TEN)
    waiting = opened.when(wait).then(WAITING)
    waiting.when(wait).then_nothing()
    waiting.when(StartRequest("r1", TEN)).then_refused("request.not-open", status="waiting")
    waiting.when(resume).then(RequestResumed(*IDS, TEN)).when(resume).then_nothing()
    opened.when(resume).then_refused("request.not-open", status="open")


# -- notes and documents


def test_a_note_is_taken_once_and_says_who_may_read_it() -> None:
    note = AddNote("r1", "n1", "Peça pedida", TEN, "internal", "t1")
    noted = RequestNoted(*IDS, "n1", "t1", "provider", "internal", "Peça pedida", TEN)
    opened.when(note).then(noted).when(note).then_nothing()


def test_a_customer_writes_no_internal_note_and_nobody_an_empty_one() -> None:
    hidden = AddNote("r1", "n1", "x", TEN, "internal", "p1", side="customer")
    opened.when(hidden).then_refused("request.note-internal-by-customer")
    opened.when(AddNote("r1", "n1", "  ", TEN)).then_refused("request.note-empty")


def test_a_document_is_attached_once_within_size_and_types() -> None:
    opened.when(ATTACH).then(ORDER).when(ATTACH).then_nothing()
    opened.when(replace(ATTACH, size=30_000_000)).then_refused("request.document-size", limit=26_214_400)
    opened.when(replace(ATTACH, size=0)).then_refused("request.document-size", size=0)
    opened.when(replace(ATTACH, media_type="text/html")).then_refused("request.document-type", media_type="text/html")
    opened.given(RESOLVED, CLOSED).when(ATTACH).then_refused("request.not-open", status="closed")


# -- work


def work(quantity: str, remaining: str | None, price: str | None = "90.00") -> RecordWork:
    allowance = Allowance("hour", Decimal(remaining) if remaining else None, Decimal(price) if price else None)
    return RecordWork("r1", "w1", day("2026-03-02"), Decimal(quantity), TEN, "Troca", "t1", "s1", allowance, "4.1")


@pytest.mark.parametrize(
    ("quantity", "remaining", "included", "beyond"),
    [
        ("2", "10", "2", "0"),
        ("3", "1.5", "1.5", "1.5"),
        ("2", "0", "0", "2"),
        ("2", None, "2", "0"),
    ],
)
def test_work_divides_into_what_is_included_and_what_goes_beyond(
    quantity: str, remaining: str | None, included: str, beyond: str
) -> None:
    (event,) = opened.when(work(quantity, remaining)).events()
    assert isinstance(event, WorkRecorded)
    assert (event.included_quantity, event.beyond_quantity) == (Decimal(included), Decimal(beyond))
    assert (event.unit, event.unit_price, event.clause) == ("hour", Decimal("90.00"), "4.1")


def test_the_same_work_counts_once() -> None:
    after = opened.when(work("2", "10"))
    opened.given(*after.events()).when(work("2", "10")).then_nothing()


def test_work_of_nothing_or_on_a_closed_request_is_refused() -> None:
    opened.when(work("0", "10")).then_refused("request.quantity-not-positive")
    opened.given(RESOLVED, CLOSED).when(work("1", "10")).then_refused("request.not-open", status="closed")


# -- resolving with evidence


def resolve(*evidence: Evidence, accepted: tuple[str, ...] = ("signed_order", "photo")) -> ResolveRequest:
    agreement = replace(AGREEMENT, evidence=accepted, targets=())
    return ResolveRequest("r1", TEN, evidence, "Dreno limpo", "t1", agreement)


def resolution(*evidence: Evidence, awaiting: bool = False, number: int = 1) -> RequestResolved:
    return RequestResolved(*IDS, "p1", TEN, number, "t1", evidence, "Dreno limpo", awaiting, "s1")


@pytest.fixture
def progressing() -> Any:
    """No deadlines here: they have tests of their own."""
    return spec.given(OPENED, STARTED)


def test_resolving_demands_an_evidence_that_the_contract_accepts(progressing: Any) -> None:
    progressing.when(resolve()).then_refused(
        "request.evidence-missing", missing="signed_order, photo", accepted=["signed_order", "photo"], given=[]
    )


def test_attached_documents_that_count_are_taken_as_evidence(progressing: Any) -> None:
    other = replace(ORDER, document_id="d2", kind="other")
    progressing.given(other, ORDER).when(resolve()).then(resolution(Evidence("signed_order", "d1")))


def test_a_document_of_another_kind_does_not_count(progressing: Any) -> None:
    email = replace(ORDER, kind="email")
    named = resolve(Evidence("email", "d1"))
    progressing.given(email).when(named).then_refused("request.evidence-missing", given=["email"])


def test_evidence_must_be_attached_as_what_it_is_called(progressing: Any) -> None:
    progressing.when(resolve(Evidence("photo", "d9"))).then_refused("request.evidence-not-attached", document_id="d9")
    progressing.given(ORDER).when(resolve(Evidence("photo", "d1"))).then_refused("request.evidence-not-attached")
    progressing.when(resolve(Evidence("photo"))).then_refused("request.evidence-needs-document", kind="photo")


def test_where_the_confirmation_counts_it_is_awaited_as_the_evidence(progressing: Any) -> None:
    only = resolve(accepted=("portal_confirmation",))
    awaited = resolution(Evidence("portal_confirmation"), awaiting=True)
    progressing.when(only).then(awaited)
    states = [DECIDER.fold([OPENED, STARTED, done]).status for done in (awaited, resolution())]
    assert states == ["awaiting_confirmation", "resolved"]
    either = resolve(accepted=("portal_confirmation", "signed_order"))
    progressing.given(ORDER).when(either).then(resolution(Evidence("signed_order", "d1")))


def test_what_only_the_customer_s_confirmation_proves_only_he_closes(progressing: Any) -> None:
    """Silence closes it where the contract says so (``tacit_confirmation``), the provider never."""
    awaited = resolution(Evidence("portal_confirmation"), awaiting=True)
    silent = replace(awaited, tacit_confirmation=False)
    for given, by in ((awaited, "provider"), (silent, "provider"), (silent, "tacit")):
        progressing.given(given).when(CloseRequest("r1", TEN, by)).then_refused("request.awaiting-confirmation")
    for given, by in ((awaited, "tacit"), (silent, "confirmation")):
        progressing.given(given).when(CloseRequest("r1", TEN, by)).then(RequestClosed(*IDS, TEN, by))


def test_a_contract_that_asks_for_no_evidence_gets_none(progressing: Any) -> None:
    progressing.when(resolve(accepted=())).then(resolution())


def test_only_work_that_is_open_can_be_resolved(progressing: Any) -> None:
    progressing.given(RESOLVED).when(resolve()).then_refused("request.not-open", status="resolved")


def test_each_resolution_after_a_reopening_has_its_own_number(progressing: Any) -> None:
    again = progressing.given(ORDER, RESOLVED, REOPENED).when(resolve())
    again.then(resolution(Evidence("signed_order", "d1"), number=2))


# -- the verdict


def test_the_confirmation_closes_and_comes_once() -> None:
    close = CloseRequest("r1", TEN, "confirmation", 1)
    after = opened.given(RESOLVED).when(close).then(CLOSED)
    after.when(close).then_nothing()
    after.when(CloseRequest("r1", TEN, "tacit", 1)).then_nothing()


def test_what_is_not_resolved_cannot_be_closed() -> None:
    opened.when(CloseRequest("r1", TEN)).then_refused("request.not-resolved", status="open")


def test_a_late_confirmation_of_an_earlier_resolution_closes_nothing() -> None:
    second = replace(RESOLVED, resolution=2)
    later = opened.given(RESOLVED, REOPENED, second)
    later.when(CloseRequest("r1", TEN, "tacit", 1)).then_refused("request.other-resolution", resolution=2)


@pytest.mark.parametrize("past", [(RESOLVED,), (RESOLVED, CLOSED)])
def test_a_contest_reopens_what_is_resolved_or_closed(past: tuple[Any, ...]) -> None:
    contest = ReopenRequest("r1", TEN, "contested", resolution=1)
    after = spec.given(OPENED, *past).when(contest).then(RequestReopened(*IDS, TEN, "contested"))
    after.when(ReopenRequest("r1", TEN, "low_score", resolution=1)).then_nothing()


def test_a_bad_score_of_an_earlier_resolution_reopens_nothing() -> None:
    second = replace(RESOLVED, resolution=2)
    low = ReopenRequest("r1", TEN, "low_score", resolution=1)
    opened.given(RESOLVED, REOPENED, second).when(low).then_nothing()


def test_the_customer_reopens_with_a_reason_but_not_what_is_open() -> None:
    reopen = ReopenRequest("r1", TEN, "customer", "Voltou a pingar", "p1")
    spec.given(OPENED, RESOLVED).when(reopen).then(REOPENED)
    opened.when(reopen).then_refused("request.not-resolved", status="open")
    opened.given(CANCELLED).when(reopen).then_refused("request.not-resolved", status="cancelled")


def test_cancelling_needs_a_reason() -> None:
    opened.when(CancelRequest("r1", TEN, " ", "p1", "customer")).then_refused("request.reason-missing")


def test_cancelling_ends_what_is_open() -> None:
    cancel = CancelRequest("r1", TEN, "Engano", "p1", "customer")
    opened.when(cancel).then(CANCELLED).when(cancel).then_nothing()
    opened.given(RESOLVED).when(cancel).then_refused("request.not-open", status="resolved")
