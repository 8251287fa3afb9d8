"""Commands over HTTP: once for each key, in the caller's own name, with a token to read them back."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.tests.unit.world import World
from services.errors import (
    Conflict,
    Invalid,
    NotFound,
    OutcomeUnknown,
    Refused,
    Unavailable,
    VigenciaError,
    from_wire,
)

KEY = "01936f8e-0000-7000-8000-000000000001"
CUSTOMER = {"kind": "company", "legal_name": "Clínica Boa Vista", "cnpj": "11.222.333/0001-81"}


def test_the_key_is_the_command_s_id_and_what_is_made_has_an_id_from_it(world: World) -> None:
    client = world.client("manager")
    first = client.post("/api/v1/customers", json=CUSTOMER, headers={"Idempotency-Key": KEY})
    again = client.post("/api/v1/customers", json=CUSTOMER, headers={"Idempotency-Key": KEY})
    other = client.post("/api/v1/customers", json=CUSTOMER)
    assert first.status_code == 201
    assert first.json == again.json != other.json
    one, two, three = world.services.commands()
    assert one == two
    assert (one["id"], one["command"], one["actor"]) == (KEY, "register_customer", "user:u-manager")
    assert one["payload"] == {**CUSTOMER, "customer_id": first.json["id"]}
    assert three["id"] == other.headers["Idempotency-Key"] != KEY
    assert first.headers["Location"] == f"/api/v1/customers/{first.json['id']}"


def test_the_answer_carries_a_token_on_which_a_read_waits(world: World) -> None:
    client = world.client("manager")
    token = client.post("/api/v1/customers", json=CUSTOMER).headers["X-Vigencia-Wait"]
    assert token == "contracts/register_customer-stream/1"
    answer = client.get(f"/api/v1/customers?wait={token}")
    assert world.services.waited == [("contracts", "register_customer-stream", 1)]
    assert answer.headers["X-Vigencia-Waited"] == "applied"
    world.services.waits = "held-back"
    answer = client.get("/api/v1/customers", headers={"X-Vigencia-Wait": f"{token},billing/account-1/7"})
    assert answer.headers["X-Vigencia-Waited"] == "held-back"
    assert world.services.waited[-1] == ("billing", "account-1", 7)
    assert client.get("/api/v1/customers?wait=nonsense").status_code == 400


@pytest.mark.parametrize("key", ["short", "with space in it", "x" * 65])
def test_a_key_that_is_none_is_refused(world: World, key: str) -> None:
    answer = world.client("manager").post("/api/v1/customers", json=CUSTOMER, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json["code"]) == (400, "idempotency-key.invalid")


def test_a_customer_acts_as_his_own_contact_whatever_he_sends(world: World) -> None:
    client = world.client("bob")
    request = {"contract_id": "c-B", "service_type_id": "s", "description": "x", "opened_by": "ana", "channel": "phone"}
    assert client.post("/api/v1/requests", json=request).status_code == 201
    assert client.post("/api/v1/evaluations/e-B/confirm", json={"by": "ana"}).status_code == 200
    opened, confirmed = world.services.commands()
    assert opened["actor"] == confirmed["actor"] == "contact:bob"
    assert (opened["payload"]["opened_by"], opened["payload"]["channel"]) == ("bob", "portal")
    assert confirmed["payload"] == {"evaluation_id": "e-B", "by": "bob"}


def test_a_customers_notice_is_his_own_and_begins_today(world: World) -> None:
    body = {"by": "provider", "on": "2026-01-01", "reason": "x"}
    assert world.client("bob").post("/api/v1/contracts/c-B/give-notice", json=body).status_code == 200
    [command] = world.services.commands()
    assert command["payload"] == {"by": "customer", "reason": "x", "contract_id": "c-B"}


def test_staff_says_for_whom_it_opens_and_answers(world: World) -> None:
    client = world.client("attendant")
    request = {"contract_id": "c-B", "service_type_id": "s", "description": "x"}
    for path, body, missing in (
        ("/api/v1/requests", request, "opened_by"),
        ("/api/v1/evaluations/e-B/confirm", {}, "by"),
    ):
        answer = client.post(path, json=body)
        assert answer.status_code == 400
        assert answer.json["problems"][0]["path"] == missing
    assert client.post("/api/v1/evaluations/e-B/confirm", json={"by": "bob"}).status_code == 200


def test_decimals_and_days_go_as_text(world: World) -> None:
    world.client("finance").post(
        "/api/v1/payments", json={"contract_id": "c-A", "amount": "60.10", "on": "2026-02-01", "method": "pix"}
    )
    [command] = world.services.commands()
    payment_id = command["payload"].pop("payment_id")
    assert payment_id
    assert command["payload"] == {"account_id": "c-A", "amount": "60.10", "on": "2026-02-01", "method": "pix"}


def test_a_command_without_input_needs_no_body(world: World) -> None:
    client = world.client("manager")
    assert client.post("/api/v1/contracts/c-A/activate").status_code == 200
    assert client.post("/api/v1/requests/q-A/start").status_code == 200


def test_commands_on_a_receivable_go_to_its_contract_s_account(world: World) -> None:
    client = world.client("finance")
    client.post("/api/v1/receivables/r-A/write-off", json={"reason": "lost"})
    client.post("/api/v1/payments/p-B/reverse", json={"reason": "came back"})
    assert [command["payload"]["account_id"] for command in world.services.commands()] == ["c-A", "c-B"]
    world.services.answers["billing.payments"] = {"items": []}
    assert client.post("/api/v1/payments/none/reverse", json={"reason": "x"}).status_code == 404


def test_a_payment_of_a_moment_ago_is_reversed_before_the_lists_show_it(world: World) -> None:
    world.services.answers["billing.payments"] = {"items": [{"payment_id": "p-new", "account_id": "c-A"}]}
    answer = world.client("finance").post("/api/v1/payments/p-new/reverse", json={"reason": "came back"})
    assert answer.status_code == 200
    assert [command["payload"]["account_id"] for command in world.services.commands()] == ["c-A"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Refused("contract.not-active", status="draft"), 422),
        (Invalid("terms.invalid", problems=[{"path": "lines.0.amount", "code": "missing"}]), 400),
        (NotFound("contract.unknown"), 404),
        (Conflict("version-conflict"), 409),
        (Unavailable("billing.down"), 503),
        (OutcomeUnknown("no-answer"), 504),
        (RuntimeError("secret detail"), 500),
    ],
)
def test_errors_of_services_are_problem_documents(world: World, error: Exception, status: int) -> None:
    if isinstance(error, Refused):
        error.words = {"pt-BR": "O contrato não está ativo.", "en": "The contract is not active."}
    world.services.answers["execute"] = error
    answer = world.client("manager").post("/api/v1/contracts/c-A/suspend", json={"reason": "other"})
    problem = answer.json
    assert (answer.status_code, problem["status"], answer.mimetype) == (status, status, "application/problem+json")
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"] == "/api/v1/contracts/c-A/suspend"
    assert "secret" not in answer.text
    if isinstance(error, VigenciaError):
        assert (problem["code"], problem["kind"]) == (error.code, error.kind)
        assert type(from_wire(problem)) is type(error)
    if isinstance(error, Refused):
        assert problem["detail"] == "The contract is not active."


def test_words_come_in_the_caller_s_language_and_portuguese_by_default(world: World) -> None:
    def detail(lang: str) -> Any:
        return world.client(None, lang=lang).get("/api/v1/contracts").json["title"]

    assert detail("en-US,en;q=0.9") == "Please log in"
    assert detail("pt") == detail("fr") == detail("") == "Identificação necessária"


def test_fields_that_are_wrong_are_named(world: World) -> None:
    line = {"line_id": "1", "clause": "4.1", "description": "x", "amount": "ten"}
    body = {"customer_id": "A", "provider_id": "p", "terms": {"starts_on": "2026-01-01", "lines": [line], "typo": 1}}
    answer = world.client("manager").post("/api/v1/contracts", json=body)
    assert (answer.status_code, answer.json["kind"]) == (400, "invalid")
    assert {each["path"] for each in answer.json["problems"]} == {"terms.lines.0.amount", "terms.typo"}


def test_imports_go_to_their_service_and_history_is_marked(world: World) -> None:
    world.services.answers["batch"] = lambda payload: [{"status": "imported"}] * len(payload["records"])
    client = world.client("operator")
    for kind, service, historical in (("contracts", "contracts", False), ("receivables", "billing", True)):
        answer = client.post(f"/api/v1/imports/{kind}", json={"records": [{"id": "1"}, {"id": "2"}]})
        assert answer.json == {"results": [{"status": "imported"}] * 2, "counts": {"imported": 2}}
        called, method, payload, _ = world.services.calls[-1]
        assert (called, method, payload["name"], payload["historical"]) == (
            service,
            "batch",
            f"import_{kind}",
            historical,
        )
    assert client.post("/api/v1/imports/nothing", json={"records": [{}]}).status_code == 404


def test_many_contracts_are_adjusted_each_under_its_own_id_from_the_key(world: World) -> None:
    world.services.answers["contracts.adjust_prices"] = lambda payload: (
        [{"status": "adjusted"}] * len(payload["records"])
    )
    body = {"adjustments": [{"contract_id": each, "effective_on": "2027-01-01"} for each in ("c-A", "c-B")]}
    client = world.client("manager")
    for _ in range(2):
        answer = client.post("/api/v1/contracts/adjustments", json=body, headers={"Idempotency-Key": KEY})
        assert answer.json["counts"] == {"adjusted": 2}
    first, second = ([each["id"] for each in call[2]["records"]] for call in world.services.calls)
    assert first == second
    assert len(set(first)) == 2


def test_a_preview_asks_and_writes_nothing(world: World) -> None:
    client = world.client("finance")
    body = {"effective_on": "2026-09-01", "changes": {"late": {"fine_percent": "1"}}, "selection": {"customer_id": "A"}}
    assert client.post("/api/v1/contracts/amendments/preview", json=body).status_code == 200
    assert world.services.commands() == []
    [(service, method, payload, _)] = world.services.calls
    assert (service, method, payload["query"], payload["params"]) == ("contracts", "ask", "amendment_preview", body)


def test_a_month_is_billed_account_by_account_and_failures_are_named(world: World) -> None:
    def bill(payload: dict[str, Any]) -> Any:
        results = {
            "c-1": {"status": "issued", "amount": "10.10"},
            "c-2": {"status": "nothing"},
            "c-3": {"status": "issued", "amount": "0.05"},
        }
        rejected = {"status": "rejected", "error": {"kind": "refused", "code": "account.bad"}}
        return [results.get(record["account_id"], rejected) for record in payload["records"]]

    pages = {None: {"accounts": ["c-1", "c-2"], "next": "2"}}
    pages["2"] = {"accounts": ["c-3", "c-4"], "next": None}
    world.services.answers["billing.billable"] = lambda payload: pages[payload["params"].get("after")]
    world.services.answers["billing.bill"] = bill
    run = world.client("finance").post("/api/v1/billing-runs", json={"month": "2026-03"}).json
    assert {name: run[name] for name in ("contracts", "issued", "total", "failed", "next")} == {
        "contracts": 4,
        "issued": 2,
        "total": "10.15",
        "failed": 1,
        "next": None,
    }
    assert run["failures"][0]["account_id"] == "c-4"
    part = world.client("finance").post("/api/v1/billing-runs", json={"month": "2026-03", "limit": 2}).json
    assert (part["contracts"], part["next"]) == (2, "2")


def test_a_billing_run_passes_its_issue_day_on(world: World) -> None:
    world.services.answers["billing.bill"] = {"results": [{"status": "nothing"}]}
    run = {"month": "2026-03", "on": "2026-04-02", "account_ids": ["c-1"]}
    assert world.client("finance").post("/api/v1/billing-runs", json=run).json["failed"] == 0
    _, _, payload, _ = world.services.calls[-1]
    assert payload["records"] == [{"account_id": "c-1", "month": "2026-03", "on": "2026-04-02"}]
