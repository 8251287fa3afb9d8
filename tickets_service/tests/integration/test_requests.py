"""Requests through the wired service: facts, lists, deadlines, verdicts, erasure, history."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from services.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from services.migrations import config, versions_of
from services.testing.app import MemoryApp
from tickets_service.tables import METADATA
from tickets_service.tests.unit.kit import MONDAY_9, hours, terms

CONTACT, STAFF = "contact:p1", "user:t1"
OPEN = {
    "request_id": "r1",
    "contract_id": "c1",
    "service_type_id": "s1",
    "opened_by": "p1",
    "description": "Ar-condicionado pingando",
}
ORDER = {
    "request_id": "r1",
    "document_id": "d1",
    "kind": "signed_order",
    "sha256": "ab" * 32,
    "name": "os.pdf",
    "size": 1000,
    "media_type": "application/pdf",
}


def refused(call: Any, code: str, kind: type[Exception] = Refused) -> Any:
    with pytest.raises(kind) as caught:
        call()
    assert caught.value.code == code  # type: ignore[attr-defined]
    return caught.value


def row(app: MemoryApp, request_id: str = "r1", **params: Any) -> dict[str, Any]:
    found: dict[str, Any] = app.query("request", request_id=request_id, **params)
    return found


def resolve(app: MemoryApp) -> None:
    app.send("attach_document", ORDER, actor=STAFF)
    app.send("resolve_request", {"request_id": "r1", "summary": "Dreno limpo"}, actor=STAFF)


def verdict(app: MemoryApp, kind: str, resolution: int = 1, **data: Any) -> None:
    ids = {"request_id": "r1", "contract_id": "c1", "customer_id": "u1", "resolution": resolution}
    app.deliver([(f"feedback.evaluation.{kind}", {**ids, "at": app.now(), **data})], source="feedback")


def contract(app: MemoryApp, kind: str, **data: Any) -> None:
    ids = {"contract_id": "c1", "customer_id": "u1"}
    app.deliver([(f"contracts.contract.{kind}", {**ids, **data})], source="contracts", stream="contract-c1")


# -- the whole way


def test_from_opening_to_the_customers_confirmation(app: MemoryApp) -> None:
    answer = app.send("open_request", {**OPEN, "site_id": "l1", "equipment_id": "e1"}, actor=CONTACT)
    assert answer.events[0] == "tickets.request.opened"
    assert row(app)["protocol"] == "2026-000001"
    app.send("complete_request", {"request_id": "r1", "category": "Refrigeração"}, actor=STAFF)
    app.send("assign_request", {"request_id": "r1", "assignee_id": "t1"}, actor=STAFF)
    app.send("start_request", {"request_id": "r1"}, actor=STAFF)
    refusal = refused(
        lambda: app.send("resolve_request", {"request_id": "r1"}, actor=STAFF), "request.evidence-missing"
    )
    assert "ordem de serviço assinada, foto." in refusal.words["pt-BR"]
    resolve(app)
    (resolved,) = [e for e in app.events("request-r1") if e.type == "tickets.request.resolved"]
    assert (resolved.data["contact_id"], resolved.data["resolved_by"], resolved.data["resolution"]) == ("p1", "t1", 1)
    verdict(app, "confirmed", tacit=False)
    closed = row(app)
    assert (closed["status"], closed["closed_by"]) == ("closed", "confirmation")
    assert (closed["response_outcome"], closed["resolution_outcome"]) == ("met", "met")


def test_contested_and_badly_scored_it_is_reopened_once(app: MemoryApp) -> None:
    app.send("open_request", OPEN, actor=CONTACT)
    resolve(app)
    verdict(app, "contested", reason={"sealed": "…", "person": "p1"})
    verdict(app, "rated", score=1, low=True)
    assert (row(app)["status"], row(app)["reopenings"]) == ("in_progress", 1)
    app.send("resolve_request", {"request_id": "r1"}, actor=STAFF)
    verdict(app, "confirmed", resolution=2, tacit=True)
    verdict(app, "rated", resolution=2, score=5, low=False)
    assert (row(app)["status"], row(app)["closed_by"], row(app)["resolution"]) == ("closed", "tacit", 2)


def only_the_confirmation_proves(app: MemoryApp) -> None:
    """A resolution that awaits the customer's confirmation."""
    service = {**terms()["services"][0], "evidence": ["portal_confirmation"]}
    contract(app, "amended", effective_on="2026-01-01", terms=terms(services=[service]))
    app.send("open_request", OPEN, actor=CONTACT)
    app.send("resolve_request", {"request_id": "r1"}, actor=STAFF)


