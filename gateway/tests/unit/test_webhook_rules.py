"""The pure rules of webhooks: filters, signatures, schedule, health, addresses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.webhooks.domain.addresses import permitted, target_of
from gateway.webhooks.domain.filters import Filter, is_pattern
from gateway.webhooks.domain.health import MISSES, Health, after, outcome_of, to_be_paused
from gateway.webhooks.domain.schedule import DELAYS, RESTS, asked_for, delay_after, rest_after
from gateway.webhooks.domain.signing import headers, key_of, message_id, secret_text

AT = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)


def test_the_signature_is_the_specifications_example() -> None:
    """standardwebhooks.com, "signature scheme": the vector that its libraries are tested with."""
    made = headers(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
    )
    assert made == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@given(st.binary(min_size=24, max_size=64))
def test_a_secrets_text_gives_its_key_back(key: bytes) -> None:
    assert key_of(secret_text(key)) == key


@pytest.mark.parametrize("text", ["", "MfKQ9r8G", "whsec_*", "vgk_x_y"])
def test_what_is_no_secret_is_no_key(text: str) -> None:
    with pytest.raises(ValueError):
        key_of(text)


def test_an_event_has_one_message_id_without_a_dot() -> None:
    assert message_id("ab" * 32) == "msg_" + "ab" * 16


@pytest.mark.parametrize("text", ["*", "billing.*", "billing.receivable.*", "billing.receivable.dispute_resolved"])
def test_patterns(text: str) -> None:
    assert is_pattern(text)


@pytest.mark.parametrize(
    "text", ["", "**", "*.issued", "billing", "billing.receivable", "billing.*.issued", "Billing.*", "a.b.c.d"]
)
def test_what_is_no_pattern(text: str) -> None:
    assert not is_pattern(text)


def test_a_filter_without_ids_takes_also_what_is_nobodys() -> None:
    assert Filter(("contracts.*",)).wants("contracts.index.values_loaded", {}) is True
    assert Filter(("billing.*",)).wants("contracts.index.values_loaded", {}) is False


def test_a_filter_by_customer_takes_his_alone_and_asks_whose_a_contract_is() -> None:
    his = Filter(("*",), customers=frozenset({"A"}))
    assert his.wants("x.y.z", {"customer_id": "A"}) is True
    assert his.wants("x.y.z", {"customer_id": "B", "contract_id": "c"}) is False
    assert his.wants("x.y.z", {"account_id": "c"}) is None
    assert his.wants("x.y.z", {}) is False


def test_a_filter_by_contract_knows_that_an_account_is_one() -> None:
    its = Filter(("*",), contracts=frozenset({"c"}))
    assert its.wants("x.y.z", {"account_id": "c"}) is True
    assert its.wants("x.y.z", {"contract_id": "d"}) is False
    assert its.wants("x.y.z", {"customer_id": "A"}) is False


def test_of_patterns_with_names_alone_only_these_are_read() -> None:
    assert Filter(("a.b.c", "a.b.d")).exact() == ["a.b.c", "a.b.d"]
    assert Filter(("a.b.c", "a.*")).exact() is None
    assert Filter(("billing.run.*", "tickets.*")).sources(("contracts", "billing", "tickets")) == ["billing", "tickets"]


@given(st.integers(1, 50), st.floats(0, 1))
def test_delays_grow_and_jitter_stays_within_a_fifth(attempts: int, pick: float) -> None:
    middle = DELAYS[min(attempts, len(DELAYS)) - 1]
    assert middle * 0.8 <= delay_after(attempts, pick) <= middle * 1.2
    assert delay_after(attempts, 0.5) <= delay_after(attempts + 1, 0.5)
    assert rest_after(attempts, pick) <= RESTS[-1] * 1.2


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Mon, 02 Mar 2026 13:10:00 GMT", 600),
        ("Mon, 02 Mar 2026 12:00:00 GMT", 0),
        ("99999999999999999999", 86400),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 86400),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_in_seconds_or_as_a_date_and_a_day_at_most(text: str | None, seconds: int | None) -> None:
    assert asked_for(text, AT) == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, "delivered"), (204, "delivered"), (301, "refused"), (307, "refused"), (400, "refused"), (404, "refused"),
     (500, "refused"), (410, "gone"), (429, "no-answer"), (503, "no-answer"), (408, "no-answer"), (None, "no-answer")],
)  # fmt: skip
def test_what_a_status_means(status: int | None, outcome: str) -> None:
    assert outcome_of(status) == outcome


def test_it_is_left_alone_after_several_misses_in_a_row_only() -> None:
    health = Health()
    for _ in range(MISSES - 1):
        health = after(health, "no-answer", AT)
    assert not health.resting
    assert after(after(health, "refused", AT), "no-answer", AT).misses == 1
    health = after(health, "no-answer", AT)
    assert (health.rest_until, health.probing) == (AT + RESTS[0], True)
    assert after(health, "no-answer", AT).rest_until == AT + RESTS[1]
    assert after(health, "delivered", AT).failing_since is None


def test_being_asked_to_wait_holds_though_another_delivery_was_taken() -> None:
    asked = after(Health(), "no-answer", AT, retry_after="600")
    assert after(asked, "delivered", AT).rest_until == AT + timedelta(seconds=600)


def test_it_is_paused_when_nothing_was_taken_for_long() -> None:
    health = after(after(Health(), "refused", AT), "no-answer", AT + timedelta(days=4))
    assert not to_be_paused(health, AT + timedelta(days=4), timedelta(days=5))
    assert to_be_paused(health, AT + timedelta(days=5), timedelta(days=5))
    assert not to_be_paused(after(health, "delivered", AT), AT + timedelta(days=9), timedelta(days=5))


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808", "::ffff:8.8.8.8", "2002:808:808::1"]
)
def test_public_addresses(text: str) -> None:
    assert permitted(ip_address(text))


@pytest.mark.parametrize(
    "text",
    ["127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "192.0.0.8",
     "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254",
     "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::7f00:1", "64:ff9b::7f00:1",
     "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
     "2001:db8::1"],
)  # fmt: skip
def test_inner_addresses_in_whatever_dress(text: str) -> None:
    assert not permitted(ip_address(text))


def test_a_network_of_the_settings_is_allowed_and_its_neighbour_is_not() -> None:
    allowed = [ip_network("10.1.0.0/16")]
    assert permitted(ip_address("10.1.2.3"), allowed)
    assert permitted(ip_address("::ffff:10.1.2.3"), allowed)
    assert not permitted(ip_address("10.2.2.3"), allowed)
    assert not permitted(ip_address("127.0.0.1"), allowed)


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "authority"),
    [
        ("https://erp.example.com/in?a=b", "erp.example.com", 443, "/in?a=b", "erp.example.com"),
        ("https://ERP.example.com.", "erp.example.com", 443, "/", "erp.example.com"),
        ("http://erp.example.com:8080?x=1", "erp.example.com", 8080, "/?x=1", "erp.example.com:8080"),
        ("https://[2001:db8::1]:8443/a", "2001:db8::1", 8443, "/a", "[2001:db8::1]:8443"),
    ],
)
def test_the_parts_of_a_url(url: str, host: str, port: int, path: str, authority: str) -> None:
    target = target_of(url)
    assert (target.host, target.port, target.path, target.authority) == (host, port, path, authority)


@pytest.mark.parametrize(
    "url",
    ["", "erp.example.com", "ftp://erp.example.com/", "https://", "https://a b/", "https://u:p@erp.example.com/",
     "https://erp.example.com/#x", "https://erp.example.com/\r\nX: y", "https://erp.example.com/ação",
     "https://2130706433/", "https://127.1/", "https://0x7f000001/", "https://0177.0.0.1/", "https://erp.example.com:0/",
     "https://erp.example.com:99999/", "https://[::1/", "https://erp\\@127.0.0.1/", "https://" + "a" * 2000],
)  # fmt: skip
def test_what_is_no_plain_url(url: str) -> None:
    with pytest.raises(ValueError):
        target_of(url)
