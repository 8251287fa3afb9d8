"""Mail from the event to the delivery: whom, once, when, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gateway.mail.delivery import Folder, Later, MailSettings, No, Unknown
from gateway.mail.sender import CLAIM, MailSender
from gateway.mail.tables import mail, mail_causes
from gateway.pages.links import Link, Links
from gateway.tests.unit.world import World
from services.errors import Unavailable

MONDAY = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)  # 10:00 in São Paulo
EVERYBODY = {
    "A": {"name": "Companhia A", "email": "contato@a.example", "kind": "customer"},
    "ana": {"name": "Ana", "email": "ana@a.example", "speaks_for": [{"customer_id": "A", "rights": ["money"]}]},
    "rui": {"name": "Rui", "email": "rui@a.example", "speaks_for": [{"customer_id": "A", "rights": ["requests"]}]},
}
REMINDER = {"customer_id": "A", "contract_id": "c-A", "receivable_id": "r-A", "on": "2026-03-02", "channel": "email"}


class Post:
    """Keeps what it is given; ``fails`` are raised first, ``late`` ones after the text was handed over."""

    repeatable = False

    def __init__(self) -> None:
        self.sent: list[tuple[str, EmailMessage]] = []
        self.fails: list[Exception] = []
        self.forgotten: list[str] = []

    def deliver(self, mail_id: str, message: EmailMessage, on_handing_over: Callable[[], None]) -> str:
        error = self.fails.pop(0) if self.fails else None
        if isinstance(error, Later):
            raise error
        on_handing_over()
        if error is not None:
            raise error
        self.sent.append((mail_id, message))
        return "250 OK"

    def forget(self, mail_id: str) -> None:
        self.forgotten.append(mail_id)

    def kept(self, mail_id: str) -> str | None:
        return None


class Office:
    """The furnished gateway with a sender, a clock, and contracts' answer about people."""

    def __init__(self, world: World) -> None:
        self.world, self.app = world, world.app
        self.post = Post()
        self.now = MONDAY
        self.people: dict[str, Any] = dict(EVERYBODY)
        self.answers = True
        self.terms: dict[str, Any] = {}
        self.contested = "0.00"
        self.settings = MailSettings()
        self.links = Links(b"a secret of thirty-two bytes or so", clock=lambda: self.now)

    @property
    def sender(self) -> MailSender:
        return MailSender(self.app.database, self.post, self.settings, self.call, lambda: self.now, self.links)

    def call(self, service: str, method: str, payload: Mapping[str, Any]) -> Any:
        if service == "billing":
            assert payload == {"query": "receivable", "params": {"receivable_id": "r-A"}}
            return {"as_of": {"balance": "60.00", "disputed_amount": self.contested}}
        assert (service, method) == ("contracts", "ask")
        if not self.answers:
            raise Unavailable("contracts")
        if payload["query"] == "contract":
            return {"terms": self.terms}
        assert payload["query"] == "people"
        ids = payload["params"].get("ids")
        return {"people": {id_: each for id_, each in self.people.items() if ids is None or id_ in ids}}

    def happens(self, kind: str, data: dict[str, Any], **options: Any) -> None:
        self.app.deliver([(kind, data)], source=kind.split(".")[0], at=options.pop("at", self.now), **options)

    def remind(self, level: int = 1, **options: Any) -> None:
        self.happens("billing.receivable.reminder_sent", {**REMINDER, "level": level}, **options)

    def mails(self) -> list[dict[str, Any]]:
        with self.app.database.read() as conn:
            return [dict(row) for row in conn.execute(select(mail).order_by(mail.c.recipient_id)).mappings()]

    def causes(self) -> int:
        with self.app.database.read() as conn:
            return len(conn.execute(select(mail_causes)).all())


@pytest.fixture
def office(world: World) -> Iterator[Office]:
    return Office(world)


def test_a_reminder_is_told_to_those_who_answer_for_money(office: Office) -> None:
    office.remind()
    assert office.sender.run() == {"sent": 1}
    [(_, message)] = office.post.sent
    assert str(message["To"]) == "Ana <ana@a.example>"
    assert "12/01/2026" in message["Subject"]
    assert "R$ 60,00" in message.get_content()
    assert message["X-Correlation-ID"] == "test"


