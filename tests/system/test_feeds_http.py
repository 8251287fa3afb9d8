"""Another system reads feeds with its key: page by page the same history as an operator, awaited, filtered, revoked."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.system.house import House
from tests.system.running import PROJECT

pytestmark = pytest.mark.parametrize("system", ["embedded"], indirect=True, scope="module")


@pytest.fixture
def key(house: House) -> dict[str, Any]:
    return house.office.post("api-keys", name="accounting", scopes=["feed:contracts"])


@pytest.fixture
def reader(house: House, key: dict[str, Any]) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {key['key']}", "Accept-Language": "en"}
    with httpx.Client(base_url=f"{house.system.url}/api/v1/feeds", headers=headers, timeout=60) as client:
        yield client


def walk(reader: httpx.Client, limit: int, **filters: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """All events, and the last page."""
    place: dict[str, Any] = {"after": -1}
    found: list[dict[str, Any]] = []
    while True:
        page = reader.get("contracts", params={**place, **filters, "limit": limit}).raise_for_status().json()
        found += page["events"]
        place = {"after": page["through"], "chain": page["chain"], "feed": page["feed"]}
        if page["through"] == page["head"]:
            return found, page


def test_page_by_page_it_is_the_whole_history_without_gaps(house: House, reader: httpx.Client) -> None:
    events, last = walk(reader, 2)
    assert [event["offset"] for event in events] == list(range(last["head"] + 1))
    operators = house.office.get("operations/contracts/feed", limit=1000)["events"]
    assert events == operators
    assert reader.get("contracts/heads").json()["partitions"] == [
        {"partition": 0, "offset": last["head"], "chain": events[-1]["chain"]}
    ]


def test_a_filter_leaves_out_events_but_no_place(reader: httpx.Client) -> None:
    kind = "contracts.customer.registered"
    some, last = walk(reader, 3, type=kind)
    every, _ = walk(reader, 500)
    assert some == [event for event in every if event["type"] == kind] != []
    assert (last["through"], last["chain"]) == (every[-1]["offset"], every[-1]["chain"])


def test_who_waits_hears_of_the_next_event(house: House, reader: httpx.Client) -> None:
    _, last = walk(reader, 500)
    answers: list[dict[str, Any]] = []
    place = {"after": last["through"], "chain": last["chain"], "wait": 30}
    waiting = threading.Thread(target=lambda: answers.append(reader.get("contracts", params=place).json()))
    waiting.start()
    house.office.make("service-types", code="EL", name="Elétrica")
    waiting.join(60)
    assert [event["type"] for event in answers[0]["events"]] == ["contracts.servicetype.defined"]


def test_another_history_is_told_with_both_chains(reader: httpx.Client) -> None:
    _, last = walk(reader, 500)
    answer = reader.get("contracts", params={"after": last["through"], "chain": "0" * 64, "feed": last["feed"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "feed.diverged")
    assert (answer.json()["params"]["chain"], answer.json()["params"]["asked_chain"]) == (last["chain"], "0" * 64)
    other = reader.get("contracts", params={"after": -1, "chain": "", "feed": "another"})
    assert other.json()["code"] == "feed.diverged"


def test_a_partition_that_does_not_exist_is_no_empty_feed(reader: httpx.Client) -> None:
    assert reader.get("contracts", params={"partition": 7}).status_code == 400


def test_the_key_opens_its_feed_alone_until_it_is_revoked(
    house: House, reader: httpx.Client, key: dict[str, Any]
) -> None:
    assert reader.get("billing").status_code == 403
    assert reader.get("contracts").status_code == 200
    house.office.post(f"api-keys/{key['key_id']}/revoke")
    assert reader.get("contracts").status_code == 401


def test_the_ledger_follows_by_one_command_and_uses_again_what_it_was_given(house: House, tmp_path: Path) -> None:
    contract_id = house.contract()
    house.bill(contract_id)
    house.office.make("payments", contract_id=contract_id, amount="100.00", method="pix")
    command = [sys.executable, "-m", "vigencia_subscriber.examples.try_it", "--once", "--folder", str(tmp_path)]
    command += ["--store", str(house.system.store)]  # type: ignore[attr-defined]
    first, second = (
        subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT, timeout=120) for _ in range(2)
    )
    (receivable,) = house.office.list("receivables", contract_id=contract_id)
    assert first.stdout.split() == [receivable["due_on"], receivable["number"], "1000.00", "900.00"]
    assert second.stdout == first.stdout
    names = [each["name"] for each in house.office.list("api-keys")]
    assert names.count("ledger") == 1
