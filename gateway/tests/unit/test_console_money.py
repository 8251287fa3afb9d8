"""The console's pages of contracts and money: whole for every role, no form does what a role may not, and what forms send."""

from __future__ import annotations

import io
from typing import Any

import pytest

from gateway.identity.permissions import PERMISSIONS
from gateway.pages.console import bank, contract, contract_changes, receivables
from gateway.tests.unit.test_console import CONTRACT, STAFF
from gateway.tests.unit.test_pages import PIX, RECEIVABLE
from gateway.tests.unit.test_portal import KEY, browser
from gateway.tests.unit.world import World

WHY = {"pt-BR": "Porque sim.", "en": "Because."}
LINE = {"line_id": "l", "clause": "4.1", "description": "Manutenção", "amount": "100.00"}
VERSIONS = [
    {"version": 0, "effective_on": "2026-01-01", "addendum": None, "percent": None, "reason": None, "undone_at": None},
    {"version": 1, "effective_on": "2026-03-01", "addendum": 1, "percent": "4.5", "reason": "IPCA", "undone_at": None},
]
WHOLE: dict[str, Any] = {
    **CONTRACT,
    "provider_id": "p",
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "renewal": "approval",
    "versions": VERSIONS,
    "tags": ["sul"],
    "documents": [{"document_id": "d", "name": "c.pdf", "kind": "annex", "sha256": "0" * 64, "media_type": "x/y"}],
    "terms": {**CONTRACT["terms"], "lines": [LINE], "billing": {"due_days": 10}, "late": {"fine_percent": "2"},
              "notice_days": 30, "renewal": "approval", "ends_on": "2026-12-31"},
}  # fmt: skip
CHARGE = {"charge_id": "ch", "contract_id": "c-A", "bill_on": "2026-03-05", "description": "Manutenção", "amount": "100.00",
          "held": False, "moved_from": None, "reason": None, "due_on": None, "falls_on": "2026-03-15", "why": WHY}  # fmt: skip
PREVIEW = {
    "contracts": 1, "exceptions": 1, "amount": "120.00", "last_amount": "100.00", "held": "5.00", "next": None,
    "items": [{"contract_id": "c-A", "contract_number": "N-A", "customer_id": "A", "amount": "120.00", "last_amount": "100.00",
               "difference": "20.00", "exception": True,
               "lines": [{**LINE, "last_amount": "100.00", "difference": "20.00", "reasons": ["price"],
                          "said": WHY, "why": [WHY]}],
               "held": [{"charge_id": "h", "description": "Extra", "amount": "5.00", "reason": "conferir"}]}],
}  # fmt: skip
RUN = {"run_id": "run", "month": "2026-03", "through": "2026-03-31", "status": "finished_with_failures", "started_at": None,
       "contracts": 2, "done": 2, "issued": 1, "total": "100.00", "nothing": 0, "failed": 1,
       "failures": [{"contract_id": "c-A", "reason": "sem preço"}]}  # fmt: skip
PART = {"receivable_id": "r-A", "contract_id": "c-A", "number": "1", "amount": "60.00"}
ROW = {"row_id": "row", "on": "2026-03-01", "amount": "60.00", "status": "open", "customer_id": "A", "description": "PIX",
       "payer_name": "Ana", "payer_document": None, "bank_account": "itau", "reason": None, "parts": [],
       "suggestions": [{"score": 90, "reasons": ["amount", "payer"], "parts": [PART]}]}  # fmt: skip
AGING = {"not_due": "1.00", "days_1_30": "2.00", "days_31_60": "0.00", "days_61_90": "0.00", "days_91": "0.00",
         "open": "3.00", "disputed": "0.00", "items": []}  # fmt: skip
PLAN = {"total": "1200.00", "by_month": [{"month": "2026-03", "amount": "100.00"}], "charges": []}
SUMS = {"billed": "100.00", "received": "40.00", "credited": "0.00", "open": "60.00"}
SHOWN = {"terms": {**WHOLE["terms"], "lines": [{**LINE, "amount": "110.00"}]}, "before": WHOLE["terms"], "text": "x",
         "effective_on": "2026-04-01", "monthly_before": "100.00", "monthly_after": "110.00", "changes": []}  # fmt: skip
RENEWAL = {"contract_id": "c-A", "customer_id": "A", "number": "N-A", "ends_on": "2026-12-31", "notice_by": "2026-12-01",
           "decision": "open", "offered": False, "overdue": False, "next_ends_on": "2027-12-31", "leaves_on": None}  # fmt: skip
ADJUSTED = {"contract_id": "c-A", "customer_id": "A", "number": "N-A", "problem": None, "effective_on": "2027-01-01",
            "percent": "4.5", "index": None, "monthly_before": "100.00", "monthly_after": "104.50"}  # fmt: skip