def test_it_awaits_the_confirmation_that_alone_proves_it_as_a_state_of_its_own(app: MemoryApp) -> None:
    only_the_confirmation_proves(app)
    assert row(app)["status"] == "awaiting_confirmation"
    assert app.query("statistics")["by_status"] == {"awaiting_confirmation": 1}
    found = app.query("requests", status=["awaiting_confirmation"])["requests"]
    assert [each["request_id"] for each in found] == ["r1"]
    refused(lambda: app.send("close_request", {"request_id": "r1"}, actor=STAFF), "request.awaiting-confirmation")
    verdict(app, "contested", reason={"sealed": "…", "person": "p1"})
    assert row(app)["status"] == "in_progress"
    app.send("resolve_request", {"request_id": "r1"}, actor=STAFF)
    verdict(app, "confirmed", resolution=2, tacit=False)
    assert (row(app)["status"], row(app)["closed_by"]) == ("closed", "confirmation")


def test_rows_of_before_that_state_are_told_from_their_events(app: MemoryApp) -> None:
    only_the_confirmation_proves(app)
    app.send("open_request", {**OPEN, "request_id": "r2"}, actor=CONTACT)
    own = versions_of("tickets")
    assert own is not None
    with app.app.db.write() as conn:
        command.downgrade(config(own, "alembic_version", conn), "0005")
        said = text("SELECT request_id, status FROM requests ORDER BY request_id")
        assert [tuple(found) for found in conn.execute(said)] == [("r1", "resolved"), ("r2", "open")]
        command.upgrade(config(own, "alembic_version", conn), "head")
    assert (row(app)["status"], row(app, "r2")["status"]) == ("awaiting_confirmation", "open")


# -- coverage


def test_coverage_is_answered_before_opening(app: MemoryApp) -> None:
    asked = {"contract_id": "c1", "service_type_id": "s1", "contact_id": "p1"}
    answer = app.query("coverage", **asked)
    assert (answer["status"], answer["remaining"], answer["clause"]) == ("covered", "10", "4.1")
    assert answer["words"]["pt-BR"] == "Coberto pelo contrato. Restam 10 no mês (cláusula 4.1)."
    assert app.query("coverage", **{**asked, "contact_id": "p2"})["status"] == "not_authorised"
    assert app.query("coverage", **{**asked, "service_type_id": "s9"})["reason"] == "service-not-in-contract"
    refused(lambda: app.query("coverage", **{**asked, "contract_id": "c9"}), "request.contract-unknown", NotFound)


def test_a_suspended_contract_covers_nothing_until_it_is_resumed(app: MemoryApp) -> None:
    contract(app, "suspended", on="2026-03-01", reason="default", note="")
    refusal = refused(lambda: app.send("open_request", OPEN, actor=CONTACT), "request.suspended")
    assert refusal.params["reason"] == "default"
    contract(app, "resumed", on="2026-03-02")
    assert app.send("open_request", OPEN, actor=CONTACT).version == 3


@pytest.mark.parametrize("kind", ["terminated", "expired"])
def test_an_ended_contract_covers_nothing(app: MemoryApp, kind: str) -> None:
    contract(app, kind, on="2026-03-01", reason="x")
    refused(lambda: app.send("open_request", OPEN, actor=CONTACT), "request.not-covered")


