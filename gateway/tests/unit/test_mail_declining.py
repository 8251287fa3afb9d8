"""Mail that a person may decline by one click, and mail that always comes; and other ways to people than mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from gateway.mail.channels import LoggingMessenger, Messenger, messenger_of, number_of
from gateway.mail.declining import TOPICS, Declined, topic_of
from gateway.mail.delivery import Later, Unknown
from gateway.mail.sender import MailSender
from gateway.tests.unit.test_mail import REMINDER, Office
from gateway.tests.unit.world import World

DONE = {"customer_id": "A", "contract_id": "c-A", "request_id": "q-A", "contact_id": "rui"}
REMINDED = {"customer_id": "A", "contract_id": "c-A", "evaluation_id": "e-A", "request_id": "q-A", "contact_id": "rui"}


@pytest.fixture
def office(world: World) -> Iterator[Office]:
    return Office(world)


def resolved(office: Office) -> None:
    office.happens("tickets.request.resolved", DONE)


def place(office: Office) -> str:
    """Where the last mail says it may be declined."""
    return str(office.post.sent[-1][1]["List-Unsubscribe"]).strip("<>")


def test_a_mail_that_may_be_declined_says_where_by_rfc_8058(office: Office) -> None:
    resolved(office)
    assert office.sender.run() == {"sent": 1}
    made = office.post.sent[0][1]
    sent = message_from_bytes(made.as_bytes(), policy=default)
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["List-Unsubscribe"] == f"<{place(office)}>"
    assert f"List-Unsubscribe: <{place(office)}>\r\n".encode() in made.as_bytes()  # neither folded nor encoded
    assert place(office) in sent.get_content()


def test_what_a_person_must_hear_of_says_nothing_of_the_kind(office: Office) -> None:
    office.remind()
    office.sender.run()
    assert office.post.sent[0][1]["List-Unsubscribe"] is None
    for template in (
        "reminder_1",
        "receivable_issued",
        "suspended",
        "renewal_offered",
        "price_offered",
        "request_opened",
    ):
        assert topic_of(template, {}) is None
    assert topic_of("evaluation_requested", {"tacit_at": "2026-03-09T12:00:00Z"}) is None
    assert topic_of("evaluation_requested", {}) == "evaluation"
    assert topic_of("deadline_near", {"role": "manager"}) is None


def test_one_click_ends_this_mail_and_no_other(office: Office, world: World) -> None:
    resolved(office)
    office.sender.run()
    web = world.client()
    token = place(office).rpartition("/")[2]
    token = world.flask.extensions["vigencia"].links.token(office.links.read(token))  # the web's own secret
    assert web.get(f"/u/{token}").status_code == 200
    assert Declined(office.app.database).topics(["rui"]) == set()  # a mail scanner followed the link
    clicked = web.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"})
    assert clicked.status_code == 200
    assert Declined(office.app.database).topics(["rui", "ana"]) == {"progress"}
    office.app.deliver([("tickets.request.resolved", {**DONE, "resolution": 2})], source="tickets", at=office.now)
    assert office.sender.run() == {"dropped": 1}
    office.happens("feedback.evaluation.reminded", REMINDED)
    assert office.sender.run() == {"sent": 1}
    web.post(f"/u/{token}", data={"again": "1"})
    assert Declined(office.app.database).topics(["rui"]) == set()


@pytest.mark.parametrize("kind", ["receivable", "evaluation"])
def test_another_links_token_declines_nothing(world: World, kind: str) -> None:
    from gateway.pages.links import Link

    links = world.flask.extensions["vigencia"].links
    web = world.client()
    assert web.post(f"/u/{links.token(Link(kind, 'progress', 'A', 'rui'))}").status_code == 404  # type: ignore[arg-type]
    assert web.get(f"/l/{links.token(Link('decline', 'progress', 'A', 'rui'))}").status_code == 404
    assert web.post("/u/nonsense").status_code == 404


def test_the_settings_bring_it_back(world: World) -> None:
    customer = world.client("ana")
    declined = customer.put("/api/v1/mail-topics", json={"declined": ["evaluation"]})
    assert declined.status_code == 200, declined.json
    assert {each["topic"]: each["declined"] for each in declined.json["items"]} == {
        "progress": False,
        "evaluation": True,
    }
    customer.put("/api/v1/mail-topics", json={"declined": []})
    assert not any(each["declined"] for each in customer.get("/api/v1/mail-topics").json["items"])
    assert customer.put("/api/v1/mail-topics", json={"declined": ["dunning"]}).status_code == 400


def test_who_is_erased_leaves_no_wish_behind(office: Office) -> None:
    kept = Declined(office.app.database)
    kept.decline("rui", "progress", how="page", at=office.now)
    office.happens("contracts.customer.erased", {"customer_id": "A", "person_ids": ["rui"]})
    office.sender.run()
    assert kept.topics(["rui"]) == set()


def test_a_sender_killed_between_sending_and_noting_tells_nobody_twice(office: Office) -> None:
    office.remind()
    note = MailSender._note

    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    MailSender._note = killed  # type: ignore[method-assign, assignment]
    try:
        with pytest.raises(Killed):
            office.sender.run()
    finally:
        MailSender._note = note  # type: ignore[method-assign]
    assert len(office.post.sent) == 1
    for minutes in (1, 10, 60 * 24):
        office.now += timedelta(minutes=minutes)
        office.sender.run()
    assert len(office.post.sent) == 1
    assert [row["state"] for row in office.mails()] == ["unknown"]


# -- the messenger -----------------------------------------------------------------------------------------------------


class Phone:
    """Keeps what it is given; ``fails`` are raised first."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.fails: list[Exception] = []

    def send(self, message_id: str, to: str, text: str, on_handing_over: Callable[[], None]) -> str:
        error = self.fails.pop(0) if self.fails else None
        if isinstance(error, Later):
            raise error
        on_handing_over()
        if error is not None:
            raise error
        self.sent.append((message_id, to, text))
        return f"accepted for {to}"


