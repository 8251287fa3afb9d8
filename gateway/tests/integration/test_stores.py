"""Read models, lists, users and the waiting on both stores."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import delete, func, insert, select

from gateway.backend import AppBackend
from gateway.tables import METADATA
from gateway.tests.unit.world import NOW, SEALED, World
from services.events import Incoming
from services.migrations import config, versions_of
from services.rows import Rows
from services.store.tables import applied, checkpoints, parked_streams


def test_migrations_make_what_the_code_says(world: World) -> None:
    ours = set(METADATA.tables)
    with world.app.database.engine.connect() as conn:
        context = MigrationContext.configure(
            conn, opts={"include_name": lambda name, kind, _: kind != "table" or name in ours}
        )
        assert compare_metadata(context, METADATA) == []


@pytest.mark.parametrize("path", ["customers", "contracts", "receivables", "payments", "requests", "evaluations"])
def test_lists_page_and_search_alike(world: World, path: str) -> None:
    client = world.client("manager")
    whole = client.get(f"/api/v1/{path}").json["items"]
    first = client.get(f"/api/v1/{path}?limit=1").json
    second = client.get(f"/api/v1/{path}?limit=1&after={first['next']}").json
    assert [*first["items"], *second["items"]] == whole
    assert second["next"] is None
    assert {item["customer_id"] for item in world.client("bob").get(f"/api/v1/{path}").json["items"]} == {"B"}


def test_a_list_in_the_order_of_equal_instants_has_no_gap(world: World) -> None:
    for number in range(9):
        of = {
            "request_id": f"n-{number}",
            "contract_id": "c-A",
            "customer_id": "A",
            "at": NOW + timedelta(hours=number // 3),
        }
        world.happened("tickets.request.opened", {**of, "priority": "low", "channel": "portal", "description": SEALED})
    client, seen, after = world.client("manager"), [], ""
    while True:
        page = client.get(f"/api/v1/requests?contract_id=c-A&limit=2{after}").json
        seen += [item["request_id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert sorted(seen) == sorted({*seen}) == sorted([*(f"n-{number}" for number in range(9)), "q-A"])


def test_users_log_in_whatever_the_case_of_their_name(world: World) -> None:
    answer = world.client().post("/api/v1/session", json={"user": " BOB ", "password": "secret"})
    assert answer.status_code == 200
    assert answer.json["user"]["speaks_for"][0]["customer_id"] == "B"


def test_waiting_ends_when_all_views_of_the_source_have_applied_the_version(app: Any) -> None:
    backend = AppBackend(SimpleNamespace(component=app.component, database=app.database, readers=[]))  # type: ignore[arg-type]
    here = {"source": "contracts", "stream": "contract-1"}

    def note(**rows_of: dict[str, Any]) -> None:
        with app.database.write() as conn:
            rows = Rows(conn)
            for name, values in rows_of.items():
                rows.put(applied if name.startswith("applied") else parked_streams, **here, **values)
            rows.flush()

    assert backend.wait("contracts", "contract-1", 3, 0.0) == "late"
    note(
        applied_1={"subscription": "view.customers", "version": 3},
        applied_2={"subscription": "view.contracts", "version": 2},
    )
    assert backend.wait("contracts", "contract-1", 3, 0.0) == "late"
    note(parked={"subscription": "view.contracts", "reason": "x", "since": NOW})
    assert backend.wait("contracts", "contract-1", 3, 0.0) == "held-back"
    note(applied_2={"subscription": "view.contracts", "version": 4})
    assert backend.wait("contracts", "contract-1", 3, 0.0) == "applied"
    assert backend.wait("nowhere", "x-1", 1, 0.0) == "applied"


def test_a_batch_of_events_folds_as_they_do_one_by_one(world: World) -> None:
    """With rows fetched ahead for the whole batch."""
    parts = {"contract_id": "c-9", "customer_id": "A", "account_id": "c-9"}
    issued = {
        "number": "9",
        "due_on": "2026-03-10",
        "issued_on": "2026-03-01",
        "gross": "30.00",
        "withheld": "0",
        "net": "30.00",
    }
    paid = [
        {
            "payment_id": f"p-9{n}",
            "amount": f"{n}0.00",
            "on": f"2026-03-0{n}",
            "allocations": [{"receivable_id": "r-9", "amount": f"{n}0.00"}],
        }
        for n in (1, 2)
    ]
    events = [
        ("billing.receivable.issued", {**parts, **issued, "receivable_id": "r-9"}),
        *(("billing.payment.received", {**parts, **payment}) for payment in paid),
    ]
    view = next(view for view in world.app.component.remote_views if view.name == "money")
    incoming = [
        Incoming(f"s@{n}", "billing", kind, 1, "s", n, NOW, data, "", "", "test", False, 0)
        for n, (kind, data) in enumerate(events, 1)
    ]
    with world.app.database.write() as conn:
        rows = Rows(conn)
        view.prefetch(incoming, rows)
        for event in incoming:
            view.fold(event, rows)
        rows.flush()
    [item] = world.client("finance").get("/api/v1/receivables?contract_id=c-9").json["items"]
    assert (item["paid"], item["balance"]) == ("30.00", "0.00")


@pytest.mark.parametrize("sort", ["opened", "oldest", "due", "changed", "priority"])
def test_requests_page_without_gap_in_every_order_also_those_without_a_deadline(world: World, sort: str) -> None:
    for number, priority in enumerate(("low", "critical", "medium", "low", "high")):
        of = {
            "request_id": f"n-{number}",
            "contract_id": "c-A",
            "customer_id": "A",
            "at": NOW + timedelta(hours=number + 1),
        }
        opened = {"priority": priority, "channel": "phone", "description": SEALED, "protocol": f"P-{number}"}
        world.happened("tickets.request.opened", {**of, **opened})
        if number % 2:
            due = {**of, "kind": "resolution", "due_at": NOW + timedelta(hours=9 - number), "cause": "opened"}
            world.happened("tickets.deadline.set", due)
    client, seen, after = world.client("manager"), [], ""
    while True:
        page = client.get(f"/api/v1/requests?customer_id=A&sort={sort}&limit=2{after}").json
        seen += [item["request_id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert sorted(seen) == sorted([*(f"n-{number}" for number in range(5)), "q-A"])
    first = {"due": "n-3", "priority": "n-1", "opened": "n-4", "changed": "n-4", "oldest": "q-A"}
    assert seen[0] == first[sort]


def test_requests_are_found_by_text_taker_and_what_is_due(world: World) -> None:
    of = {"contract_id": "c-A", "customer_id": "A", "at": world.app.now()}
    opened = {"priority": "low", "channel": "phone", "description": SEALED, "equipment_id": "x-A", "opened_by": "ana"}
    world.happened("tickets.request.opened", {**of, **opened, "request_id": "n", "protocol": "P-77"})
    soon = {
        **of,
        "request_id": "n",
        "kind": "response",
        "due_at": world.app.now() + timedelta(hours=1),
        "cause": "opened",
    }
    world.happened("tickets.deadline.set", soon)
    client = world.client("manager")

    def found(query: str) -> list[str]:
        return [item["request_id"] for item in client.get(f"/api/v1/requests?{query}").json["items"]]

    for text in ("P-77", "ANA", "split", "qr-a"):
        assert found(f"search={text}") == ["n"], text
    assert found("search=matriz") == found("search=P%25") == []
    assert found("due=soon") == found("due=week") == ["n"]
    assert found("due=late") == []
    world.happened("tickets.deadline.breached", soon)
    assert found("due=late") == ["n"]
    world.happened("tickets.request.assigned", {**of, "request_id": "n", "assignee_id": "u-technician", "group": None})
    assert "n" not in found("assignee_id=none")
    assert found("assignee_id=u-technician") == ["n"]
    [item] = client.get("/api/v1/requests?search=P-77").json["items"]
    assert (item["assignee_name"], item["contract_number"]) == ("Technician", "N-A")
    page = client.get("/console").status_code  # not logged in by a cookie: nothing is told
    assert page == 303


def test_a_search_finds_some_of_each_kind_without_accents(world: World) -> None:
    found = world.client("attendant").get("/api/v1/search?text=COMPÃNHIA").json
    assert {kind: len(rows) for kind, rows in found.items()} == {
        "customers": 2, "contacts": 0, "contracts": 2, "requests": 2, "receivables": 0, "equipment": 0, "sites": 0,
    }  # fmt: skip
    assert [
        each["contact_id"] for each in world.client("attendant").get("/api/v1/search?text=bea").json["contacts"]
    ] == ["bea"]
    assert world.client("attendant").get("/api/v1/search?text=11.222.333").json["customers"]


def test_positions_move_with_what_was_applied(app: Any) -> None:
    backend = AppBackend(SimpleNamespace(component=app.component, database=app.database, readers=[]))  # type: ignore[arg-type]
    one, all_ = ("contracts", "contract-1"), ("contracts", None)
    assert backend.marks([one, all_]) == {one: 0, all_: 0}
    with app.database.write() as conn:
        rows = Rows(conn)
        rows.put(applied, subscription="view.customers", source="contracts", stream="contract-1", version=3)
        place = {"subscription": "view.customers", "source": "contracts", "partition": 0, "offset": 4, "chain": ""}
        rows.put(checkpoints, **place)
        rows.flush()
    assert backend.marks([one, all_]) == {one: 3, all_: 5}


def test_the_list_of_requests_is_read_again_where_its_states_were_fewer(world: World) -> None:
    """A store of before *awaiting confirmation*: its rows go, and the view begins with the first event."""
    database, own = world.app.database, versions_of("gateway")
    assert own is not None
    key = {"subscription": "view.requests", "source": "tickets", "partition": 0}
    others = {**key, "subscription": "view.visits"}
    with database.write() as conn:
        command.downgrade(config(own, "alembic_version", conn), "0010")
        for each in (key, others):
            conn.execute(delete(checkpoints).where(*(checkpoints.c[name] == value for name, value in each.items())))
            conn.execute(insert(checkpoints).values(**each, feed="f", offset=41, chain="c"))
        assert conn.execute(select(func.count()).select_from(METADATA.tables["requests"])).scalar()
        command.upgrade(config(own, "alembic_version", conn), "head")
        assert conn.execute(select(func.count()).select_from(METADATA.tables["requests"])).scalar() == 0
        found = select(checkpoints.c.subscription, checkpoints.c.offset).where(checkpoints.c.source == "tickets")
        assert dict(conn.execute(found).all()) == {"view.requests": -1, "view.visits": 41}
