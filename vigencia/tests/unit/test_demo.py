"""The demo's commands have the services' shapes, names that do not double, and days that make sense on any day."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from billing_service.domain import commands as billing
from contracts_service.domain import contract, customer, provider, service_type
from feedback_service.domain import commands as feedback
from services.schemas import load, schema_of
from tickets_service.domain import commands as tickets
from vigencia import company, demo

COMMANDS = {
    cls.COMMAND_NAME: cls
    for module in (provider, customer, service_type, contract, billing, feedback, tickets)
    for cls in module.COMMANDS
}
DAYS = (date(2026, 3, 31), date(2026, 3, 1), date(2028, 2, 29), date(2026, 1, 15))


def steps(today: date):
    return [step for phase in demo.phases(today) for step in phase]


@pytest.mark.parametrize("today", DAYS)
def test_every_command_has_the_shape_that_its_service_takes(today):
    now = datetime(today.year, today.month, today.day, 15, tzinfo=UTC)
    for step in steps(today):
        load(schema_of(COMMANDS[step.command]), step.payload, at=now)


@pytest.mark.parametrize("today", DAYS)
def test_no_two_commands_have_the_same_id(today):
    assert [key for key, count in Counter(step.id for step in steps(today)).items() if count > 1] == []


def test_the_same_day_gives_the_same_commands():
    assert steps(DAYS[0]) == steps(DAYS[0])


class FakeSystem:
    def __init__(self, breaks_at: str | None = None) -> None:
        self.done: dict[str, dict] = {}
        self.breaks_at = breaks_at

    def execute(self, service, command, payload, *, id, actor):
        if command == self.breaks_at:
            raise KeyboardInterrupt
        assert self.done.setdefault(id, payload) == payload

    def settle(self, seconds=60.0):
        """Nothing is under way."""

    def is_empty(self):
        return not self.done


def test_an_interrupted_filling_goes_on_with_the_day_it_began(tmp_path):
    system = FakeSystem(breaks_at="open_request")
    with pytest.raises(KeyboardInterrupt):
        company.fill_when_empty(system, tmp_path)
    (tmp_path / company.MARK).write_text('{"today": "2026-03-31", "done": false}')
    system = FakeSystem()
    assert company.fill_when_empty(system, tmp_path)
    assert set(system.done) == {step.id for step in steps(date(2026, 3, 31))}


def test_a_store_that_holds_something_else_stays_as_it_is(tmp_path):
    system = FakeSystem()
    system.done["other"] = {}
    assert not company.fill_when_empty(system, tmp_path)
    assert list(system.done) == ["other"]


def test_a_filled_store_is_not_filled_again(tmp_path):
    company.fill_when_empty(FakeSystem(), tmp_path)
    again = FakeSystem()
    assert company.fill_when_empty(again, tmp_path)
    assert again.done == {}
