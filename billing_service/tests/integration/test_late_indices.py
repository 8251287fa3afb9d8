"""Late charges by published index values, as contracts tells them; on both stores."""

from __future__ import annotations

from decimal import Decimal

from billing_service.domain.commands import RecordPayment
from billing_service.tests.integration.store import StoreApp, line, terms
from billing_service.views.receivables import receivables


def test_values_that_are_loaded_later_and_corrected_are_taken(bare: StoreApp) -> None:
    late = {"fine_percent": "2", "interest_percent_month": "1", "interest": "legal", "correction": "ipca"}
    agreed = terms(line("1000.00"), ends_on="2026-01-31", late=late, dunning=[], default={"days": None})
    bare.hear("activated", number="1", on="2026-01-01", terms=agreed)
    bare.batch("bill", [{"account_id": "c1", "month": "2026-01", "on": "2026-01-10"}])
    (row,) = bare.find(receivables)
    asked = {"receivable_id": row["receivable_id"], "as_of": "2026-02-10"}
    before = bare.query("receivable", **asked)["late"]
    assert (before["interest"], before["unpublished"]) == ("0.00", ["2026-01-01", "2026-02-01"])
    load(bare, "values_loaded", "taxa_legal", ("2026-01-01", "0.930000"), ("2026-02-01", "0.999999"))
    load(bare, "values_corrected", "taxa_legal", ("2026-02-01", "0.840000"))
    load(bare, "values_loaded", "ipca", ("2026-01-01", "0.31"), ("2026-02-01", "0.28"))
    shown = bare.query("receivable", **asked)
    assert {name: shown["late"][name] for name in ("correction", "fine", "interest", "unpublished")} == {
        "correction": "2.10", "fine": "20.04", "interest": "6.31", "unpublished": [],
    }  # fmt: skip
    assert shown["as_of"]["payable"] == "1028.45"
    bare.today("2026-02-10")
    bare.execute(RecordPayment("c1", "P1", Decimal("1028.45")))
    (row,) = bare.find(receivables)
    assert (str(row["balance"]), str(row["correction"]), row["status"]) == ("0.00", "2.10", "settled")
    assert bare.query("balance_on", on="2026-02-10")["balance"] == "0.00"
    assert bare.query("receivable", **asked)["as_of"]["balance"] == "0.00"


def load(app: StoreApp, happened: str, index: str, *values: tuple[str, str]) -> None:
    said = [{"month": month, "percent": percent} for month, percent in values]
    data = {"index": index, "values": said, "source": "BCB"}
    app.deliver([(f"contracts.index.{happened}", data)], source="contracts", stream=f"index-{index}")
