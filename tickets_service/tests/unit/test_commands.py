"""Commands of several aggregates are told apart by their names."""

from __future__ import annotations

from collections import Counter

from tickets_service.wiring import component


def test_no_two_commands_have_the_same_name() -> None:
    names = Counter(command.COMMAND_NAME for each in component().aggregates for command in each.commands)
    assert [name for name, times in names.items() if times > 1] == []
