"""Visits at the gateway: the calendar that other programs read, and commands on behalf of a contract."""

from __future__ import annotations

from datetime import date
from typing import Any

from icalendar import Calendar

from gateway.calendars import calendar_of, link_of, reader_of
from gateway.identity.users import User
from gateway.tests.unit.world import World

SECRET = b"s" * 32


def test_a_link_names_its_user_and_no_other_can_be_made_from_it() -> None:
    link = link_of(SECRET, "ana")
    assert reader_of(SECRET, link) == "ana"
    assert reader_of(SECRET, link_of(SECRET, "bob").split(".")[0] + "." + link.split(".")[1]) is None
    assert reader_of(b"t" * 32, link) is None
    assert reader_of(SECRET, "nonsense") is None


def read(world: World, user: User, customers: list[str], lang: str = "en") -> list[Any]:
    text = calendar_of(world.flask.extensions["vigencia"].backend, user, customers, lang, date(2026, 3, 2))
    return list(Calendar.from_ical(text).walk("VEVENT"))


def test_a_customers_calendar_holds_only_his_own_visits(world: World) -> None:
    bob = User("bob", "bob", "Bob", ("contact",), ({"customer_id": "B", "contact_id": "bob"},))
    (event,) = read(world, bob, ["B"], "pt-BR")
    assert str(event["uid"]) == "v-B@vigencia"
    assert str(event["summary"]) == "Preventiva"
    assert event["dtstart"].dt.isoformat() == "2026-03-10T08:00:00-03:00"


def test_one_that_left_a_closed_day_says_which_and_why(world: World) -> None:
    days = {"on": "2026-03-11", "former_on": "2026-03-10", "opens": "08:00", "closes": "12:00"}
    why = {"reason": "Aniversário da cidade, 2026-03-10", "by": "contract", "cause": "closed_day"}
    of = {"visit_id": "v-B", "contract_id": "c-B", "customer_id": "B", "at": "2026-03-02T12:00:00+00:00"}
    world.happened("tickets.visit.moved", {**of, **days, **why})
    bob = User("bob", "bob", "Bob", ("contact",), ({"customer_id": "B", "contact_id": "bob"},))
    (event,) = read(world, bob, ["B"], "pt-BR")
    assert event["dtstart"].dt.isoformat() == "2026-03-11T08:00:00-03:00"
    assert str(event["description"]) == "Remarcada; era em 10/03/2026. Aniversário da cidade, 2026-03-10"
    technician = read(world, User("technician", "technician", "T", ("technician",)), [])
    assert {event["dtstart"].dt.day for event in technician} == {10, 11}
    (item,) = world.client("bob").get("/api/v1/visits").json["items"]
    assert (item["moved_by"], item["former_on"]) == ("contract", "2026-03-10")


def test_a_technicians_calendar_holds_what_is_assigned_to_him(world: World) -> None:
    technician = User("technician", "technician", "T", ("technician",))
    events = read(world, technician, [])
    assert {str(event["uid"]) for event in events} == {"v-A@vigencia", "v-B@vigencia"}
    assert {str(event["summary"]) for event in events} == {"Companhia A · Preventiva", "Companhia B · Preventiva"}
    other = User("other", "other", "O", ("technician",))
    assert read(world, other, []) == []


def test_a_visit_is_moved_by_its_customer_with_the_contract_that_it_belongs_to(world: World) -> None:
    answer = world.client("ana").post("/api/v1/visits/v-A/move", json={"on": "2026-03-12", "reason": "Feira no local"})
    assert answer.status_code == 200
    (sent,) = world.services.commands()
    assert (sent["command"], sent["payload"]["contract_id"], sent["actor"]) == ("move_visit", "c-A", "contact:ana")


def test_a_list_shows_what_is_due_when_and_where(world: World) -> None:
    (item,) = world.client("ana").get("/api/v1/visits?since=2026-03-01&until=2026-03-31").json["items"]
    assert (item["visit_id"], item["on"], item["opens"], item["status"]) == ("v-A", "2026-03-10", "08:00", "planned")
    assert world.client("ana").get("/api/v1/visits?since=2026-03-11").json["items"] == []
