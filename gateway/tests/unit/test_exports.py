"""Lists and reports as CSV and XLSX: all rows, typed, in the reader's notation, and nobody else's."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from gateway.exports.files import csv_pieces, xlsx_pieces
from gateway.exports.sheets import SHEETS
from gateway.tests.unit.world import World

RECEIVABLES = SHEETS["list_receivables"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def read_csv(data: bytes, delimiter: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=delimiter))


def many(world: World, count: int) -> None:
    """Receivables of customer A, of 10.00 each."""
    for number in range(count):
        issued = {"receivable_id": f"n-{number:04}", "contract_id": "c-A", "customer_id": "A", "number": str(number)}
        issued |= {"due_on": "2026-05-10", "gross": "10.00", "withheld": "0.00", "net": "10.00"}
        world.happened("billing.receivable.issued", issued)


def test_in_portuguese_excel_reads_it_without_being_asked(world: World) -> None:
    answer = world.client("finance", "pt-BR").get("/api/v1/receivables?format=csv&customer_id=A")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cobrancas.csv"'
    [row] = read_csv(answer.data, ";")
    assert (row["Vencimento"], row["Líquido"], row["Saldo"]) == ("10/01/2026", "100,00", "60,00")
    assert (row["Cliente"], row["Contestada"]) == ("Companhia A", "")


def test_in_english_it_is_plain(world: World) -> None:
    answer = world.client("finance").get("/api/v1/receivables?customer_id=A", headers={"Accept": "text/csv"})
    [row] = read_csv(answer.data, ",")
    assert not answer.data.startswith(b"\xef\xbb\xbf")
    assert (row["Due on"], row["Net"], row["Balance"]) == ("2026-01-10", "100.00", "60.00")


def test_a_spreadsheet_has_typed_cells_a_frozen_header_and_sums(world: World) -> None:
    many(world, 3)
    answer = world.client("finance").get("/api/v1/receivables?customer_id=A", headers={"Accept": XLSX})
    assert answer.headers["Content-Type"] == XLSX
    for data_only in (False, True):
        page = openpyxl.load_workbook(io.BytesIO(answer.data), data_only=data_only).active
        header = [cell.value for cell in page[1]]
        net, due = header.index("Net"), header.index("Due on")
        assert page.freeze_panes == "A2"
        assert page.cell(2, due + 1).value == datetime(2026, 5, 10)
        assert [page.cell(line, net + 1).value for line in (2, 3, 4, 5)] == [10, 10, 10, 100]
        total = page.cell(6, net + 1).value
        assert total == 130 if data_only else total.startswith("=SUM(")


def test_all_pages_stand_in_one_file_once_each(world: World) -> None:
    many(world, 430)
    client = world.client("finance")
    rows = read_csv(client.get("/api/v1/receivables?format=csv&customer_id=A&limit=7").data, ",")
    ids = [row["Receivable id"] for row in rows]
    assert sorted(ids) == sorted([*(f"n-{number:04}" for number in range(430)), "r-A"])


def test_a_customer_gets_his_own_and_nobody_elses(world: World) -> None:
    rows = read_csv(world.client("bob").get("/api/v1/receivables?format=csv").data, ",")
    assert {row["Customer id"] for row in rows} == {"B"}
    assert world.client("bob").get("/api/v1/customers/A/statement?format=csv").status_code == 404
    assert world.client("bea").get("/api/v1/customers/B/statement?format=xlsx").status_code == 403


def test_a_technician_sees_no_prices_in_a_file_either(world: World) -> None:
    [first, *_] = read_csv(world.client("technician").get("/api/v1/contracts?format=csv").data, ",")
    assert first["Monthly amount"] == ""


def test_an_unknown_format_is_refused(world: World) -> None:
    answer = world.client("finance").get("/api/v1/receivables?format=pdf")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


@pytest.mark.parametrize("path", ["payments", "contracts", "requests", "visits", "evaluations"])
@pytest.mark.parametrize("wanted", ["csv", "xlsx"])
def test_every_list_has_its_file(world: World, path: str, wanted: str) -> None:
    answer = world.client("manager").get(f"/api/v1/{path}?format={wanted}")
    assert answer.status_code == 200
    assert b"Companhia A" in answer.data or wanted == "xlsx"


def test_a_report_without_pages_is_one_row(world: World) -> None:
    aged = {
        "on": "2026-03-02",
        "not_due": "1.00",
        "days_1_30": "2.00",
        "days_91": "4.00",
        "open": "7.00",
        "receivables": 3,
    }
    world.services.answers["billing.aging"] = aged
    [row] = read_csv(world.client("finance").get("/api/v1/reports/aging?format=csv").data, ",")
    assert (row["Not due"], row["More than 90 days"], row["Receivables"]) == ("1.00", "4.00", "3")


def test_a_report_follows_its_pages(world: World) -> None:
    def revenue(payload: dict[str, Any]) -> dict[str, Any]:
        after = payload["params"].get("after")
        item = {"contract_id": after or "c-0", "month": "2026-01", "billed": "1.00"}
        return {"items": [item], "next": None if after == "c-2" else "c-2"}

    world.services.answers["billing.revenue"] = revenue
    rows = read_csv(world.client("finance").get("/api/v1/reports/revenue?format=csv").data, ",")
    assert [row["Contract id"] for row in rows] == ["c-0", "c-2"]


@pytest.mark.parametrize("evil", ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1"])
def test_a_name_never_becomes_a_formula(evil: str) -> None:
    data = b"".join(csv_pieces(RECEIVABLES, [{"customer_name": evil, "balance": "-1.00"}], "en"))
    [row] = read_csv(data, ",")
    assert row["Customer"] == f"'{evil}"
    assert row["Balance"] == "-1.00"
    book = openpyxl.load_workbook(io.BytesIO(b"".join(xlsx_pieces(RECEIVABLES, [{"customer_name": evil}], "en"))))
    [cell] = [cell for cell in book.active[2] if cell.value]
    assert cell.data_type == "s"


def test_an_export_without_rows_is_a_header(world: World) -> None:
    assert read_csv(b"".join(csv_pieces(RECEIVABLES, [], "pt-BR")), ";") == []
    page = openpyxl.load_workbook(io.BytesIO(b"".join(xlsx_pieces(RECEIVABLES, [], "pt-BR")))).active
    assert page.max_row == 1


@pytest.mark.parametrize("pieces", [csv_pieces, xlsx_pieces])
def test_memory_does_not_grow_with_the_rows(pieces: Any) -> None:
    def rows(count: int) -> Iterator[dict[str, Any]]:
        for number in range(count):
            yield {"number": str(number), "net": "10.00", "due_on": "2026-05-10", "customer_name": f"C {number}"}

    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            for _ in pieces(RECEIVABLES, rows(count), "en"):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)  # what is loaded once
    assert peak(4_000) < peak(1_000) + 300_000
