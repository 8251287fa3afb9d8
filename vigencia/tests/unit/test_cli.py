"""What the commands answer to what they cannot understand or reach: words, and the exit code that scripts rely on."""

import json
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from vigencia import cli, cli_bank

DATA = Path(__file__).parents[1] / "data"
NOWHERE = "http://127.0.0.1:9"


def exits(capsys, monkeypatch, *arguments: str, lang: str = "en_US.UTF-8") -> tuple[int, str, str]:
    """The command's exit code, standard output and standard error."""
    monkeypatch.setattr(sys, "argv", ["vigencia", *arguments])
    monkeypatch.setenv("LANG", lang)
    monkeypatch.setenv("VIGENCIA_TOKEN", "t")
    for name in ("LC_ALL", "LC_MESSAGES", "VIGENCIA_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SystemExit) as raised:
        cli.main()
    out, err = capsys.readouterr()
    return int(raised.value.code or 0), out, err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import", "invoices", "x.csv", "--mapping", "telco"], "contracts, receivables, requests"),
        (["import", "contracts", "x.csv", "--mapping", "nothing"], "ibm-ar, incident-log, open-receivables"),
        (["import", "requests", str(DATA / "telco.csv"), "--mapping", "telco"], "“contracts”"),
        (["import", "contracts", "nowhere.csv", "--mapping", "telco"], "Cannot read nowhere.csv"),
        (["import", "contracts", str(DATA / "ibm-ar.csv"), "--mapping", "telco"], "Columns are missing: ClienteID"),
        (["import", "contracts", str(DATA / "telco.csv"), "--mapping", "telco", "--set", "x=1"], "reference_date"),
        (["import", "contracts", str(DATA / "telco.csv"), "--mapping", "telco", "--set", "x"], "NAME=VALUE"),
        (["bank", "import", "nowhere.ofx"], "Cannot read nowhere.ofx"),
        (["bank", "import", str(DATA / "telco.csv"), "--column", "x"], "--column x: NAME=VALUE"),
        (["bill", "--month", "2026-13"], "2026-03"),
        (["due", "--until", "tomorrow"], "2026-03-31"),
        (["bill"], "--month"),
        (["nothing"], "nothing"),
    ],
)
def test_what_cannot_be_understood_ends_with_2_and_says_what_was_expected(capsys, monkeypatch, arguments, words):
    code, out, err = exits(capsys, monkeypatch, *arguments)
    assert code == 2
    assert words in err
    assert out == ""


def test_a_system_that_does_not_answer_ends_with_3(capsys, monkeypatch):
    code, _, err = exits(capsys, monkeypatch, "bill", "--month", "2026-03", "--url", NOWHERE)
    assert code == 3
    assert "No system answers" in err


def test_messages_are_portuguese_where_the_environment_is(capsys, monkeypatch):
    told = exits(capsys, monkeypatch, "bill", "--month", "2026-03", "--url", NOWHERE, lang="pt_BR.UTF-8")
    assert "Nenhum sistema responde" in told[2]
    asked = exits(capsys, monkeypatch, "--lang", "pt-BR", "bill", "--month", "x", "--url", NOWHERE)
    assert "não é um mês" in asked[2]


@pytest.mark.parametrize("command", ["run", "import", "bill", "due", "verify", "parked", "feed", "backup", "restore"])
def test_every_command_has_help(capsys, monkeypatch, command):
    code, out, _ = exits(capsys, monkeypatch, command, "--help")
    assert code == 0
    assert "Usage" in out


def test_the_result_is_the_only_line_on_standard_output(capsys):
    from vigencia.console import Voice

    Voice("en", json=True).result({"read": 1, "total": "2.00"}, "imported", kind="contracts")
    out, err = capsys.readouterr()
    assert json.loads(out) == {"read": 1, "total": "2.00"}
    assert err == ""


def test_help_imports_nothing_heavy():
    heavy = "{'sqlalchemy', 'flask', 'httpx', 'openpyxl', 'eventlet', 'yaml'}"
    code = f"import sys, vigencia.cli; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_bank_s_file_is_handed_over_and_what_became_of_its_rows_is_told(capsys, monkeypatch, tmp_path):
    """Rows that are refused or cannot be read make the exit code 1, and are named."""
    file = tmp_path / "extrato.csv"
    file.write_text("Data;Valor\n09/01/2026;10,00\n")
    seen = []

    def answer(client, content, asked):
        seen.append((content, asked))
        problems = [{"line": 3, "code": "unreadable", "text": "not a day"}]
        return {"kind": "csv", "rows": 3, "counts": {"settled": 1, "open": 2}, "problems": problems, "failures": []}

    monkeypatch.setattr("vigencia.operations.import_bank_file", answer)
    monkeypatch.setattr(cli_bank, "system", lambda *_: nullcontext())
    arguments = ["bank", "import", str(file), "--account", "itau", "--column", "on=Data", "--json"]
    code, out, err = exits(capsys, monkeypatch, *arguments)
    assert code == 1
    assert "Line 3" in err
    told = {"rows": 3, "settled": 1, "noted": 0, "open": 2, "known": 0, "rejected": 0, "unreadable": 1}
    assert json.loads(out) == told
    assert seen == [(file.read_bytes(), {"bank_account": "itau", "columns": {"on": "Data"}})]
