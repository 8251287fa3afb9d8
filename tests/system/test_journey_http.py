"""The whole journey over HTTP, as customers and staff walk it; the same for every way to run the system."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.system.house import House
from tests.system.visitor import Problem, Visitor


def test_the_whole_journey(house: House) -> None:
    """Contract → receivable → payment → request → evidence → verdict → default → suspension → payment → resumption."""
    contract_id = _sign(house)
    _bill_and_pay(house, contract_id)
    request_id = _ask_for_a_service(house, contract_id)
    _work_and_prove(house, request_id)
    _confirm_and_score(house, request_id)
    _default_and_pay(house, contract_id)


def _sign(house: House) -> str:
    """A draft binds nobody; signed, it has its number and covers its service."""
    contract_id = house.office.make(
        "contracts", customer_id=house.customer_id, provider_id=house.provider_id, terms=house.terms()
    )
    assert house.office.get(f"contracts/{contract_id}")["status"] == "draft"
    house.office.post(f"contracts/{contract_id}/activate", on=house.today.replace(day=1).isoformat())
    (shown,) = house.office.list("contracts", customer_id=house.customer_id, status="active", search="Clínica")
    assert (shown["contract_id"], shown["number"][:3]) == (contract_id, "HZ-")
    assert (shown["customer_name"], shown["monthly_amount"]) == ("Clínica Boa Vista Ltda.", "1000.00")
    house.settle()
    assert house.coverage(contract_id) == "covered"
    return contract_id


def _bill_and_pay(house: House, contract_id: str) -> None:
    """A month is billed once; the customer sees why it costs what it costs; paid, nothing is open."""
    assert (house.bill(contract_id)["issued"], house.bill(contract_id)["issued"]) == (1, 0)
    (shown,) = house.customer.list("receivables", contract_id=contract_id)
    receivable = house.customer.get(f"receivables/{shown['receivable_id']}")
    (line,) = receivable["lines"]
    assert (line["clause"], line["amount"], receivable["net"]) == ("4.1", "1000.00", "1000.00")
    assert line["explanation"]
    assert "4.1" in str(line["why"])
    house.office.post("payments", contract_id=contract_id, amount="1000.00", method="pix")
    (paid,) = house.office.list("receivables", contract_id=contract_id)
    assert (paid["status"], paid["balance"]) == ("settled", "0.00")
    house.settle()
    statement = house.customer.get(f"contracts/{contract_id}/statement")
    assert Decimal(statement["balance"]) == 0


def _ask_for_a_service(house: House, contract_id: str) -> str:
    """The customer asks in the portal, and sees at once where it stands; the provider fills in his part."""
    request_id = house.open_request(contract_id)
    (listed,) = house.customer.list("requests", contract_id=contract_id)
    assert (listed["request_id"], listed["status"], listed["coverage"]) == (request_id, "open", "covered")
    assert listed["response_due_at"]
    assert listed["resolution_due_at"]
    house.office.post(f"requests/{request_id}/complete", category="Vazamento", description_provider="Dreno entupido")
    house.office.post(f"requests/{request_id}/assign", assignee_id=house.technician.me["user_id"])
    house.technician.post(f"requests/{request_id}/start")
    house.technician.post(
        f"requests/{request_id}/work", performed_on=house.today.isoformat(), quantity="3.5", description="Dreno trocado"
    )
    document = house.customer.get(f"requests/{request_id}")
    assert document["description"] == "O ar da sala de espera pinga."
    assert (document["provider"]["category"], document["status"]) == ("Vazamento", "in_progress")
    return request_id


def _work_and_prove(house: House, request_id: str) -> None:
    """Without a proof that the contract accepts it is not done, and the refusal says which are missing."""
    with pytest.raises(Problem) as refused:
        house.technician.post(f"requests/{request_id}/resolve", summary="Pronto.")
    problem = refused.value.document
    assert (refused.value.status, problem["code"]) == (422, "request.evidence-missing")
    assert problem["params"]["accepted"] == ["photo"]
    house.attach_photo(request_id)
    house.technician.post(f"requests/{request_id}/resolve", summary="Dreno trocado e testado.")
    assert house.technician.get(f"requests/{request_id}")["status"] == "resolved"
    house.settle()


def _confirm_and_score(house: House, request_id: str) -> None:
    """The customer has the last word: his confirmation closes the request."""
    (asked,) = house.customer.list("evaluations", request_id=request_id)
    assert asked["status"] == "asked"
    evaluation_id = asked["evaluation_id"]
    house.customer.post(f"evaluations/{evaluation_id}/confirm")
    house.customer.post(f"evaluations/{evaluation_id}/rating", score=5, comment="Rápido e atencioso.")
    house.settle()
    assert house.customer.get(f"requests/{request_id}")["status"] == "closed"
    assert house.office.get(f"evaluations/{evaluation_id}")["comment"] == "Rápido e atencioso."
    assert house.office.get("evaluations/satisfaction", customer_id=house.customer_id)["scores"]["5"] == 1


def _default_and_pay(house: House, contract_id: str) -> None:
    """The hours beyond what is included are not paid: notice, suspension; and paid: resumption."""
    run = house.bill(contract_id)
    assert (run["issued"], run["total"]) == (1, "180.00")
    house.run_due("billing", days=5)
    (noticed,) = house.office.list("contracts", customer_id=house.customer_id)
    assert noticed["in_default_since"]
    assert noticed["suspend_on"]
    house.run_due("contracts", days=12)
    assert house.coverage(contract_id, days=12) == "suspended"
    assert house.office.get(f"contracts/{contract_id}")["status"] == "suspended"
    (owed,) = [each for each in house.customer.list("receivables", contract_id=contract_id) if each["overdue_on"]]
    house.office.post("payments", contract_id=contract_id, amount=owed["balance"], method="pix")
    house.settle()
    assert house.office.get(f"contracts/{contract_id}")["status"] == "active"
    assert house.coverage(contract_id, days=12) == "covered"


# -- documents -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "code", "said"),
    [
        (
            {"kind": "person", "person_name": "Ana", "cpf": "111.111.111-11"}, "customer.cpf-invalid",
            {"pt-BR": "O CPF não é válido.", "en": "The CPF is not valid."},
        ),
        (
            {"kind": "company", "legal_name": "Ana Ltda.", "cnpj": "45.997.418/0001-54"}, "customer.cnpj-invalid",
            {"pt-BR": "O CNPJ 45997418000154 não é válido.", "en": "The CNPJ 45997418000154 is not valid."},
        ),
        (
            {"kind": "company", "legal_name": "Ana Ltda.", "cnpj": "12.ABC.345/01DE-36"}, "customer.cnpj-invalid",
            {"pt-BR": "O CNPJ 12ABC34501DE36 não é válido.", "en": "The CNPJ 12ABC34501DE36 is not valid."},
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["pt-BR", "en"])
def test_a_wrong_document_is_refused_in_the_readers_language(
    house: House, profile: dict[str, Any], code: str, said: dict[str, str], language: str
) -> None:
    """CPF, and CNPJ in its numeric and its alphanumeric form; as a problem document (RFC 9457)."""
    with (
        Visitor(house.system.url, house.system.admin, language=language) as office,
        pytest.raises(Problem) as refused,
    ):
        office.post("customers", **profile)
    problem = refused.value
    assert (problem.status, problem.media_type, problem.language) == (422, "application/problem+json", language)
    assert (problem.document["code"], problem.document["detail"]) == (code, said[language])
    assert problem.document["status"] == 422
    assert {"type", "title", "instance"} <= set(problem.document)


def test_without_a_token_nothing_is_answered(house: House) -> None:
    with Visitor(house.system.url) as stranger:
        assert stranger.status("GET", "customers") == 401
        assert stranger.status("POST", "requests", {}) == 401
    with Visitor(house.system.url) as liar:
        liar.http.headers["Authorization"] = "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9."
        assert liar.status("GET", "customers") == 401


def test_a_technician_sees_what_is_to_be_done_not_what_it_costs(house: House) -> None:
    contract_id = house.contract()
    assert house.technician.status("GET", f"contracts/{contract_id}/statement") == 403
    assert "1000.00" not in str(house.technician.get(f"contracts/{contract_id}"))


# -- a foreign customer ----------------------------------------------------------------------------------------------


def test_what_is_another_customers_does_not_exist(house: House) -> None:
    """404 on every path that names a thing of the other customer, to read and to write; and in no list."""
    contract_id = house.contract()
    house.bill(contract_id)
    request_id = house.open_request(contract_id)
    evaluation_id = house.resolve(request_id)["evaluation_id"]
    (receivable,) = house.customer.list("receivables", contract_id=contract_id)
    receivable_id, customer_id = receivable["receivable_id"], house.customer_id
    photo = {"kind": "photo", "name": "a", "size": 1, "media_type": "image/jpeg", "sha256": "0" * 64}
    contact = {"name": "Intruso", "rights": ["money"]}
    opened = {"contract_id": contract_id, "service_type_id": house.service_id, "description": "…"}
    tried: list[tuple[str, str, dict[str, Any] | None]] = [
        ("GET", f"customers/{customer_id}", None),
        ("POST", f"customers/{customer_id}/profile", {"email": "intruso@exemplo.example"}),
        ("POST", f"customers/{customer_id}/contacts", contact),
        ("DELETE", f"customers/{customer_id}/contacts/{house.contact_id}", None),
        ("GET", f"contracts/{contract_id}", None),
        ("GET", f"contracts/{contract_id}/coverage?service_type_id={house.service_id}", None),
        ("GET", f"contracts/{contract_id}/account", None),
        ("GET", f"contracts/{contract_id}/statement", None),
        ("GET", f"receivables/{receivable_id}", None),
        ("POST", f"receivables/{receivable_id}/dispute", {"reason": "…"}),
        ("POST", "requests", opened),
        ("GET", f"requests/{request_id}", None),
        ("POST", f"requests/{request_id}/notes", {"text": "…"}),
        ("POST", f"requests/{request_id}/documents", photo),
        ("POST", f"requests/{request_id}/reopen", {"reason": "…"}),
        ("POST", f"requests/{request_id}/cancel", {"reason": "…"}),
        ("GET", f"evaluations/{evaluation_id}", None),
        ("POST", f"evaluations/{evaluation_id}/confirm", {}),
        ("POST", f"evaluations/{evaluation_id}/contest", {"reason": "…"}),
        ("POST", f"evaluations/{evaluation_id}/rating", {"score": 1, "comment": "…"}),
        ("PUT", f"evaluations/{evaluation_id}/rating", {"score": 1, "comment": "…"}),
    ]
    answers = {f"{method} {path}": house.neighbour.status(method, path, body) for method, path, body in tried}
    assert {where: status for where, status in answers.items() if status != 404} == {}
    for shown in ("contracts", "receivables", "payments", "requests", "evaluations"):
        assert house.neighbour.list(shown) == [], shown
    assert [each["customer_id"] for each in house.neighbour.list("customers")] == [house.neighbour_id]
    assert house.office.get(f"requests/{request_id}")["status"] == "resolved"


def test_the_offices_work_is_forbidden_to_a_customer(house: House) -> None:
    """Also on his own things."""
    contract_id = house.contract()
    for method, path, body in (
        ("POST", "customers", {"kind": "person", "person_name": "Ana"}),
        ("POST", f"contracts/{contract_id}/suspend", {"reason": "other"}),
        ("POST", "payments", {"contract_id": contract_id, "amount": "1.00"}),
        ("POST", "billing-runs", {"month": house.month}),
        ("GET", "operations", None),
        ("GET", "operations/contracts/feed", None),
    ):
        assert house.customer.status(method, path, body) == 403, path


# -- the same again --------------------------------------------------------------------------------------------------


def test_the_same_key_again_gives_the_same_answer_and_makes_nothing(house: House) -> None:
    profile = {"kind": "company", "legal_name": "Padaria Sol Ltda.", "cnpj": "45.997.418/0001-53"}
    first = house.office.post("customers", key="chave-da-padaria-1", **profile)
    again = house.office.post("customers", key="chave-da-padaria-1", **profile)
    assert again == first
    assert len(house.office.list("customers", search="Padaria Sol")) == 1


def test_the_same_key_for_something_else_is_a_conflict(house: House) -> None:
    house.office.post("service-types", key="chave-do-tipo-1", code="ELE", name="Elétrica")
    with pytest.raises(Problem) as refused:
        house.office.post("service-types", key="chave-do-tipo-1", code="HID", name="Hidráulica")
    assert (refused.value.status, refused.value.document["code"]) == (409, "command-id-reused")
    assert "HID" not in {each["code"] for each in house.office.list("service-types")}


def test_a_payment_sent_twice_is_received_once(house: House) -> None:
    contract_id = house.contract()
    house.bill(contract_id)
    payment = {"contract_id": contract_id, "amount": "400.00", "method": "pix"}
    for _ in range(2):
        house.office.post("payments", key=f"pix-{contract_id}", **payment)
    house.settle()
    assert [each["amount"] for each in house.office.list("payments", contract_id=contract_id)] == ["400.00"]
    assert house.office.list("receivables", contract_id=contract_id)[0]["balance"] == "600.00"


# -- at once ---------------------------------------------------------------------------------------------------------


def test_whoever_writes_reads_it_at_once(house: House) -> None:
    """Every write is in the list of the next read that waits for it, whichever service wrote it."""
    contract_id = house.contract()
    for number in range(10):
        request_id = house.open_request(contract_id, f"Pedido {number}")
        assert house.customer.list("requests", limit=1)[0]["request_id"] == request_id
        house.office.post(f"requests/{request_id}/classify", priority="high")
        assert house.office.list("requests", limit=1)[0]["priority"] == "high"


def test_a_read_that_waits_says_what_came_of_it(house: House) -> None:
    house.open_request(house.contract())
    waited = house.customer.http.get("/api/v1/requests", params={"wait": house.customer.seen})
    assert waited.headers["X-Vigencia-Waited"] == "applied"
    assert waited.headers["X-Vigencia-As-Of"] != "late"
    never = house.customer.seen.rpartition("/")[0] + "/999"
    assert house.customer.http.get("/api/v1/requests", params={"wait": never}).headers["X-Vigencia-Waited"] == "late"
