"""Other systems: their keys open what their scopes name and nothing else; feeds are read in pages, awaited, and compared."""

from __future__ import annotations

import gzip
import json
import threading
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.tests.unit.world import World
from gateway.waiting import FeedWatch
from services.errors import Unavailable

EVENT = {"id": "s@1", "type": "billing.receivable.issued", "offset": 4, "data": {"gross": "100.00"}}
PAGE = {"feed": "f", "diverged": None, "head": 4, "events": [EVENT], "through": 4, "chain": "c4"}
NOTHING = {"feed": "f", "diverged": None, "head": 4, "events": [], "through": 4, "chain": "c4"}
FEED = "/api/v1/feeds/billing"


def key(world: World, *scopes: str, **headers: str) -> dict[str, Any]:
    body = {"name": "accounting", "scopes": list(scopes)}
    answer = world.client("manager").post("/api/v1/api-keys", json=body, headers=headers)
    assert answer.status_code == 201
    made: dict[str, Any] = answer.json
    return made


def system(world: World, *scopes: str) -> FlaskClient:
    client = world.client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key(world, *scopes)['key']}"
    return client


def asked(world: World) -> list[dict[str, Any]]:
    return [payload for _, method, payload, _ in world.services.calls if method == "feed"]


def test_a_key_reads_the_feeds_of_its_scopes_and_nothing_else(world: World) -> None:
    world.services.answers["feed"] = PAGE
    client = system(world, "feed:billing")
    assert client.get(FEED).json["events"] == [EVENT]
    for path in ("/api/v1/feeds/contracts", "/api/v1/feeds/contracts/heads"):
        answer = client.get(path)
        assert (answer.status_code, answer.json["code"]) == (403, "access.scope-missing")
    for path in ("/api/v1/contracts", "/api/v1/api-keys", "/api/v1/operations/billing/feed", "/api/v1/session"):
        assert (client.get(path).status_code, client.get(path).json["code"]) == (403, "access.denied")


def test_a_key_is_shown_once_and_only_its_hash_is_kept(world: World) -> None:
    again = {"Idempotency-Key": "one-and-the-same"}
    made = key(world, "feed:billing", **again)
    second = world.client("manager").post(
        "/api/v1/api-keys", json={"name": "x", "scopes": ["feed:billing"]}, headers=again
    )
    assert (second.status_code, second.json["code"]) == (422, "api-key.shown-once")
    listed = world.client("manager").get("/api/v1/api-keys").json["items"]
    assert [(each["key_id"], each["scopes"]) for each in listed] == [(made["key_id"], ["feed:billing"])]
    assert made["key"].split("_", 2)[2] not in json.dumps(listed)


def test_a_revoked_or_a_wrong_key_opens_nothing(world: World) -> None:
    world.services.answers["feed"] = PAGE
    made = key(world, "feed:billing")
    for wrong in (made["key"][:-1], f"vgk_{made['key_id']}_", "vgk_", "vgk_x_y"):
        assert world.client().get(FEED, headers={"Authorization": f"Bearer {wrong}"}).status_code == 401
    own = {"Authorization": f"Bearer {made['key']}"}
    assert world.client().get(FEED, headers=own).status_code == 200
    revoke = f"/api/v1/api-keys/{made['key_id']}/revoke"
    first, second = (world.client("manager").post(revoke, json={}).json for _ in range(2))
    assert first["revoked_at"] == second["revoked_at"] is not None
    assert world.client().get(FEED, headers=own).status_code == 401


def test_a_scope_that_does_not_exist_makes_no_key(world: World) -> None:
    answer = world.client("manager").post("/api/v1/api-keys", json={"name": "x", "scopes": ["feed:gateway"]})
    assert answer.status_code == 400
    assert world.client("manager").get("/api/v1/api-keys").json["items"] == []


