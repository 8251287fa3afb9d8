"""The PDF documents: what they say, in both languages, however long, and to whom."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gateway.reports.month import average, in_time, local_day, month_pdf
from gateway.reports.statement import statement_pdf
from gateway.tests.unit.world import World

AT = datetime(2026, 4, 1, tzinfo=UTC)
PROVIDER = {
    "provider_id": "p", "legal_name": "Horizonte Manutenção Ltda.", "cnpj": "33014556000196", "address": "Av. Paulista, 1000",
    "city": "São Paulo", "state": "SP", "phone": "(11) 4000-0000", "email": "financeiro@horizonte.example",
}  # fmt: skip
CUSTOMER = {"name": "Condomínio Edifício Ipê", "document": "11.222.333/0001-81"}


def words_of(pdf: bytes) -> str:
    """The texts of all pages, in order."""
    streams = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.S)
    pages = b"\n".join(zlib.decompress(stream) for stream in streams if stream[:1] == b"x")
    texts = re.findall(rb"\(((?:\\.|[^\\()])*)\) Tj", pages, re.S)
    return "\n".join(re.sub(rb"\\(.)", rb"\1", text).decode("latin-1") for text in texts)


def statement(count: int = 3) -> dict[str, Any]:
    items = [
        {
            "on": f"2026-{1 + n % 12:02}-05",
            "kind": ("receivable", "payment")[n % 2],
            "amount": ("100.00", "-40.00")[n % 2],
            "balance": f"{100 + n}.00",
            "contract_number": "HZ-2026/000001",
            "number": f"HZ-2026/000001-{n:03}",
            "due_on": "2026-02-10",
        }
        for n in range(count)
    ]
    contracts = [{"contract_id": "c1", "balance": "160.00"}, {"contract_id": "c2", "balance": "-0.50"}]
    return {"opening": "0.00", "items": items, "closing": "1159.50", "contracts": contracts}


def made(count: int = 3, lang: str = "pt-BR") -> bytes:
    return statement_pdf(
        statement(count), provider=PROVIDER, customer=CUSTOMER, since="2026-01-01", until=None,
        numbers={"c1": "HZ-2026/000001"}, lang=lang, made_at=AT,
    )  # fmt: skip


def test_a_statement_says_who_to_whom_and_how_much() -> None:
    said = words_of(made())
    for part in ("Horizonte Manutenção Ltda.", "CNPJ 33.014.556/0001-96", "Av. Paulista, 1000 - São Paulo/SP",
                 CUSTOMER["name"], "Extrato do cliente", "01/01/2026 a hoje", "R$ 200,00",
                 "-R$ 40,00", "R$ 1.159,50", "Pagamento", "-0,50"):  # fmt: skip
        assert part in said


def test_a_statement_in_english() -> None:
    said = words_of(made(lang="en"))
    for part in ("Customer statement", "2026-01-01 to today", "R$ 1,159.50", "Payment", "Opening balance"):
        assert part in said


def test_a_long_statement_repeats_its_header_and_counts_its_pages() -> None:
    said = words_of(made(120))
    pages = len(re.findall(r"Página \d+ de", said))
    assert pages > 2
    assert said.count("Vencimento") == pages
    assert all(f"HZ-2026/000001-{n:03}" in said for n in range(120))


def test_the_same_data_gives_the_same_bytes() -> None:
    assert made() == made()


def test_what_the_fonts_cannot_show_fails_nobody() -> None:
    pdf = statement_pdf(
        statement(1), provider={}, customer={"name": "Łukasz 日本 " + "x" * 300}, since=None, until=None, numbers={},
        lang="pt-BR", made_at=AT,
    )  # fmt: skip
    assert pdf.startswith(b"%PDF-")


def requests() -> list[dict[str, Any]]:
    request = {"protocol": "2026-000007", "service_name": "Ar-condicionado", "opened_at": "2026-03-02T12:00:00Z"}
    request |= {"resolved_at": "2026-03-03T12:00:00Z", "status": "resolved", "resolution_state": "met"}
    return [
        request,
        {**request, "protocol": "2026-000008", "status": "open", "resolution_state": "breached", "resolved_at": None},
    ]


def month(lang: str = "pt-BR", **changes: Any) -> bytes:
    receivable = {
        "number": "HZ-1-2026-03",
        "due_on": "2026-03-10",
        "gross": "1000.00",
        "net": "950.00",
        "balance": "0.00",
    }
    parts: dict[str, Any] = {
        "month": "2026-03", "provider": PROVIDER, "customer_name": CUSTOMER["name"], "contract": "HZ-2026/000001",
        "money": {"billed": "1000.00", "received": "950.00"}, "receivables": [{**receivable, "status": "settled"}] * 2,
        "visits": [{"on": "2026-03-12", "service_name": "Preventiva", "site_name": "Loja 1", "status": "done"}],
        "place": ZoneInfo("America/Sao_Paulo"), "requests": requests(),
        "evaluations": [{"protocol": "2026-000007", "status": "confirmed", "score": 5},
                                                {"protocol": "2026-000008", "status": "contested", "score": 2}],
    }  # fmt: skip
    return month_pdf(**{**parts, **changes}, lang=lang, made_at=AT)


def test_a_months_report_tells_charges_requests_deadlines_and_score() -> None:
    said = words_of(month())
    for part in ("Relatório do contrato - 03/2026", "1/2", "3,5", "R$ 1.000,00", "quitada", "concluída", "não cumprido",
                 "contestado", "Preventiva", "realizada", "12/03/2026",
                 "2.000,00"):  # fmt: skip
        assert part in said


def test_a_month_in_which_nothing_happened_says_so() -> None:
    said = words_of(month("en", money={}, receivables=[], requests=[], visits=[], evaluations=[]))
    for part in ("No visit this month.", "Nothing was charged this month.", "No request this month.", "R$ 0.00"):
        assert part in said


def test_days_are_those_of_the_contract_s_place() -> None:
    """One o'clock at night in UTC on 1 April is ten in the evening of 31 March in São Paulo."""
    night = [{**requests()[0], "opened_at": "2026-04-01T01:00:00Z", "resolved_at": None}]
    assert "31/03/2026" in words_of(month(requests=night))
    assert local_day("2026-04-01T01:00:00Z", ZoneInfo("America/Sao_Paulo")) == "2026-03-31"
    assert local_day(None, ZoneInfo("America/Sao_Paulo")) == ""