def sender(office: Office, messenger: Messenger | None) -> MailSender:
    settings, clock = office.settings, lambda: office.now
    return MailSender(office.app.database, office.post, settings, office.call, clock, office.links, None, messenger)


def test_a_contract_that_says_phone_is_obeyed_by_the_messenger_once(office: Office) -> None:
    office.people["ana"] = {**office.people["ana"], "phone": "(11) 98765-4321"}
    office.terms = {"communication": {"notices": [{"topic": "dunning", "channel": "phone", "rights": ["money"]}]}}
    phone = Phone()
    phone.fails = [Later("busy")]
    office.remind()
    assert sender(office, phone).run() == {"later": 1}
    office.now += timedelta(hours=1)
    assert sender(office, phone).run() == {"sent": 1}
    assert sender(office, phone).run() == {}
    [(_, number, text)] = phone.sent
    assert number == "+5511987654321"
    assert "R$ 60,00" in text
    assert "Olá" not in text
    assert office.post.sent == []
    assert "98765" not in str(office.mails())


def test_an_outcome_that_nobody_knows_is_not_tried_again(office: Office) -> None:
    office.people["ana"] = {**office.people["ana"], "phone": "+5511987654321"}
    phone = Phone()
    phone.fails = [Unknown("timeout")]
    office.happens("billing.receivable.reminder_sent", {**REMINDER, "level": 1, "channel": "whatsapp"})
    assert sender(office, phone).run() == {"unknown": 1}
    office.now += timedelta(days=1)
    assert sender(office, phone).run() == {}


@pytest.mark.parametrize(
    ("said", "number"),
    [("+55 11 90000-0004", "+5511900000004"), ("(11) 3456-7890", "+551134567890"), ("90000-0004", None), ("", None)],
)
def test_numbers_are_said_in_one_form(said: str, number: str | None) -> None:
    assert number_of({"phone": said}) == number


def test_the_setting_names_a_messenger_or_none() -> None:
    assert messenger_of({}) is None
    assert isinstance(messenger_of({"VIGENCIA_MESSENGER": "log"}), LoggingMessenger)
    made = messenger_of({"VIGENCIA_MESSENGER": f"{Phone.__module__}:Phone"})
    assert made is not None
    with pytest.raises(ValueError, match="no_such"):
        messenger_of({"VIGENCIA_MESSENGER": "no_such.module:Thing"})


def test_every_text_that_may_be_declined_is_one_of_ours() -> None:
    from gateway.mail.catalogue import TEMPLATES

    assert {template for templates in TOPICS.values() for template in templates} <= set(TEMPLATES)
