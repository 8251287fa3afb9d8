"""Billing runs as resources, on both stores: progress, isolation, resumption, selection; a second run issues nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from billing_service.domain import issuing
from billing_service.domain.billing_run import ResumeRun, StartRun
from billing_service.tests.integration.store import StoreApp, line, terms
from billing_service.views.receivables import receivables


@pytest.fixture
def house(bare: StoreApp) -> StoreApp:
    """Six contracts of 10.00 a month, of two providers; c1 and c2 carry tags."""
    for n in range(6):
        agreed = terms(line("10.00"), dunning=[], default={"days": None})
        bare.hear("activated", f"c{n}", provider_id=f"p{n % 2}", number=f"N{n}", on="2026-01-01", terms=agreed)
    bare.hear("tags_changed", "c1", tags=["sul", "ouro"])
    bare.hear("tags_changed", "c2", tags=["sul"])
    return bare


def drive(app: StoreApp, seconds: int = 0) -> dict[str, int]:
    return app.run_due(app.now() + timedelta(seconds=seconds + 1))


def billed(app: StoreApp) -> list[str]:
    return sorted(row["account_id"] for row in app.find(receivables))


def test_a_run_bills_in_the_background_and_says_how_far_it_is(house: StoreApp) -> None:
    house.execute(StartRun("r1", "2026-01"))
    shown = house.query("run", run_id="r1")
    assert (shown["status"], shown["contracts"], shown["waiting"], shown["issued"]) == ("running", 6, 6, 0)
    house.app.create()  # the process ends and starts again: what waits is in the store
    drive(house)
    shown = house.query("run", run_id="r1")
    assert (shown["status"], shown["waiting"], shown["done"], shown["failed"]) == ("finished", 0, 6, 0)
    assert (shown["issued"], shown["total"], shown["finished_at"] is not None) == (6, "60.00", True)
    assert billed(house) == [f"c{n}" for n in range(6)]


def test_a_second_run_finds_nothing_and_issues_nothing(house: StoreApp) -> None:
    house.execute(StartRun("r1", "2026-01"))
    house.execute(StartRun("r2", "2026-01"))  # at once: it takes the same contracts
    house.execute(StartRun("r1", "2026-01"))
    drive(house)
    house.execute(StartRun("r3", "2026-01"))
    drive(house)
    runs = {item["run_id"]: item for item in house.query("runs")["items"]}
    assert runs["r1"]["issued"] + runs["r2"]["issued"] == 6
    assert runs["r1"]["nothing"] + runs["r2"]["nothing"] == 6
    assert (runs["r3"]["contracts"], runs["r3"]["issued"], runs["r3"]["status"]) == (0, 0, "finished")
    assert len(billed(house)) == 6


def test_one_bad_contract_is_named_and_the_rest_is_billed(house: StoreApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """OCA/contract 1459: one bad contract blocks the batch; 815: 236 contracts, none invoiced."""
    rule = issuing.apply_credit

    def broken(draft: Any, on: date) -> None:
        if draft.state.account_id == "c2":
            raise ZeroDivisionError("no such rate")
        rule(draft, on)

    with monkeypatch.context() as patched:
        patched.setattr(issuing, "apply_credit", broken)
        house.execute(StartRun("r1", "2026-01"))
        drive(house)
    shown = house.query("run", run_id="r1")
    assert (shown["status"], shown["issued"], shown["failed"]) == ("finished_with_failures", 5, 1)
    assert shown["failures"] == [{"contract_id": "c2", "reason": "no such rate"}]
    house.execute(ResumeRun("r1"))
    assert house.query("run", run_id="r1")["status"] == "running"
    drive(house)
    shown = house.query("run", run_id="r1")
    assert (shown["status"], shown["issued"], shown["failed"], shown["total"]) == ("finished", 6, 0, "60.00")
    assert len(billed(house)) == 6
    assert house.execute(ResumeRun("r1")).events == ()


def test_what_failed_is_tried_again_by_itself_too(house: StoreApp, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(issuing, "apply_credit", lambda draft, on: 1 / 0)
        house.execute(StartRun("r1", "2026-01", contract_ids=("c1",)))
        drive(house)
    assert house.query("run", run_id="r1")["failed"] == 1
    house.today("2026-01-01", hour=13)
    drive(house)
    shown = house.query("run", run_id="r1")
    assert (shown["status"], shown["issued"], shown["failed"]) == ("finished", 1, 0)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({"provider_id": "p1"}, ["c1", "c3", "c5"]),
        ({"tags": ("sul",)}, ["c1", "c2"]),
        ({"tags": ("sul", "ouro")}, ["c1"]),
        ({"provider_id": "p0", "tags": ("sul",)}, ["c2"]),
        ({"contract_ids": ("c4", "c5")}, ["c4", "c5"]),
        ({"contract_ids": ("c4", "c5"), "provider_id": "p1"}, ["c5"]),
    ],
)
def test_a_run_takes_the_contracts_that_meet_all_that_is_named(
    house: StoreApp, selection: dict[str, Any], expected: list[str]
) -> None:
    house.execute(StartRun("r1", "2026-01", **selection))
    drive(house)
    assert billed(house) == expected


def test_a_run_through_a_day_and_dated(house: StoreApp) -> None:
    house.execute(StartRun("r1", through=date(2026, 2, 1), on=date(2026, 2, 3)))
    drive(house)
    rows = house.find(receivables)
    assert {(str(row["issued_on"]), row["month"], str(row["net"])) for row in rows} == {
        ("2026-02-03", "2026-02", "20.00")
    }