@pytest.mark.parametrize(
    ("states", "expected"), [([], "-"), (["running"], "-"), (["met", "breached", "met", None], "2/3")]
)
def test_only_deadlines_that_are_decided_count(states: list[str | None], expected: str) -> None:
    assert in_time([{"resolution_state": state} for state in states]) == expected


def test_the_average_rounds_half_up_and_leaves_out_who_gave_no_score() -> None:
    assert average([{"score": 4}, {"score": 5}, {"score": None}], "pt-BR") == "4,5"
    assert average([], "pt-BR") == "-"


def test_over_http_for_finance_and_the_customer_himself_only(world: World) -> None:
    world.services.answers["billing.customer_statement"] = statement()
    world.services.answers["contracts.people"] = {"people": {"A": CUSTOMER}}
    world.services.answers["contracts.providers"] = {"items": [PROVIDER]}
    for login in ("finance", "ana"):
        answer = world.client(login, "pt-BR").get("/api/v1/customers/A/statement/pdf")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
        assert CUSTOMER["name"] in words_of(answer.data)
    assert world.client("bob").get("/api/v1/customers/A/statement/pdf").status_code == 404
    assert world.client("bea").get("/api/v1/customers/B/statement/pdf").status_code == 403


def test_a_month_over_http_holds_that_month_only(world: World) -> None:
    world.services.answers["contracts.contract"] = {
        "contract_id": "c-A",
        "customer_id": "A",
        "provider_id": "p",
        "number": "N-A",
    }
    world.services.answers["contracts.providers"] = {"items": [PROVIDER]}
    world.services.answers["billing.revenue"] = {"items": [{"billed": "100.00", "received": "40.00"}]}
    client = world.client("manager", "pt-BR")
    said = words_of(client.get("/api/v1/contracts/c-A/report/pdf?month=2026-03").data)
    assert "2026-A" in said
    assert "Nada foi cobrado neste mês." in said
    january = words_of(client.get("/api/v1/contracts/c-A/report/pdf?month=2026-01").data)
    assert "Nenhuma solicitação neste mês." in january
    assert "60,00" in january
    assert client.get("/api/v1/contracts/c-A/report/pdf?month=2026-13").status_code == 400
