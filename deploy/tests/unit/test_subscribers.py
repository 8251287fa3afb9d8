"""The list of other systems at the broker: passwords shown once, the revoked keep nothing but their place."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deploy.local.subscribers import SERVICES, SubscriberProblem, Subscribers

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def kept(tmp_path: Path) -> Subscribers:
    return Subscribers(tmp_path / "subscribers.json", lambda password: f"hash of {len(password)} characters")


def rights(kept: Subscribers, part: str = "permissions") -> dict[str, Any]:
    return {each["user"]: each for each in kept.definitions("v")[part]}


def test_a_password_is_returned_and_not_kept(kept: Subscribers, tmp_path: Path) -> None:
    password = kept.add("accounting", ("billing",), AT)
    file = tmp_path / "subscribers.json"
    assert len(password) >= 32
    assert password not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    (user,) = kept.definitions("v")["users"]
    assert (user["name"], user["password_hash"], user["tags"]) == ("sub.accounting", "hash of 32 characters", [])


def test_it_may_read_its_own_queues_and_bind_to_events_of_its_services(kept: Subscribers) -> None:
    kept.add("acc", ("billing", "contracts"), AT)
    may = rights(kept)["sub.acc"]
    assert re.search(may["configure"], "sub.acc.books")
    assert re.search(may["read"], "events")
    for foreign in (
        "sub.accounting.x",
        "sub.acc.",
        "sub.acc",
        "billing.contracts.0",
        "events.dead",
        "amq.default",
        "x.sub.acc.y",
    ):
        for verb in ("configure", "write", "read"):
            assert not re.search(may[verb], foreign), (verb, foreign)
    assert not re.search(may["write"], "events")
    topics = rights(kept, "topic_permissions")["sub.acc"]
    assert [
        key for key in ("billing.0.#", "contracts.#", "tickets.#", "#", "billingx.#") if re.search(topics["read"], key)
    ] == [
        "billing.0.#",
        "contracts.#",
    ]
    assert not re.search(topics["write"], "billing.0.x")


def test_who_names_no_service_gets_all(kept: Subscribers) -> None:
    kept.add("all", (), AT)
    assert kept.all()[0].services == SERVICES


def test_the_revoked_stay_in_the_list_without_password_and_rights(kept: Subscribers) -> None:
    """A broker's start takes nobody away whom the definitions do not name."""
    kept.add("accounting", (), AT)
    first, again = (kept.revoke("accounting", AT) for _ in range(2))
    assert first == again == kept.all()[0]
    may = rights(kept)["sub.accounting"]
    assert {may[verb] for verb in ("configure", "write", "read")} == {"^$"}
    assert [each["password_hash"] for each in kept.definitions("v")["users"]] == [""]
    kept.add("accounting", (), AT)
    assert kept.all()[0].revoked_at is None


@pytest.mark.parametrize("name", ["", "A", "a.b", "1a", "a_b", "x" * 41, "a*"])
def test_a_name_is_no_pattern(kept: Subscribers, name: str) -> None:
    with pytest.raises(SubscriberProblem) as problem:
        kept.add(name, (), AT)
    assert problem.value.code == "subscriber.name"


def test_what_cannot_be_done_changes_nothing(kept: Subscribers, tmp_path: Path) -> None:
    kept.add("accounting", (), AT)
    before = json.loads((tmp_path / "subscribers.json").read_text())
    for code, wrong in (
        ("subscriber.exists", lambda: kept.add("accounting", (), AT)),
        ("subscriber.service", lambda: kept.add("other", ("gateway",), AT)),
        ("subscriber.none", lambda: kept.revoke("nobody", AT)),
    ):
        with pytest.raises(SubscriberProblem) as problem:
            wrong()
        assert problem.value.code == code
    assert json.loads((tmp_path / "subscribers.json").read_text()) == before
