"""What customers do with their contracts in the portal: approve a renewal, bring files, one person for several customers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.blobs import digest
from tests.system.house import House
from tests.system.visitor import API, Problem


def test_a_contact_with_the_right_accepts_the_renewal_that_was_offered(house: House) -> None:
    last = house.today + timedelta(days=40)
    contract_id = house.contract(ends_on=last.isoformat(), renewal="approval", notice_days=30, offer_days=0)
    with pytest.raises(Problem) as refused:
        house.customer.post(f"contracts/{contract_id}/approve-renewal", ended_on=last.isoformat())
    assert refused.value.document["code"] == "contract.renewal-not-offered"
    house.office.post(f"contracts/{contract_id}/offer-renewal", ended_on=last.isoformat())
    with pytest.raises(Problem) as foreign:
        house.neighbour.post(f"contracts/{contract_id}/approve-renewal", ended_on=last.isoformat())
    assert foreign.value.status == 404
    house.customer.post(f"contracts/{contract_id}/approve-renewal", ended_on=last.isoformat())
    again = house.customer.post(f"contracts/{contract_id}/approve-renewal", ended_on=last.isoformat())
    assert again["events"] == []
    assert date.fromisoformat(house.customer.get(f"contracts/{contract_id}")["ends_on"]) > last


def test_customers_bring_files_of_kinds_that_people_read(house: House) -> None:
    contract_id, content = house.contract(), b"%PDF-1.7 anexo"
    http = house.customer.http
    disguised = http.post(f"{API}/files", content=b"MZ...", headers={"Content-Type": "application/pdf"})
    assert (disguised.status_code, disguised.json()["code"]) == (422, "file.kind-not-accepted")
    huge = http.post(f"{API}/files", content=content * 800_000, headers={"Content-Type": "application/pdf"})
    assert (huge.status_code, huge.json()["code"]) == (422, "file.too-large")
    uploaded = http.post(f"{API}/files", content=content, headers={"Content-Type": "application/pdf"}).json()
    assert uploaded["sha256"] == digest(content)
    file = {"sha256": uploaded["sha256"], "name": "anexo.pdf", "kind": "annex", "media_type": "application/pdf"}
    house.customer.post(f"contracts/{contract_id}/documents", **file)
    (document,) = house.office.get(f"contracts/{contract_id}")["documents"]
    assert (document["name"], document["attached_by"]) == ("anexo.pdf", f"contact:{house.contact_id}")


def test_an_administrator_stands_for_several_customers_with_one_login(house: House) -> None:
    made = house.office.make(
        f"customers/{house.neighbour_id}/contacts", contact_id=house.contact_id, rights=["requests"]
    )
    assert made == house.contact_id
    house.settle()
    (known,) = [
        c for c in house.office.get(f"customers/{house.neighbour_id}")["profile"]["contacts"] if c["contact_id"] == made
    ]
    assert known["name"] == "Otávio Barreto"
    speaks = [
        {"customer_id": customer_id, "contact_id": made} for customer_id in (house.customer_id, house.neighbour_id)
    ]
    house.office.write("PUT", f"users/{house.customer.me['user_id']}", {"contacts": speaks})
    seen = {each["customer_id"] for each in house.customer.list("customers")}
    assert seen == {house.customer_id, house.neighbour_id}
    with pytest.raises(Problem) as refused:
        house.customer.post(f"customers/{house.customer_id}/contacts", contact_id="somebody-else", rights=["money"])
    assert refused.value.status == 403


def test_a_contract_is_read_in_english_and_signed_in_portuguese(house: House) -> None:
    contract_id = house.contract()
    english = house.customer.get(f"contracts/{contract_id}/text", language="en")
    signed = house.customer.get(f"contracts/{contract_id}/text")
    assert english["text"].startswith("Service contract")
    assert english["sha256"] == signed["sha256"]
    pdf = house.customer.http.get(f"{API}/contracts/{contract_id}/pdf", params={"language": "en"})
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")


def test_the_office_sees_what_is_to_be_adjusted_and_what_ends(house: House) -> None:
    last = (house.today + timedelta(days=20)).isoformat()
    ending = house.contract(ends_on=last, renewal="none")
    expiring = house.office.get("contracts/expiring")["items"]
    assert [(each["ends_on"], each["decision"]) for each in expiring if each["contract_id"] == ending] == [
        (last, "ends")
    ]
    first, next_year = house.today.replace(day=1), f"{house.today.year + 1}-{house.today.month:02}-01"
    contract_id = house.contract()
    due = house.office.get("contracts/due-adjustments", month=next_year)["items"]
    assert [each["effective_on"] for each in due if each["contract_id"] == contract_id] == [next_year]
    sooner = house.office.get("contracts/due-adjustments", month=first.isoformat())["items"]
    assert contract_id not in [each["contract_id"] for each in sooner]


def test_a_companys_account_and_letterhead_are_changed(house: House) -> None:
    account = {"bank_code": "341", "branch": "0057", "account": "12345", "account_digit": "7", "wallet": "109"}
    path = f"providers/{house.provider_id}"
    with pytest.raises(Problem) as refused:
        house.office.write("PUT", f"{path}/bank", {"bank": {**account, "account_digit": "8"}})
    assert refused.value.document["code"] == "provider.account-digit-wrong"
    house.office.write("PUT", f"{path}/bank", {"bank": account})
    house.office.write("PUT", f"{path}/letterhead", {"trade_name": "Horizonte", "phone": "+55 11 4000-1000"})
    shown = house.office.get(path)
    assert (shown["bank"]["account"], shown["phone"]) == ("12345", "+55 11 4000-1000")
