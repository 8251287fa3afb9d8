"""What terms would charge, without an account."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from billing_service.tests.unit.given import day
from billing_service.views.what_if import PlanPreviewParams, plan_preview
from services.testing.rows import MemoryRows


def said(amount: str, **changes: Any) -> dict[str, Any]:
    line = {"line_id": "L1", "clause": "4.1", "description": "Manutenção", "amount": amount}
    return {"starts_on": "2026-01-15", "lines": [{**line, **changes}]}


def plan(params: PlanPreviewParams) -> dict[str, Any]:
    return plan_preview(params, MemoryRows(), None)  # type: ignore[arg-type]


def test_a_draft_charges_its_first_year() -> None:
    shown = plan(PlanPreviewParams(said("300.00")))
    assert (len(shown["charges"]), shown["total"]) == (12, Decimal("3600.00"))
    assert shown["by_month"][0] == {"month": "2026-01", "amount": Decimal("300.00")}
    assert shown["charges"][0]["why"]


def test_an_addendum_charges_as_before_until_its_day() -> None:
    asked = PlanPreviewParams(said("400.00", mode="arrears"), said("300.00", mode="arrears"), day("2026-03-15"), 2)
    assert [(each["bill_on"], each["amount"]) for each in plan(asked)["charges"]] == [
        ("2026-03-15", "300.00"),
        ("2026-04-15", "400.00"),
    ]
