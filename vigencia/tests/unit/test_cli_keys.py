"""`vigencia keys`: a key is shown when it is made, and never again."""

import json
import sys
from contextlib import contextmanager

import pytest

from vigencia import cli

KEY = {"key_id": "k1", "name": "[books]", "scopes": ["feed:billing"], "revoked_at": None}
REVOKED = {**KEY, "key_id": "k0", "revoked_at": "2026-03-02T12:00:00Z"}


class Talk:
    """Stands for the client of a running system."""

    def __init__(self):
        self.posted = []

    def get(self, path):
        return {"items": [REVOKED, KEY]}

    def post(self, path, body):
        self.posted.append((path, body))
        return REVOKED if path.endswith("revoke") else {**KEY, "key": "vgk_k1_secret"}


@pytest.fixture
def talk(monkeypatch):
    made = Talk()

    @contextmanager
    def connected(*_, **__):
        yield made

    monkeypatch.setattr("vigencia.system.connected", connected)
    return made


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["vigencia", "--lang", "en", "keys", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    return capsys.readouterr().out


def test_a_new_key_is_shown(monkeypatch, capsys, talk):
    out = run(monkeypatch, capsys, "add", "books", "--scope", "feed:billing", "--scope", "feed:contracts")
    assert "vgk_k1_secret" in out
    assert talk.posted == [("/api/v1/api-keys", {"name": "books", "scopes": ["feed:billing", "feed:contracts"]})]
    assert (
        json.loads(run(monkeypatch, capsys, "add", "books", "--scope", "feed:billing", "--json"))["key"]
        == "vgk_k1_secret"
    )


def test_keys_are_listed_with_what_they_still_open(monkeypatch, capsys, talk):
    assert json.loads(run(monkeypatch, capsys, "list", "--json")) == [REVOKED, KEY]
    told = run(monkeypatch, capsys, "list")
    assert "[books]" in told
    assert [line.split()[0] for line in told.splitlines()[1:]] == ["✗", "✓"]


def test_a_key_is_revoked(monkeypatch, capsys, talk):
    assert "k0" in run(monkeypatch, capsys, "revoke", "k0")
    assert talk.posted == [("/api/v1/api-keys/k0/revoke", {})]