def test_a_reminder_brings_its_reader_to_the_receivable_without_a_login(office: Office) -> None:
    office.remind()
    office.sender.run()
    [(_, message)] = office.post.sent
    [address] = [word for word in message.get_content().split() if word.startswith(office.settings.public_url)]
    link = office.links.read(address.rpartition("/l/")[2])
    assert link == Link("receivable", REMINDER["receivable_id"], REMINDER["customer_id"], "ana")


def test_without_such_a_contact_the_customer_is_told(office: Office) -> None:
    del office.people["ana"]
    office.remind()
    office.sender.run()
    assert [str(message["To"]) for _, message in office.post.sent] == ["Companhia A <contato@a.example>"]


def test_each_level_has_a_text_of_its_own(office: Office) -> None:
    for level in (1, 2, 3, 9):
        office.remind(level)
    office.sender.run()
    assert [row["template"] for row in office.mails()] == ["reminder_1", "reminder_2", "reminder_3", "reminder_3"]


def test_the_contract_s_words_stand_in_the_place_of_the_usual_ones(office: Office) -> None:
    office.terms = {"dunning": [{"level": 1, "days": 3, "text": "Faltou {balance}; {50% de desconto} não há."}]}
    office.remind()
    office.sender.run()
    [(_, message)] = office.post.sent
    assert "Faltou {balance}; {50% de desconto} não há." in message.get_content()
    assert message.get_content().startswith("Olá, Ana.")
    office.terms = {"dunning": [{"level": 2, "days": 8, "text": "Faltam {balance}."}]}
    office.now += timedelta(days=1)
    office.remind(2)
    office.sender.run()
    assert "Faltam R$ 60,00." in office.post.sent[1][1].get_content()


def test_a_contract_says_who_is_told_of_what(office: Office) -> None:
    office.terms = {"communication": {"notices": [{"topic": "dunning", "channel": "email", "rights": ["requests"]}]}}
    office.remind()
    office.sender.run()
    assert [str(message["To"]) for _, message in office.post.sent] == ["Rui <rui@a.example>"]
    office.terms = {"communication": {"notices": [{"topic": "dunning", "channel": "phone"}]}}
    office.remind(2)
    assert office.sender.run() == {}
    office.terms = {"communication": {"notices": [{"topic": "charge", "channel": "phone"}]}}
    office.remind(3)
    office.sender.run()
    assert [str(message["To"]) for _, message in office.post.sent][1:] == ["Ana <ana@a.example>"]


def test_a_contract_says_at_which_hours_and_in_which_language(office: Office) -> None:
    office.terms = {"communication": {"opens": "14:30", "closes": "18:00", "language": "en"}}
    office.remind()
    assert office.sender.run() == {"waiting": 1}
    office.now += timedelta(hours=5)  # 15:00
    office.sender.run()
    [(_, message)] = office.post.sent
    assert message["Content-Language"] == "en"


def test_the_same_event_again_is_told_once(office: Office) -> None:
    office.remind()
    office.sender.run()
    office.app._versions.clear()  # the same event ids come again, as after a rebuild that asks for them all
    office.remind()
    assert office.causes() == 1
    assert office.sender.run() == {}
    assert len(office.post.sent) == 1


def test_two_senders_at_once_send_once(office: Office) -> None:
    office.remind()
    first, second = office.sender, office.sender
    inner: list[dict[str, int]] = []
    deliver = office.post.deliver

    def meanwhile(*args: Any) -> str:
        inner.append(second.run())
        return deliver(*args)

    office.post.deliver = meanwhile  # type: ignore[method-assign]
    assert first.run() == {"sent": 1}
    assert inner == [{}]
    assert len(office.post.sent) == 1


def test_imported_history_and_what_is_long_ago_is_told_to_nobody(office: Office) -> None:
    office.remind(historical=True)
    assert office.causes() == 0
    office.remind(at=MONDAY - timedelta(days=8))
    assert office.sender.run() == {}
    assert office.mails() == []


def test_who_came_suspended_from_another_system_was_told_there(office: Office) -> None:
    suspended = {"customer_id": "A", "contract_id": "c-A", "on": "2026-02-10", "reason": "default", "note": ""}
    office.happens("contracts.contract.suspended", {**suspended, "taken_over": True})
    assert office.causes() == 0
    office.happens("contracts.contract.suspended", suspended)
    assert office.causes() == 1


def test_another_channel_is_not_mail(office: Office) -> None:
    for channel in ("whatsapp", "letter"):
        office.happens("billing.receivable.reminder_sent", {**REMINDER, "level": 1, "channel": channel})
    assert office.sender.run() == {}
    assert office.mails() == []


