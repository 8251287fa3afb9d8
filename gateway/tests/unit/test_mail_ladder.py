"""Reminders after an outage, of contested debts, and mail that a person has sent once more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from gateway.mail.delivery import No, Unknown
from gateway.mail.keeping import Mail
from gateway.tests.unit.test_mail import MONDAY, REMINDER, Office
from gateway.tests.unit.world import World
from services.errors import NotFound, Refused


@pytest.fixture
def office(world: World) -> Iterator[Office]:
    return Office(world)


def levels(office: Office) -> list[int]:
    order = {mail_id: number for number, (mail_id, _) in enumerate(office.post.sent)}
    rows = [row for row in office.mails() if row["mail_id"] in order]
    return [row["facts"]["level"] for row in sorted(rows, key=lambda row: order[row["mail_id"]])]


def test_after_an_outage_one_level_goes_out_a_business_day_in_their_order(office: Office) -> None:
    """Friday 10:00: three levels at once. They are mailed on Friday, Monday and Tuesday, from eight in the morning on."""
    office.now = datetime(2026, 3, 6, 13, 0, tzinfo=UTC)
    for level in (3, 1, 2):
        office.remind(level)
    when = []
    for _ in range(24 * 6):
        if office.sender.run().get("sent"):
            when.append(office.now.astimezone(UTC))
        office.now += timedelta(hours=1)
    assert levels(office) == [1, 2, 3]
    assert [each.date().isoformat() for each in when] == ["2026-03-06", "2026-03-09", "2026-03-10"]
    assert all(8 <= each.hour - 3 < 20 for each in when)  # São Paulo is three hours behind


def test_what_is_paid_meanwhile_is_not_reminded_of(office: Office) -> None:
    for level in (1, 2):
        office.remind(level)
    office.sender.run()
    office.happens("billing.receivable.settled", {"receivable_id": "r-A", "on": "2026-03-02", "days_late": 0})
    office.now = MONDAY + timedelta(days=1)
    assert office.sender.run() == {"dropped": 1}
    assert levels(office) == [1]


def test_reminders_of_two_debts_do_not_wait_for_each_other(office: Office) -> None:
    issued = {"receivable_id": "r-2", "contract_id": "c-A", "customer_id": "A", "number": "2", "net": "10.00"}
    office.world.happened("billing.receivable.issued", issued)
    office.remind(1)
    office.happens("billing.receivable.reminder_sent", {**REMINDER, "receivable_id": "r-2", "level": 2})
    assert office.sender.run() == {"sent": 2}


def test_a_reminder_asks_for_what_is_not_contested(office: Office) -> None:
    office.happens("billing.receivable.disputed", {"receivable_id": "r-A", "on": "2026-03-02", "reason": "x"})
    office.contested = "45.00"
    office.remind()
    office.sender.run()
    [(_, message)] = office.post.sent
    assert "R$ 15,00" in message.get_content()
    assert "R$ 60,00" not in message.get_content()


def test_of_what_is_contested_as_a_whole_nobody_is_reminded(office: Office) -> None:
    office.happens("billing.receivable.disputed", {"receivable_id": "r-A", "on": "2026-03-02", "reason": "x"})
    office.contested = "60.00"
    office.remind()
    assert office.sender.run() == {"dropped": 1}
    assert office.post.sent == []


@pytest.mark.parametrize("error", [Unknown("timeout"), No("550 full")])
def test_a_person_may_have_a_mail_sent_once_more(office: Office, error: Exception) -> None:
    office.remind()
    office.post.fails = [error]
    office.sender.run()
    [row] = office.mails()
    kept = Mail(office.app.database)
    office.now += timedelta(days=4)
    again = kept.send_again(row["mail_id"], by="olga", at=office.now)
    assert (again["state"], again["log"][-1]["outcome"], again["log"][-1]["answer"]) == ("waiting", "again", "olga")
    assert office.sender.run() == {"sent": 1}
    with pytest.raises(Refused) as refused:
        kept.send_again(row["mail_id"], by="olga", at=office.now)
    assert refused.value.code == "mail.not-to-be-sent-again"
    with pytest.raises(NotFound):
        kept.send_again("nobody", by="olga", at=office.now)
