"""What the settings' pages share: a form as an operation of the API, and a page that is shown again with what was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, request

from gateway.pages.console.frame import Answer, refusal, show
from services.errors import NotFound, Refused, VigenciaError

LARGEST_TABLE = 1_000_000
"""Characters of a file with a table of rates, values or days."""


@dataclass(frozen=True, slots=True)
class Again:
    """What a page is told when it is shown again: by which form it was asked, and what a rule said."""

    operation: str = ""
    status: int = 200
    why: str = ""
    rows: tuple[str, ...] = ()  # of a file: what is wrong, line by line
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def form(self) -> Mapping[str, str]:
        """What was typed in, so that nobody has to type it twice."""
        return request.form if self.operation else {}


NOTHING = Again()
Page = Callable[[Again], Response]


@dataclass(frozen=True, slots=True)
class Action:
    """A form: ``act`` does it; ``page`` shows where it stands; ``to``: where it leads. ``instead``: does it and shows the page
    itself, because what came of it is shown this once."""

    act: Callable[[], Answer] | None
    page: Page
    to: Callable[[], str]
    instead: Callable[[], Response] | None = None


def again(operation: str, error: VigenciaError) -> Again:
    status, why = refusal(error)
    rows = [
        f"{each['path']}: {each['message']}"
        for each in getattr(error, "problems", ())
        if str(each.get("path", "")) and each.get("message")
    ]
    return Again(operation, status, why, tuple(rows[:50]))


def shown(template: str, again_: Again, **context: Any) -> Response:
    return show(f"console/settings/{template}.html", status=again_.status, again=again_, **again_.more, **context)


def named(name: str) -> str:
    """The id that a form names."""
    if not (value := request.form.get(name, "").strip()):
        raise NotFound("not-found")
    return value


def file_text(name: str = "file") -> str:
    """The text of the form's file, as spreadsheets write it here; where there is none, what was pasted into ``table``."""
    file = request.files.get(name)
    content = file.read(LARGEST_TABLE + 1) if file else b""
    if not content:
        content = request.form.get("table", "").encode()
    if not content.strip():
        raise Refused("page.file-missing")
    if len(content) > LARGEST_TABLE:
        raise Refused("page.file-too-large")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