def test_at_night_and_on_a_holiday_a_reminder_waits(office: Office) -> None:
    office.now = datetime(2026, 4, 2, 23, 30, tzinfo=UTC)  # Thursday 20:30, Good Friday is next
    office.remind()
    assert office.sender.run() == {"waiting": 1}
    office.now = datetime(2026, 4, 4, 13, 0, tzinfo=UTC)
    assert office.sender.run() == {}
    office.now = datetime(2026, 4, 6, 11, 0, tzinfo=UTC)
    assert office.sender.run() == {"sent": 1}


def test_what_is_paid_before_it_is_sent_is_not_reminded_of(office: Office) -> None:
    office.now = MONDAY.replace(hour=2)
    office.remind()
    office.sender.run()
    office.happens("billing.receivable.settled", {"receivable_id": "r-A", "on": "2026-03-02", "days_late": 0})
    office.now = MONDAY
    assert office.sender.run() == {"dropped": 1}
    assert office.post.sent == []


def test_a_receivable_that_our_views_do_not_show_yet_is_waited_for(office: Office) -> None:
    office.happens("billing.receivable.reminder_sent", {**REMINDER, "level": 1, "receivable_id": "r-new"})
    assert office.sender.run() == {"waiting": 1}
    office.now += timedelta(minutes=1)
    office.world.happened(
        "billing.receivable.issued",
        {"receivable_id": "r-new", "contract_id": "c-A", "customer_id": "A", "number": "9", "net": "10.00"},
    )
    assert office.sender.run() == {"sent": 1}


def test_a_server_that_is_busy_is_tried_again_ever_later_and_given_up_after_days(office: Office) -> None:
    office.remind()
    office.post.fails = [Later("451 try later") for _ in range(99)]
    waits = []
    while office.mails() == [] or office.mails()[0]["state"] == "waiting":
        office.sender.run()
        [row] = office.mails()
        waits.append(row["due_at"] - office.now)
        office.now = row["due_at"]
    assert row["state"] == "given_up"
    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]
    assert row["attempts"] == len(row["log"]) - 1
    assert office.now - MONDAY > timedelta(days=3)


def test_a_refusal_is_final_and_kept_without_the_address(office: Office) -> None:
    office.remind()
    office.post.fails = [No("550 <ana@a.example> unknown user ana")]
    assert office.sender.run() == {"refused": 1}
    [row] = office.mails()
    [entry] = row["log"]
    assert "ana" not in entry["answer"]
    office.now += timedelta(days=1)
    assert office.sender.run() == {}


def test_what_may_have_been_delivered_is_not_sent_again(office: Office) -> None:
    office.remind()
    office.post.fails = [Unknown("timeout")]
    assert office.sender.run() == {"unknown": 1}
    office.now += timedelta(days=1)
    assert office.sender.run() == {}


def test_a_sender_that_ended_before_the_answer_leaves_an_unknown_mail(office: Office) -> None:
    office.remind()
    office.post.fails = [KeyError("killed")]
    with pytest.raises(KeyError):
        office.sender.run()
    assert office.mails()[0]["state"] == "sending"
    assert office.sender.run() == {}
    office.now += CLAIM + timedelta(seconds=1)
    office.sender.run()
    assert office.mails()[0]["state"] == "unknown"
    assert office.post.sent == []


def test_who_is_erased_before_it_is_sent_gets_nothing_and_what_is_kept_goes(office: Office) -> None:
    office.remind()
    office.sender.run()
    office.now = MONDAY.replace(hour=2) + timedelta(days=1)
    office.remind(2)
    office.sender.run()
    del office.people["ana"]
    office.happens("contracts.customer.erased", {"customer_id": "A", "person_ids": ["A", "ana"]})
    office.now = MONDAY + timedelta(days=1)
    assert office.sender.run() == {}
    assert sorted(row["state"] for row in office.mails()) == ["dropped", "sent"]
    assert set(office.post.forgotten) == {row["mail_id"] for row in office.mails()}


def test_while_contracts_does_not_answer_all_waits_and_nothing_is_lost(office: Office) -> None:
    office.remind()
    office.answers = False
    with pytest.raises(Unavailable):
        office.sender.run()
    office.answers = True
    assert office.sender.run() == {"sent": 1}