def test_a_page_says_the_place_for_the_next_question_and_passes_the_filter_on(world: World) -> None:
    world.services.answers["feed"] = PAGE
    query = "?partition=2&after=3&chain=c3&feed=f&limit=7&type=billing.receivable.issued&type=billing.payment.received"
    page = system(world, "feed:billing").get(FEED + query).json
    assert page == {"feed": "f", "partition": 2, "events": [EVENT], "through": 4, "chain": "c4", "head": 4}
    place = {"partition": 2, "after": 3, "chain": "c3", "feed": "f", "limit": 7}
    assert asked(world) == [{**place, "types": ["billing.receivable.issued", "billing.payment.received"]}]


def test_another_history_is_a_conflict_with_both_chains(world: World) -> None:
    world.services.answers["feed"] = {**NOTHING, "diverged": "the histories have parted", "chain": "theirs"}
    answer = system(world, "feed:billing").get(f"{FEED}?after=4&chain=mine&feed=f")
    assert (answer.status_code, answer.json["code"], answer.mimetype) == (
        409,
        "feed.diverged",
        "application/problem+json",
    )
    told = answer.json["params"]
    assert (told["chain"], told["asked_chain"], told["after"], told["partition"]) == ("theirs", "mine", 4, 0)


def test_waiting_ends_with_the_event(world: World) -> None:
    pages = iter([NOTHING, PAGE])
    heads = iter([4, 4, 5])
    world.services.answers["feed"] = lambda _: next(pages)
    world.services.answers["heads"] = lambda _: {"partitions": [{"partition": 0, "offset": next(heads), "chain": ""}]}
    page = system(world, "feed:billing").get(f"{FEED}?after=4&chain=c4&wait=30").json
    assert page["events"] == [EVENT]
    assert next(heads, None) is None


def test_who_has_something_to_read_or_only_skipped_something_does_not_wait(world: World) -> None:
    """Nobody answers for the heads here: whoever waited would fail."""
    world.services.answers["heads"] = Unavailable("rpc.nobody")
    client = system(world, "feed:billing")
    for page, after in ((PAGE, 3), ({**NOTHING, "through": 9}, 4)):
        world.services.answers["feed"] = page
        assert client.get(f"{FEED}?after={after}&chain=c&wait=30").status_code == 200


@pytest.mark.parametrize(
    "query", ["wait=31", "wait=-1", "limit=0", "limit=2001", "after=-2", "partition=-1", "wait=a/b/1"]
)
def test_what_makes_no_sense_is_refused(world: World, query: str) -> None:
    assert system(world, "feed:billing").get(f"{FEED}?{query}").status_code == 400


def test_a_large_page_is_packed_for_who_can_unpack_it(world: World) -> None:
    world.services.answers["feed"] = {**PAGE, "events": [EVENT] * 50}
    client = system(world, "feed:billing")
    packed = client.get(FEED, headers={"Accept-Encoding": "gzip"})
    plain = client.get(FEED, headers={"Accept-Encoding": "identity"})
    assert (packed.headers["Content-Encoding"], plain.headers.get("Content-Encoding")) == ("gzip", None)
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 10


def test_many_who_wait_share_one_question() -> None:
    """One asks; the others take his answer."""
    release, questions = threading.Event(), []

    def heads(service: str) -> dict[str, Any]:
        questions.append(service)
        assert release.wait(30)
        return {"partitions": [{"partition": 0, "offset": 7, "chain": ""}]}

    watch = FeedWatch(heads, every=60.0)
    found: list[bool] = []
    readers = [threading.Thread(target=lambda: found.append(watch.beyond("billing", 0, 6, 60.0))) for _ in range(20)]
    for reader in readers:
        reader.start()
    release.set()
    for reader in readers:
        reader.join(30)
    assert (found, questions) == ([True] * 20, ["billing"])


def test_who_comes_when_too_many_wait_is_answered_at_once() -> None:
    watch = FeedWatch(lambda _: {"partitions": []}, most=0)
    assert watch.beyond("billing", 0, 6, 60.0) is False
