"""The console: who gets in, what he is shown and may do; every page by every role; forms are the API's operations."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from gateway.identity.permissions import PAGES, PERMISSIONS
from gateway.pages.console import acting, customers, visiting
from gateway.pages.console.forms import lines, number
from gateway.tests.unit.test_pages import PIX, RECEIVABLE
from gateway.tests.unit.test_portal import KEY, browser
from gateway.tests.unit.world import World
from services.errors import Refused, Unavailable

STAFF = ("manager", "attendant", "technician", "finance", "operator")
SERVICE = {
    "service_type_id": "s",
    "name": "Ar-condicionado",
    "calendar": "business",
    "targets": [{"priority": "high", "response_minutes": 240, "resolution_minutes": 990}],
    "included_quantity": "4",
    "unit": "hour",
    "evidence": ["signed_order", "photo", "portal_confirmation"],
}
CONTRACT = {
    "contract_id": "c-A",
    "customer_id": "A",
    "number": "N-A",
    "status": "active",
    "terms": {
        "services": [SERVICE],
        "time_zone": "America/Sao_Paulo",
        "state": "SP",
        "calendar": {
            "intervals": [{"weekday": day, "opens": "08:00", "closes": "18:00"} for day in range(5)],
            "national": True,
            "of_state": True,
        },
    },
}
COVERAGE = {
    "status": "covered",
    "opens": True,
    "needs_acceptance": False,
    "remaining": "2.5",
    "unit": "hour",
    "unit_price": "120.00",
    "words": {"pt-BR": "Coberto.", "en": "Covered."},
    "clause_name": {"pt-BR": "serviço AC", "en": "service AC"},
    "clause_words": {"pt-BR": "4 horas por mês.", "en": "4 hours a month."},
}
AT = "2026-03-02T12:00:00Z"


def event(type_: str, actor: str = "user:u-attendant", **data: Any) -> dict[str, Any]:
    return {"type": f"tickets.{type_}", "version": 1, "at": AT, "recorded_at": AT, "actor": actor, "data": data}


REQUEST: dict[str, Any] = {
    "request_id": "q-A", "contract_id": "c-A", "customer_id": "A", "service_type_id": "s", "protocol": "2026-A",
    "external_ref": None, "status": "in_progress", "priority": "high", "category": None, "assignee_id": "u-technician",
    "assignee_group": None, "channel": "phone", "opened_by": "ana", "entered_by": "u-attendant", "opened_at": AT,
    "site_id": "l-A", "equipment_id": "x-A", "held": None, "closed_by": None, "coverage_status": "covered",
    "response_due_at": AT, "response_outcome": "met", "resolution_due_at": "2026-03-03T12:00:00Z",
    "resolution_outcome": "running", "description": "Pinga <muito>", "preferred": [],
    "coverage": {"status": "covered", "remaining": "2.5"}, "price": None,
    "links": [{"request_id": "q-B", "kind": "related", "protocol": "2026-B", "status": "open"}],
    "provider": {"category": None, "description": None, "summary": None, "evidence": [], "waiting_reason": None,
                 "awaiting_confirmation": False},
    "notes": [
        {"author_id": "ana", "side": "customer", "visibility": "public", "text": "Urgente", "at": AT},
        {"author_id": "u-attendant", "side": "provider", "visibility": "internal", "text": "Levar escada", "at": AT},
    ],
    "documents": [{"document_id": "d", "kind": "other", "name": "e.pdf", "sha256": "0" * 64, "at": AT, "author_id": "ana",
                   "visibility": "public", "media_type": "application/pdf"}],
    "work": [{"work_id": "w", "technician_id": "u-technician", "performed_on": "2026-03-02", "quantity": "5.5",
              "unit": "hour", "included_quantity": "4", "beyond_quantity": "1.5", "unit_price": "120.00",
              "description": "Dreno", "uncharged_words": None, "corrections": [
                  {"former_quantity": "6", "quantity": "5.5", "reason": "erro", "author_id": "u-attendant", "at": AT}]}],
    "parts": [{"part_id": "p", "name": "Mangueira", "quantity": "1", "unit": "m", "serial": None, "at": AT,
               "technician_id": "u-technician", "used_at": AT, "corrections": []}],
    "checklist": [{"item": "Filtros", "done": False, "by": None, "at": None}],
    "visits": [{"visit_id": "v", "on": "2026-03-04", "opens": "08:00", "closes": "12:00", "status": "planned",
                "technician_id": None, "former_on": None, "reason": None}],
    "deadlines": [{"kind": "resolution", "due_at": AT, "former_due_at": AT, "cause": "classified", "at": AT}],
    "timeline": [
        event("request.opened", "contact:ana", opened_by="ana", channel="phone"),
        event("request.noted", text="Levar escada", visibility="internal", author_id="u-attendant"),
        event("deadline.set", "system:due", kind="resolution", due_at=AT),
        event("request.escalated", "system:due", kind="resolution", level=2),
        event("something.unheard_of"),
    ],
}  # fmt: skip
FIELDS = {
    "fields": [
        {"field": "description", "owner": "customer", "value": "Pinga <muito>", "side": "provider", "author_id": "u-attendant",
         "at": AT, "former": [{"value": "Pinga", "author_id": "ana", "by": "u-attendant", "at": AT, "replaced_at": AT,
                               "reason": "por telefone"}]},
    ]
}  # fmt: skip
PAGES_WITH_IDS = (
    "/console",
    "/console/requests",
    "/console/requests?view=board",
    "/console/requests?status=all&assignee=me&due=week&priority=high&channel=portal&q=A&sort=priority&customer=A",
    "/console/requests/q-A",
    "/console/customers",
    "/console/customers/A",
    "/console/customers/A/equipment/x-A",
    "/console/customers/A/equipment/x-A/label",
    "/console/search?q=companhia",
)


@pytest.fixture
def desk(world: World) -> World:
    world.services.answers |= {
        "tickets.request": REQUEST,
        "tickets.request_fields": FIELDS,
        "tickets.coverage": COVERAGE,
        "tickets.channels": {"items": [{"month": "2026-03", "phone_share": "25.0"}]},
        "contracts.contract": CONTRACT,
        "contracts.contract_text": {"header": "Nº N-A", "title": "Contrato", "clauses": []},
        "contracts.customer": {"name": "Companhia A", "contacts": [], "email": None, "phone": None, "address": None,
                               "person_name": None},
        "contracts.find_people": {"items": []},
        "billing.receivable": RECEIVABLE,
        "billing.pix": PIX,
    }  # fmt: skip
    return world


@pytest.mark.parametrize("role", STAFF)
def test_staff_who_log_in_find_the_console(world: World, role: str) -> None:
    client = browser(world, role)
    assert client.get("/").headers["Location"] == "/console"
    page = client.get("/console")
    assert page.status_code == 200
    assert 'aria-current="page"' in page.text


def test_customers_are_not_led_into_the_console(desk: World) -> None:
    ana = browser(desk, "ana")
    for path in PAGES_WITH_IDS:
        assert ana.get(path).headers["Location"] == "/"


def test_an_unknown_path_and_a_refusal_stand_within_the_frame(desk: World) -> None:
    page = browser(desk, "attendant").get("/console?wait=nonsense")
    assert page.status_code == 400
    assert 'class="c-nav"' in page.text
    assert browser(desk, "attendant").get("/console/customers/nobody").status_code == 404


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("lang", ["pt-BR", "en"])
def test_every_page_is_whole_for_each_role_in_each_language(desk: World, role: str, lang: str) -> None:
    client = browser(desk, role, lang)
    for path in PAGES_WITH_IDS:
        page = client.get(path)
        assert (path, page.status_code) == (path, 200)
        assert page.text.rstrip().endswith("</html>")


@pytest.mark.parametrize("role", STAFF)
def test_a_page_lets_in_whom_its_operation_lets_in(desk: World, role: str) -> None:
    rules = [rule for rule in desk.flask.url_map.iter_rules() if rule.endpoint.startswith("console.")]
    assert len(rules) >= 18
    client = browser(desk, role)
    for rule in rules:
        path = re.sub(r"<(?:string:)?([a-z_]+)>", "x", rule.rule)
        method = "post" if "POST" in (rule.methods or ()) else "get"
        answer = getattr(client, method)(path, data={"key": KEY})
        admitted = bool(PERMISSIONS[PAGES[rule.endpoint.partition(".")[2]]].roles & {role})
        assert (path, answer.status_code == 403) == (path, not admitted)
    assert desk.services.commands() == []


@pytest.mark.parametrize("role", STAFF)
def test_no_form_does_what_the_role_may_not(desk: World, role: str) -> None:
    """Each operation on a request and on a customer, from its form, by each role: the API's own table decides."""
    client = browser(desk, role)
    roots = {"requests/q-A": acting.ACTIONS, "customers/A": customers.ACTIONS, "visits/v-A": visiting.ACTIONS}
    for root, operations in roots.items():
        for operation in operations:
            before = len(desk.services.commands())
            answer = client.post(f"/console/{root}/{operation}", data={"key": KEY})
            if role in PERMISSIONS[operation].roles:
                assert (operation, answer.status_code) != (operation, 403)
            else:
                assert (operation, answer.status_code) == (operation, 403)
                assert len(desk.services.commands()) == before


