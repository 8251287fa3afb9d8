"""The API's description is true: a valid OpenAPI 3.1 document, whose every operation answers as it says."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from services.testing.running import wait_for
from tests.system.house import House
from tests.system.test_bank_http import BANK
from tests.system.visitor import Visitor

ENDS = ("/session/end", "/erase", "/erasures/{erasure_id}/approve")
"""What would log the visitor himself out, or erase somebody whom other tests need."""
METHODS = ("get", "post", "put", "delete", "patch")


@pytest.fixture(scope="module")
def document(house: House) -> dict[str, Any]:
    answer = httpx.get(f"{house.system.url}/api/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture(scope="module")
def things(house: House) -> dict[str, str]:
    return one_of_each(house)


def one_of_each(house: House) -> dict[str, str]:
    """One of each, for the places in the paths."""
    contract_id = house.contract()
    house.bill(contract_id)
    payment_id = house.office.make("payments", contract_id=contract_id, amount="100.00", method="pix")
    shared = house.office.post(f"customers/{house.customer_id}/payments", amount="10.00", contract_ids=[contract_id])
    run_id = house.office.make("billing/runs", month=house.month)
    request_id = house.open_request(contract_id)
    evaluation = house.resolve(request_id)
    today = house.today.isoformat()
    work_id = house.technician.make(f"requests/{request_id}/work", performed_on=today, quantity="1")
    part_id = house.technician.make(f"requests/{request_id}/parts", name="Mangueira", quantity="1")
    mail = {"content": b"From: otavio@exemplo.example", "headers": {"Content-Type": "message/rfc822"}}
    sha256 = house.office.http.post("/api/v1/files", **mail).json()["sha256"]
    letter = {"kind": "email", "name": "de-acordo.eml", "media_type": "message/rfc822", "sha256": sha256}
    attached_id = house.office.make(f"requests/{request_id}/documents", **letter)
    (receivable,) = house.office.list("receivables", contract_id=contract_id)
    template_id = house.office.make("templates", name="Mensal", terms=house.terms())
    file = house.office.http.post("/api/v1/files", content=b"%PDF-", headers={"Content-Type": "application/pdf"}).json()
    document_id = house.office.make(
        f"contracts/{contract_id}/documents", sha256=file["sha256"], name="contrato.pdf", kind="annex"
    )
    joana = {"login": "joana", "name": "Joana", "roles": ["attendant"], "password": "uma senha bem longa"}
    user_id = house.office.post("users", **joana)["user_id"]
    house.office.write("PUT", f"providers/{house.provider_id}/bank", {"bank": BANK})
    house.settle()
    remittance_id = house.office.post("bank/remittances", provider_id=house.provider_id)["remittance_id"]
    statement = base64.b64encode(b"Data;Valor\n09/01/2026;10,00").decode()
    house.office.post("bank/files", content=statement)
    (row,) = house.office.get("bank/rows")["items"]
    visit_id = house.office.make(f"contracts/{contract_id}/visits", on=str(house.today))
    comment_id = house.customer.make(f"contracts/{contract_id}/comments", text="Sempre pontuais.")
    calendar = house.office.post("visits/calendar-link")["url"].rpartition("/")[2].removesuffix(".ics")
    holiday_id = house.office.make("holidays", on="2026-07-14", name="Aniversário da cidade")
    erasure_id = house.neighbour.post("session/erasure")["erasure_id"]
    Visitor(house.system.url, house.system.admin).http.close()
    session_id = next(each["session_id"] for each in house.office.list("sessions") if not each["current"])
    hook = {"name": "books", "url": "https://nowhere.invalid/in", "types": ["contracts.*"]}
    endpoint_id = house.office.post("webhooks", **hook)["endpoint_id"]
    key_id = house.office.post("api-keys", name="books", scopes=["feed:contracts"])["key_id"]
    told = wait_for(lambda: house.office.list("mail", contract_id=contract_id), "somebody is told", seconds=30)
    return {
        "provider_id": house.provider_id, "service_type_id": house.service_id, "customer_id": house.customer_id,
        "contact_id": house.contact_id, "contract_id": contract_id, "receivable_id": receivable["receivable_id"],
        "payment_id": payment_id, "request_id": request_id, "evaluation_id": evaluation["evaluation_id"],
        "template_id": template_id, "user_id": user_id, "document_id": document_id, "index": "ipca",
        "kind": "contracts", "service": "contracts", "action": "health",
        "run_id": run_id, "row_id": row["row_id"], "remittance_id": remittance_id, "shared_payment_id": shared["payment_id"],
        "reference": request_id, "mail_id": told[0]["mail_id"], "template": "reminder_1", "lang": "en", "role": "bank",
        "visit_id": visit_id, "work_id": work_id, "part_id": part_id, "attached_id": attached_id,
        "label": "SP24-0001", "link": calendar, "comment_id": comment_id,
        "holiday_id": holiday_id,
        "key_id": key_id,
        "session_id": session_id, "erasure_id": erasure_id, "thing": "request", "thing_id": request_id,
        "endpoint_id": endpoint_id,
    }  # fmt: skip


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_operation_says_what_it_does_and_who_may(document: dict[str, Any]) -> None:
    """A summary, a name of its own, and problem documents for whatever goes wrong."""
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)
    for path, method, operation in operations(document):
        assert operation["summary"], (path, method)
        for status, answer in operation["responses"].items():
            if not status.startswith("2"):
                assert "application/problem+json" in answer["content"], (path, method, status)


def test_every_documented_question_answers(
    document: dict[str, Any], house: House, things: dict[str, str], subtests: Any
) -> None:
    """Asked as the document says, with what it demands, the answer is 200, and of the kind that it says: JSON, or a file."""
    required = {
        "text": "boa",
        "service_type_id": house.service_id,
        "provider_id": house.provider_id,
        "on": house.today.isoformat(),
        "month": "2026-01",
        "since": "2026-01-01",
        "until": "2026-01-31",
        "stream": "contract-x",
        "by": "month",
    }
    for path, method, operation in operations(document):
        if method != "get":
            continue
        with subtests.test(path):
            parameters = [each for each in operation.get("parameters", ()) if each["in"] == "query"]
            params = {each["name"]: required[each["name"]] for each in parameters if each.get("required")}
            answer = house.office.http.get(path.format_map(things), params=params)
            assert answer.status_code == 200, answer.text
            assert next(iter(operation["responses"]["200"]["content"])) == answer.headers["Content-Type"]


def test_every_documented_command_is_served(
    document: dict[str, Any], house: House, things: dict[str, str], subtests: Any
) -> None:
    """With an empty body it says what is missing, or does what needs no more: never an unknown path, never a fault."""
    for path, method, operation in operations(document):
        if method == "get" or path.endswith(ENDS):
            continue
        with subtests.test(f"{method} {path}"):
            answer = house.office.http.request(method, path.format_map(things), json={})
            documented = {int(status) for status in operation["responses"]}
            assert answer.status_code in documented, f"{answer.status_code} {answer.text}"
            assert answer.status_code not in (404, 405, 500, 503)
            if answer.status_code >= 400:
                assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_docs_page_and_all_that_it_needs_is_served(house: House) -> None:
    """From here alone: no script, style or font comes from elsewhere."""
    page = httpx.get(f"{house.system.url}/api/docs")
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    needed = re.findall(r'(?:src|href)="([^"#]+)"', page.text)
    assert needed
    for each in needed:
        assert each.startswith(("/", "./", "data:")) or "://" not in each, each
        if not each.startswith("data:"):
            assert httpx.get(str(page.url.join(each))).status_code == 200, each


@pytest.mark.parametrize(("login", "leads_to"), [(None, "/login"), ("otavio", "/portal"), ("bruno", "/console")])
def test_the_front_door_leads_customers_to_the_portal_and_staff_to_the_api(
    house: House, login: str | None, leads_to: str
) -> None:
    with httpx.Client(base_url=house.system.url) as browser:
        if login is not None:
            entered = browser.post("/login", data={"login": login, "password": "segredo"})
            assert (entered.status_code, entered.headers["Location"]) == (303, "/")
        answer = browser.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, leads_to)


def test_health_tells_the_state_of_every_part(house: House) -> None:
    answer = httpx.get(f"{house.system.url}/health")
    told = answer.json()
    assert (answer.status_code, told["ready"], told["reasons"]) == (200, True, [])
    assert set(told["parts"]) == {"contracts", "billing", "tickets", "feedback", "gateway"}
    assert httpx.get(f"{house.system.url}/health/live").status_code == 200
    assert httpx.get(f"{house.system.url}/health/ready").status_code == 200
    assert "# TYPE" in httpx.get(f"{house.system.url}/metrics").text
