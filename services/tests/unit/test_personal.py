"""What a person may take away: his own fields, readable, from the events; nothing of others, and nothing once he is erased."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from services import personal
from services.errors import Invalid
from services.testing.app import memory_app
from services.tests import sample


def taken(app: Any, person: str, after: Any = None) -> Any:
    running = SimpleNamespace(application=app.app, database=app.database)
    return personal.personal_data(running, {"person": person, "after": after})  # type: ignore[arg-type]


def test_own_words_are_given_and_nobody_elses() -> None:
    app = memory_app(sample.component())
    for number, (person, owner) in enumerate((("p1", "Ana"), ("p2", "Bia"), ("p1", "Ana B."))):
        app.send("name", {"counter_id": f"c{number}", "person_id": person, "owner": owner})
    app.send("add", {"counter_id": "c1", "amount": 1})
    found = taken(app, "p1")
    assert [(each["thing"], each["what"], each["data"]) for each in found["items"]] == [
        ("counter-c0", "sample.counter.named", {"owner": "Ana"}),
        ("counter-c2", "sample.counter.named", {"owner": "Ana B."}),
    ]
    assert found["next"] is None
    app.app.vault.erase(["p1"])
    assert taken(app, "p1")["items"] == []
    assert len(taken(app, "p2")["items"]) == 1
    app.close()


def test_page_by_page_nothing_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal, "PAGE", 2)
    app = memory_app(sample.component())
    for number in range(5):
        app.send("name", {"counter_id": f"c{number}", "person_id": "p1", "owner": f"Ana {number}"})
    seen: list[str] = []
    after = None
    for _ in range(4):
        page = taken(app, "p1", after)
        seen += [each["data"]["owner"] for each in page["items"]]
        if (after := page["next"]) is None:
            break
    assert (seen, after) == ([f"Ana {number}" for number in range(5)], None)
    app.close()


def test_a_person_must_be_named() -> None:
    app = memory_app(sample.component())
    for person in ("", "%"):
        if person:
            assert taken(app, person)["items"] == []
        else:
            with pytest.raises(Invalid):
                taken(app, person)
    app.close()