def test_a_technician_sees_no_prices(desk: World) -> None:
    client = browser(desk, "technician")
    for path in PAGES_WITH_IDS:
        page = client.get(path)
        assert page.status_code == 200
        assert "R$" not in page.text
    assert "120,00" in browser(desk, "attendant").get("/console/requests/q-A").text


def test_the_workbench_shows_both_sides_with_owner_author_and_former_value(desk: World) -> None:
    page = browser(desk, "attendant").get("/console/requests/q-A").text
    for said in ("Parte do cliente", "Parte do prestador", "<s>Pinga</s>", "por telefone", "Pinga &lt;muito&gt;"):
        assert said in page
    assert re.search(r"Resta neste mês: <b>2,5</b> h\s+de 4", page)
    assert "seg, ter, qua, qui, sex 08:00–18:00" in page
    assert 'data-due="2026-03-03T12:00:00Z"' in page
    assert "something.unheard_of" in page


OFFERED = {"offer": 1, "state": "offered", "work_waits": True, "price_text": "A R$ 180,00 por hora.", "accepted": None,
           "emergency": None, "text_sha256": "ab" * 32}  # fmt: skip


def test_a_price_is_shown_with_its_state_and_accepted_elsewhere_with_a_document(desk: World) -> None:
    desk.services.answers["tickets.request"] = {**REQUEST, "price": OFFERED, "resolution_due_at": None}
    client = browser(desk, "attendant")
    page = client.get("/console/requests/q-A").text
    assert "A R$ 180,00 por hora." in page
    assert "parado: aguarda o aceite do preço" in page
    form = {"offer": "1", "text_sha256": "ab" * 32, "contact_id": "ana", "document_id": "d", "name": "Ana A."}
    client.post("/console/requests/q-A/record_price_acceptance", data=form)
    [command] = desk.services.commands()
    assert (command["command"], command["payload"]["offer"]) == ("accept_price", 1)
    assert "R$" not in browser(desk, "technician").get("/console/requests/q-A").text