def test_staff_may_open_what_is_not_covered_with_a_reason_but_no_contact(app: MemoryApp) -> None:
    contract(app, "suspended", on="2026-03-01", reason="default", note="")
    overridden = {**OPEN, "override_reason": "Emergência", "channel": "phone"}
    refused(lambda: app.send("open_request", overridden, actor=CONTACT), "request.not-yours", Forbidden)
    app.send("open_request", overridden, actor=STAFF)
    opened = app.events("request-r1")[0].data
    assert (opened["override_reason"], opened["entered_by"], opened["coverage"]["status"]) == (
        "Emergência",
        "t1",
        "suspended",
    )
    assert "Emergência" not in str(row(app, audience="customer"))


def test_facts_are_never_taken_from_the_caller(app: MemoryApp) -> None:
    forged = {**OPEN, "protocol": "1999-000001", "customer_id": "u9", "entered_by": "x", "opened_by": "p2"}
    forged["coverage"] = {"status": "covered", "clause": "", "reason": "", "remaining": None, "unit": None}
    refused(lambda: app.send("open_request", forged, actor="contact:p2"), "request.not-authorised")
    app.send("open_request", {**forged, "opened_by": "p1"}, actor=CONTACT)
    opened = app.events("request-r1")[0].data
    assert (opened["protocol"], opened["customer_id"], opened["entered_by"]) == ("2026-000001", "u1", None)


def test_a_site_or_equipment_of_another_customer_is_refused(app: MemoryApp) -> None:
    refused(lambda: app.send("open_request", {**OPEN, "equipment_id": "e9"}, actor=CONTACT), "request.place-unknown")


def test_work_uses_up_the_month_and_then_costs(app: MemoryApp) -> None:
    app.send("open_request", OPEN, actor=CONTACT)
    work = {"request_id": "r1", "performed_on": "2026-03-02", "description": "Troca"}
    app.send("record_work", {**work, "work_id": "w1", "quantity": "7.5"}, actor=STAFF)
    app.send("record_work", {**work, "work_id": "w2", "quantity": "4"}, actor=STAFF)
    app.send("record_work", {**work, "work_id": "w3", "quantity": "4", "performed_on": "2026-02-27"}, actor=STAFF)
    divided = [(float(w["included_quantity"]), float(w["beyond_quantity"])) for w in row(app)["work"]]
    assert divided == [(7.5, 0), (2.5, 1.5), (4, 0)]
    assert {w["unit_price"] for w in row(app)["work"]} == {"90.00"}
    answer = app.query("coverage", contract_id="c1", service_type_id="s1", contact_id="p1")
    assert (answer["status"], answer["unit_price"]) == ("covered_at_price", "90.00")
    assert "90.00" in answer["words"]["en"]


def test_where_requests_are_counted_an_open_one_takes_its_place(bare: MemoryApp) -> None:
    counted = [{**terms()["services"][0], "unit": "request", "included_quantity": "1", "overage_unit_price": None}]
    activated = {"contract_id": "c1", "customer_id": "u1", "number": "1", "on": "2026-01-01"}
    open_to_all = {"authorised_only": False}
    given = terms(services=counted, communication=open_to_all)
    bare.deliver([("contracts.customer.registered", {"customer_id": "u1", "kind": "person"})], source="contracts")
    bare.deliver([("contracts.contract.activated", {**activated, "terms": given})], source="contracts")
    himself = {**OPEN, "opened_by": "u1"}
    bare.send("open_request", himself, actor="contact:u1")
    second = {**himself, "request_id": "r2"}
    refused(lambda: bare.send("open_request", second, actor="contact:u1"), "request.not-covered")
    bare.send("cancel_request", {"request_id": "r1", "reason": "Engano"}, actor="contact:u1")
    assert bare.send("open_request", second, actor="contact:u1").version >= 1


