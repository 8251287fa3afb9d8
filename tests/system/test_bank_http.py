"""The bank over HTTP: a boleto from remittance to payment, a statement's rows, and the receivable's paper."""

from __future__ import annotations

import base64
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.system.house import House
from tests.system.visitor import API, Problem

BANK = {"bank_code": "341", "branch": "0057", "account": "12345", "account_digit": "7", "wallet": "109"}


def returned(movement: str, p: str, on: str, paid: Decimal = Decimal(0)) -> str:
    """The bank's answer to a segment P: it takes the number over and tells its own."""
    t = f"34100013{1:05}T {movement}{p[17:37]}{p[37:57]}{' ' * 183}"[:240].ljust(240)
    u = f"34100013{2:05}U {movement}{'0' * 60}{int(paid * 100):015}{int(paid * 100):015}{'0' * 30}{on}{on}".ljust(240)
    header = ("34100000" + " " * 134 + "2").ljust(240)
    return "\r\n".join((header, t, u, "34199999".ljust(240))) + "\r\n"


def give(house: House, content: str | bytes, **options: Any) -> dict[str, Any]:
    raw = content if isinstance(content, bytes) else content.encode()
    return house.office.post("bank/files", content=base64.b64encode(raw).decode(), **options)


def receivable(house: House) -> dict[str, Any]:
    contract_id = house.contract()
    house.bill(contract_id)
    (row,) = house.office.list("receivables", contract_id=contract_id)
    return row


def test_a_boleto_from_the_remittance_to_the_payment(house: House) -> None:
    house.office.write("PUT", f"providers/{house.provider_id}/bank", {"bank": BANK})
    house.settle()
    row = receivable(house)
    id_, on = row["receivable_id"], f"{house.today + timedelta(days=1):%d%m%Y}"
    waiting = house.office.get("bank/pending-boletos", provider_id=house.provider_id)["items"]
    assert id_ in {item["receivable_id"] for item in waiting}
    made = house.office.post("bank/remittances", key="remessa-do-dia-1", provider_id=house.provider_id)
    again = house.office.post("bank/remittances", key="remessa-do-dia-1", provider_id=house.provider_id)
    assert (made["status"], again["sequence"], again["sha256"]) == ("made", made["sequence"], made["sha256"])
    path = f"{API}/bank/remittances/{made['remittance_id']}/file"
    file = house.office.http.get(path)
    assert file.content == house.office.http.get(path).content
    assert file.headers["Content-Disposition"].startswith("attachment; filename=COB")
    lines = file.text.split("\r\n")
    assert any("CLINICA BOA VISTA LTDA." in line and "12ABC34501DE35" in line for line in lines)
    segments = [line for line in lines if line[13:14] == "P"]
    assert len(segments) == made["boletos"]
    assert not house.customer.get(f"receivables/{id_}/boleto")["registered"]
    for p in segments:
        assert give(house, returned("02", p, on))["counts"] == {"noted": 1}
    boleto = house.customer.get(f"receivables/{id_}/boleto")
    assert boleto["registered"]
    assert boleto["svg"].startswith("<svg")
    (mine,) = [p for p in segments if int(p[40:48]) == int(boleto["our_number"].split("/")[1])]
    paid = returned("06", mine, on, Decimal(row["balance"]))
    assert give(house, paid)["counts"] == {"settled": 1}
    assert give(house, paid)["counts"] == {"known": 1}
    house.settle()
    (settled,) = house.office.list("receivables", contract_id=row["contract_id"])
    assert (settled["status"], settled["balance"]) == ("settled", "0.00")
    payments = house.office.list("payments", contract_id=row["contract_id"])
    assert [payment["method"] for payment in payments] == ["boleto"]


def test_a_statement_s_rows_are_matched_by_people_where_they_are_not_certain(house: House) -> None:
    row = receivable(house)
    line = f"{house.today:%d/%m/%Y};TED 12.ABC.345/01DE-35 CLINICA;{row['balance'].replace('.', ',')}"
    assert give(house, f"Data;Histórico;Valor\n{line}\n")["counts"] == {"open": 1}
    shown = [each for each in house.office.get("bank/rows", status="open")["items"] if "CLINICA" in each["description"]]
    assert len(shown) == 1
    assert shown[0]["customer_id"] == house.customer_id
    detail = house.office.get(f"bank/rows/{shown[0]['row_id']}")
    parts = [part for each in detail["suggestions"] for part in each["parts"] if "receivable_id" in part]
    assert row["receivable_id"] in {part["receivable_id"] for part in parts}
    path = f"bank/rows/{shown[0]['row_id']}"
    assert house.office.post(f"{path}/settle", parts=[{"receivable_id": row["receivable_id"]}])["status"] == "settled"
    with pytest.raises(Problem) as refused:
        house.office.post(f"{path}/settle", parts=[{"receivable_id": row["receivable_id"]}])
    assert (refused.value.status, refused.value.document["code"]) == (422, "bankrow.not-open")
    assert house.office.post(f"{path}/undo", reason="era de outro contrato")["status"] == "open"
    house.office.post(f"{path}/ignore", reason="não é nosso")
    assert house.office.get(path)["status"] == "ignored"
    house.settle()
    (open_,) = house.office.list("receivables", contract_id=row["contract_id"])
    assert open_["balance"] == row["balance"]


def test_the_customer_gets_his_receivable_as_a_pdf_and_nobody_else_s(house: House) -> None:
    id_ = receivable(house)["receivable_id"]
    answer = house.customer.http.get(f"{API}/receivables/{id_}/pdf")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert house.customer.get(f"receivables/{id_}/pix")["svg"].startswith("<svg")
    for paper in ("pdf", "boleto"):
        assert house.neighbour.status("GET", f"receivables/{id_}/{paper}") == 404
    assert house.customer.status("GET", "bank/rows") == 403


def test_a_file_that_is_none_is_refused_in_words(house: House) -> None:
    with pytest.raises(Problem) as refused:
        give(house, "isto não é um extrato")
    assert (refused.value.status, refused.value.document["code"]) == (422, "bankfile.columns-missing")
    assert house.office.status("POST", "bank/files", {"content": "%%%"}) == 400
