"""Who did what, when and by which way: a thing's events in words, with the names that their actors have now.

Events name actors by id. A name is looked up when the history is read: of a person who was erased none is left.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).with_name("happened.toml")
THINGS: Mapping[str, tuple[str, str]] = {
    "customer": ("contracts", "customer-{}"),
    "contract": ("contracts", "contract-{}"),
    "account": ("billing", "account-{}"),
    "request": ("tickets", "request-{}"),
    "visit": ("tickets", "visit-{}"),
    "evaluation": ("feedback", "evaluation-{}"),
}
"""Whose history can be read: service and stream, by the thing's id."""


@cache
def words() -> Mapping[str, tuple[str, str]]:
    return {kind: (said[0], said[1]) for kind, said in tomllib.loads(WORDS.read_text("utf-8")).items()}


def said(kind: str, lang: str) -> str:
    """What happened, in words."""
    known = words().get(kind)
    return kind if known is None else known[1 if lang == "en" else 0]


def actors(events: Iterable[Mapping[str, Any]]) -> tuple[set[str], set[str]]:
    """Ids of users and of contacts who acted."""
    users, contacts = set(), set()
    for event in events:
        kind, _, id_ = str(event.get("actor") or "").partition(":")
        if kind == "user":
            users.add(id_)
        elif kind == "contact":
            contacts.add(id_)
    return users, contacts


def history(events: Iterable[Mapping[str, Any]], names: Mapping[str, str | None], lang: str) -> list[dict[str, Any]]:
    """The newest first. ``names``: of users and contacts by ``user:<id>`` and ``contact:<id>``; who is missing was erased, or
    is a part of the system (``system``)."""
    found = []
    for event in events:
        actor = str(event.get("actor") or "")
        kind, _, id_ = actor.partition(":")
        if kind not in ("user", "contact"):
            kind, id_ = "system", id_ or kind
        found.append(
            {
                "event_id": event["id"],
                "at": event["at"],
                "event": event["type"],
                "words": said(event["type"], lang),
                "by": {"kind": kind, "id": id_, "name": names.get(actor)},
                "channel": event.get("channel"),
                "correlation": event.get("correlation"),
                "imported": bool(event.get("historical")),
            }
        )
    return found[::-1]
