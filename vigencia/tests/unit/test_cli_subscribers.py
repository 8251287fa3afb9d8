"""`vigencia subscribers`: over a full mode's store, whether its broker runs or not."""

import json
import sys

import pytest

from vigencia import cli


@pytest.fixture
def store(tmp_path):
    """A full mode's store whose broker does not run."""
    folder = tmp_path / "stack" / "rabbitmq"
    folder.mkdir(parents=True)
    settings = {"ports": {"amqp": 5679, "management": 1}, "passwords": {"admin": "x"}}
    (folder / "settings.json").write_text(json.dumps(settings))
    return tmp_path / "stack"


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["vigencia", "--lang", "en", "subscribers", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_the_password_is_shown_when_it_is_added_and_not_in_the_list(monkeypatch, capsys, store):
    code, out, _ = run(monkeypatch, capsys, "add", "books", "--service", "billing", "--json", "--store", store)
    made = json.loads(out)
    assert code == 0
    assert made["url"] == f"amqp://sub.books:{made['password']}@127.0.0.1:5679/vigencia"
    _, listed, _ = run(monkeypatch, capsys, "list", "--json", "--store", store)
    assert made["password"] not in listed
    assert [(each["name"], each["services"], each["revoked_at"]) for each in json.loads(listed)] == [
        ("books", ["billing"], None)
    ]


def test_the_revoked_are_marked(monkeypatch, capsys, store):
    run(monkeypatch, capsys, "add", "books", "--store", store)
    run(monkeypatch, capsys, "add", "shop", "--store", store)
    assert run(monkeypatch, capsys, "revoke", "books", "--store", store)[0] == 0
    told = run(monkeypatch, capsys, "list", "--store", store)[1]
    assert [line.split()[:2] for line in told.splitlines()[1:]] == [["✗", "books"], ["✓", "shop"]]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("revoke", "nobody"), 2, "There is no subscriber “nobody”."),
        (("add", "x", "--service", "gateway"), 2, "There is no service “gateway”"),
        (("add", "Books"), 2, "lower-case letters"),
    ],
)
def test_what_cannot_be_done_ends_with_2(monkeypatch, capsys, store, arguments, code, words):
    ended, out, err = run(monkeypatch, capsys, *arguments, "--store", store)
    assert (ended, out) == (code, "")
    assert words in err


def test_an_embedded_store_has_no_broker(monkeypatch, capsys, tmp_path):
    code, _, err = run(monkeypatch, capsys, "list", "--store", tmp_path)
    assert code == 3
    assert "has no RabbitMQ" in err
