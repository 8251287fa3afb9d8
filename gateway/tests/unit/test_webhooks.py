"""Webhooks from the feed to the receiver: what, in which order, how often, and what is done when nobody takes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from gateway.tests.unit.hooks import ISSUED, PAID, Feeds, Office
from gateway.webhooks.posting import Answer
from services.errors import NotFound, Refused


def test_what_happens_from_now_on_comes_once_and_in_order(office: Office) -> None:
    office.feeds.happens("before")
    office.endpoint()
    for number in range(3):
        office.feeds.happens("s", number=number)
    assert office.runs() == {"delivered": 3}
    assert office.receiver.ids() == ["s@1", "s@2", "s@3"]
    assert office.runs() == {}
    office.feeds.happens("t", PAID)
    assert office.runs() == {"delivered": 1}


def test_from_the_first_event_of_all_where_it_is_wished(office: Office) -> None:
    office.feeds.happens("before")
    office.endpoint(from_start=True)
    office.runs()
    assert office.receiver.ids() == ["before@1"]


def test_the_body_is_the_envelope_and_anothers_library_verifies_its_signature(office: Office) -> None:
    event = office.feeds.happens("before")
    office.now = datetime.now(UTC)  # the library compares with the real clock
    id_ = office.endpoint(from_start=True)
    _, old = office.webhooks.rotate(id_, None, overlap=timedelta(), now=office.now)
    _, new = office.webhooks.rotate(id_, None, overlap=timedelta(hours=1), now=office.now)
    office.runs()
    body, headers = office.receiver.bodies[0], dict(office.receiver.headers[0])
    assert Webhook(old).verify(body, headers) == Webhook(new).verify(body, headers) == event
    for altered in (body.replace(b"c-A", b"c-B"), body + b" "):
        with pytest.raises(WebhookVerificationError):
            Webhook(new).verify(altered, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(office.seals.fresh()).verify(body, headers)


def test_a_stream_whose_delivery_fails_waits_and_others_flow(office: Office) -> None:
    office.endpoint()
    office.receiver.answers = lambda event: 500 if event["subject"] == "bad" else 200
    for stream in ("bad", "good", "bad", "good"):
        office.feeds.happens(stream)
    office.runs()
    assert office.receiver.ids() == ["bad@1", "good@1", "good@2"]
    assert office.waits() == [("bad", 1), ("bad", 0)]
    office.feeds.happens("bad")
    office.feeds.happens("good")
    office.runs(seconds=1)
    assert office.receiver.ids()[3:] == ["good@3"]
    office.receiver.answers = lambda _: 204
    office.runs(seconds=5)
    assert office.receiver.ids()[4:] == ["bad@1", "bad@2", "bad@3"]
    assert office.waits() == []


def test_it_is_tried_ever_later_and_with_the_same_id(office: Office) -> None:
    office.endpoint()
    office.receiver.answers = lambda _: 500
    office.feeds.happens("s")
    office.runs()
    for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 21600, 21600):
        assert office.runs(seconds=seconds - 1) == {}
        assert office.runs(seconds=1) == {"refused": 1}
    assert len({headers["webhook-id"] for headers in office.receiver.headers}) == 1
    assert len({headers["webhook-timestamp"] for headers in office.receiver.headers}) == 11
    assert [row["attempt"] for row in office.log()] == list(range(1, 12))


def test_an_event_refused_for_days_waits_for_a_person_while_others_flow(office: Office) -> None:
    id_ = office.endpoint()
    office.receiver.answers = lambda event: 500 if event["subject"] == "bad" else 200
    office.feeds.happens("bad")
    for _ in range(40):
        office.feeds.happens("good")
        office.runs(hours=6)
    assert office.notices() == [("webhook_stuck", "stuck")]
    assert office.state(id_) == ("active", "")
    [waiting] = office.webhooks.waiting(id_, None)
    assert (waiting["stuck"], waiting["due_at"], waiting["events"]) == (True, None, 1)
    tried = len(office.receiver.ids("bad"))
    office.feeds.happens("bad")
    office.runs(days=1)
    assert len(office.receiver.ids("bad")) == tried
    office.receiver.answers = lambda _: 200
    office.webhooks.resume(id_, None, office.now)
    office.runs()
    assert office.receiver.ids("bad")[-2:] == ["bad@1", "bad@2"]


def test_a_person_may_give_up_on_an_event(office: Office) -> None:
    id_ = office.endpoint()
    office.receiver.answers = lambda event: 400 if event["id"] == "s@1" else 200
    first = office.feeds.happens("s")
    office.feeds.happens("s")
    office.runs()
    place = {"service": "billing", "partition": 0, "offset": first["offset"]}
    office.webhooks.skip(id_, None, **place, now=office.now)
    office.runs()
    assert office.receiver.ids() == ["s@1", "s@2"]
    with pytest.raises(NotFound) as error:
        office.webhooks.skip(id_, None, **place, now=office.now)
    assert error.value.code == "webhook.not-waiting"


def test_who_does_not_answer_is_left_alone_and_asked_with_one_event_at_a_time(office: Office) -> None:
    id_ = office.endpoint()
    for number in range(20):
        office.feeds.happens(f"s{number}")
    office.receiver.answers = lambda _: None
    assert office.runs() == {"no-answer": 5}
    assert office.runs(seconds=29) == {}
    assert office.runs(seconds=1) == {"no-answer": 1}
    for seconds in (60, 120, 300, 600, 900, 900):
        assert office.runs(seconds=seconds - 1) == {}
        assert office.runs(seconds=1) == {"no-answer": 1}
    office.receiver.answers = lambda _: 200
    office.receiver.got.clear()
    office.runs(seconds=900)
    assert sorted(office.receiver.ids()) == sorted(f"s{number}@1" for number in range(20))
    assert (office.waits(), office.state(id_)) == ([], ("active", ""))


def test_a_dead_receiver_fills_no_table(office: Office) -> None:
    office.endpoint()
    office.receiver.answers = lambda _: 500
    for number in range(500):
        office.feeds.happens(f"s{number}")
    for _ in range(5):
        office.runs(seconds=1)
    assert len(office.waits()) == 100
    office.receiver.answers = lambda _: 200
    for _ in range(8):
        office.runs(minutes=30)
    assert sorted({*office.receiver.ids()}) == sorted(f"s{number}@1" for number in range(500))


def test_after_days_without_any_delivery_it_is_paused_and_people_are_told_once(office: Office) -> None:
    id_ = office.endpoint()
    office.receiver.answers = lambda _: None
    office.feeds.happens("s")
    for _ in range(600):
        office.runs(minutes=15)
    assert office.state(id_) == ("paused", "failing")
    assert office.notices() == [("webhook_paused", "failing")]
    office.feeds.happens("t")
    office.receiver.answers = lambda _: 200
    assert office.runs(days=1) == {}
    office.webhooks.resume(id_, None, office.now)
    assert office.runs() == {"delivered": 2}
    assert office.state(id_) == ("active", "")


def test_gone_pauses_at_once_and_keeps_what_was_not_taken(office: Office) -> None:
    id_ = office.endpoint()
    office.receiver.answers = lambda _: 410
    office.feeds.happens("s")
    office.feeds.happens("t")
    assert office.runs() == {"gone": 1}
    assert (office.state(id_), office.notices()) == (("paused", "gone"), [("webhook_paused", "gone")])
    office.receiver.answers = lambda _: 200
    office.webhooks.resume(id_, None, office.now)
    office.runs()
    assert office.receiver.ids() == ["s@1", "s@1", "t@1"]


def test_retry_after_is_honoured(office: Office) -> None:
    office.endpoint()
    office.receiver.answers = lambda _: Answer(429, 0.01, retry_after="3600")
    for number in range(3):
        office.feeds.happens(f"s{number}")
    assert office.runs() == {"no-answer": 1}
    assert office.runs(minutes=59) == {}
    office.receiver.answers = lambda _: 200
    office.runs(minutes=1)
    assert sorted(office.receiver.ids()[1:]) == ["s0@1", "s1@1", "s2@1"]


def test_a_redirect_is_no_delivery(office: Office) -> None:
    office.endpoint()
    office.receiver.answers = lambda _: 302
    office.feeds.happens("s")
    assert office.runs() == {"refused": 1}
    assert office.waits() == [("s", 1)]


@pytest.mark.parametrize(
    ("types", "more", "expected"),
    [
        (["*"], {}, ["i", "p", "r"]),
        (["billing.*"], {}, ["i", "p"]),
        (["billing.receivable.*"], {}, ["i"]),
        ([PAID], {}, ["p"]),
        ([PAID, "tickets.*"], {}, ["p", "r"]),
        (["*"], {"customers": ["B"]}, ["p"]),
        (["*"], {"contracts": ["c-A"]}, ["i", "r"]),
    ],
)
def test_an_endpoint_gets_what_its_filter_lets_through(
    office: Office, types: list[str], more: dict[str, Any], expected: list[str]
) -> None:
    office.endpoint(types, **more)
    office.feeds.happens("i", ISSUED)
    office.feeds.happens("p", PAID, customer_id="B", contract_id="c-B")
    office.feeds.happens("r", "tickets.request.opened")
    office.runs()
    assert sorted(each["subject"] for each in office.receiver.got) == expected


def test_whose_an_event_is_that_names_its_account_alone_is_asked(office: Office) -> None:
    office.endpoint(["billing.*"], customers=["B"])
    office.feeds.contracts = {"c-B": "B", "c-A": "A"}
    settled = "billing.receivable.settled"
    for account in ("c-A", "c-B", "nobody's"):
        office.feeds.happens(account, settled, account_id=account, contract_id=None, customer_id=None)
    office.runs()
    assert office.receiver.ids() == ["c-B@1"]


def test_a_rare_event_is_found_in_larger_and_larger_pages(office: Office) -> None:
    office.endpoint([PAID, "billing.run.*"])
    for number in range(3000):
        office.feeds.happens(f"s{number}")
    office.feeds.happens("p", PAID)
    office.runs()
    assert (office.receiver.ids(), office.feeds.pages) == (["p@1"], 5)


def test_send_again_from_an_offset_of_any_age(office: Office) -> None:
    id_ = office.endpoint()
    for number in range(5):
        office.feeds.happens("s", number=number)
    office.runs()
    office.webhooks.send_again(id_, None, service="billing", partition=0, offset=2)
    office.receiver.got.clear()
    first = office.receiver.headers[2]["webhook-id"]
    office.runs()
    assert office.receiver.ids() == ["s@3", "s@4", "s@5"]
    assert office.receiver.headers[5]["webhook-id"] == first
    office.webhooks.send_again(id_, None, service="billing", partition=0, offset=0)
    assert office.runs() == {"delivered": 5}
    office.feeds.happens("s")
    office.webhooks.send_again(id_, None, service="billing", partition=0, offset=6)
    assert office.runs() == {}
    for offset, service, code in ((7 + 1, "billing", "no-such-offset"), (0, "tickets", "not-heard")):
        with pytest.raises(Refused) as error:
            office.webhooks.send_again(id_, None, service=service, partition=0, offset=offset)
        assert error.value.code == f"webhook.{code}"


def test_sending_again_drops_what_waits_from_there_on(office: Office) -> None:
    id_ = office.endpoint()
    office.receiver.answers = lambda _: 500
    for stream in ("s", "t", "s"):
        office.feeds.happens(stream)
    office.runs()
    office.webhooks.send_again(id_, None, service="billing", partition=0, offset=1)
    assert office.waits() == [("s", 1)]
    office.receiver.answers = lambda _: 200
    office.receiver.got.clear()
    office.runs(seconds=5)
    office.runs()
    assert office.receiver.ids("s") == ["s@1", "s@2"]
    assert office.receiver.ids("t") == ["t@1"]


def test_another_history_is_not_mixed_with_the_one_that_was_followed(office: Office) -> None:
    id_ = office.endpoint()
    office.feeds.happens("s")
    office.receiver.answers = lambda event: 500 if event["subject"] == "bad" else 200
    office.feeds.happens("bad")
    office.runs()
    other = Feeds("other")
    for stream in ("x", "y", "z"):
        other.happens(stream)
    office.feeds.events, office.feeds.name = other.events, "other"
    office.runs()
    assert (office.state(id_), office.notices()) == (("paused", "diverged"), [("webhook_paused", "diverged")])
    with pytest.raises(Refused) as error:
        office.webhooks.resume(id_, None, office.now)
    assert error.value.code == "webhook.diverged"
    office.webhooks.send_again(id_, None, service="billing", partition=0, offset=1)
    office.runs()
    assert office.receiver.ids()[2:] == ["y@1", "z@1"]
    assert (office.state(id_), office.waits()) == (("active", ""), [])


def test_what_waits_is_never_taken_for_another_event_at_its_offset(office: Office) -> None:
    office.endpoint()
    office.receiver.answers = lambda _: 500
    office.feeds.happens("s")
    office.runs()
    other = Feeds("f")
    other.happens("x")
    office.feeds.events[("billing", 0)][0] = {
        **other.events[("billing", 0)][0],
        "chain": office.feeds.events[("billing", 0)][0]["chain"],
    }
    office.receiver.answers = lambda _: 200
    office.runs(seconds=5)
    assert (office.receiver.ids(), office.waits()) == (["s@1"], [])


def test_a_silent_service_holds_up_no_other(office: Office) -> None:
    office.endpoint(["billing.*", "tickets.*"])
    office.receiver.answers = lambda _: 500
    office.feeds.happens("s")
    office.runs()
    office.receiver.answers = lambda _: 200
    office.feeds.silent = {"billing"}
    office.feeds.happens("s")
    office.feeds.happens("r", "tickets.request.opened")
    office.runs(seconds=5)
    assert office.receiver.ids()[1:] == ["r@1"]
    assert office.waits() == [("s", 1)]  # not being able to ask is no attempt
    office.feeds.silent = set()
    office.runs(seconds=30)
    office.runs()
    assert office.receiver.ids()[2:] == ["s@1", "s@2"]


def test_of_two_workers_one_delivers(office: Office) -> None:
    office.endpoint()
    office.feeds.happens("s")
    other = office.another()
    seen: list[dict[str, int]] = []

    def meanwhile(_: dict[str, Any]) -> int:
        seen.append(other.run())
        return 200

    office.receiver.answers = meanwhile
    assert office.runs() == {"delivered": 1}
    assert (seen, other.run(), office.receiver.ids()) == ([{}], {}, ["s@1"])


def test_a_worker_that_was_killed_is_followed_by_another(office: Office) -> None:
    office.endpoint()
    office.feeds.happens("s")
    office.receiver.answers = _killed
    with pytest.raises(KeyboardInterrupt):
        _unreleased(office)
    office.receiver.answers = lambda _: 200
    other = office.another()
    assert other.run() == {}
    office.now += timedelta(minutes=4)
    assert other.run() == {"delivered": 1}
    assert office.receiver.ids() == ["s@1", "s@1"]


def _killed(_: dict[str, Any]) -> int:
    raise KeyboardInterrupt


def _unreleased(office: Office) -> None:
    """As a killed process leaves it: the claim stays."""
    office.worker._release = lambda _: None  # type: ignore[method-assign, assignment]
    office.worker.run()


def test_who_changes_an_endpoint_voids_what_is_under_way(office: Office) -> None:
    """Set back while a batch is delivered: the batch's place must not win."""
    id_ = office.endpoint()
    for _ in range(3):
        office.feeds.happens("s")
    office.runs()
    office.feeds.happens("s")

    def set_back(event: dict[str, Any]) -> int:
        if event["id"] == "s@4" and len(office.receiver.got) == 4:
            office.webhooks.send_again(id_, None, service="billing", partition=0, offset=0)
        return 200

    office.receiver.answers = set_back
    office.runs()
    office.runs()
    assert office.receiver.ids() == ["s@1", "s@2", "s@3", "s@4", "s@1", "s@2", "s@3", "s@4"]


def test_the_log_keeps_what_came_back_for_some_weeks(office: Office) -> None:
    office.endpoint()
    office.receiver.answers = lambda _: Answer(500, 0.25, text="no such invoice")
    office.feeds.happens("s")
    office.runs()
    [row] = office.log()
    told = {name: row[name] for name in ("source", "partition", "offset", "stream", "type", "attempt", "outcome")}
    assert told == {
        "source": "billing",
        "partition": 0,
        "offset": 0,
        "stream": "s",
        "type": ISSUED,
        "attempt": 1,
        "outcome": "refused",
    }
    assert (row["status"], row["answer"], row["milliseconds"]) == (500, "no such invoice", 250)
    office.receiver.answers = lambda _: 200
    office.runs(days=31)
    assert [row["status"] for row in office.log()] == [200]


def test_several_streams_at_a_time_and_each_in_its_order(office: Office) -> None:
    office.settings = replace(office.settings, parallel=8)
    office.worker = office.another()
    office.endpoint()
    for _ in range(10):
        for stream in range(8):
            office.feeds.happens(f"s{stream}")
    assert office.runs() == {"delivered": 80}
    for stream in range(8):
        assert office.receiver.ids(f"s{stream}") == [f"s{stream}@{version}" for version in range(1, 11)]
