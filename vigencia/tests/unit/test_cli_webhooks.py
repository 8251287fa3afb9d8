"""`vigencia webhooks`: a secret is shown when it is made; what fails is marked; a test tells by its exit code."""

import json
import sys
from contextlib import contextmanager

import pytest

from vigencia import cli

GOOD = {"endpoint_id": "w1", "name": "[books]", "url": "https://erp.example.com/", "state": "active", "reason": ""}
GOOD |= {"failing_since": None, "waiting_streams": 0, "stuck_streams": 0}
FAILING = {**GOOD, "endpoint_id": "w2", "failing_since": "2026-03-02T12:00:00Z", "waiting_streams": 3}
PAUSED = {**GOOD, "endpoint_id": "w3", "state": "paused", "reason": "gone"}
TRIED = {"at": "2026-03-02T12:00:00Z", "type": "billing.receivable.issued", "stream": "account-1", "attempt": 2}
TRIED |= {"outcome": "refused", "status": 500, "error": "", "answer": "no such\ninvoice", "milliseconds": 41}


class Talk:
    """Stands for the client of a running system."""

    def __init__(self):
        self.posted = []
        self.outcome = "delivered"

    def get(self, path, **_):
        return {"items": [TRIED] if path.endswith("attempts") else [GOOD, FAILING, PAUSED]}

    def post(self, path, body):
        self.posted.append((path.removeprefix("/api/v1/webhooks"), body))
        if path.endswith("/test"):
            return {**TRIED, "outcome": self.outcome}
        return {**GOOD, "secret": "whsec_x"}


@pytest.fixture
def talk(monkeypatch):
    made = Talk()

    @contextmanager
    def connected(*_, **__):
        yield made

    monkeypatch.setattr("vigencia.system.connected", connected)
    return made


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["vigencia", "--lang", "en", "webhooks", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0), capsys.readouterr().out


def test_a_new_one_is_shown_with_its_secret(monkeypatch, capsys, talk):
    code, out = run(monkeypatch, capsys, "add", "books", "https://erp.example.com/", "--type", "billing.*")
    assert (code, "whsec_x" in out) == (0, True)
    body = {
        "name": "books",
        "url": "https://erp.example.com/",
        "types": ["billing.*"],
        "customers": [],
        "contracts": [],
    }
    assert talk.posted == [("", {**body, "from_start": False})]


def test_the_list_marks_what_is_not_well(monkeypatch, capsys, talk):
    assert json.loads(run(monkeypatch, capsys, "list", "--json")[1]) == [GOOD, FAILING, PAUSED]
    told = run(monkeypatch, capsys, "list")[1]
    assert [line.split()[0] for line in told.splitlines()[1:] if line[0] in "✓✗"] == ["✓", "✗", "✗"]


def test_a_test_that_was_not_taken_ends_with_1(monkeypatch, capsys, talk):
    assert run(monkeypatch, capsys, "test", "w1")[0] == 0
    talk.outcome = "refused"
    code, out = run(monkeypatch, capsys, "test", "w1")
    assert (code, "500 no such invoice" in out) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "posted"),
    [
        (["pause", "w1"], ("/w1/pause", {})),
        (["resume", "w1"], ("/w1/resume", {})),
        (["rotate", "w1", "--overlap", "2"], ("/w1/rotate", {"overlap_hours": 2})),
        (["remove", "w1"], ("/w1/remove", {})),
        (
            ["send-again", "w1", "--service", "billing", "--offset", "7"],
            ("/w1/send-again", {"service": "billing", "partition": 0, "offset": 7}),
        ),
        (
            ["skip", "w1", "--service", "billing", "--partition", "2", "--offset", "7"],
            ("/w1/skip", {"service": "billing", "partition": 2, "offset": 7}),
        ),
    ],
)
def test_each_command_does_its_one_thing(monkeypatch, capsys, talk, arguments, posted):
    assert run(monkeypatch, capsys, *arguments)[0] == 0
    assert talk.posted == [posted]


def test_the_log_is_one_line_an_attempt(monkeypatch, capsys, talk):
    told = run(monkeypatch, capsys, "log", "w1")[1]
    assert "500" in told
    assert "✗" in told