OFFICE = ("manager", "attendant", "finance", "operator")
MONEY = ("manager", "finance")
PAGES = {
    "/console/contracts": OFFICE,
    "/console/contracts?q=a&status=active&tag=sul": OFFICE,
    "/console/contracts/c-A": OFFICE,
    "/console/contracts/c-A?as_of=2026-02-01&known_at=2026-03-01&from=billing": OFFICE,
    "/console/contracts/c-A/versions/1": OFFICE,
    "/console/contracts/c-A/addendum": ("manager",),
    "/console/contracts/new": ("manager",),
    "/console/decisions": OFFICE,
    "/console/adjustments?percent=4,5": MONEY,
    "/console/finance?month=2026-03": (*MONEY, "operator"),
    "/console/finance?month=2026-03&contract=c-A&only=exceptions": (*MONEY, "operator"),
    "/console/finance/runs/run": (*MONEY, "operator"),
    "/console/receivables?status=disputed": OFFICE,
    "/console/receivables/r-A": OFFICE,
    "/console/bank": MONEY,
    "/console/bank/row?q=1": MONEY,
    "/console/remittances": MONEY,
    "/console/figures": (*MONEY, "operator"),
}


@pytest.fixture
def desk(world: World) -> World:
    world.services.answers |= {
        "contracts.contract": WHOLE,
        "contracts.contract_text": {"header": "Nº N-A", "title": "Contrato", "clauses": [
            {"title": "Cláusula 1ª", "paragraphs": ["Quatro horas por mês."]}]},
        "contracts.contract_preview": SHOWN,
        "contracts.renewals": {"items": [RENEWAL]},
        "contracts.due_adjustments": {"items": [], "count": 0},
        "contracts.suspensions": {"items": []},
        "contracts.adjustment_preview": {"items": [ADJUSTED], "count": 1, "possible": 1, "monthly_before": "100.00",
                                         "monthly_after": "104.50"},
        "contracts.adjust_prices": [{"status": "done"}],
        "contracts.stream": [{"id": "1", "at": "2026-01-01T12:00:00Z", "type": "contracts.contract.drafted",
                              "actor": "user:u-manager", "channel": "console", "correlation": "x", "historical": False}],
        "billing.stream": [],
        "billing.account": {"open": "60.00", "credit": "10.00", "in_default_since": None},
        "billing.agenda": {"items": [CHARGE], "next": None},
        "billing.plan_preview": PLAN,
        "billing.run_preview": PREVIEW,
        "billing.runs": {"items": [RUN]},
        "billing.run": RUN,
        "billing.receivable": RECEIVABLE,
        "billing.pix": PIX,
        "billing.boleto": {"registered": False},
        "billing.bank_rows": {"items": [ROW], "counts": {"open": 1}, "next": None},
        "billing.bank_row": ROW,
        "billing.settle_bank_rows": [{"status": "settled"}],
        "billing.pending_boletos": {"items": []},
        "billing.remittances": {"items": []},
        "billing.aging": AGING,
        "billing.forecast": {"late": "2.00", "months": [{"month": "2026-03", "expected": "100.00"}]},
        "billing.totals": {"months": [{"month": "2026-03", **SUMS}]},
        "billing.revenue": {"items": [{"contract_id": "c-A", "month": "2026-03", **SUMS}]},
        "billing.mrr": {"mrr": "100.00", "months": [{"month": "2026-03", "closing": "100.00", "new": "100.00",
                                                     "expansion": "0", "contraction": "0", "churn": "0"}]},
        "feedback.csat": {"average": "4.5", "rated": 2},
    }  # fmt: skip
    return world


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("lang", ["pt-BR", "en"])
def test_every_page_is_whole_for_who_may_read_it(desk: World, role: str, lang: str) -> None:
    client = browser(desk, role, lang)
    for path, roles in PAGES.items():
        page = client.get(path)
        assert (path, page.status_code) == (path, 200 if role in roles else 403)
        assert page.text.rstrip().endswith("</html>")


@pytest.mark.parametrize("role", STAFF)
def test_no_form_does_what_the_role_may_not(desk: World, role: str) -> None:
    client = browser(desk, role)
    roots = {"contracts/c-A": contract.DEEDS, "receivables/r-A": receivables.DEEDS, "bank/row": bank.ACTIONS}
    for root, operations in roots.items():
        for operation in operations:
            before = len(desk.services.commands())
            answer = client.post(f"/console/{root}/{operation}", data={"key": KEY})
            if role not in PERMISSIONS[operation].roles:
                assert (operation, answer.status_code) == (operation, 403)
                assert len(desk.services.commands()) == before
            else:
                assert (operation, answer.status_code) in {(operation, status) for status in (303, 400, 422)}


def test_the_contract_shows_all_departments_and_a_technician_no_page_of_prices(desk: World) -> None:
    page = browser(desk, "manager").get("/console/contracts/c-A").text
    for text in ("Quatro horas por mês.", "Manutenção", "Rascunho criado", "2026-A", "Porque sim.", "Aditivo 1", "4,5"):
        assert text in page
    assert browser(desk, "technician").get("/console/contracts/c-A").status_code == 403