# -- who may what


def test_a_contact_does_only_what_is_his(app: MemoryApp) -> None:
    app.send("open_request", OPEN, actor=CONTACT)
    ids = {"request_id": "r1"}
    refused(lambda: app.send("start_request", ids, actor=CONTACT), "request.staff-only", Forbidden)
    refused(
        lambda: app.send("open_request", {**OPEN, "request_id": "r2"}, actor="contact:p2"),
        "request.not-yours",
        Forbidden,
    )
    note = {**ids, "note_id": "n1", "text": "Portão azul", "author_id": "t1"}
    refused(lambda: app.send("add_note", note, actor="contact:p9"), "request.not-yours", Forbidden)
    app.send("add_note", note, actor=CONTACT)
    (noted,) = row(app)["notes"]
    assert (noted["author_id"], noted["side"]) == ("p1", "customer")
    refused(
        lambda: app.send("add_note", {**note, "note_id": "n2", "visibility": "internal"}, actor=CONTACT),
        "request.note-internal-by-customer",
    )


def test_staff_cannot_give_the_customers_verdict(app: MemoryApp) -> None:
    app.send("open_request", OPEN, actor=CONTACT)
    resolve(app)
    app.send("close_request", {"request_id": "r1", "by": "confirmation"}, actor=STAFF)
    assert row(app)["closed_by"] == "provider"


def test_a_customer_sees_no_internal_notes_or_warnings(app: MemoryApp) -> None:
    app.send("open_request", OPEN, actor=CONTACT)
    app.send("add_note", {"request_id": "r1", "note_id": "n1", "text": "Caro!", "visibility": "internal"}, actor=STAFF)
    app.run_due(MONDAY_9 + hours(1.7))
    seen = row(app, audience="customer")
    assert seen["notes"] == []
    assert "tickets.deadline.warned" not in {each["type"] for each in seen["timeline"]}
    assert "tickets.deadline.warned" in {each["type"] for each in row(app)["timeline"]}


def test_wrong_shapes_say_where(app: MemoryApp) -> None:
    with pytest.raises(Invalid) as caught:
        app.send("attach_document", {**ORDER, "sha256": "x", "size": "big"}, actor=STAFF)
    assert {problem["path"] for problem in caught.value.problems} == {"sha256", "size"}
    with pytest.raises(Invalid):
        app.send("open_request", {**OPEN, "priority": "whenever"}, actor=CONTACT)


# -- deadlines in time


def test_a_deadline_that_nobody_met_is_warned_of_and_breached_at_its_instants(app: MemoryApp) -> None:
    app.send("open_request", OPEN, actor=CONTACT)
    assert app.run_due(MONDAY_9 + hours(24))["done"] == 4
    said = [(e.type.rpartition(".")[2], e.data["kind"], e.data["at"]) for e in app.events("request-r1")[3:]]
    assert said == [
        ("warned", "response", "2026-03-02T13:36:00Z"),
        ("breached", "response", "2026-03-02T14:00:00Z"),
        ("warned", "resolution", "2026-03-02T18:24:00Z"),
        ("breached", "resolution", "2026-03-02T20:00:00Z"),
    ]
    assert [r["request_id"] for r in app.query("requests", overdue=True)["requests"]] == ["r1"]
    assert app.query("statistics")["resolution"] == {"breached": 1}


def test_while_it_waits_nothing_is_due_and_afterwards_later(app: MemoryApp) -> None:
    app.send("open_request", OPEN, actor=CONTACT)
    app.send("wait_request", {"request_id": "r1", "reason": "Modelo?"}, actor=STAFF, at=MONDAY_9 + hours(1))
    assert app.run_due(MONDAY_9 + hours(100)) == {"done": 0, "refused": 0, "failed": 0}
    assert row(app)["provider"]["waiting_reason"] == "Modelo?"
    app.send("resume_request", {"request_id": "r1"}, actor=STAFF, at=MONDAY_9 + hours(24))
    app.run_due(MONDAY_9 + hours(30.9))
    assert row(app)["resolution_outcome"] == "running"
    app.run_due(MONDAY_9 + hours(31))  # 7 business hours were left on Tuesday at 9
    assert row(app)["resolution_outcome"] == "breached"


