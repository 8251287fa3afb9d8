"""Killed with -9 in the middle of work and started again, the embedded mode loses nothing and doubles nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.system.house import House
from tests.system.running import PATIENCE, Embedded, wait_for
from tests.system.visitor import API, Visitor

REQUESTS, KILLS, AT_ONCE = 60, 3, 4
CONTRACTS = 100


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Embedded]:
    system = Embedded(tmp_path / "store", "--no-demo")
    try:
        yield system.start()
    finally:
        system.stop()


class Stubborn:
    """Opens requests, accepts their price and records work on them; where no answer comes, the same is sent again with
    the same key."""

    def __init__(self, house: House, contract_id: str) -> None:
        self.house, self.contract_id = house, contract_id
        self.answered: dict[str, str] = {}  # key → id that the answer gave
        self.unanswered = 0
        self._headers = {
            "customer": dict(house.customer.http.headers),
            "technician": dict(house.technician.http.headers),
        }

    def one(self, number: int) -> None:
        """A request and an hour of work on it. What the month no longer includes has a price, which the customer accepts."""
        request = {
            "contract_id": self.contract_id,
            "service_type_id": self.house.service_id,
            "description": f"{number}",
        }
        request_id = self._send("customer", "requests", f"opening-{number:04}", request)
        if (price := self._price(request_id)) is not None:
            accepted = {**price, "name": "Otávio Barreto"}
            self._send("customer", f"requests/{request_id}/price/accept", f"accepting-{number:04}", accepted)
        work = {"performed_on": self.house.today.isoformat(), "quantity": "1", "description": f"{number}"}
        self._send("technician", f"requests/{request_id}/work", f"working-{number:04}", work)

    def _send(self, who: str, path: str, key: str, body: dict[str, Any]) -> str:
        answers: list[httpx.Response] = []
        wait_for(lambda: self._tried(who, path, key, body, answers), f"an answer to {key}")
        assert answers[0].status_code in (200, 201), answers[0].text
        self.answered[key] = answers[0].json().get("id", "")
        return self.answered[key]

    def _price(self, request_id: str) -> dict[str, Any] | None:
        """The offer that waits for the customer."""
        answers: list[httpx.Response] = []
        path = f"requests/{request_id}"
        wait_for(lambda: self._tried("customer", path, "", None, answers), f"an answer about {request_id}")
        price = answers[0].json()["price"]
        return {name: price[name] for name in ("offer", "text_sha256")} if price and price["work_waits"] else None

    def _tried(self, who: str, path: str, key: str, body: dict[str, Any] | None, answers: list[httpx.Response]) -> bool:
        method, headers = ("GET", self._headers[who])
        if body is not None:
            method, headers = ("POST", {**headers, "Idempotency-Key": key})
        url = f"{self.house.system.url}{API}/{path}"
        try:
            answer = httpx.request(method, url, json=body, headers=headers, timeout=PATIENCE)
        except httpx.TransportError:
            self.unanswered += 1
            return False
        if answer.status_code in (503, 504):
            self.unanswered += 1
            return False
        answers.append(answer)
        return True


def test_killed_in_the_middle_of_work_it_loses_and_doubles_nothing(embedded: Embedded) -> None:
    """Commands flow while it is killed three times; whoever got no answer asks again with the same key."""
    house = House(embedded)
    contract_id = house.contract()
    stubborn = Stubborn(house, contract_id)
    done = threading.Event()

    def kill_again_and_again() -> None:
        for kill in range(1, KILLS + 1):
            wait_for(partial(under_way, kill * REQUESTS // (KILLS + 1)), "work to be under way")
            embedded.kill()
            embedded.start()

    def under_way(enough: int) -> bool:
        return len(stubborn.answered) >= enough or done.is_set()

    with ThreadPoolExecutor(AT_ONCE + 1) as pool:
        killer = pool.submit(kill_again_and_again)
        for finished in [pool.submit(stubborn.one, number) for number in range(REQUESTS)]:
            finished.result()
        done.set()
        killer.result()

    assert stubborn.unanswered > 0, "nobody was interrupted: the test shows nothing"
    house.close()
    _everything_is_there_once(embedded, contract_id, stubborn.answered, house.month)


def _everything_is_there_once(embedded: Embedded, contract_id: str, answered: dict[str, str], month: str) -> None:
    with Visitor(embedded.url, embedded.admin) as office:
        wait_for(lambda: not any(office.get("operations/lag")["lag"].values()), "everybody to know everything")
        opened = _of_type(office, "tickets", "tickets.request.opened")
        worked = _of_type(office, "tickets", "tickets.request.work_recorded")
        charged = _of_type(office, "billing", "billing.charge.added")
        ids = {kind: {id_ for key, id_ in answered.items() if key.startswith(kind)} for kind in ("opening", "working")}
        assert sorted(each["request_id"] for each in opened) == sorted(ids["opening"])
        assert sorted(each["work_id"] for each in worked) == sorted(ids["working"])
        # two hours are included in the month: all others are charged, each once
        assert len(charged) == REQUESTS - 2
        assert {each["source_ref"] for each in charged} < ids["working"]
        assert office.get("requests/counts") == {"open": REQUESTS}
        run = office.post("billing-runs", month=month, account_ids=[contract_id])
        assert run["total"] == f"{1000 + 120 * (REQUESTS - 2)}.00"
        for service in ("contracts", "billing", "tickets", "feedback"):
            assert office.post(f"operations/{service}/verify")["ok"], service
            state = office.get(f"operations/{service}")
            assert (state["parked"], state["health"]["stopped"]) == ([], []), service
        health = httpx.get(f"{embedded.url}/health").json()
        assert (health["ready"], health["reasons"]) == (True, [])


def _of_type(office: Visitor, service: str, type_: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = -1
    while page := office.get(f"operations/{service}/feed", after=after, limit=1000)["events"]:
        found += [event["data"] for event in page if event["type"] == type_]
        after = page[-1]["offset"]
    return found


def test_ended_and_started_again_it_goes_on_where_it_was(embedded: Embedded) -> None:
    """Ctrl-C ends it cleanly; the next start has the same users, tokens and data."""
    house = House(embedded)
    contract_id = house.contract()
    token = house.customer.http.headers["Authorization"]
    house.close()
    assert embedded.stop() == 0
    embedded.start()
    with Visitor(embedded.url, embedded.admin) as office:
        assert office.get(f"contracts/{contract_id}")["status"] == "active"
    mine = httpx.get(f"{embedded.url}{API}/contracts", headers={"Authorization": token}).json()["items"]
    assert [each["contract_id"] for each in mine] == [contract_id]


def test_a_second_process_on_the_same_store_is_refused(embedded: Embedded) -> None:
    """It says who has it, and the first one goes on."""
    second = Embedded(embedded.store, "--no-demo")
    with pytest.raises(AssertionError, match="in use by process"):
        second.start()
    assert httpx.get(f"{embedded.url}/health").status_code == 200


def test_a_billing_run_that_is_killed_goes_on_by_itself_and_bills_each_contract_once(embedded: Embedded) -> None:
    """OCA/contract 1473: relaunched after a crash, a run billed twice."""
    house = House(embedded)
    office, first = house.office, house.today.replace(day=1).isoformat()
    agreed = house.terms()
    for _ in range(CONTRACTS):
        who = {"customer_id": house.customer_id, "provider_id": house.provider_id}
        office.post(f"contracts/{office.make('contracts', **who, terms=agreed)}/activate", on=first)
    house.settle()
    run_id = office.make("billing/runs", month=house.month)
    seen: list[int] = []

    def under_way() -> bool:
        seen.append(int(office.get(f"billing/runs/{run_id}")["done"]))
        return seen[-1] > 0

    wait_for(under_way, "the run to be under way")
    embedded.kill()
    assert seen[-1] < CONTRACTS, "it was over before it was killed: the test shows nothing"
    embedded.start()
    with Visitor(embedded.url, embedded.admin) as back:
        wait_for(lambda: back.get(f"billing/runs/{run_id}")["status"] == "finished", "the run to finish")
        run = back.get(f"billing/runs/{run_id}")
        assert (run["contracts"], run["issued"], run["nothing"], run["failed"]) == (CONTRACTS, CONTRACTS, 0, 0)
        assert run["total"] == f"{CONTRACTS}000.00"
        again = back.make("billing/runs", month=house.month)
        wait_for(lambda: back.get(f"billing/runs/{again}")["status"] == "finished", "the second run to finish")
        assert back.get(f"billing/runs/{again}")["issued"] == 0
    house.close()
