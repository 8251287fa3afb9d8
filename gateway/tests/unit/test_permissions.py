"""Every operation is in the one table; nobody passes who is not in it; no customer reads or changes another's."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gateway.identity.permissions import PAGES, PERMISSIONS, PUBLIC
from gateway.identity.roles import CONTACT
from gateway.tests.unit.world import World

ROLES = ("manager", "attendant", "technician", "finance", "operator")
IDS = {
    "customer_id": "A",
    "contract_id": "c-A",
    "receivable_id": "r-A",
    "payment_id": "p-A",
    "request_id": "q-A",
    "reference": "q-A",
    "evaluation_id": "e-A",
    "visit_id": "v-A",
    "link": "x",
    "contact_id": "ana",
    "kind": "contracts",
    "index": "ipca",
    "service": "billing",
    "label": "QR-A",
    "action": "health",
    "key_id": "k",
    "user_id": "u-ana",
    "session_id": "another-s",
    "erasure_id": "x",
    "thing": "request",
    "thing_id": "q-A",
    "endpoint_id": "w",
}
BODIES: dict[str, Any] = {
    "authorise_contact": {"name": "Eva", "rights": ["money"]},
    "dispute_receivable": {"reason": "x"},
    "open_request": {"contract_id": "c-A", "service_type_id": "s", "description": "x"},
    "add_note": {"text": "x"},
    "attach_document": {"kind": "photo", "sha256": "0" * 64, "name": "x", "size": 1, "media_type": "image/png"},
    "contest_service": {"reason": "x"},
    "correct_request_field": {"field": "description", "value": "x"},
    "accept_price": {"offer": 1, "name": "x", "text_sha256": "0" * 64},
    "decline_price": {"offer": 1},
    "rate_service": {"score": 1, "comment": "x"},
    "accept_contract": {"text_sha256": "0" * 64},
    "give_notice": {"by": "customer"},
    "approve_renewal": {"ended_on": "2026-12-31"},
    "attach_contract_document": {"sha256": "ab" * 32, "name": "x.pdf", "kind": "annex"},
    "decline_renewal": {"ended_on": "2026-12-31", "by": "customer"},
    "edit_rating": {"score": 1, "comment": "x"},
    "make_comment": {"text": "x"},
    "move_visit": {"on": "2026-03-12", "reason": "x"},
    "cancel_visit": {"reason": "x"},
}
QUERIES = {
    "get_coverage": "?service_type_id=s",
    "get_satisfaction": "?customer_id=A",
    "get_contract_month_pdf": "?month=2026-01",
    "get_statistics": "?customer_id=A",
}
OWN = (
    "who_am_i",
    "change_me",
    "list_mail_topics",
    "choose_mail_topics",
    "change_own_password",
    "log_out",
    "list_sessions",
    "get_my_data",
    "get_my_erasure",
    "ask_for_erasure",
    "withdraw_erasure",
    "end_other_sessions",
    "put_file",
    "make_calendar_link",
    "verify_dossier",
)
"""Of the caller alone: no id of anybody's thing in them."""
LISTS = (
    "list_customers",
    "list_contracts",
    "list_receivables",
    "list_payments",
    "list_requests",
    "list_visits",
    "list_evaluations",
)


def operations(world: World) -> list[tuple[str, str, str]]:
    """(operation, method, path with A's ids) of everything that the application serves."""
    found = []
    for rule in world.flask.url_map.iter_rules():
        name = rule.endpoint.rpartition(".")[2]
        path = re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", lambda match: IDS.get(match[1], "x"), rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found.append((name, method, path))
    return found


def test_every_operation_is_in_the_table_and_nothing_else(world: World) -> None:
    served = {name for name, _, _ in operations(world)}
    assert served - PUBLIC - set(PAGES) == set(PERMISSIONS)
    assert served & PUBLIC == PUBLIC


def test_without_a_token_there_is_nothing_but_health_docs_and_login(world: World) -> None:
    client = world.client()
    for name, method, path in operations(world):
        if name in PERMISSIONS:
            answer = client.open(path, method=method, json={})
            assert (name, answer.status_code) == (name, 401)
            assert answer.mimetype == "application/problem+json"
    assert world.services.calls == []


