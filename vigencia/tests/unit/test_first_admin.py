"""The first administrator: the start message says where his password stands, and prints none but the demo's."""

from pathlib import Path

from services.settings import secret_for, secret_place
from vigencia import company
from vigencia.company import Login


def told(admin, *logins):
    return "\n".join(company.ready_lines("http://x", Path("var/embedded"), logins, admin, "en"))


def test_a_secret_is_found_where_it_was_made_or_given(tmp_path, monkeypatch):
    monkeypatch.delenv("VIGENCIA_SECRET_ADMIN", raising=False)
    made = secret_for(tmp_path, "admin").decode()
    assert secret_place(tmp_path, "admin") == f"{tmp_path}/secrets.json [admin]"
    monkeypatch.setenv("VIGENCIA_SECRET_ADMIN", "given")
    assert (secret_for(tmp_path, "admin"), secret_place(tmp_path, "admin")) == (b"given", "VIGENCIA_SECRET_ADMIN")
    assert made not in told(secret_place(tmp_path, "admin"))


def test_the_start_message_says_where_it_stands():
    assert "  admin        first password in X" in told("X", Login("gerente", "vigencia", "Gerência")).splitlines()
    assert "admin" not in told(None)
