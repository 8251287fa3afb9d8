"""Until when a due day can be paid: national holidays, the state's, agreed optional days and the company's own table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing_service.domain import commands as c
from billing_service.domain.prolonging import ChangeReceivableDueDay
from billing_service.tests.integration.store import StoreApp, line, terms
from billing_service.views.receivables import receivables


def activate(app: StoreApp, contract_id: str = "c1", *, due_days: int = 0, day: int = 1, **changes: Any) -> None:
    """Billed on the given day of each month, due so many days later; of São Paulo."""
    billing = {"due_days": due_days, "business_day_rule": "next"}
    said = terms(line(anchor_day=day), **{"billing": billing, "state": "SP", **changes})
    app.hear("activated", contract_id, provider_id="p1", number=contract_id, on="2026-01-01", terms=said)


def close(
    app: StoreApp, on: str, scope: str = "company", *, holiday_id: str = "h1", kind: str = "added", **more: Any
) -> None:
    told = {"holiday_id": holiday_id, "on": on, "name": "Aniversário", "scope": scope, "yearly": False, **more}
    app.deliver([(f"contracts.holiday.{kind}", told)], source="contracts", stream=f"holiday-{holiday_id}")


def payable(app: StoreApp, month: str, contract_id: str = "c1") -> tuple[str, str]:
    """(due day, until when it can be paid) of a month's receivable."""
    app.execute(c.BillMonth(contract_id, month, None, app.now()))
    (row,) = app.find(receivables, account_id=contract_id, month=month)
    return str(row["due_on"]), str(row["payable_on"])


def test_a_national_holiday_is_no_day_to_pay(bare: StoreApp) -> None:
    """Friday the 25th of December; the 20th of November is national since 2024; the 9th of July is São Paulo's."""
    bare.today("2026-12-25")
    activate(bare, due_days=0, starts_on="2026-12-25")
    assert payable(bare, "2026-12") == ("2026-12-25", "2026-12-28")


@pytest.mark.parametrize(
    ("state", "calendar", "expected"),
    [
        ("SP", {}, "2026-07-10"),
        ("RJ", {}, "2026-07-09"),
        ("SP", {"of_state": False}, "2026-07-09"),
        (None, {}, "2026-07-09"),
    ],
)
def test_a_holiday_of_the_contracts_state(
    bare: StoreApp, state: str | None, calendar: dict[str, Any], expected: str
) -> None:
    bare.today("2026-07-09")
    activate(bare, starts_on="2026-07-09", state=state, calendar=calendar)
    assert payable(bare, "2026-07") == ("2026-07-09", expected)


def test_carnival_only_where_it_was_agreed(bare: StoreApp) -> None:
    """Monday and Tuesday, the 16th and 17th of February 2026."""
    bare.today("2026-02-16")
    activate(bare, "c1", starts_on="2026-02-16")
    activate(bare, "c2", starts_on="2026-02-16", calendar={"optional": ["carnival"]})
    found = [payable(bare, "2026-02", each) for each in ("c1", "c2")]
    assert found == [("2026-02-16", "2026-02-16"), ("2026-02-16", "2026-02-18")]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("company", "2026-03-04"),
        ("state:SP", "2026-03-04"),
        ("state:RJ", "2026-03-03"),
        ("provider:p1", "2026-03-04"),
        ("provider:p2", "2026-03-03"),
        ("contract:c1", "2026-03-04"),
        ("contract:c2", "2026-03-03"),
    ],
)
def test_a_day_of_the_companys_own_table_for_whom_it_is(bare: StoreApp, scope: str, expected: str) -> None:
    bare.today("2026-03-03")
    close(bare, "2026-03-03", scope)
    activate(bare, starts_on="2026-03-03")
    assert payable(bare, "2026-03") == ("2026-03-03", expected)


def test_a_yearly_day_comes_again_and_one_that_was_taken_off_is_none(bare: StoreApp) -> None:
    close(bare, "2020-03-03", yearly=True)
    close(bare, "2026-03-04", holiday_id="h2")
    close(bare, "2026-03-04", holiday_id="h2", kind="removed", effective_on=None, reason="")
    close(bare, "2019-05-05", holiday_id="h3", yearly=True)
    close(bare, "2019-05-05", holiday_id="h3", yearly=True, kind="removed", effective_on="2025-01-01", reason="")
    bare.today("2026-03-03")
    activate(bare, starts_on="2026-03-03", ends_on=None)
    assert payable(bare, "2026-03") == ("2026-03-03", "2026-03-04")
    bare.today("2026-05-05")
    activate(bare, "c5", starts_on="2026-05-05")
    assert payable(bare, "2026-05", "c5") == ("2026-05-05", "2026-05-05")


def test_who_wants_no_such_rule_pays_on_the_day(bare: StoreApp) -> None:
    bare.today("2026-12-25")
    activate(bare, starts_on="2026-12-25", billing={"due_days": 0, "business_day_rule": "none"})
    assert payable(bare, "2026-12") == ("2026-12-25", "2026-12-25")


def test_a_day_that_is_entered_after_the_bill_moves_nothing_that_was_told(bare: StoreApp) -> None:
    bare.today("2026-03-02")
    activate(bare, starts_on="2026-03-02", billing={"due_days": 1, "business_day_rule": "next"})
    assert payable(bare, "2026-03") == ("2026-03-03", "2026-03-03")
    close(bare, "2026-03-03")
    (row,) = bare.find(receivables)
    assert str(row["payable_on"]) == "2026-03-03"


def test_a_new_due_day_and_instalments_of_years_to_come_know_the_holidays_too(bare: StoreApp) -> None:
    """Christmas of 2026 is a Friday, New Year's Day of 2029 a Monday."""
    bare.today("2026-03-02")
    activate(bare, starts_on="2026-03-02")
    payable(bare, "2026-03")
    (row,) = bare.find(receivables)
    bare.execute(ChangeReceivableDueDay("c1", row["receivable_id"], date(2026, 12, 25), "pedido"))
    (row,) = bare.find(receivables)
    assert str(row["payable_on"]) == "2026-12-28"
    parts = (c.Instalment(date(2029, 1, 1), Decimal(row["balance"])),)
    bare.execute(c.RenegotiateReceivables("c1", "n1", (row["receivable_id"],), "acordo", parts, late_charges=False))
    (new,) = [each for each in bare.find(receivables) if each["renegotiation_id"]]
    assert (str(new["due_on"]), str(new["payable_on"])) == ("2029-01-01", "2029-01-02")


def test_what_is_taken_over_from_another_system_too(bare: StoreApp) -> None:
    activate(bare)
    record = {
        "contract_id": "c1", "external_ref": "A-1", "issued_on": "2025-12-01", "due_on": "2025-12-25",
        "amount": "100.00", "left": "100.00",
    }  # fmt: skip
    assert [each["status"] for each in bare.batch("take_over_receivables", [record])] == ["imported"]
    (row,) = bare.find(receivables)
    assert (str(row["due_on"]), str(row["payable_on"])) == ("2025-12-25", "2025-12-26")
