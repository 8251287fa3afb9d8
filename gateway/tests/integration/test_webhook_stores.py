"""Webhooks on both stores: claimed once, noted together, and untouched when views are rebuilt."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from gateway.tests.integration.conftest import MigratedApp
from gateway.tests.unit.hooks import Office
from gateway.webhooks.tables import KEPT
from services.rebuild import restart
from services.subscriptions import subscriptions_of


@pytest.fixture
def office(app: MigratedApp) -> Office:
    return Office(app.database)


def rows(office: Office) -> list[list[Any]]:
    with office.database.read() as conn:
        return [conn.execute(select(table)).all() for table in KEPT]


def test_from_the_feed_to_the_receiver_with_failures_in_between(office: Office) -> None:
    id_ = office.endpoint(["billing.*"])
    office.receiver.answers = lambda event: 500 if event["subject"] == "bad" else 200
    for stream in ("bad", "good", "bad"):
        office.feeds.happens(stream)
    office.feeds.happens("other", partition=1)
    office.runs()
    [waiting] = office.webhooks.waiting(id_, None)
    assert (waiting["stream"], waiting["events"], waiting["attempts"]) == ("bad", 2, 1)
    told = office.webhooks.one(id_, None)
    assert (told["waiting_streams"], told["stuck_streams"], told["secrets"]) == (1, 0, 1)
    page = office.webhooks.attempts(id_, None, {"limit": 2})
    more = office.webhooks.attempts(id_, None, {"limit": 2, "after": page["next"]})
    assert len({row["attempt_id"] for row in page["items"] + more["items"]}) == 3
    office.receiver.answers = lambda _: 200
    office.runs(seconds=5)
    assert office.receiver.ids("bad") == ["bad@1", "bad@1", "bad@2"]
    assert [(each["partition"], each["through"]) for each in office.webhooks.places(id_, None)] == [(0, 2), (1, 0)]
    office.webhooks.send_again(id_, None, service="billing", partition=0, offset=1)
    office.webhooks.rotate(id_, None, overlap=timedelta(hours=1), now=office.now)
    assert office.runs() == {"delivered": 2}
    office.webhooks.remove(id_, None)
    assert rows(office) == [[], [], [], []]


def test_a_rebuild_of_all_views_leaves_endpoints_and_places_alone(app: MigratedApp, office: Office) -> None:
    office.endpoint(["billing.*"])
    office.feeds.happens("s")
    office.runs()
    before = rows(office)
    with app.database.write() as conn:
        for subscription in subscriptions_of(app.component):
            if subscription.view is not None:
                restart(conn, subscription, range(1))
    assert rows(office) == before
    assert office.runs() == {}
    owned = {table for view in app.component.remote_views for table in view.tables}
    assert not owned & set(KEPT)


def test_of_two_gateways_one_claims(office: Office) -> None:
    id_ = office.endpoint(["billing.*"])
    office.feeds.happens("s")
    first, second = office.another(), office.another()
    assert first.look() == second.look() == [id_]
    assert first._claim(id_) is not None
    assert second._claim(id_) is None
    assert second.serve(id_) == {}
    assert first.serve(id_) == {"delivered": 1}
    office.feeds.happens("s")
    assert second.run() == {"delivered": 1}


def test_several_streams_at_a_time(office: Office) -> None:
    from dataclasses import replace

    office.settings = replace(office.settings, parallel=8)
    office.worker = office.another()
    office.endpoint(["billing.*"])
    for number in range(200):
        office.feeds.happens(f"s{number % 20}")
    assert office.runs() == {"delivered": 200}
    for stream in range(20):
        assert office.receiver.ids(f"s{stream}") == [f"s{stream}@{version}" for version in range(1, 11)]