def test_who_has_it_stays_chosen_also_when_he_is_no_user_any_more(desk: World) -> None:
    desk.services.answers["tickets.request"] = {**REQUEST, "assignee_id": "gone"}
    page = browser(desk, "attendant").get("/console/requests/q-A").text
    assert page.count('<option value="gone" selected>') >= 1


def test_a_request_of_another_system_of_which_little_is_known_is_shown(desk: World) -> None:
    nothing = dict.fromkeys(REQUEST)
    kept = ("request_id", "contract_id", "customer_id", "status", "opened_at", "provider", "notes", "documents", "work",
            "parts", "checklist", "visits", "deadlines", "links", "preferred")  # fmt: skip
    kinds = ("opened", "price_offered", "price_accepted", "work_recorded", "closed", "warned", "part_used", "resolved")
    bare = [{**event(f"request.{kind}"), "at": None, "actor": None} for kind in kinds]
    sparse = {
        **nothing,
        **{name: REQUEST[name] for name in kept},
        "timeline": bare,
        "notes": [{"text": None, "at": AT}],
    }
    desk.services.answers["tickets.request"] = sparse
    desk.services.answers["tickets.request_fields"] = {"fields": []}
    for role in ("attendant", "technician"):
        assert browser(desk, role).get("/console/requests/q-A").status_code == 200


