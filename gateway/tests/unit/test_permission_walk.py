"""No customer reads or changes another's: by id, by filter, in a file, on a page, by live stream, by a mailed link."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from gateway.exports.sheets import SHEETS
from gateway.identity.permissions import PAGES, PERMISSIONS
from gateway.identity.roles import CONTACT
from gateway.pages.links import KINDS, Link
from gateway.pages.live import TOPICS
from gateway.tests.unit.test_permissions import IDS, LISTS, QUERIES, ROLES, operations
from gateway.tests.unit.test_portal import browser
from gateway.tests.unit.world import NOW, World

OF_A = ("Companhia A", "N-A", "2026-A", "c-A", "q-A", "r-A", "p-A", "v-A", "e-A", "QR-A")
"""What only things of customer A are called."""
KEY = "0193a1b2-7c44-7d2e-9f00-5a6b7c8d9e0f"
IN_PAGES = {**IDS, "of_session": "another-s", "user_id": "u-ana", "token": "x"}


@pytest.fixture
def told(world: World) -> World:
    """Services that would say anything of A to whoever asks: what keeps it from others is the gateway alone."""
    of_a = {"customer_id": "A", "contract_id": "c-A", "request_id": "q-A", "number": "N-A", "name": "Companhia A"}
    world.services.answers |= {"ask": of_a, "feedback.comments": {"items": [], "next": None}}
    return world


def things_of_a(text: str) -> list[str]:
    return [each for each in OF_A if re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", text)]


def documented(world: World) -> Iterator[tuple[str, str, list[str]]]:
    """(operation, path, query parameters) of every question."""
    for path, methods in world.client().get("/api/openapi.json").json["paths"].items():
        if operation := methods.get("get"):
            names = [each["name"] for each in operation.get("parameters", ()) if each.get("in") == "query"]
            yield operation["operationId"], path, names


def test_whatever_he_filters_by_a_customer_finds_only_his_own(told: World) -> None:
    """Every documented parameter of every list, with A's ids, A's names, and words of everybody."""
    client, walked = told.client("bob"), 0
    for name, path, parameters in documented(told):
        if name not in LISTS:
            continue
        values = {each: IDS.get(each, "A") for each in parameters if each.endswith("_id")}
        values |= {each: "Companhia A" for each in parameters if each in ("search", "q", "text")}
        for parameter, value in [*values.items(), ("external_ref", "x"), ("number", "N-A"), ("protocol", "2026-A")]:
            if parameter not in parameters:
                continue
            answer = client.get(path, query_string={parameter: value})
            assert answer.status_code in (200, 400, 403, 404), (name, parameter)
            assert things_of_a(answer.text) == [], (name, parameter)
            walked += 1
    assert walked >= 15


def test_files_of_lists_hold_only_his_own(told: World) -> None:
    client, walked = told.client("bob"), 0
    for name, path, _ in documented(told):
        if name not in SHEETS or name not in LISTS:
            continue
        csv = client.get(path, query_string={"format": "csv"})
        assert csv.status_code == 200, name
        assert things_of_a(csv.text) == [], name
        book = load_workbook(io.BytesIO(client.get(path, query_string={"format": "xlsx"}).data))
        cells = " ".join(str(cell.value) for row in book.worksheets[0] for cell in row)
        assert things_of_a(cells) == [], name
        walked += 1
    assert walked >= 4


def test_a_customers_own_answers_never_name_anothers_things(told: World) -> None:
    """Bob asks everything that he may ask, with A's ids where there are ids: what is answered is not A's."""
    client = told.client("bob")
    for name, method, path in operations(told):
        if method != "GET" or name not in PERMISSIONS or CONTACT not in PERMISSIONS[name].roles:
            continue
        answer = client.get(path + QUERIES.get(name, ""))
        if answer.status_code == 200:
            said = answer.text.replace(path, "")
            assert things_of_a(said) == [], name


def test_pages_show_nobody_anothers_things(told: World) -> None:
    """Every page, by bob, with A's ids in its address: nothing of A's is shown, and nothing is done."""
    client, walked = browser(told, "bob"), 0
    for name, method, path in operations(told):
        if name not in PAGES:
            continue
        path = re.sub(r"/x(?=/|$)", "/x", path)
        form = {"text": "x", "key": KEY, "name": "x", "rights": "money", "service": "c-A/s", "place": "l-A/x-A"}
        answer = client.get(path) if method == "GET" else client.post(path, data=form)
        assert answer.status_code in (200, 303, 403, 404, 422), (name, answer.status_code)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            assert things_of_a(re.sub(r'(href|action|value)="[^"]*"', "", answer.text)) == [], name
        walked += 1
    assert walked >= 20
    assert [command for command in told.services.commands() if "A" in str(command["payload"].values())] == []


@pytest.mark.parametrize("role", ROLES)
def test_a_page_lets_in_whom_its_operation_lets_in(told: World, role: str) -> None:
    client = browser(told, role)
    for name, method, path in operations(told):
        if name not in PAGES or method != "GET" or name.startswith("portal_"):
            continue
        allowed = role in PERMISSIONS[PAGES[name]].roles
        status = client.get(path).status_code
        assert (status == 403) is not allowed or status in (303, 404), (name, status)


def test_customers_see_no_page_of_the_console(told: World) -> None:
    client = browser(told, "ana")
    for name, method, path in operations(told):
        if name.startswith("console"):
            answer = client.open(path, method=method, data={"key": KEY} if method == "POST" else None)
            assert (name, answer.status_code, answer.headers.get("Location")) == (name, 303, "/")
    assert told.services.commands() == []


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_nobody_hears_that_anothers_thing_changed(told: World, topic: str) -> None:
    of_one = TOPICS[topic].stream is not None
    ids = {"request": "q-A", "customer": "A", "contract": "c-A", "account": "c-A"}
    name = f"{topic}/{ids.get(topic, 'x')}" if of_one else topic
    answer = browser(told, "bob").get(f"/live?topics={name}&since=1")
    assert answer.status_code in (403, 404)


@pytest.mark.parametrize("kind", KINDS)
def test_a_mailed_link_opens_nothing_of_anothers(told: World, kind: Any) -> None:
    """Ours by its signature, and still: it names A's thing and somebody who does not speak for A, or A's and B's mixed."""
    id_ = {"evaluation": "e-A", "receivable": "r-A"}.get(kind, "x-A")
    links = told.flask.extensions["vigencia"].links
    for customer, contact in (("A", "bob"), ("A", "bea")):
        token = links.token(Link(kind, id_, customer, contact))
        answer = told.client().get(f"/l/{token}")
        assert answer.status_code == 404
        assert things_of_a(answer.text) == []


