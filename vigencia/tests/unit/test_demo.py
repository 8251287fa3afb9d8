"""The demo's commands have the services' shapes, names that do not double, and days that make sense on any day."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from contracts_service.domain.documents import is_cnpj, is_cpf
from services.schemas import load, schema_of
from vigencia import company, demo
from vigencia.composition import components
from vigencia.demo import history

DAYS = [datetime(*day, 15, tzinfo=UTC) for day in ((2026, 3, 31), (2026, 3, 1), (2028, 2, 29), (2027, 1, 31))]


class FakeSystem:
    """Answers as if each account had one receivable a month; remembers what it was told."""

    services = ("contracts", "billing", "tickets", "feedback")

    def __init__(self, breaks_at: str | None = None) -> None:
        self.done: dict[str, dict] = {}
        self.held: list[float] = []
        self.breaks_at = breaks_at

    def execute(self, service, command, payload, *, id, actor, at, historical):
        if command == self.breaks_at:
            raise KeyboardInterrupt
        assert self.done.setdefault(id, payload) == payload

    def batch(self, service, name, records, **_):
        for record in records:
            assert self.done.setdefault(record["id"], record) == record
        return [{"status": "done"} for _ in records]

    def ask(self, service, query, params):
        return answers(service, query, params)

    def operate(self, service, action, **payload):
        if action == "hold_due":
            self.held.append(payload["seconds"])

    def settle(self, seconds=60.0):
        """Nothing is under way."""

    def is_empty(self):
        return not self.done


def answers(service, query, params):
    if query == "receivable":
        return {"late": {"fine": "2.00", "interest": "0.40"}}
    first = date.fromisoformat(params["month"] + "-01")
    contracts = [demo.demo_id(f"contract/{row['key']}") for row in demo.data("contracts")["contract"]]
    items = []
    for account in [params["account_id"]] if "account_id" in params else contracts:
        id_ = demo.demo_id(f"{account}/{params['month']}")
        facts = {"receivable_id": id_, "account_id": account, "number": id_[:8], "net": "100.00", "status": "open"}
        items.append(facts | {"issued_on": str(first), "due_on": str(first + timedelta(days=10))})
    return {"items": items}


def steps(now: datetime):
    return [step for step in demo.script(now, answers) if isinstance(step, demo.Step)]


@pytest.mark.parametrize("now", DAYS)
def test_every_command_has_the_shape_that_its_service_takes(now, commands):
    for step in steps(now):
        if not step.batch and not step.action:
            load(schema_of(commands[step.command]), step.payload, at=now)


@pytest.mark.parametrize("now", DAYS)
def test_nothing_is_told_of_the_future(now):
    assert [step.key for step in steps(now) if step.at is not None and step.at > now] == []


@pytest.mark.parametrize("now", DAYS)
def test_no_two_commands_have_the_same_id(now):
    assert [key for key, count in Counter(step.id for step in steps(now)).items() if count > 1] == []


def test_the_same_instant_gives_the_same_commands():
    assert steps(DAYS[0]) == steps(DAYS[0])


def test_phone_calls_become_fewer_month_by_month():
    shares = [phone / count for phone, count in history.PHONE_OF_ALL]
    assert all(later < earlier for earlier, later in itertools.pairwise(shares))


def test_their_documents_have_right_check_digits_and_no_two_are_the_same():
    customers = demo.data("customers")["customer"]
    for each in customers:
        assert (is_cnpj if each["kind"] == "company" else is_cpf)(each["document"]), each["name"]
    assert len({each["document"] for each in customers}) == len(customers)
    assert any(any(letter.isalpha() for letter in each["document"]) for each in customers)


def test_their_mail_goes_nowhere():
    addresses = [contact[2] for each in demo.data("customers")["customer"] for contact in each["contacts"]]
    assert [address for address in addresses if not address.endswith(".example")] == []


def test_an_interrupted_filling_goes_on_with_the_instant_it_began(tmp_path):
    system = FakeSystem(breaks_at="open_request")
    with pytest.raises(KeyboardInterrupt):
        company.fill_when_empty(system, tmp_path, now=DAYS[0])
    assert system.held == [company.HELD_SECONDS] * 4 + [0] * 4
    system = FakeSystem()
    assert company.fill_when_empty(system, tmp_path, now=DAYS[1])
    said = {step.id for step in steps(DAYS[0]) if not step.batch and not step.action}
    assert said <= set(system.done)


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


@pytest.fixture(scope="module")
def commands():
    found = [cls for part in components().values() for aggregate in part.aggregates for cls in aggregate.commands]
    return {cls.COMMAND_NAME: cls for cls in found}