def test_a_part_s_price_is_given_by_who_sees_prices_and_parts_are_offered_in_rows(desk: World) -> None:
    client = browser(desk, "attendant")
    part = {"name": "Compressor", "quantity": "1", "unit_price": "1.900,00"}
    client.post("/console/requests/q-A/use_part", data=part)
    offered = {
        "ceiling": "2.000,00",
        "part": ["Compressor", ""],
        "part_quantity": ["", ""],
        "part_price": ["1.900,00", ""],
    }
    client.post("/console/requests/q-A/offer_price", data=offered)
    used, offer = (each["payload"] for each in desk.services.commands())
    assert used["unit_price"] == "1900.00"
    assert offer["parts"] == [{"name": "Compressor", "quantity": "1", "unit_price": "1900.00"}]
    refused = browser(desk, "technician").post("/console/requests/q-A/use_part", data=part)
    assert refused.status_code == 403
    assert len(desk.services.commands()) == 2
    browser(desk, "technician").post("/console/requests/q-A/use_part", data={"name": "Filtro", "quantity": "1"})
    assert len(desk.services.commands()) == 3


def test_report_and_dossier_are_at_hand(desk: World) -> None:
    desk.flask.extensions["vigencia"].seal_secret = b"a secret of more than thirty-two bytes"
    client = browser(desk, "attendant")
    page = client.get("/console/requests/q-A").text
    assert "/console/requests/q-A/report.pdf" in page
    assert "/console/requests/q-A/dossier.zip" not in browser(desk, "technician").get("/console/requests/q-A").text


def test_missing_evidence_is_listed(desk: World) -> None:
    client = browser(desk, "attendant")
    assert "Ordem de serviço assinada" in client.get("/console/requests/q-A").text
    assert "Nenhum documento anexado" in client.get("/console/requests/q-A").text
    photo = {**REQUEST["documents"][0], "kind": "photo"}
    desk.services.answers["tickets.request"] = {**REQUEST, "documents": [photo]}
    assert "Nenhum documento anexado" not in client.get("/console/requests/q-A").text


def test_a_note_is_internal_unless_the_form_says_public(desk: World) -> None:
    client = browser(desk, "attendant")
    for visibility in ("internal", "public", "", "nonsense"):
        client.post("/console/requests/q-A/add_note", data={"text": "x", "visibility": visibility})
    said = [each["payload"]["visibility"] for each in desk.services.commands()]
    assert said == ["internal", "public", "internal", "internal"]


def test_a_form_sent_twice_is_one_command_and_leads_back_with_what_was_done(desk: World) -> None:
    client = browser(desk, "attendant")
    form = {"assignee_id": "u-technician", "key": KEY, "back": "/console/requests?due=late"}
    answers = [client.post("/console/requests/q-A/assign_request", data=form) for _ in range(2)]
    assert [each["id"] for each in desk.services.commands()] == [KEY, KEY]
    assert desk.services.commands()[0]["payload"] == {"assignee_id": "u-technician", "request_id": "q-A"}
    target = answers[0].headers["Location"]
    assert target.startswith("/console/requests?due=late&wait=tickets/")
    assert target.endswith("&done=assign_request")
    assert "Atribuído." in client.get(target).text


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "/console.evil", "/console\\x", "javascript:x"]
)
def test_a_form_leads_nowhere_else(desk: World, back: str) -> None:
    answer = browser(desk, "attendant").post("/console/requests/q-A/start_request", data={"back": back})
    assert answer.headers["Location"].startswith("/console/requests/q-A?")


def test_what_a_rule_refuses_is_told_at_its_form_and_what_was_wrong_is_named(desk: World) -> None:
    client = browser(desk, "attendant")
    desk.services.answers["tickets.resolve_request"] = Refused(
        "request.evidence-missing", words={"pt-BR": "Falta prova."}
    )
    page = client.post("/console/requests/q-A/resolve_request", data={"summary": "x"})
    assert page.status_code == 422
    assert re.search(r'id="resolve" open>', page.text)
    empty = client.post("/console/requests/q-A/record_work", data={"performed_on": "", "quantity": "x"})
    assert empty.status_code == 400


