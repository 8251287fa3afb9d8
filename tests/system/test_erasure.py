"""A customer is erased: nothing of the persons can be read in any service, and the money stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.world import CONTACT, CONTRACT, CUSTOMER, World

AS_CONTACT = f"contact:{CONTACT}"
SECRETS = {
    "the customer's name": "Maria Helena Souza",
    "CPF": "52998224725",
    "CPF as written": "529.982.247-25",
    "the customer's e-mail": "helena@exemplo.example",
    "phone": "90000-0004",
    "address": "Rua das Flores",
    "the contact's name": "Otávio Barreto",
    "the contact's e-mail": "otavio@exemplo.example",
    "what was asked for": "ventilador do quarto azul",
    "a note": "a chave fica com a vizinha",
    "the comment": "o técnico sujou o tapete",
    "the reason of the contest": "o ventilador vibra ainda",
}


@pytest.fixture
def lived(world: World) -> World:
    """A contract that was billed and paid, a request with the customer's words, a contest, a low score."""
    world.sign()
    world.do("billing", "bill_month", account_id=CONTRACT, month="2026-03")
    world.do("billing", "record_payment", account_id=CONTRACT, payment_id="pay-1", amount="400.00", method="pix")
    world.open_request(description=f"O {SECRETS['what was asked for']} faz barulho.")
    note = {"request_id": "req-1", "note_id": "note-1", "text": f"Atenção: {SECRETS['a note']}."}
    world.do("tickets", "add_note", actor=AS_CONTACT, **note)
    said = {"by": CONTACT, "reason": SECRETS["the reason of the contest"]}
    world.do("feedback", "contest_service", actor=AS_CONTACT, evaluation_id=world.resolve(), **said)
    rated = {"by": CONTACT, "score": 1, "comment": SECRETS["the comment"]}
    world.do("feedback", "rate_service", actor=AS_CONTACT, evaluation_id=world.resolve(), **rated)
    return world


def erase(world: World) -> None:
    world.do("contracts", "erase_customer", customer_id=CUSTOMER)


def found(cells: Iterator[tuple[str, str]], secrets: dict[str, str] = SECRETS) -> dict[str, str]:
    """Where something personal can be read."""
    return {
        what: place
        for place, value in cells
        for what, secret in secrets.items()
        if secret.lower() in value.lower() or secret.encode("unicode_escape").decode() in value
    }


def test_before_the_erasure_people_are_read_by_those_who_may(lived: World) -> None:
    """So that the test below says something: the words are there, and can be read."""
    people = lived.ask("contracts", "people", ids=[CUSTOMER, CONTACT])["people"]
    assert people[CUSTOMER]["name"] == SECRETS["the customer's name"]
    assert SECRETS["what was asked for"] in lived.request("req-1")["description"]
    assert SECRETS["a note"] in lived.request("req-1")["notes"][0]["text"]
    assert "the comment" in found(lived.cells())


def test_events_never_hold_personal_data_in_the_clear(lived: World) -> None:
    """Sealed before they are hashed, stored or sent, long before anybody is erased."""
    never = (".events.", ".feed.", ".commands.", ".parked_events.", ".outbox.", ".refusals.", ".due.")
    assert found((place, value) for place, value in lived.cells() if any(part in place for part in never)) == {}
    told = [str(event) for service in lived.system.apps for event in lived.feed(service)]
    assert found(("feed", event) for event in told) == {}


def test_an_erased_customer_is_unreadable_in_every_service(lived: World) -> None:
    """In no table of any store, and in no answer."""
    erase(lived)
    assert found(lived.cells()) == {}
    answers = [
        lived.ask("contracts", "customer", customer_id=CUSTOMER),
        lived.ask("contracts", "people", ids=[CUSTOMER, CONTACT]),
        lived.ask("contracts", "customers"),
        lived.request("req-1"),
        lived.ask("tickets", "requests"),
        lived.ask("feedback", "evaluation", request_id="req-1"),
        lived.ask("billing", "account", account_id=CONTRACT),
    ]
    assert found(("answer", str(answer)) for answer in answers) == {}


def test_every_service_sets_its_tombstones(lived: World) -> None:
    """Also for persons of whom it never heard: no key can be made for them again."""
    erase(lived)
    for name, app in lived.system.apps.items():
        assert {CUSTOMER, CONTACT} <= set(app.vault.tombstones()), name


def test_the_money_stays_after_an_erasure(lived: World) -> None:
    before = [lived.ask("billing", "statement", account_id=CONTRACT), lived.receivables()]
    erase(lived)
    assert [lived.ask("billing", "statement", account_id=CONTRACT), lived.receivables()] == before
    assert before[0]["balance"] == "600.00"


def test_the_chains_hold_after_an_erasure(lived: World) -> None:
    """The hashes cover what is sealed, not what it says."""
    erase(lived)
    for service in lived.system.apps:
        assert lived.system.call(service, "operate", {"action": "verify"})["ok"], service


def test_files_hold_no_erased_words(lived: World, tmp_path: Path) -> None:
    """Not even in pages that SQLite has freed: whoever copies the files finds nothing."""
    erase(lived)
    lived.close()
    read: dict[str, str] = {}
    for file in sorted((tmp_path / "store").glob("*.db*")):
        read |= found(iter([(file.name, file.read_bytes().decode("utf-8", "replace"))]))
    assert read == {}


def test_an_erased_contact_leaves_his_customer_and_the_others_words_stay(lived: World) -> None:
    """One person of a company asks to be forgotten: of him nothing can be read anywhere, of the customer all."""
    lived.do("contracts", "erase_contact", customer_id=CUSTOMER, contact_id=CONTACT)
    own = ("the contact's name", "the contact's e-mail", "what was asked for", "a note", "the comment")
    gone = {what: SECRETS[what] for what in own}
    assert found(lived.cells(), gone) == {}
    people = lived.ask("contracts", "people", ids=[CUSTOMER, CONTACT])["people"]
    assert (people[CUSTOMER]["name"], CONTACT in people) == (SECRETS["the customer's name"], False)
    for name, app in lived.system.apps.items():
        assert CONTACT in set(app.vault.tombstones()), name
        assert CUSTOMER not in set(app.vault.tombstones()), name
    assert lived.ask("billing", "statement", account_id=CONTRACT)["balance"] == "600.00"


def test_what_a_person_takes_away_is_all_that_is_his_until_he_is_erased(lived: World) -> None:
    def taken() -> str:
        asked = {"action": "personal", "person": CONTACT}
        return str([lived.system.call(service, "operate", asked) for service in lived.system.apps])

    before = taken()
    for what in ("the contact's name", "the contact's e-mail", "what was asked for", "a note", "the comment"):
        assert SECRETS[what] in before, what
    assert SECRETS["the customer's name"] not in before
    lived.do("contracts", "erase_contact", customer_id=CUSTOMER, contact_id=CONTACT)
    assert all(secret not in taken() for secret in SECRETS.values())