def test_a_calendar_shows_its_readers_visits_alone(told: World) -> None:
    place = r"^https?://[^/]+"
    his, hers = (
        re.sub(place, "", told.client(login).post("/api/v1/visits/calendar-link").json["url"])
        for login in ("bob", "ana")
    )
    read = told.client().get(his)
    assert read.status_code == 200
    assert "v-A" not in read.text
    folder, _, file = hers.rpartition("/")
    forged = f"{folder}/{file.split('.')[0]}.{his.rpartition('/')[2].partition('.')[2]}"  # her name, his seal
    assert told.client().get(forged).status_code == 404


def test_sessions_links_and_wishes_of_others_do_not_exist(told: World) -> None:
    ana, bob = told.client("ana"), told.client("bob")
    wish = ana.post("/api/v1/session/erasure", json={}).json
    [session] = ana.get("/api/v1/sessions").json["items"]
    assert bob.post(f"/api/v1/sessions/{session['session_id']}/end", json={}).status_code == 404
    assert bob.get("/api/v1/session/erasure").json == {"erasure": None}
    assert bob.post(f"/api/v1/erasures/{wish['erasure_id']}/approve", json={}).status_code == 403
    told.now = NOW + timedelta(minutes=1)
    assert ana.get("/api/v1/session").status_code == 200