def test_what_a_form_says_is_the_api_s_command(desk: World) -> None:
    client = browser(desk, "manager")
    answer = client.post("/console/contracts/c-A/grant_credit", data={"key": KEY, "amount": "1.234,50", "reason": "x"})
    assert answer.status_code == 303
    (command,) = desk.services.commands()
    assert (command["command"], command["id"]) == ("grant_credit", KEY)
    assert command["payload"]["amount"] == "1234.50"
    assert command["payload"]["account_id"] == "c-A"
    assert "done=grant_credit" in answer.headers["Location"]


def test_a_payment_pays_the_receivable_and_what_is_more_is_credit(desk: World) -> None:
    form = {"key": KEY, "amount": "80", "on": "2026-03-02", "method": "pix"}
    assert browser(desk, "finance").post("/console/receivables/r-A/record_payment", data=form).status_code == 303
    (command,) = desk.services.commands()
    assert command["payload"]["allocations"] == [{"receivable_id": "r-A", "amount": "60.00"}]


def test_a_charge_is_held_in_place(desk: World) -> None:
    form = {"key": KEY, "charge_id": "ch", "reason": "conferir", "back": "/console/finance?month=2026-03"}
    answer = browser(desk, "finance").post("/console/contracts/c-A/hold_charge", data=form)
    assert answer.headers["Location"].startswith("/console/finance?month=2026-03&wait=")


def test_a_run_begins_once_under_the_form_s_key(desk: World) -> None:
    client = browser(desk, "finance")
    for _ in range(2):
        answer = client.post("/console/finance/runs", data={"key": KEY, "month": "2026-03", "contract": ""})
        assert "/console/finance/runs/" in answer.headers["Location"]
    first, second = desk.services.commands()
    assert first["id"] == second["id"]
    assert first["payload"] == second["payload"]


def test_a_suggestion_settles_the_row(desk: World) -> None:
    form = {"key": KEY, "part": "receivable_id:r-A:60.00"}
    assert browser(desk, "finance").post("/console/bank/row/settle_bank_row", data=form).status_code == 303
    sent = [payload for _, method, payload, _ in desk.services.calls if method == "batch"]
    assert sent[-1]["records"][0]["parts"] == [{"receivable_id": "r-A", "amount": "60.00"}]


def test_a_file_of_nothing_is_told(desk: World) -> None:
    page = browser(desk, "finance").post(
        "/console/bank/import", data={"file": (io.BytesIO(b""), "x.ofx")}, content_type="multipart/form-data"
    )
    assert page.status_code == 422
    assert 'role="alert"' in page.text


def test_an_addendum_is_previewed_then_made_of_the_previewed_terms(desk: World) -> None:
    client = browser(desk, "manager")
    form = {"key": KEY, "amount:l": "110,00", "effective_on": "2026-04-01", "reason": "acordo"}
    page = client.post("/console/contracts/c-A/addendum", data={**form, "step": "check"})
    assert page.status_code == 200
    assert "preço 4.1 · valor" in " ".join(page.text.split())
    assert desk.services.commands() == []
    assert client.post("/console/contracts/c-A/addendum", data={**form, "step": "send"}).status_code == 303
    (command,) = desk.services.commands()
    assert command["command"] == "amend_contract"
    assert command["payload"]["terms"]["lines"][0]["amount"] == "110.00"


def test_a_draft_is_made_of_little(desk: World) -> None:
    form = {"key": KEY, "customer_id": "A", "provider_id": "p", "starts_on": "2026-04-01", "description": "Ronda",
            "amount": "95,00", "source": ""}  # fmt: skip
    answer = browser(desk, "manager").post("/console/contracts/new", data=form)
    assert answer.headers["Location"].partition("?")[0].endswith("/addendum")
    (command,) = desk.services.commands()
    assert command["payload"]["terms"]["lines"][0]["amount"] in ("95.00", "95")


def test_adjustments_are_those_that_were_ticked(desk: World) -> None:
    form = {"key": KEY, "adjustment": ["c-A|2027-01-01|4.5|"]}
    page = browser(desk, "manager").post("/console/adjustments", data=form)
    assert page.status_code == 200
    sent = [payload for _, method, payload, _ in desk.services.calls if method == "batch"]
    assert sent[-1]["records"][0] | {"id": ""} == {
        "id": "", "contract_id": "c-A", "effective_on": "2027-01-01", "percent": "4.5"
    }  # fmt: skip


def test_differences_name_the_line_and_both_values() -> None:
    before = {"lines": [LINE], "notice_days": 30}
    after = {"lines": [{**LINE, "amount": "110.00"}], "notice_days": 30}
    assert list(contract_changes.differences(before, after)) == [
        {"path": "lines 4.1/amount", "before": "100.00", "after": "110.00"}
    ]