def test_numbers_are_read_as_they_are_written_here(desk: World) -> None:
    said = {"1,5": "1.5", "1.234,56": "1234.56", "R$ 1.234": "1234", "2.5": "2.5", "1.234.567": "1234567", "x": "x"}
    assert {text: number(text) for text in said} == said
    assert lines(" a \n\n b") == ["a", "b"]
    form = {"performed_on": "2026-03-02", "quantity": "1,5", "description": "Dreno"}
    browser(desk, "technician").post("/console/requests/q-A/record_work", data=form)
    [work] = desk.services.commands()
    assert (work["payload"]["quantity"], work["payload"]["technician_id"]) == ("1.5", "u-technician")


def test_a_file_of_the_form_is_kept_and_attached_for_staff_unless_said_otherwise(desk: World) -> None:
    client = browser(desk, "attendant")
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 20
    form = {"kind": "photo", "visibility": "public", "file": (io.BytesIO(png), "foto.png")}
    client.post("/console/requests/q-A/attach_document", data=form, content_type="multipart/form-data")
    [command] = desk.services.commands()
    said = command["payload"]
    assert (said["media_type"], said["size"], said["visibility"], said["name"]) == (
        "image/png",
        28,
        "public",
        "foto.png",
    )
    nothing = client.post("/console/requests/q-A/attach_document", data={"kind": "photo"})
    assert nothing.status_code == 422
    assert "Escolha um arquivo." in nothing.text


def test_another_request_is_named_by_its_protocol(desk: World) -> None:
    client = browser(desk, "attendant")
    client.post("/console/requests/q-A/mark_duplicate", data={"protocol": "2026-B"})
    [command] = desk.services.commands()
    assert command["payload"] == {"original_id": "q-B", "request_id": "q-A"}
    unknown = client.post("/console/requests/q-A/link_request", data={"protocol": "2020-X"})
    assert "2020-X" in unknown.text


def test_a_contract_that_does_not_answer_leaves_the_rest_of_the_workbench(desk: World) -> None:
    gone = Unavailable("rpc.unavailable")
    desk.services.answers |= {"contracts.contract": gone, "tickets.coverage": gone, "tickets.request_fields": gone}
    page = browser(desk, "attendant").get("/console/requests/q-A")
    assert page.status_code == 200
    assert "O contrato não responde agora." in page.text


def test_a_visit_is_moved_assigned_and_done_from_its_request(desk: World) -> None:
    desk.services.answers["tickets.visit"] = {"request_id": "q-A", "customer_id": "A", "contract_id": "c-A"}
    client = browser(desk, "attendant")
    assert 'action="/console/visits/v/move_visit"' in client.get("/console/requests/q-A").text
    form = {"on": "2026-03-05", "reason": "Feira", "opens": "", "back": "/console/requests/q-A"}
    moved = client.post("/console/visits/v-A/move_visit", data=form)
    assert moved.headers["Location"].startswith("/console/requests/q-A?wait=")
    client.post("/console/visits/v-A/assign_visit", data={"technician_id": ""})
    client.post("/console/visits/v-A/finish_visit", data={"note": "Feito"})
    move, assign, finish = (each["payload"] for each in desk.services.commands())
    assert (move["on"], move["reason"], "opens" in move) == ("2026-03-05", "Feira", False)
    assert (assign["technician_id"], finish["note"], finish["visit_id"]) == (None, "Feito", "v-A")
    refused = client.post("/console/visits/v-A/move_visit", data={"on": "x"})
    assert refused.status_code == 400
    assert "Parte do cliente" in refused.text


def test_a_caller_s_request_shows_coverage_before_it_is_sent_by_telephone(desk: World) -> None:
    client = browser(desk, "attendant")
    form = {
        "customer": "A",
        "contact": "ana",
        "service": "c-A/s",
        "place": "l-A/x-A",
        "description": "Pinga",
        "key": KEY,
    }
    shown = client.post("/console/requests/new", data={**form, "step": "check"})
    assert "4 horas por mês." in shown.text
    assert "Pinga" in shown.text
    assert desk.services.commands() == []
    sent = client.post("/console/requests/new", data={**form, "step": "send"})
    [command] = desk.services.commands()
    assert sent.headers["Location"].startswith(f"/console/requests/{command['payload']['request_id']}?wait=")
    expected = {"opened_by": "ana", "channel": "phone", "equipment_id": "x-A", "site_id": "l-A", "contract_id": "c-A"}
    assert expected.items() <= command["payload"].items()


