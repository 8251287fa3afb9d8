"""What must be true after every fault, once all is at rest: computed from the sources' events, never from a view."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from services.codec import chain_hash
from tests.faults import money
from tests.faults.books import WRITERS, Books, by_partition, subscriptions
from tests.faults.driver import Driver
from tests.faults.harness import SERVICES
from tests.faults.journeys import Journey
from tests.faults.witness import SOURCES


def prove(books: Books, driver: Driver, journeys: list[Journey]) -> None:
    """Waits for rest, then checks everything that this file and ``money`` know."""
    books.wait_for_rest()
    nobody_is_needed(books)
    every_event_has_one_place_in_its_feed(books)
    every_subscriber_stands_at_the_heads(books)
    the_witness_saw_every_event_once_and_in_order(books)
    the_witness_reacted_to_every_payment_once(books)
    requests_and_verdicts_agree(books, journeys)
    coverage_agrees(books)
    money.accounts_agree(books, journeys)
    money.billing_views_agree(books)
    money.gateway_agrees(books)
    every_store_verifies(driver)
    every_accepted_command_is_there(driver)


def nobody_is_needed(books: Books) -> None:
    """Nothing is parked, stopped, diverged or discarded, and no policy's command was refused by a rule."""
    for service in SERVICES:
        for table in ("parked_streams", "parked_events", "discarded_events", "subscription_states", "refusals"):
            assert books.rows(service, f"SELECT * FROM {table}") == [], f"{service}.{table}"


def every_event_has_one_place_in_its_feed(books: Books) -> None:
    """Offsets without gaps, every event exactly once in its own partition and in its stream's order, chains right."""
    for service in WRITERS:
        events, feed, heads = books.events(service), books.feed(service), books.heads(service)
        hashes = {(each["stream"], each["version"]): each["hash"] for each in events}
        expected = by_partition(events)
        for partition, rows in feed.items():
            where = f"{service}.{partition}"
            assert [row["offset"] for row in rows] == list(range(len(rows))), where
            places = [(row["stream"], row["version"]) for row in rows]
            assert len(set(places)) == len(places), where
            assert set(places) == expected[partition], where
            last: dict[str, int] = {}
            chain = ""
            for row in rows:
                assert row["version"] == last.get(row["stream"], 0) + 1, f"{where}: {row['stream']}"
                last[row["stream"]] = row["version"]
                chain = chain_hash(chain, hashes[row["stream"], row["version"]])
                assert row["chain"] == chain, f"{where}/{row['offset']}"
            head = heads[partition]
            assert (head["offset"], head["chain"], head["published"]) == (len(rows) - 1, chain, len(rows) - 1), where


def every_subscriber_stands_at_the_heads(books: Books) -> None:
    """Same offset, same chain, same feed, for every subscription and partition."""
    heads = {service: books.heads(service) for service in WRITERS}
    ids = {service: books.feed_id(service) for service in WRITERS}
    for service in SERVICES:
        known = books.checkpoints(service)
        for subscription, partition in subscriptions(service):
            source = subscription.source
            here, head = known[subscription.name, source, partition], heads[source][partition]
            feed = ids[source] if head["offset"] >= 0 else here["feed"]
            wanted = (head["offset"], head["chain"], feed)
            assert (here["offset"], here["chain"], here["feed"]) == wanted, f"{service} {subscription.name} {partition}"


def the_witness_saw_every_event_once_and_in_order(books: Books) -> None:
    for source in SOURCES:
        expected = {f"{each['stream']}@{each['version']}": 1 for each in books.events(source)}
        rows = books.rows("witness", "SELECT event, times FROM seen WHERE source = %s", source)
        assert {row["event"]: row["times"] for row in rows} == expected, source
    for table in ("partitions", "streams"):
        assert books.rows("witness", f"SELECT * FROM {table} WHERE jumps > 0") == []


def the_witness_reacted_to_every_payment_once(books: Books) -> None:
    """Its rule would make a new event each time; so one event a payment means that the policy acted once."""
    paid = {each["payment_id"]: Decimal(each["amount"]) for each in books.told("billing.payment.received")}
    noted = [(each["payment_id"], Decimal(each["amount"])) for each in books.told("witness.tally.noted")]
    assert sorted(noted) == sorted(paid.items())


def requests_and_verdicts_agree(books: Books, journeys: list[Journey]) -> None:
    """Feedback asked once for each resolution; each verdict closed or reopened its request; lists say the same."""
    resolved = [(each["request_id"], each["resolution"]) for each in books.told("tickets.request.resolved")]
    asked = [(each["request_id"], each["resolution"]) for each in books.told("feedback.evaluation.requested")]
    assert sorted(asked) == sorted(resolved)
    closed = sorted(each["request_id"] for each in books.told("tickets.request.closed"))
    assert closed == sorted(each["request_id"] for each in books.told("feedback.evaluation.confirmed"))
    reopened = Counter((each["request_id"], each["cause"]) for each in books.told("tickets.request.reopened"))
    said = Counter((each["request_id"], "contested") for each in books.told("feedback.evaluation.contested"))
    said += Counter((e["request_id"], "low_score") for e in books.told("feedback.evaluation.rated") if e["low"])
    assert reopened == said
    assert len(reopened) == sum(journey.kind != "paid" for journey in journeys)
    assert len(closed) == len(journeys)
    for service, table in (("feedback", "evaluations"), ("gateway", "evaluations")):
        rows = books.rows(service, f"SELECT request_id, resolution FROM {table}")
        assert sorted((row["request_id"], row["resolution"]) for row in rows) == sorted(resolved), service
    opened = sorted(each["request_id"] for each in books.told("tickets.request.opened"))
    for service in ("tickets", "gateway"):
        rows = books.rows(service, "SELECT request_id, status FROM requests")
        assert sorted(row["request_id"] for row in rows) == opened, service
        assert sorted(row["request_id"] for row in rows if row["status"] == "closed") == closed, service
    protocols = [each["protocol"] for each in books.told("tickets.request.opened")]
    assert len(set(protocols)) == len(protocols)


def coverage_agrees(books: Books) -> None:
    """Tickets', feedback's and the gateway's rows of contracts are those that contracts activated."""
    activated = sorted(each["contract_id"] for each in books.told("contracts.contract.activated"))
    contacts = sorted(each["contact_id"] for each in books.told("contracts.customer.contact_authorised"))
    for service, table, key, expected in (
        ("tickets", "coverage_contracts", "contract_id", activated),
        ("feedback", "contract_rules", "contract_id", activated),
        ("gateway", "contracts", "contract_id", activated),
        ("tickets", "coverage_contacts", "contact_id", contacts),
        ("feedback", "contacts", "contact_id", contacts),
        ("gateway", "contacts", "contact_id", contacts),
    ):
        rows = books.rows(service, f"SELECT DISTINCT {key} FROM {table}")
        assert sorted(row[key] for row in rows) == expected, f"{service}.{table}"
    for table, name in (("customers", "sort_name"), ("contacts", "name")):
        nameless = books.rows("gateway", f"SELECT * FROM {table} WHERE coalesce({name}, '') = ''")
        assert nameless == [], f"gateway.{table}"
    numbers = [each["number"] for each in books.told("contracts.contract.activated")]
    assert len(set(numbers)) == len(numbers)


def every_store_verifies(driver: Driver) -> None:
    for service in SERVICES:
        found: dict[str, Any] = driver.operate(service, "verify")
        assert found["ok"], found["problems"]


def every_accepted_command_is_there(driver: Driver) -> None:
    """Asked again by its id, each gives the answer that it gave."""
    assert driver.ask_again() == []