@pytest.mark.parametrize("role", [*ROLES, "ana"])
def test_a_role_that_is_not_in_the_table_is_refused_before_anything_else(world: World, role: str) -> None:
    client = world.client(role)
    for name, method, path in operations(world):
        if name in PERMISSIONS and (CONTACT if role == "ana" else role) not in PERMISSIONS[name].roles:
            answer = client.open(path, method=method, json={})
            assert (name, answer.status_code, answer.json["code"]) == (name, 403, "access.denied")
    assert world.services.calls == []


def test_a_foreign_customer_finds_nothing_of_anothers_and_changes_nothing(world: World) -> None:
    """Bob walks over every route with A's ids: what he may do at all answers 404, as if it did not exist."""
    client = world.client("bob")
    world.services.answers["feedback.comments"] = {"items": [], "next": None}
    walked = set()
    for name, method, path in operations(world):
        if name not in PERMISSIONS or CONTACT not in PERMISSIONS[name].roles or name in (*OWN, *LISTS):
            continue
        answer = client.open(
            path + QUERIES.get(name, ""), method=method, json=BODIES.get(name, {}) if method != "GET" else None
        )
        if name in ("list_service_types", "count_requests", "list_comments"):
            assert answer.status_code == 200
            continue
        assert (name, answer.status_code, answer.json.get("kind")) == (name, 404, "not-found")
        walked.add(name)
    assert len(walked) >= 20
    assert world.services.commands() == []


def test_lists_and_counts_of_a_customer_hold_only_his_own_whatever_he_filters(world: World) -> None:
    client = world.client("bob")
    paths = {name: path for name, _, path in operations(world) if name in LISTS}
    for name, path in paths.items():
        for query in ("", "?customer_id=A", "?search=Companhia", "?contract_id=c-A"):
            items = client.get(path + query).json["items"]
            assert {item["customer_id"] for item in items} <= {"B"}, (name, query)
        assert client.get(path).json["items"], name
        assert {item["customer_id"] for item in world.client("manager").get(path).json["items"]} == {"A", "B"}
    assert client.get("/api/v1/requests/counts").json == {"open": 1}


def test_a_contact_without_the_right_sees_no_money(world: World) -> None:
    client = world.client("bea")
    for path in ("/api/v1/receivables", "/api/v1/payments", "/api/v1/receivables/r-B", "/api/v1/contracts/c-B/account"):
        answer = client.get(path)
        assert (answer.status_code, answer.json["code"]) == (403, "access.right-missing")
    assert client.get("/api/v1/receivables/r-A").status_code == 404
    assert client.get("/api/v1/requests").json["items"]


def test_a_contact_that_was_removed_loses_access_at_once(world: World) -> None:
    client = world.client("bob")
    assert client.get("/api/v1/requests").json["items"]
    world.happened("contracts.customer.contact_removed", {"customer_id": "B", "contact_id": "bob"})
    assert client.get("/api/v1/requests").json["items"] == []
    assert client.get("/api/v1/requests/q-B").status_code == 404


def test_a_technician_sees_no_prices(world: World) -> None:
    world.services.answers["contracts.contract"] = {
        "contract_id": "c-A",
        "terms": {"lines": [{"amount": "1"}], "state": "SP"},
    }
    client = world.client("technician")
    assert client.get("/api/v1/contracts/c-A").json == {"contract_id": "c-A", "terms": {"state": "SP"}}
    assert "monthly_amount" not in client.get("/api/v1/contracts").json["items"][0]
    assert world.client("manager").get("/api/v1/contracts").json["items"][0]["monthly_amount"] == "100.00"


def test_what_the_views_do_not_show_yet_is_asked_of_its_service(world: World) -> None:
    """A customer goes on with what he made a moment ago; another's stays hidden the same way."""
    world.services.answers["tickets.request"] = {"request_id": "new", "customer_id": "B"}
    assert world.client("bob").post("/api/v1/requests/new/notes", json={"text": "x"}).status_code == 201
    assert world.client("ana").post("/api/v1/requests/new/notes", json={"text": "x"}).status_code == 404
