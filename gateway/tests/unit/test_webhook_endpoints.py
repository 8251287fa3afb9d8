"""Webhook endpoints as people keep them: paused, changed, their secrets, whose they are, and what is refused when entered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gateway.identity.keys import ApiKeys
from gateway.tests.unit.hooks import Office
from gateway.webhooks.sealing import Seals
from services.errors import Invalid, Refused


def test_paused_it_gets_nothing_and_resumed_it_has_lost_nothing(office: Office) -> None:
    id_ = office.endpoint()
    office.webhooks.pause(id_, None)
    office.feeds.happens("s")
    assert office.runs() == {}
    assert office.state(id_) == ("paused", "by-hand")
    office.webhooks.resume(id_, None, office.now)
    assert office.runs() == {"delivered": 1}


def test_while_secrets_are_rotated_both_sign(office: Office) -> None:
    id_ = office.endpoint()
    _, old = office.webhooks.rotate(id_, None, overlap=timedelta(), now=office.now)
    office.now += timedelta(hours=1)
    _, new = office.webhooks.rotate(id_, None, overlap=timedelta(hours=24), now=office.now)
    assert office.webhooks.secrets(id_, office.now) == [new, old]
    office.feeds.happens("s")
    office.runs()
    assert len(office.receiver.headers[0]["webhook-signature"].split()) == 2
    assert office.webhooks.secrets(id_, office.now + timedelta(hours=24)) == [new]
    office.webhooks.rotate(id_, None, overlap=timedelta(hours=1), now=office.now)
    with pytest.raises(Refused) as error:
        office.webhooks.rotate(id_, None, overlap=timedelta(hours=1), now=office.now)
    assert error.value.code == "webhook.too-many-secrets"
    _, last = office.webhooks.rotate(id_, None, overlap=timedelta(), now=office.now)
    assert office.webhooks.secrets(id_, office.now) == [last]


def test_a_dump_does_not_show_secrets_and_another_installation_cannot_use_them(office: Office) -> None:
    id_ = office.endpoint()
    _, secret = office.webhooks.rotate(id_, None, overlap=timedelta(), now=office.now)
    with office.database.engine.connect() as conn:
        dump = "\n".join(conn.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    assert id_ in dump
    assert secret not in dump
    assert secret.removeprefix("whsec_") not in dump
    office.seals = Seals(b"of another installation")
    office.worker = office.another()
    office.feeds.happens("s")
    assert office.runs() == {}
    assert office.state(id_) == ("paused", "no-secret")


def test_the_endpoints_of_a_revoked_key_get_nothing_more(office: Office) -> None:
    keys = ApiKeys(office.database)
    keys.add("k1", "books", ["webhooks", "feed:billing"], by="u", at=office.now)
    id_ = office.endpoint(owner="k1")
    keys.revoke("k1", at=office.now)
    office.feeds.happens("s")
    assert office.runs() == {}
    assert office.state(id_) == ("paused", "key-revoked")


def test_changed_filters_hear_new_services_from_now_on_and_forget_the_others(office: Office) -> None:
    id_ = office.endpoint(["billing.*"])
    office.feeds.happens("r", "tickets.request.opened")
    office.receiver.answers = lambda _: 500
    office.feeds.happens("s")
    office.runs()
    office.webhooks.change(id_, {"types": ["tickets.*"]}, services=("tickets", "billing"), owner=None)
    assert office.waits() == []
    office.receiver.answers = lambda _: 200
    office.feeds.happens("r", "tickets.request.resolved")
    office.feeds.happens("s")
    office.runs()
    assert office.receiver.ids()[1:] == ["r@2"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"types": ["billing.receivable.isued"]}, "types.0"),
        ({"types": ["billing.receivable.issued", "*.receivable"]}, "types.1"),
        ({"types": ["nobody.*"]}, "types.0"),
        ({"types": ["contracts.index.*"], "customers": ["A"]}, "types"),
        ({"url": "ftp://erp.example.com/"}, "url"),
        ({"url": "https://user:pw@erp.example.com/"}, "url"),
        ({"url": "https://erp.example.com/\r\nX: y"}, "url"),
        ({"url": "https://2130706433/"}, "url"),
    ],
)
def test_what_can_never_match_or_be_reached_is_told_when_it_is_entered(
    office: Office, change: dict[str, Any], path: str
) -> None:
    with pytest.raises(Invalid) as error:
        office.endpoint(**change)
    assert [problem["path"] for problem in error.value.problems] == [path]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://erp.example.com/", "https-demanded"),
        ("https://127.0.0.1/", "address-refused"),
        ("https://169.254.169.254/latest/meta-data", "address-refused"),
        ("https://[::1]:8443/", "address-refused"),
        ("https://[::ffff:10.0.0.1]/", "address-refused"),
    ],
)
def test_an_inner_address_is_refused_when_it_is_entered(office: Office, url: str, code: str) -> None:
    with pytest.raises(Refused) as error:
        office.endpoint(url=url)
    assert error.value.code == f"webhook.{code}"