def test_the_one_who_opened_a_request_is_told_of_it(office: Office) -> None:
    opened = {"request_id": "q-9", "contract_id": "c-A", "customer_id": "A", "protocol": "2026-9", "opened_by": "rui"}
    office.happens("tickets.request.opened", {**opened, "at": MONDAY.isoformat()})
    office.sender.run()
    assert [str(message["To"]) for _, message in office.post.sent] == ["Rui <rui@a.example>"]


def test_a_price_to_accept_is_told_to_those_who_may_accept_it(office: Office) -> None:
    """With the right to money or to approval; the sentence that they accept stands in it."""
    office.people = {
        **office.people,
        "eva": {"name": "Eva", "email": "eva@a.example", "customers": {"A": ["approval"]}},
    }
    offered = {"request_id": "q-A", "contract_id": "c-A", "customer_id": "A", "price_text": "a R$ 120,00 por hora."}
    office.happens("tickets.request.price_offered", {**offered, "at": MONDAY.isoformat()})
    office.sender.run()
    told = {str(message["To"]): message.get_content() for _, message in office.post.sent}
    assert all("a R$ 120,00 por hora." in text for text in told.values())
    [address] = [word for word in told["Ana <ana@a.example>"].split() if word.startswith(office.settings.public_url)]
    assert office.links.read(address.rpartition("/l/")[2]) == Link("price", "q-A", "A", "ana")


def test_a_contract_may_be_told_in_english(office: Office) -> None:
    office.settings = MailSettings(lang="en")
    told = {
        "contract_id": "c-A",
        "customer_id": "A",
        "on": "2026-03-02",
        "suspend_on": "2026-03-09",
        "reason": "default",
    }
    office.happens("contracts.contract.suspension_notified", told)
    office.sender.run()
    [(_, message)] = office.post.sent
    assert "will be suspended on 9 March 2026" in message.get_content().replace("\n", " ")


def test_no_row_holds_a_name_or_an_address(office: Office) -> None:
    office.remind()
    office.sender.run()
    assert "Ana" not in repr(office.mails())
    assert "@a.example" not in repr(office.mails())


# -- texts over HTTP ---------------------------------------------------------------------------------------------------


def test_the_company_changes_previews_and_resets_a_text(office: Office) -> None:
    client, path = office.world.client("manager"), "/api/v1/mail-texts/reminder_1/pt-BR"
    words = {"subject": "Conta {number}", "body": "{person}: {balance} até {due_on}"}
    asked = {**words, "receivable_id": "r-A"}
    shown = client.post(f"{path}/preview", json=asked).json
    assert shown == {"subject": "Conta 1", "body": "Maria: R$ 60,00 até 12/01/2026"}
    assert client.put(path, json=words).json["own"] is True
    office.remind()
    office.sender.run()
    assert office.post.sent[0][1]["Subject"] == "Conta 1"
    assert client.delete(path).json["own"] is False
    items = client.get("/api/v1/mail-texts").json["items"]
    assert not any(item["own"] for item in items)


@pytest.mark.parametrize("body", ["{password}", "{person", "{person.__class__}"])
def test_a_text_that_names_what_is_no_fact_is_refused(office: Office, body: str) -> None:
    answer = office.world.client("manager").put("/api/v1/mail-texts/reminder_1/en", json={"subject": "x", "body": body})
    assert answer.status_code == 400
    assert answer.json["problems"][0]["path"] == "body"


def test_operators_see_mail_and_what_became_of_it(office: Office) -> None:
    office.remind()
    office.sender.run()
    client = office.world.client("operator")
    [item] = client.get("/api/v1/mail?state=sent").json["items"]
    whole = client.get(f"/api/v1/mail/{item['mail_id']}").json
    assert (whole["recipient_id"], whole["log"][0]["answer"]) == ("ana", "250 OK")
    assert client.get("/api/v1/mail/nothing").status_code == 404
    assert client.get("/api/v1/mail?state=waiting").json["items"] == []


def test_the_catcher_keeps_a_file_and_forgets_it(office: Office, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "mail")
    office.post = folder  # type: ignore[assignment]
    office.remind()
    office.sender.run()
    [row] = office.mails()
    assert "ana@a.example" in (folder.kept(row["mail_id"]) or "")
    office.happens("contracts.customer.erased", {"customer_id": "A", "person_ids": ["ana"]})
    office.sender.run()
    assert folder.kept(row["mail_id"]) is None
