"""Rows of banks' files: stored once, settled by themselves where they are certain, decided by people otherwise."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from billing_service.domain.bank_row import BankRowImported, IgnoreBankRow
from billing_service.domain.commands import ReversePayment
from billing_service.tests.integration.banking import receivable, statement, take, with_bank
from billing_service.tests.integration.steps import pay
from billing_service.tests.integration.store import StoreApp, terms
from billing_service.views.bank_tables import bank_rows
from services.errors import Refused
from services.store.tables import events


@pytest.fixture
def bank(app: StoreApp) -> StoreApp:
    with_bank(app)
    return app


def row_of(app: StoreApp, row_id: str) -> dict[str, Any]:
    return app.query("bank_row", row_id=row_id)


def settle(app: StoreApp, row_id: str, *parts: dict[str, Any]) -> dict[str, Any]:
    (answer,) = app.batch("settle_bank_rows", [{"row_id": row_id, "parts": list(parts)}])
    return answer


def undo(app: StoreApp, row_id: str, reason: str = "engano") -> dict[str, Any]:
    (answer,) = app.batch("undo_bank_rows", [{"row_id": row_id, "reason": reason}])
    return answer


def payments(app: StoreApp, account_id: str = "c1") -> list[dict[str, Any]]:
    return app.query("payments", account_id=account_id)["items"]


def test_our_pix_code_s_txid_settles_by_itself(bank: StoreApp) -> None:
    id_ = receivable(bank)["receivable_id"]
    txid = bank.query("pix", receivable_id=id_)["txid"]
    (row,) = take(bank, statement(("09/01/2026", f"PIX RECEBIDO {txid}", "300,00")))
    assert row["status"] == "settled"
    assert bank.query("receivable", receivable_id=id_)["status"] == "settled"
    (payment,) = payments(bank)
    assert (payment["amount"], payment["method"], payment["on"]) == ("300.00", "pix", "2026-01-09")
    assert row_of(bank, row["row_id"])["how"] == "certain"


def test_a_file_that_overlaps_the_last_one_brings_only_what_is_new(bank: StoreApp) -> None:
    equal = ("09/01/2026", "DEPOSITO", "50,00")
    first = take(bank, statement(equal, equal))
    assert [row["status"] for row in first] == ["open", "open"]
    assert len({row["row_id"] for row in first}) == 2
    again = take(bank, statement(equal, equal, ("10/01/2026", "DEPOSITO", "50,00")))
    assert [row["status"] for row in again] == ["known", "known", "open"]


def test_one_cent_less_is_suggested_and_leaves_one_cent_open(bank: StoreApp) -> None:
    id_ = receivable(bank)["receivable_id"]
    (row,) = take(bank, statement(("09/01/2026", "TED PADARIA PAO QUENTE", "299,99")), customer_id="k1")
    assert row["status"] == "open"
    (best, *_) = row_of(bank, row["row_id"])["suggestions"]
    assert (best["reasons"], best["parts"][0]["receivable_id"]) == (["near", "payer", "date"], id_)
    settle(bank, row["row_id"], {"receivable_id": id_})
    shown = bank.query("receivable", receivable_id=id_)
    assert (shown["status"], shown["balance"]) == ("partial", "0.01")


def test_one_payment_for_two_receivables_of_two_contracts(bank: StoreApp) -> None:
    bank.hear("activated", "c2", provider_id="p1", number="2026/000002", on="2026-01-01", terms=terms())
    ids = [receivable(bank)["receivable_id"], receivable(bank, account_id="c2")["receivable_id"]]
    (row,) = take(bank, statement(("09/01/2026", "TED PADARIA", "600,00")), customer_id="k1")
    (best, *_) = row_of(bank, row["row_id"])["suggestions"]
    assert best["reasons"] == ["sum", "payer"]
    parts = [{"receivable_id": part["receivable_id"], "amount": part["amount"]} for part in best["parts"]]
    assert settle(bank, row["row_id"], *parts)["status"] == "settled"
    assert [bank.query("receivable", receivable_id=id_)["status"] for id_ in ids] == ["settled", "settled"]
    assert [len(payments(bank, account)) for account in ("c1", "c2")] == [1, 1]


def test_a_payment_that_was_recorded_by_hand_is_linked_and_not_matched_twice(bank: StoreApp) -> None:
    receivable(bank)
    pay(bank, "300.00", "2026-01-09")
    first, second = take(
        bank, statement(("09/01/2026", "TED A", "300,00"), ("10/01/2026", "TED B", "300,00")), customer_id="k1"
    )
    (best, *_) = row_of(bank, first["row_id"])["suggestions"]
    assert (best["parts"][0]["payment_id"], best["parts"][0]["kind"]) == ("P1", "linked")
    assert settle(bank, first["row_id"], {"payment_id": "P1"})["status"] == "settled"
    assert len(payments(bank)) == 1
    assert row_of(bank, second["row_id"])["suggestions"] == []
    assert settle(bank, second["row_id"], {"payment_id": "P1"})["error"]["code"] == "bankrow.payment-taken"


def test_a_settled_row_is_not_settled_again(bank: StoreApp) -> None:
    id_ = receivable(bank)["receivable_id"]
    (row,) = take(bank, statement(("09/01/2026", "TED", "100,00")))
    settle(bank, row["row_id"], {"receivable_id": id_})
    assert settle(bank, row["row_id"], {"receivable_id": id_})["error"]["code"] == "bankrow.not-open"
    assert len(payments(bank)) == 1


def test_money_that_goes_back_reverses_its_payment(bank: StoreApp) -> None:
    id_ = receivable(bank)["receivable_id"]
    txid = bank.query("pix", receivable_id=id_)["txid"]
    take(bank, statement(("09/01/2026", f"PIX {txid}", "300,00")))
    (row,) = take(bank, statement(("12/01/2026", "DEVOLUCAO PIX", "-300,00")), customer_id="k1")
    (best,) = row_of(bank, row["row_id"])["suggestions"]
    assert best["parts"][0]["kind"] == "reversed"
    assert settle(bank, row["row_id"], {"receivable_id": id_})["error"]["code"] == "bankrow.money-out"
    settle(bank, row["row_id"], {"payment_id": best["parts"][0]["payment_id"]})
    assert payments(bank)[0]["reversed_on"] == "2026-01-12"
    assert bank.query("receivable", receivable_id=id_)["balance"] == "300.00"
    assert undo(bank, row["row_id"])["error"]["code"] == "bankrow.reversal-stays"


def test_a_wrong_match_is_undone_and_matched_anew(bank: StoreApp) -> None:
    id_ = receivable(bank)["receivable_id"]
    (row,) = take(bank, statement(("09/01/2026", "TED", "300,00")))
    settle(bank, row["row_id"], {"receivable_id": id_})
    assert undo(bank, row["row_id"])["status"] == "open"
    assert bank.query("receivable", receivable_id=id_)["balance"] == "300.00"
    assert settle(bank, row["row_id"], {"contract_id": "c1"})["status"] == "settled"
    assert bank.query("receivable", receivable_id=id_)["status"] == "settled"
    assert sorted(payment["reversed_on"] or "" for payment in payments(bank)) == ["", "2026-01-01"]


def test_parts_must_add_up_and_nothing_is_done_when_they_do_not(bank: StoreApp) -> None:
    id_ = receivable(bank)["receivable_id"]
    (row,) = take(bank, statement(("09/01/2026", "TED", "300,00")))
    part = {"receivable_id": id_, "amount": "200.00"}
    assert settle(bank, row["row_id"], part)["error"]["code"] == "bankrow.parts-differ"
    assert payments(bank) == []
    assert settle(bank, row["row_id"], part, {"contract_id": "c1", "amount": "100.00"})["status"] == "settled"
    assert bank.query("receivable", receivable_id=id_)["balance"] == "100.00"


def test_a_row_is_ignored_with_a_reason_and_brought_back(bank: StoreApp) -> None:
    (row,) = take(bank, statement(("09/01/2026", "RENDIMENTO", "0,37")))
    with pytest.raises(Refused, match="reason-missing"):
        bank.execute(IgnoreBankRow(row["row_id"], " "))
    bank.execute(IgnoreBankRow(row["row_id"], "rendimento da conta"))
    assert bank.query("bank_rows", status="open")["items"] == []
    assert bank.query("bank_rows")["counts"] == {"ignored": 1}
    undo(bank, row["row_id"])
    assert row_of(bank, row["row_id"])["status"] == "open"


def test_a_payment_reversed_by_hand_is_no_target(bank: StoreApp) -> None:
    receivable(bank)
    pay(bank, "300.00", "2026-01-09")
    bank.execute(ReversePayment("c1", "P1", "cheque devolvido"))
    (row,) = take(bank, statement(("09/01/2026", "TED", "300,00")))
    assert settle(bank, row["row_id"], {"payment_id": "P1"})["error"]["code"] == "bankrow.payment-reversed"


def test_what_the_bank_says_of_the_payer_is_sealed_with_his_key(bank: StoreApp) -> None:
    (row,) = take(bank, statement(("09/01/2026", "PIX MARIA SOUZA 529.982.247-25", "10,00")), customer_id="k9")
    assert row_of(bank, row["row_id"])["description"] == "PIX MARIA SOUZA 529.982.247-25"
    (stored,) = bank.find(events, stream=f"bankrow-{row['row_id']}")
    (kept,) = bank.find(bank_rows)
    assert "MARIA" not in stored["data"] + str(kept)
    bank.deliver([("contracts.customer.erased", {"customer_id": "k9", "person_ids": ["k9"]})], source="contracts")
    bank.app.vault.erase("k9")
    assert row_of(bank, row["row_id"])["description"] == "␡"
    assert stored["type"] == BankRowImported.EVENT_TYPE  # type: ignore[attr-defined]


def test_the_work_list_turns_its_pages(bank: StoreApp) -> None:
    take(bank, statement(*((f"{day:02}/01/2026", "TED", f"{day},00") for day in range(1, 6))))
    first = bank.query("bank_rows", status="open", limit=3)
    second = bank.query("bank_rows", status="open", limit=3, after=first["next"])
    amounts = [Decimal(row["amount"]) for row in first["items"] + second["items"]]
    assert (amounts, second["next"]) == ([1, 2, 3, 4, 5], None)
