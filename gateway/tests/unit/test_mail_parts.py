"""The pure parts of mail: allowed hours, texts, addresses, delays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.mail.catalogue import LANGUAGES, TEMPLATES, Text, placeholders
from gateway.mail.hours import Hours, is_business_day, next_allowed
from gateway.mail.render import filled
from gateway.mail.sender import address, delay_after

SAO_PAULO = "America/Sao_Paulo"


def utc(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "business", "expected"),
    [
        (utc(2, 12), False, utc(2, 12)),  # 09:00 on a Monday
        (utc(2, 10, 59), False, utc(2, 11)),  # 07:59 → 08:00
        (utc(2, 22, 59), False, utc(2, 22, 59)),  # 19:59
        (utc(2, 23), False, utc(3, 11)),  # 20:00 → tomorrow
        (utc(3, 2), False, utc(3, 11)),  # 23:00 of the 2nd → the 3rd
        (utc(6, 23), False, utc(7, 11)),  # Friday night → Saturday, where that is allowed
        (utc(6, 23), True, utc(9, 11)),  # → Monday
        (utc(3, 12, month=4), True, utc(6, 11, month=4)),  # Good Friday → Monday
    ],
)
def test_mail_goes_out_by_day_and_reminders_on_business_days(at: datetime, business: bool, expected: datetime) -> None:
    assert next_allowed(at, Hours(), SAO_PAULO, business=business) == expected


def test_the_hours_are_those_of_the_contracts_place() -> None:
    assert next_allowed(utc(2, 11), Hours(), "America/Manaus", business=False) == utc(2, 12)
    assert next_allowed(utc(2, 11), Hours(), SAO_PAULO, business=False) == utc(2, 11)


def test_a_holiday_of_a_state_counts_there_only() -> None:
    revolution = date(2026, 7, 9)
    assert not is_business_day(revolution, "SP")
    assert is_business_day(revolution, "RJ")
    assert is_business_day(revolution, "nowhere")


def test_hours_that_never_come_are_refused() -> None:
    with pytest.raises(ValueError):
        Hours(20, 8)


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.name)
def test_every_text_names_only_facts_of_its_template(template) -> None:  # type: ignore[no-untyped-def]
    assert set(template.texts) == set(LANGUAGES)
    for text in template.texts.values():
        assert placeholders(text.subject) | placeholders(text.body) <= set(template.facts)


@pytest.mark.parametrize("bad", ["{", "}", "{}", "{0}", "{a.b}", "{a[0]}", "{a!r}", "{a:>9}"])
def test_braces_hold_a_name_and_nothing_else(bad: str) -> None:
    with pytest.raises(ValueError):
        placeholders(bad)


def test_amounts_and_days_are_written_as_the_reader_writes_them() -> None:
    facts = {"balance": Decimal("1234.50"), "due_on": date(2026, 3, 9)}
    text = Text("{balance}", "{due_on} {missing}")
    assert filled(text, facts, "pt-BR") == Text("R$ 1.234,50", "09/03/2026 —")
    assert filled(text, facts, "en") == Text("R$1,234.50", "9 March 2026 —")


def test_a_subject_stays_one_line_whatever_a_name_brings() -> None:
    assert (
        filled(Text("{person}", ""), {"person": "Ana\r\nBcc: eva@x.example"}, "en").subject == "Ana Bcc: eva@x.example"
    )


@pytest.mark.parametrize("email", [None, "", "ana", "a@b@c", "ana@", "@x.example", "ána@x.example"])
def test_who_has_no_address_gets_no_mail(email: str | None) -> None:
    assert address({"name": "Ana", "email": email}) is None


def test_who_was_erased_gets_no_mail() -> None:
    assert address(None) is None


def test_delays_grow_and_stay_bounded() -> None:
    delays = [delay_after(attempts) for attempts in range(1, 12)]
    assert delays == sorted(delays)
    assert delays[0] == timedelta(minutes=1)
    assert delays[-1] == timedelta(hours=6)