def test_what_is_not_covered_is_opened_with_a_reason_only_if_it_is_given(desk: World) -> None:
    desk.services.answers["tickets.coverage"] = {**COVERAGE, "status": "not_covered", "opens": False}
    form = {"customer": "A", "contact": "ana", "service": "c-A/s", "description": "Pinga", "step": "check"}
    page = browser(desk, "attendant").post("/console/requests/new", data=form).text
    assert 'name="override_reason"' in page


def test_a_label_that_is_read_out_fills_in_customer_and_place(desk: World) -> None:
    client = browser(desk, "attendant")
    page = client.get("/console/requests/new?label=QR-A").text
    assert 'value="l-A/x-A" selected' in page
    assert "QR-Z" in client.get("/console/requests/new?label=QR-Z").text
    assert "/console/requests/new?customer=A&amp;place=l-A/x-A" in client.get("/console/requests/new?q=qr-a").text


def test_callers_are_found_by_name_without_accents_and_by_what_contracts_knows(desk: World) -> None:
    client = browser(desk, "attendant")
    assert "Companhia B" in client.get("/console/requests/new?q=BOB").text
    known = {"customer_id": "A", "person_id": "ana", "kind": "contact", "name": "Ana", "customer": "Companhia A",
             "role": None, "email": None, "phone": "(19) 99876-1234"}  # fmt: skip
    desk.services.answers["contracts.find_people"] = {"items": [known]}
    page = client.get("/console/requests/new?q=99876").text
    assert "(19) 99876-1234" in page
    assert "/console/requests/new?customer=A&amp;contact=ana" in page


def test_search_leads_to_a_whole_protocol_and_finds_parts_of_everything(desk: World) -> None:
    client = browser(desk, "attendant")
    assert client.get("/console/search?q=2026-A").headers["Location"] == "/console/requests/q-A"
    page = client.get("/console/search?q=companhia").text
    for path in ("/console/customers/A", "/console/requests/q-A", "/console/contracts/c-A"):
        assert path in page
    assert "/console/customers/A/equipment/x-A" in client.get("/console/search?q=qr-a").text
    assert "Nada encontrado" in client.get("/console/search?q=zzz").text
    assert "/console/receivables/r-A" not in browser(desk, "technician").get("/console/search?q=1").text


def test_the_queue_s_filters_stand_in_the_address_and_narrow(desk: World) -> None:
    client = browser(desk, "attendant")
    listed = client.get("/console/requests").text
    assert "2026-A" in listed
    assert "2026-B" in listed
    only = client.get("/console/requests?customer=A").text
    assert "2026-A" in only
    assert "2026-B" not in only
    assert "/console/requests?view=board&amp;customer=A" in only
    assert "Nada combina" in client.get("/console/requests?priority=low").text
    assert "2026-A" in client.get("/console/requests?priority=nonsense").text


def test_a_customer_is_registered_with_sites_contacts_and_equipment(desk: World) -> None:
    client = browser(desk, "attendant")
    made = client.post(
        "/console/customers/new", data={"kind": "company", "legal_name": "Nova", "cnpj": "1", "key": KEY}
    )
    id_ = desk.services.commands()[0]["payload"]["customer_id"]
    assert made.headers["Location"].startswith(f"/console/customers/{id_}?wait=")
    client.post("/console/customers/A/add_site", data={"name": "Filial", "city": "Santos"})
    client.post("/console/customers/A/add_equipment", data={"site_id": "l-A", "description": "Split", "label": "QR-9"})
    client.post("/console/customers/A/authorise_contact", data={"name": "Eva", "rights": ["requests", "money"]})
    client.post("/console/customers/A/remove_contact", data={"contact_id": "ana"})
    commands = desk.services.commands()[1:]
    assert [each["command"] for each in commands] == [
        "add_site",
        "add_equipment",
        "authorise_contact",
        "remove_contact",
    ]
    assert commands[2]["payload"]["rights"] == ["requests", "money"]
    assert client.post("/console/customers/A/authorise_contact", data={}).status_code == 400


def test_a_label_s_code_opens_the_customer_s_form_with_its_place(desk: World) -> None:
    page = browser(desk, "attendant").get("/console/customers/A/equipment/x-A/label").text
    assert "/portal/requests/new?label=QR-A" in page
    assert "<svg" in page
