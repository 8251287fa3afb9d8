"""The console's settings: every page by every role in each language; forms are the API's operations; files by their rows."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from gateway.identity.permissions import PERMISSIONS
from gateway.pages.console.settings.acting import ACTIONS
from gateway.tests.unit.test_console import STAFF
from gateway.tests.unit.test_portal import KEY, browser
from gateway.tests.unit.test_webhooks_api import HEADS
from gateway.tests.unit.world import World
from services.errors import Invalid, Refused

DAY = {"on": "2026-07-14", "name": "Aniversário", "scope": "company", "yearly": True, "source": "company",
       "holiday_id": "h-1"}  # fmt: skip
BY_LAW = {"on": "2026-12-25", "name": "Natal", "scope": "country", "source": "national"}
RATE = {"tax": "IRRF", "percent": "1.5", "valid_from": "2026-01-01", "valid_until": None, "service_type_id": None,
        "base_percent": "100", "minimum": "10.00", "law": "RIR/2018"}  # fmt: skip
PAGES = {
    "/console/settings": "list_holidays",
    "/console/settings/catalogue": "list_service_types",
    "/console/settings/templates/t-1": "get_template",
    "/console/settings/holidays?year=2026&state=SP": "list_holidays",
    "/console/settings/withholding?on=2026-03-01": "list_withholding_rates",
    "/console/settings/indices?index=igpm": "list_index_values",
    "/console/history/contract/c-A": "get_history",
    "/console/settings/mail-texts": "list_mail_texts",
    "/console/settings/mail-texts/receivable_issued/pt-BR": "preview_mail_text",
    "/console/settings/mail-texts/reminder_1/en": "preview_mail_text",
    "/console/settings/mail?state=sent&template=reminder_1": "list_mail",
    "/console/settings/companies": "list_providers",
    "/console/settings/companies/p-1": "get_provider",
    "/console/settings/api-keys": "list_api_keys",
    "/console/settings/webhooks": "list_webhooks",
}
COMPANY = {"provider_id": "p-1", "legal_name": "Horizonte Ltda.", "trade_name": "Horizonte", "cnpj": "33014556000196",
           "city": "Campinas", "state": "SP", "number_prefix": "HZ-", "number_digits": 4, "number_yearly": False,
           "logo_sha256": None, "bank": {"bank_code": "341", "instructions": ["Não receber após 30 dias"]}}  # fmt: skip
AT = "2026-03-02T12:00:00Z"
HAPPENED = [
    {"id": "contract-c-A@1", "type": "contracts.contract.drafted", "at": AT, "actor": "user:u-manager", "channel": "console"},
    {"id": "contract-c-A@2", "type": "contracts.contract.activated", "at": AT, "actor": "system:due", "channel": None},
]  # fmt: skip


@pytest.fixture
def office(world: World) -> World:
    world.happened("contracts.servicetype.defined", {"service_type_id": "s-9", "code": "AC-9", "name": "Caldeira",
                   "description": "A gás"}, stream="service-type-9")  # fmt: skip
    world.services.answers |= {
        "contracts.templates": {"items": [{"template_id": "t-1", "name": "Elevador", "description": "", "retired": False}]},
        "contracts.template": {"template_id": "t-1", "name": "Elevador", "description": "", "retired": False,
                               "terms": {"services": [{"name": "Elevador"}], "lines": [{"amount": "10.00"}]}},
        "contracts.holidays": {"items": [DAY, BY_LAW]},
        "contracts.index_values": {
            "items": [{"index": "igpm", "month": "2026-01-01", "percent": "0.33", "source": "FGV", "recorded_at": AT}],
            "last": {"igpm": {"month": "2026-01-01", "accumulated": "4.6200"}},
        },
        "tickets.recalculations": {"items": [{"why": "Aniversário", "on": "2026-07-14", "asked_at": AT, "finished_at": AT,
                                              "requests": 4, "done": 4, "changed": 2, "visits": 1}]},
        "billing.withholding_rates": {"items": [RATE]},
        "contracts.stream": HAPPENED,
        "contracts.providers": {"items": [COMPANY]},
    }  # fmt: skip
    return world


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("lang", ["pt-BR", "en"])
def test_every_page_is_whole_for_whom_its_operation_lets_in(office: World, role: str, lang: str) -> None:
    client = browser(office, role, lang)
    for path, operation in PAGES.items():
        page = client.get(path)
        expected = 200 if role in PERMISSIONS[operation].roles else 403
        assert (path, page.status_code) == (path, expected)
        assert page.text.rstrip().endswith("</html>")


@pytest.mark.parametrize("role", STAFF)
def test_no_form_does_what_the_role_may_not(office: World, role: str) -> None:
    client = browser(office, role)
    for operation in ACTIONS:
        answer = client.post(f"/console/settings/do/{operation}", data={"key": KEY})
        allowed = role in PERMISSIONS[operation].roles
        assert (operation, answer.status_code == 403) == (operation, not allowed)
    assert client.post("/console/settings/do/terminate_contract").status_code in (403, 404)
    assert office.services.commands() == []


def test_customers_are_not_led_into_the_settings(office: World) -> None:
    for path in PAGES:
        assert browser(office, "ana").get(path).headers["Location"] == "/"


def test_a_service_type_is_defined_and_retired(office: World) -> None:
    client = browser(office, "manager")
    form = {"key": KEY, "code": "BOMBA", "name": "Bombas", "description": ""}
    answer = client.post("/console/settings/do/define_service_type", data=form)
    assert answer.headers["Location"].startswith("/console/settings/catalogue?wait=")
    assert "done=define_service_type" in answer.headers["Location"]
    assert client.post("/console/settings/do/retire_service_type", data={"service_type_id": "s-9"}).status_code == 303
    defined, retired = office.services.commands()
    assert defined["payload"]["code"] == "BOMBA"
    assert (defined["id"], retired["payload"]) == (KEY, {"service_type_id": "s-9"})


def test_what_a_rule_refuses_stands_at_its_form_with_what_was_typed(office: World) -> None:
    words = {"pt-BR": "Já existe um serviço com este código.", "en": "…"}
    office.services.answers["contracts.define_service_type"] = Refused("service-type.code-taken", words=words)
    answer = browser(office, "manager").post(
        "/console/settings/do/define_service_type", data={"code": "AC", "name": "Ar"}
    )
    assert answer.status_code == 422
    assert "Já existe um serviço com este código." in answer.text
    assert 'value="Ar"' in answer.text


def test_a_closed_day_is_entered_and_taken_off_and_leads_to_its_year(office: World) -> None:
    client = browser(office, "manager")
    form = {"on": "2027-07-14", "name": "Aniversário", "scope": "state:SP", "yearly": "1", "state": "SP"}
    answer = client.post("/console/settings/do/add_holiday", data=form)
    assert answer.headers["Location"].startswith("/console/settings/holidays?year=2027&state=SP&")
    client.post("/console/settings/do/remove_holiday", data={"holiday_id": "h-1", "reason": "revogada", "year": "2026"})
    added, removed = office.services.commands()
    assert (added["payload"]["on"], added["payload"]["yearly"]) == ("2027-07-14", True)
    assert removed["payload"] == {"holiday_id": "h-1", "reason": "revogada"}
    page = client.get("/console/settings/holidays?year=2026&state=SP").text
    assert "4 de 4 atendimentos vistos, 2 com prazo novo" in page
    assert page.count('action="/console/settings/do/remove_holiday"') == 1  # days by law cannot be taken off


def loaded(client: Any, text: str, **more: str) -> Any:
    file = {"file": (io.BytesIO(text.encode("cp1252")), "tabela.csv")}
    return client.post("/console/settings/do/load_withholding_rates", data={**file, **more})


def test_a_table_of_rates_is_read_as_spreadsheets_write_it(office: World) -> None:
    text = "Imposto;Alíquota;De;Até;Serviço;Mínimo;Lei\nIRRF;1,5;01/01/2026;;;10,00;RIR/2018\n"
    text += "ISS;5;2026-01-01;31/12/2026;AC-9;;\n"
    assert loaded(browser(office, "finance"), text, source="Receita").status_code == 303
    [command] = office.services.commands()
    irrf, iss = command["payload"]["rates"]
    assert (irrf["tax"], irrf["percent"], irrf["valid_from"], irrf["minimum"]) == ("IRRF", "1.5", "2026-01-01", "10.00")
    assert (iss["valid_until"], iss["service_type_id"]) == ("2026-12-31", "s-9")
    assert command["payload"]["source"] == "Receita"


def test_what_is_wrong_in_a_file_is_named_by_its_line_and_nothing_is_loaded(office: World) -> None:
    client = browser(office, "finance")
    answer = loaded(client, "imposto;aliquota;de\nIRRF;muito;2026-01-01\nPIS;0,65;ontem\nCSLL;1;2026-01-01\n")
    assert answer.status_code == 400
    assert "<li>2: aliquota" in answer.text
    assert "<li>3: de" in answer.text
    assert "<li>4" not in answer.text
    assert "<li>1: imposto" in loaded(client, "x;aliquota;de\n").text
    assert loaded(client, "").status_code == 422
    assert office.services.commands() == []


def test_values_of_an_index_are_pasted_and_wrong_lines_named(office: World) -> None:
    client = browser(office, "finance")
    form = {"index": "igpm", "table": "01/2026;0,33", "source": "FGV"}
    answer = client.post("/console/settings/do/load_index_values", data=form)
    assert "index=igpm" in answer.headers["Location"]
    [command] = office.services.commands()
    assert (command["payload"]["index"], command["payload"]["table"]) == ("igpm", "01/2026;0,33")
    problem = {"path": "table.2", "code": "value", "message": "not a month and a percentage"}
    office.services.answers["contracts.load_index_values"] = Invalid(problems=[problem])
    page = client.post("/console/settings/do/load_index_values", data=form).text
    assert "table.2: not a month and a percentage" in page
    assert "01/2026;0,33</textarea>" in page


def test_who_did_what_names_people_the_system_and_the_way(office: World) -> None:
    page = browser(office, "attendant").get("/console/history/contract/c-A").text
    assert "Manager" in page
    assert "pelo console" in page
    assert "o sistema" in page
    assert browser(office, "attendant").get("/console/history/nothing/x").status_code == 404


TEXT = {"template": "reminder_1", "text_lang": "pt-BR"}


def test_a_mail_text_is_previewed_changed_and_put_back(office: World) -> None:
    client = browser(office, "manager")
    words = {**TEXT, "subject": "Lembrete {number}", "body": "Olá, {person}.\r\nAté logo."}
    seen = client.post("/console/settings/do/preview_mail_text", data=words)
    assert "Olá, Maria." in seen.text.split('id="preview"')[1]
    page = "/console/settings/mail-texts/reminder_1/pt-BR"
    assert "Até logo." not in client.get(page).text  # nothing was kept
    assert client.post("/console/settings/do/change_mail_text", data=words).status_code == 303
    assert "Olá, Maria." in client.get(page).text
    client.post("/console/settings/do/reset_mail_text", data=TEXT)
    assert "Olá, Maria.\nAté logo." not in client.get(page).text


def test_a_text_that_names_no_fact_is_shown_again_with_what_is_wrong(office: World) -> None:
    words = {**TEXT, "subject": "Lembrete", "body": "Olá, {nobody}."}
    for operation in ("preview_mail_text", "change_mail_text"):
        page = browser(office, "manager").post(f"/console/settings/do/{operation}", data=words)
        assert page.status_code == 400
        assert "body: not a fact of this text: nobody" in page.text
        assert "Olá, {nobody}.</textarea>" in page.text


def test_a_company_keeps_its_logo_until_another_one_is_brought(office: World) -> None:
    client = browser(office, "manager")
    png = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(png, "PNG")
    form = {"provider_id": "p-1", "trade_name": "Horizonte", "logo": (io.BytesIO(png.getvalue()), "logo.png")}
    assert client.post("/console/settings/do/change_letterhead", data=form).status_code == 303
    [command] = office.services.commands()
    brought = command["payload"]["logo_sha256"]
    office.services.answers["contracts.providers"] = {"items": [{**COMPANY, "logo_sha256": brought}]}
    assert 'src="data:image/png;base64,' in client.get("/console/settings/companies/p-1").text
    client.post("/console/settings/do/change_letterhead", data={"provider_id": "p-1", "trade_name": "Horizonte"})
    client.post("/console/settings/do/change_letterhead", data={"provider_id": "p-1", "no_logo": "1"})
    *_, kept, gone = office.services.commands()
    assert kept["payload"]["logo_sha256"] == brought
    assert "logo_sha256" not in gone["payload"]
    text = {"provider_id": "p-1", "logo": (io.BytesIO(b"no image"), "logo.png")}
    assert client.post("/console/settings/do/change_letterhead", data=text).status_code == 422


def test_bank_and_numbers_of_a_company(office: World) -> None:
    client = browser(office, "manager")
    bank = {
        "bank_code": "341",
        "branch": "0057",
        "account": "12345",
        "account_digit": "7",
        "instructions": "Um\r\nDois",
    }
    client.post("/console/settings/do/change_bank", data={"provider_id": "p-1", **bank})
    client.post("/console/settings/do/change_bank", data={"provider_id": "p-1", "no_bank": "1"})
    client.post("/console/settings/do/change_number_series", data={"provider_id": "p-1", "prefix": "F-", "digits": "5"})
    put, taken, series = office.services.commands()
    assert put["payload"]["bank"] == {**bank, "instructions": ["Um", "Dois"]}
    assert taken["payload"]["bank"] is None
    assert series["payload"] == {"provider_id": "p-1", "prefix": "F-", "digits": 5, "yearly": False}


def test_a_key_is_shown_once_and_revoked(office: World) -> None:
    client = browser(office, "operator")
    form = {"key": KEY, "name": "Contabilidade", "scopes": ["feed:billing"]}
    made = client.post("/console/settings/do/add_api_key", data=form).text
    assert "vgk_" in made
    again = client.post("/console/settings/do/add_api_key", data=form)
    assert again.status_code == 422
    assert "vgk_" not in again.text
    [key] = office.flask.extensions["vigencia"].keys.all()
    client.post("/console/settings/do/revoke_api_key", data={"key_id": key.key_id})
    page = client.get("/console/settings/api-keys").text
    assert "revogada" in page
    assert "vgk_" not in page


def test_an_endpoint_is_made_paused_rotated_and_removed(office: World) -> None:
    office.services.answers["heads"] = HEADS
    client = browser(office, "manager")
    refused = client.post("/console/settings/do/add_webhook", data={"name": "ERP", "url": "ftp://x", "types": ""})
    assert refused.status_code in (400, 422)
    assert 'value="ftp://x"' in refused.text
    form = {"key": KEY, "name": "ERP", "url": "https://erp.example.com/hooks", "types": "billing.*"}
    made = client.post("/console/settings/do/add_webhook", data=form)
    assert "whsec_" in made.text
    [hook] = office.flask.extensions["vigencia"].webhooks.all(None)
    named = {"endpoint_id": hook["endpoint_id"]}
    assert client.post("/console/settings/do/pause_webhook", data=named).status_code == 303
    page = client.get(f"/console/settings/webhooks/{hook['endpoint_id']}")
    assert "pausado por uma pessoa" in page.text
    assert "whsec_" not in page.text
    assert "whsec_" in client.post("/console/settings/do/rotate_webhook_secret", data=named).text
    assert client.post("/console/settings/do/resume_webhook", data=named).status_code == 303
    assert client.post("/console/settings/do/remove_webhook", data=named).status_code == 303
    assert office.flask.extensions["vigencia"].webhooks.all(None) == []