def test_an_addendum_moves_the_deadlines_of_open_requests_and_keeps_the_former(app: MemoryApp) -> None:
    app.send("open_request", OPEN, actor=CONTACT)
    holiday = terms(calendar={**terms()["calendar"], "holidays": ["2026-03-02"]})
    contract(app, "amended", addendum=1, effective_on="2026-03-01", terms=holiday, reason="Feriado municipal")
    moved = [
        e.data for e in app.events("request-r1") if e.type == "tickets.deadline.set" and e.data["cause"] == "terms"
    ]
    assert [(e["kind"], e["former_due_at"], e["due_at"]) for e in moved] == [
        ("response", "2026-03-02T14:00:00Z", "2026-03-03T13:00:00Z"),
        ("resolution", "2026-03-02T20:00:00Z", "2026-03-03T19:00:00Z"),
    ]
    app.run_due(MONDAY_9 + hours(12))
    assert row(app)["resolution_outcome"] == "running"


# -- lists and figures


def test_lists_filter_and_go_on_where_they_stopped(app: MemoryApp) -> None:
    for n in range(5):
        at = MONDAY_9 + hours(n)
        app.send("open_request", {**OPEN, "request_id": f"r{n}"}, actor=CONTACT, at=at)
    app.send("assign_request", {"request_id": "r3", "assignee_id": "t1"}, actor=STAFF)
    first = app.query("requests", limit=2)
    second = app.query("requests", limit=2, after=first["next"])
    third = app.query("requests", limit=2, after=second["next"])
    pages = [[r["request_id"] for r in page["requests"]] for page in (first, second, third)]
    assert pages == [["r4", "r3"], ["r2", "r1"], ["r0"]]
    assert third["next"] is None
    assert [r["request_id"] for r in app.query("requests", assignee_id="t1")["requests"]] == ["r3"]
    by_due = app.query("requests", order="due", status=["open"], limit=3)
    assert [r["request_id"] for r in by_due["requests"]] == ["r0", "r1", "r2"]
    rest = app.query("requests", order="due", status=["open"], limit=3, after=by_due["next"])
    assert [r["request_id"] for r in rest["requests"]] == ["r3", "r4"]
    assert app.query("requests", customer_id=["u9"])["requests"] == []


# -- privacy


def test_an_erased_persons_words_are_gone_and_his_request_stays(app: MemoryApp) -> None:
    app.send("open_request", OPEN, actor=CONTACT)
    app.send("add_note", {"request_id": "r1", "note_id": "n1", "text": "Moro no 71"}, actor=CONTACT)
    app.app.vault.erase(["u1", "p1"])
    erased = {"customer_id": "u1", "person_ids": ["u1", "p1"]}
    app.deliver([("contracts.customer.erased", erased)], source="contracts", stream="customer-u1")
    seen = row(app)
    assert (seen["description"], seen["notes"][0]["text"], seen["protocol"]) == ("␡", "␡", "2026-000001")
    with app.database.read() as conn:
        for table in METADATA.sorted_tables:
            assert "Moro no 71" not in str(conn.execute(table.select()).all())
    resolve(app)
    assert row(app)["status"] == "resolved"


# -- history


def history(request_id: str, *kinds: str) -> dict[str, Any]:
    steps = [{"at": (MONDAY_9 + hours(n)).isoformat(), "kind": kind, "group": "G1"} for n, kind in enumerate(kinds)]
    return {
        "id": f"import-{request_id}",
        "request_id": request_id,
        "contract_id": "c1",
        "external_ref": f"INC-{request_id}",
        "channel": "phone",
        "priority": "medium",
        "opened_at": MONDAY_9.isoformat(),
        "steps": steps,
    }


