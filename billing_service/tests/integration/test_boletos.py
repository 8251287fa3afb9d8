"""A boleto's life at the bank: remitted, confirmed, rejected, changed, paid; files made once and returns read twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from billing_service.domain.boleto import read_line
from billing_service.domain.commands import CancelReceivable, IssueCreditNote
from billing_service.tests.integration.banking import PAYERS, receivable, remit, returned, take, with_bank
from billing_service.tests.integration.steps import pay
from billing_service.tests.integration.store import StoreApp, terms
from services.errors import Refused


@pytest.fixture
def bank(app: StoreApp) -> StoreApp:
    with_bank(app)
    return app


def boleto(app: StoreApp, id_: str) -> dict[str, Any]:
    return app.query("boleto", receivable_id=id_)


def kinds(app: StoreApp) -> list[str]:
    events = app.events("account-c1")
    return [event.type.removeprefix("billing.boleto.") for event in events if ".boleto." in event.type]


def test_until_the_bank_has_confirmed_it_only_pix_is_offered(bank: StoreApp) -> None:
    id_ = receivable(bank)["receivable_id"]
    assert not boleto(bank, id_)["registered"]
    made = remit(bank, "r1")
    assert (made["status"], made["sequence"], made["boletos"], made["amount"]) == ("made", 1, 1, "300.00")
    assert not boleto(bank, id_)["registered"]
    assert bank.query("pix", receivable_id=id_)["amount"] == "300.00"
    take(bank, returned(("02", 1, "0.00", "02012026")))
    shown = boleto(bank, id_)
    assert (shown["registered"], shown["our_number"]) == (True, "109/00000001")
    assert read_line(shown["line"]) == shown["bar_code"]
    assert kinds(bank) == ["made", "remitted", "registered"]


def test_a_file_is_made_once_and_can_be_made_again_byte_for_byte(bank: StoreApp) -> None:
    receivable(bank)
    made = remit(bank, "r1")
    assert remit(bank, "r1") == {
        **{key: made[key] for key in made if key not in ("content", "without_payer")},
        "status": "unchanged",
    }
    assert remit(bank, "r2")["status"] == "nothing"
    again = bank.query("remittance_file", remittance_id="r1", payers=PAYERS)
    assert again["content"] == made["content"]
    lines = made["content"].split("\r\n")[:-1]
    assert {len(line) for line in lines} == {240}
    assert [line[13] for line in lines if line[7] == "3"] == ["P", "Q", "R"]
    renamed = {"k1": {**PAYERS["k1"], "name": "Outro Nome"}}
    with pytest.raises(Refused, match="file-differs"):
        bank.query("remittance_file", remittance_id="r1", payers=renamed)


def test_the_same_return_twice_changes_nothing(bank: StoreApp) -> None:
    id_ = receivable(bank)["receivable_id"]
    remit(bank, "r1")
    take(bank, returned(("02", 1, "0.00", "02012026")))
    paid = returned(("06", 1, "300.00", "09012026"), fee="2.50")
    assert [row["status"] for row in take(bank, paid)] == ["settled"]
    before = len(bank.events("account-c1"))
    assert [row["status"] for row in take(bank, paid)] == ["known"]
    assert len(bank.events("account-c1")) == before
    assert bank.query("receivable", receivable_id=id_)["status"] == "settled"
    assert kinds(bank) == ["made", "remitted", "registered", "paid"]
    assert len(bank.query("payments", account_id="c1")["items"]) == 1


def test_a_rejected_boleto_gets_another_number_never_the_same(bank: StoreApp) -> None:
    id_ = receivable(bank)["receivable_id"]
    remit(bank, "r1")
    take(bank, returned(("03", 1, "0.00", "02012026"), reasons="0821"))
    (row,) = bank.query("boleto", receivable_id=id_)["boletos"]
    assert (row["status"], row["reasons"]) == ("rejected", ["08", "21"])
    remit(bank, "r2")
    take(bank, returned(("02", 2, "0.00", "03012026")))
    assert boleto(bank, id_)["our_number"] == "109/00000002"


def test_what_is_credited_is_told_as_abatement_and_what_is_paid_otherwise_is_withdrawn(bank: StoreApp) -> None:
    row = receivable(bank)
    id_ = row["receivable_id"]
    remit(bank, "r1")
    bank.execute(IssueCreditNote("c1", "n1", id_, Decimal("50.00"), "cortesia"))
    assert remit(bank, "r2")["status"] == "nothing"  # the bank has not answered the first one yet
    take(bank, returned(("02", 1, "0.00", "02012026")))
    (told,) = bank.query("pending_boletos", provider_id="p1")["items"]
    assert (told["movement"], told["abatement"]) == ("abate", "50.00")
    content = remit(bank, "r2")["content"]
    (p,) = [line for line in content.split("\r\n") if line[13:14] == "P"]
    assert (p[15:17], p[85:100], p[180:195]) == ("04", "000000000030000", "000000000005000")
    take(bank, returned(("12", 1, "0.00", "03012026")))
    assert remit(bank, "r3")["status"] == "nothing"
    pay(bank, "250.00", "2026-01-05")
    (told,) = bank.query("pending_boletos", provider_id="p1")["items"]
    assert told["movement"] == "cancel"
    remit(bank, "r3")
    assert not boleto(bank, id_)["registered"]
    take(bank, returned(("09", 1, "0.00", "07012026")))
    assert kinds(bank)[-1] == "cancelled"
    assert remit(bank, "r4")["status"] == "nothing"


def test_an_instruction_that_the_bank_refuses_is_told_again(bank: StoreApp) -> None:
    id_ = receivable(bank)["receivable_id"]
    remit(bank, "r1")
    take(bank, returned(("02", 1, "0.00", "02012026")))
    bank.execute(IssueCreditNote("c1", "n1", id_, Decimal("50.00"), "cortesia"))
    remit(bank, "r2")
    take(bank, returned(("26", 1, "0.00", "03012026"), reasons="99"))
    (told,) = bank.query("pending_boletos", provider_id="p1")["items"]
    assert (told["movement"], told["abatement"]) == ("abate", "50.00")
    assert boleto(bank, id_)["registered"]


def test_a_payment_of_a_cancelled_boleto_s_receivable_waits_for_somebody(bank: StoreApp) -> None:
    id_ = receivable(bank)["receivable_id"]
    remit(bank, "r1")
    take(bank, returned(("02", 1, "0.00", "02012026")))
    bank.execute(CancelReceivable("c1", id_, "dados do tomador"))
    (row,) = take(bank, returned(("06", 1, "300.00", "09012026")))
    assert row["status"] == "open"
    assert bank.query("payments", account_id="c1")["items"] == []
    bank.batch("settle_bank_rows", [{"row_id": row["row_id"], "parts": [{"contract_id": "c1"}]}])
    (payment,) = bank.query("payments", account_id="c1")["items"]
    assert payment["unallocated"] == "300.00"
    assert kinds(bank)[-1] == "paid"


def test_a_payment_after_the_due_day_brings_its_late_charges(bank: StoreApp) -> None:
    id_ = receivable(bank)["receivable_id"]  # due on 11 January, a Sunday; 12 is a holiday: payable on 13
    remit(bank, "r1")
    take(bank, returned(("02", 1, "0.00", "02012026")))
    owed = bank.query("receivable", receivable_id=id_, as_of="2026-01-21")["as_of"]["payable"]
    assert Decimal(owed) > 300
    bank.today("2026-01-22")
    take(bank, returned(("06", 1, owed, "21012026")))
    shown = bank.query("receivable", receivable_id=id_)
    assert (shown["status"], shown["balance"]) == ("settled", "0.00")
    assert bank.query("account", account_id="c1")["balance"] == "0.00"


def test_two_providers_that_share_an_account_share_its_numbers(bank: StoreApp) -> None:
    with_bank(bank, provider_id="p2")
    bank.hear("activated", "c2", provider_id="p2", number="2026/000002", on="2026-01-01", terms=terms())
    receivable(bank)
    receivable(bank, account_id="c2")
    remit(bank, "r1")
    second = remit(bank, "r2", provider_id="p2")
    assert (second["status"], second["sequence"]) == ("made", 1)
    (p,) = [line for line in second["content"].split("\r\n") if line[13:14] == "P"]
    assert p[37:48] == "10900000002"


def test_whose_document_is_missing_waits_and_is_named(bank: StoreApp) -> None:
    receivable(bank)
    assert remit(bank, "r1", payers={}) == {"status": "nothing", "without_payer": ["k1"]}
    assert remit(bank, "r2")["status"] == "made"


def test_a_company_without_bank_is_told_so(app: StoreApp) -> None:
    with_bank(app, bank=None)
    receivable(app)
    assert remit(app, "r1")["error"]["code"] == "boleto.no-bank"
