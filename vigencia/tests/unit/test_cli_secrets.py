"""`vigencia secrets`: another secret signs, the former one is believed, and none is ever shown."""

import json
import sys

import pytest

from services.settings import rotate_secret, secret_for, secrets_now, secrets_of
from vigencia import cli


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["vigencia", "--lang", "en", "secrets", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_a_rotation_keeps_the_former_secret_until_the_next(monkeypatch, capsys, tmp_path):
    first = secret_for(tmp_path, "tokens")
    code, out, _ = run(monkeypatch, capsys, "rotate", "--store", str(tmp_path), "--json")
    second, former = secrets_now(tmp_path, "tokens")
    assert (code, former) == (0, first)
    assert second != first
    assert not {first.decode(), second.decode()} & {str(value) for value in json.loads(out).values()}
    shown = json.loads(run(monkeypatch, capsys, "show", "--store", str(tmp_path), "--json")[1])
    assert shown == json.loads(out)
    third, former = rotate_secret(tmp_path, "tokens")
    assert (former, third in (first, second)) == (second, False)
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_one_that_leaked_is_forgotten_at_once(monkeypatch, capsys, tmp_path):
    first = secret_for(tmp_path, "tokens")
    assert run(monkeypatch, capsys, "rotate", "--forget", "--store", str(tmp_path))[0] == 0
    assert len(secrets_now(tmp_path, "tokens")) == 1
    assert secrets_now(tmp_path, "tokens") != (first,)


def test_the_other_secrets_stay(tmp_path):
    kept = {name: secret_for(tmp_path, name) for name in ("seals", "billing", "admin")}
    rotate_secret(tmp_path, "tokens")
    assert {name: secret_for(tmp_path, name) for name in kept} == kept


def test_a_running_gateway_takes_it_up_without_a_restart(monkeypatch, tmp_path):
    now = [0.0]
    monkeypatch.setattr("services.settings.time.monotonic", lambda: now[0])
    held = secrets_of(tmp_path, "tokens")
    before = held()
    rotate_secret(tmp_path, "tokens")
    assert held() == before
    now[0] = 6.0
    assert held()[1:] == before
    assert held()[0] != before[0]


def test_what_comes_from_the_environment_is_changed_there(monkeypatch, capsys, tmp_path):
    secret_for(tmp_path, "billing")
    monkeypatch.setenv("VIGENCIA_SECRET_TOKENS", "n" * 32)
    monkeypatch.setenv("VIGENCIA_SECRET_TOKENS_FORMER", "f" * 32)
    assert secrets_now(tmp_path, "tokens") == (b"n" * 32, b"f" * 32)
    code, _, err = run(monkeypatch, capsys, "rotate", "--store", str(tmp_path))
    assert (code != 0, "VIGENCIA_SECRET_TOKENS" in err) == (True, True)


def test_without_a_store_there_is_nothing_to_rotate(monkeypatch, capsys, tmp_path):
    code, _, err = run(monkeypatch, capsys, "rotate", "--store", str(tmp_path / "none"))
    assert (code != 0, "nothing was started there" in err) == (True, True)
