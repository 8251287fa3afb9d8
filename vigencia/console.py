"""How the commands speak: results on standard output, everything else on standard error, progress only to people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from vigencia.words import say

if TYPE_CHECKING:
    from rich.console import Console


class Progress(Protocol):
    """A bar on long work."""

    def advance(self, steps: int = 1) -> None: ...


class _Silent:
    def advance(self, steps: int = 1) -> None:
        """Nobody looks."""


@dataclass(frozen=True)
class Voice:
    """The reader's language, and whether a script reads (``json``)."""

    lang: str
    json: bool = False

    @property
    def err(self) -> Console:
        from rich.console import Console

        return Console(stderr=True, highlight=False, soft_wrap=True)

    @property
    def out(self) -> Console:
        from rich.console import Console

        return Console(highlight=False, soft_wrap=True)

    def note(self, code: str, **params: Any) -> None:
        """A remark on the way. Scripts that read standard output never see it."""
        self.remark(say(code, self.lang, **params))

    def remark(self, text: str) -> None:
        if not self.json:
            self.err.print(text, markup=False, style="dim")

    def warn(self, text: str) -> None:
        self.err.print(text, markup=False, style="yellow")

    def complain(self, text: str) -> None:
        self.err.print(text, markup=False, style="bold red")

    def result(self, values: Mapping[str, Any], code: str, **more: Any) -> None:
        """The command's result: one line of JSON for scripts, a sentence for people (with ``more`` in it)."""
        if self.json:
            sys.stdout.write(json.dumps(values, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        else:
            self.out.print(say(code, self.lang, **values, **more), markup=False, style="bold")

    def show(self, values: Any, render: Any) -> None:
        """A list or document: JSON for scripts, ``render()`` (anything that rich prints) for people."""
        if self.json:
            sys.stdout.write(json.dumps(values, ensure_ascii=False, default=str) + "\n")
            sys.stdout.flush()
        else:
            self.out.print(render())

    @contextmanager
    def progress(self, title: str, total: int | None) -> Iterator[Progress]:
        """A bar on standard error; nothing when a script reads or nobody sees it."""
        if self.json or not sys.stderr.isatty():
            yield _Silent()
            return
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Bar(*columns, console=self.err, transient=True) as bar:
            task = bar.add_task(title, total=total)

            class Live:
                def advance(self, steps: int = 1) -> None:
                    bar.advance(task, steps)

            yield Live()
