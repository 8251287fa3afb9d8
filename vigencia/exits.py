"""What the commands end with, so that scripts can rely on it. Part of the interface: never renumbered."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command."""

    FINE = 0  # all is well
    SOME_REJECTED = 1  # done, but some of it was not: rows rejected, contracts not billed, differences found
    USAGE = 2  # the command line, a mapping or a file cannot be understood; nothing was done
    UNREACHABLE = 3  # no running system answers, and none could be started
    FAILED = 4  # it broke off; the same command again goes on where it was


class Failure(Exception):
    """Ends the command with ``code``; ``words`` says why and what to do, in the reader's language."""

    def __init__(self, code: Exit, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words
