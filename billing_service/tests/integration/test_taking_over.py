"""A contract that comes with open receivables of another system: dunning, reports and payments take them, revenue does not."""

from __future__ import annotations

from typing import Any

from billing_service.tests.integration.banking import remit, with_bank
from billing_service.tests.integration.steps import bill, kinds, pay, pending, run_until
from billing_service.tests.integration.store import StoreApp, line, terms


def contract(app: StoreApp, account_id: str = "c9") -> None:
    """Since 2024; billed elsewhere until the end of January 2026."""
    agreed = terms(
        line(), line("70.00", "L2", mode="arrears"), starts_on="2024-01-01", billing={"billed_through": "2026-01-31"}
    )
    app.today("2026-01-20")
    app.hear("activated", account_id, number="2026/000009", on="2024-01-01", terms=agreed, provider_id="p1")


def record(**changes: Any) -> dict[str, Any]:
    values = {
        "id": "over-1",
        "contract_id": "c9",
        "external_ref": "FAT-9",
        "issued_on": "2025-11-20",
        "due_on": "2025-12-29",
        "amount": "1000.00",
        "withheld": "50.00",
        "left": "550.00",
        "description": "Manutenção de novembro",
        "source": "Antigo",
    }
    return {**values, **changes}


def send(app: StoreApp, **changes: Any) -> dict[str, Any]:
    (answer,) = app.batch("take_over_receivables", [record(**changes)])
    return answer


def test_it_is_taken_over_once(app: StoreApp) -> None:
    contract(app)
    said = [send(app, id=id_)["status"] for id_ in ("over-1", "over-1", "over-2")]
    assert said == ["imported", "unchanged", "unchanged"]
    answer = send(app, id="over-3", left="540.00")
    assert (answer["status"], answer["error"]["code"], answer["error"]["params"]["where"]) == (
        "rejected",
        "receivable.taken-over-differently",
        "left",
    )
    # the same record id with other data is another record, not an answer from memory
    assert send(app, left="540.00")["error"]["code"] == "receivable.taken-over-differently"
    assert send(app, id="over-4", contract_id="c77")["error"]["code"] == "account.not-open"


def test_overdue_reminders_and_default_follow_from_the_day_of_taking_over(app: StoreApp) -> None:
    """Nothing is due in the past, and the levels whose days are over follow one a day."""
    contract(app)
    send(app)
    assert pending(app) == {
        "overdue": "2026-01-20T12:00Z",
        "default": "2026-01-28T03:00Z",
        "remind:2": "2026-01-20T12:00Z",
        "remind:3": "2026-01-21T12:00Z",
    }
    run_until(app, "2026-01-20")
    run_until(app, "2026-01-29")
    happened = kinds(app, "c9")
    assert happened.count("receivable.reminder_sent") == 2
    assert happened[-1] == "account.in_default"
    pay(app, "550.00", "2026-01-29")  # another account's
    app.batch(
        "record_shared_payment", [{"payment_id": "S1", "customer_id": "k1", "amount": "600.00", "on": "2026-01-29"}]
    )
    assert kinds(app, "c9")[-2:] == ["receivable.settled", "account.regularised"]


def test_reports_have_it_where_it_is_owed_and_not_where_it_was_earned(app: StoreApp) -> None:
    contract(app)
    send(app)
    assert app.query("aging", account_id="c9")["days_1_30"] == "550.00"
    assert app.query("forecast", account_id="c9")["late"] == "550.00"
    assert app.query("totals", contract_id="c9")["months"] == []
    assert app.query("revenue", contract_id="c9")["items"] == []
    (moved,) = app.query("journal", since="2025-01-01", until="2026-12-31")["items"]
    assert (moved["on"], moved["kind"], moved["amount"], moved["taken_over"]) == (
        "2026-01-20",
        "receivable",
        "550.00",
        True,
    )
    assert [app.query("balance_on", account_id="c9", on=on)["balance"] for on in ("2026-01-19", "2026-01-20")] == [
        "0.00",
        "550.00",
    ]
    (item,) = app.query("customer_statement", customer_id="k1")["items"]
    assert (item["number"], item["balance"]) == ("FAT-9", "550.00")
    (row,) = app.query("receivables", account_id="c9")["items"]
    shown = app.query("receivable", receivable_id=row["receivable_id"])
    assert shown["taken_over"] == {
        "on": "2026-01-20",
        "source": "Antigo",
        "gross": "1000.00",
        "withheld": "50.00",
        "paid": "400.00",
    }
    assert shown["late"]["days"] == 22
    assert shown["late"]["fine"] == "11.00"
    assert shown["lines"][0]["why"]["pt-BR"].endswith("restam R$ 550,00.")


def test_the_next_bill_takes_what_follows_and_a_preview_says_so(app: StoreApp) -> None:
    contract(app)
    send(app)
    before = app.query("run_preview", month="2026-01", contract_ids=["c9"])
    assert (before["amount"], before["last_amount"]) == ("0.00", "0.00")
    assert bill(app, "2026-01", account_id="c9")["status"] == "nothing"
    preview = app.query("run_preview", month="2026-02", contract_ids=["c9"])
    assert (preview["amount"], preview["last_amount"]) == ("300.00", "0.00")
    answer = bill(app, "2026-02", account_id="c9")
    assert (answer["amount"], answer["number"]) == ("300.00", "2026/000009-2026-02")
    assert bill(app, "2026-03", account_id="c9")["amount"] == "370.00"  # February of the line in arrears


def test_a_credit_paid_before_is_used_and_no_abatement(app: StoreApp) -> None:
    contract(app)
    credit = {"id": "credit-1", "contract_id": "c9", "external_ref": "ADI-1", "amount": "100.00", "source": "Antigo"}
    said = [app.batch("take_over_credits", [{**credit, "id": id_}])[0]["status"] for id_ in ("credit-1", "credit-2")]
    assert said == ["imported", "unchanged"]
    app.today("2026-02-01")
    bill(app, "2026-02", account_id="c9")
    assert app.query("account", account_id="c9")["balance"] == "200.00"
    moved = app.query("journal", since="2026-01-01", until="2026-12-31")["items"]
    assert [(each["kind"], each["amount"]) for each in moved if each["kind"] == "opening_credit"] == [
        ("opening_credit", "-100.00")
    ]
    assert app.query("totals", contract_id="c9", month="2026-01")["months"] == []


def test_it_is_paid_by_pix_with_that_day_s_late_charges_and_by_boleto_while_it_is_not_due(app: StoreApp) -> None:
    contract(app)
    with_bank(app)
    send(app)
    (row,) = app.query("receivables", account_id="c9")["items"]
    pix = app.query("pix", receivable_id=row["receivable_id"], on="2026-01-20")
    assert (pix["fine"], pix["interest"], pix["amount"]) == ("11.00", "4.03", "565.03")  # 22 days
    assert remit(app, "r1")["status"] == "nothing"
    send(app, id="over-2", external_ref="FAT-10", due_on="2026-02-10")
    made = remit(app, "r2")
    assert (made["status"], made["boletos"], made["amount"]) == ("made", 1, "550.00")