def test_imported_history_counts_and_disturbs_nobody(app: MemoryApp) -> None:
    records = [
        history("h1", "new", "resolved", "closed"),
        history("h2", "new", "active", "waiting", "active", "resolved", "reopened", "resolved", "closed"),
        history("h3", "waiting"),
        {**history("h4", "new"), "contract_id": "c9"},
    ]
    answers = app.batch("import_requests", records, historical=True)
    assert [a["status"] for a in answers] == ["imported", "imported", "imported", "rejected"]
    again = app.batch("import_requests", records, historical=True)
    assert [a["status"] for a in again] == ["unchanged", "unchanged", "unchanged", "rejected"]
    assert app.run_due(MONDAY_9 + hours(1000)) == {"done": 0, "refused": 0, "failed": 0}
    figures = app.query("statistics")
    counts = {name: figures[name] for name in ("requests", "reopened", "reopenings", "waited", "resolved")}
    assert counts == {"requests": 3, "reopened": 1, "reopenings": 1, "waited": 2, "resolved": 2}
    assert (figures["by_status"], figures["by_channel"]) == ({"closed": 2, "waiting": 1}, {"phone": 3})
    assert all(event.historical for event in app.events("request-h2"))
    assert (row(app, "h2")["customer_id"], row(app, "h2")["service_type_id"]) == ("u1", "s1")


def test_a_longer_history_of_the_same_request_adds_its_end(app: MemoryApp) -> None:
    app.batch("import_requests", [history("h1", "new")], historical=True)
    (answer,) = app.batch("import_requests", [history("h1", "new", "resolved")], historical=True)
    assert (answer["status"], answer["events"]) == ("imported", 1)


def test_an_import_that_is_not_marked_as_history_is_rejected(app: MemoryApp) -> None:
    (answer,) = app.batch("import_requests", [history("h1", "new")])
    assert answer["error"]["code"] == "request.import-is-history"


# -- two at once


def test_protocol_numbers_and_the_last_included_hour_are_given_once(app: MemoryApp) -> None:
    app.send("open_request", OPEN, actor=CONTACT)
    app.send("open_request", {**OPEN, "request_id": "r2"}, actor=CONTACT)

    def at_once(*calls: Any) -> None:
        failures: list[Exception] = []

        def guarded(call: Any) -> None:
            try:
                call()
            except Conflict as error:  # somebody was faster three times: the caller sends it again
                failures.append(error)

        threads = [threading.Thread(target=guarded, args=(call,)) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []

    def work(request: str) -> Any:
        sent = {"request_id": request, "work_id": f"w-{request}", "performed_on": "2026-03-02", "quantity": "8"}
        return lambda: app.send("record_work", sent, actor=STAFF)

    at_once(work("r1"), work("r2"))
    beyond = sum(Decimal(w["beyond_quantity"]) for request in ("r1", "r2") for w in row(app, request)["work"])
    assert beyond == 6
    at_once(*(lambda n=n: app.send("open_request", {**OPEN, "request_id": f"x{n}"}, actor=CONTACT) for n in range(6)))  # type: ignore[misc]
    protocols = [r["protocol"] for r in app.query("requests")["requests"]]
    assert sorted(protocols) == [f"2026-{n:06d}" for n in range(1, 9)]


# -- the schema


def test_the_migrations_make_the_tables_that_the_code_has(app: MemoryApp) -> None:
    with app.database.read() as conn:
        context = MigrationContext.configure(conn, opts={"include_name": _ours})
        assert compare_metadata(context, METADATA) == []


def _ours(name: str | None, kind: str, parents: Any) -> bool:
    return kind != "table" or name in METADATA.tables
