"""`vigencia users`: passwords come from standard input, never from an argument, and are never printed."""

import io
import json
import sys
from contextlib import contextmanager

import pytest

from vigencia import cli

ADMIN = {"user_id": "u1", "login": "admin", "name": "[Admin]", "roles": ["manager"], "active": True}
OTHER = {**ADMIN, "user_id": "u2", "login": "admin-2", "active": False}


class Talk:
    """Stands for the client of a running system."""

    def __init__(self):
        self.posted = []

    def pages(self, path, **params):
        return iter([OTHER, ADMIN])

    def post(self, path, body):
        self.posted.append((path, body))
        return {**ADMIN, "login": body.get("login", "admin")}


@pytest.fixture
def talk(monkeypatch):
    made = Talk()

    @contextmanager
    def connected(*_, **__):
        yield made

    monkeypatch.setattr("vigencia.system.connected", connected)
    return made


def run(monkeypatch, capsys, *arguments, typed=""):
    """Exit code, standard output and error of a command that is given this on standard input."""
    monkeypatch.setattr(sys, "argv", ["vigencia", "--lang", "en", "users", *arguments])
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capsys.readouterr()
    assert "a long secret" not in out + err
    return int(ended.value.code or 0), out, err


def test_a_user_is_added_with_the_password_of_standard_input(monkeypatch, capsys, talk):
    given = ("add", "ana", "--name", "Ana", "--role", "contact", "--contact", "c1:p1", "--contact", "c2:p1")
    code, out, _ = run(monkeypatch, capsys, *given, typed="a long secret\n")
    assert (code, out) == (0, "ana may log in.\n")
    pairs = [{"customer_id": each, "contact_id": "p1"} for each in ("c1", "c2")]
    body = {"login": "ana", "name": "Ana", "roles": ["contact"], "contacts": pairs, "password": "a long secret"}
    assert talk.posted == [("/api/v1/users", body)]


def test_a_password_is_given_to_the_user_of_exactly_this_login(monkeypatch, capsys, talk):
    code, out, _ = run(monkeypatch, capsys, "password", "Admin", typed="a long secret\n")
    assert (code, out) == (0, "admin has a new password.\n")
    assert talk.posted == [("/api/v1/users/u1/password", {"password": "a long secret"})]


@pytest.mark.parametrize(
    ("arguments", "typed", "words"),
    [
        (("password", "nobody"), "a long secret\n", "There is no user “nobody”."),
        (("password", "admin"), "", "There is no password on standard input."),
        (("add", "x", "--name", "X", "--role", "contact", "--contact", "c1"), "y\n", "CUSTOMER:CONTACT"),
    ],
)
def test_what_cannot_be_done_ends_with_2(monkeypatch, capsys, talk, arguments, typed, words):
    code, out, err = run(monkeypatch, capsys, *arguments, typed=typed)
    assert (code, out) == (2, "")
    assert words in err
    assert talk.posted == []


def test_everybody_is_listed(monkeypatch, capsys, talk):
    assert json.loads(run(monkeypatch, capsys, "list", "--json")[1]) == [OTHER, ADMIN]
    told = run(monkeypatch, capsys, "list")[1]
    assert "[Admin]" in told
    assert [line.split()[0] for line in told.splitlines()[1:]] == ["✗", "✓"]
