"""The embedded system as its users know it: one command, demo company, one owner, kill -9, backup and restore."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import urllib.request
from pathlib import Path

import pytest

from tests.system.running import wait_for
from vigencia.tests.story.conftest import System, vigencia

pytestmark = pytest.mark.system
DATA = Path(__file__).parents[1] / "data"


def counted(store: Path, *arguments: str | Path) -> dict[str, int]:
    return vigencia("import", *arguments, "--store", store, "--json").json()


def test_when_it_says_it_is_ready_every_part_is(company):
    with urllib.request.urlopen(f"{company.url}/health") as answer:
        health = json.load(answer)
    assert health["ready"]
    assert set(health["parts"]) >= {"contracts", "billing", "tickets", "feedback", "gateway"}


def _logs_in(system: System, login: str) -> bool:
    """Whether a customer of the demo can log in, and speaks for somebody."""
    body = json.dumps({"user": login, "password": "vigencia"}).encode()
    asked = urllib.request.Request(
        f"{system.url}/api/v1/session", body, {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(asked) as answer:
        return bool(json.load(answer)["user"]["speaks_for"])


def test_the_demo_s_people_can_log_in(company):
    assert _logs_in(company, "marina")


def test_the_demo_company_is_whole(company):
    assert "error" not in (company.store / "test.log").read_text().lower()
    assert json.loads((company.store / "demo.json").read_text())["done"]


def test_nothing_of_the_demo_is_left_to_bill_this_month(company):
    today = json.loads((company.store / "demo.json").read_text())["today"]
    assert vigencia("bill", "--month", today[:7], "--store", company.store, "--json").json()["issued"] == 0


def test_what_the_demo_set_aside_is_healed_by_a_retry(company):
    (parked,) = vigencia("parked", "list", "--store", company.store, "--json").json()
    what = (parked["subscription"], parked["stream"], "--service", "tickets")
    retried = vigencia("parked", "retry", *what, "--store", company.store, "--json")
    assert (retried.code, retried.json()) == (0, {"handled": 1, "failed": None})


def test_everything_is_proven_whole(company):
    answer = vigencia("verify", "--store", company.store, "--json")
    assert answer.code == 0, answer.out
    assert all(check["holds"] for check in answer.json())


def test_a_store_has_one_owner(company):
    second = vigencia("run", "--store", company.store, "--port", "0")
    assert second.code == 3
    assert str(company.process.pid) in second.err


def test_the_commands_find_the_running_system_and_tell_its_state(company):
    answer = vigencia("status", "--store", company.store, "--json")
    assert answer.code == 0
    assert {row["service"]: row["ready"] for row in answer.json()} == dict.fromkeys(
        ("contracts", "billing", "tickets", "feedback", "gateway"), True
    )


def test_a_feed_is_read_in_order(company):
    answer = vigencia("feed", "tail", "contracts", "--after", "-1", "--store", company.store, "--json")
    offsets = [json.loads(line)["offset"] for line in answer.out.splitlines()]
    assert offsets == list(range(len(offsets)))
    assert len(offsets) > 20


def test_a_file_is_imported_once_and_bad_rows_come_back_corrected(company, tmp_path):
    source = tmp_path / "telco.csv"
    source.write_text((DATA / "telco.csv").read_text().replace("46.95", "free"))
    first = vigencia("import", "contracts", source, "--mapping", "telco", "--store", company.store, "--json")
    assert (first.code, first.json()) == (1, {"read": 5, "imported": 4, "unchanged": 0, "rejected": 1})
    errors = tmp_path / "telco.rejected.csv"
    assert "row 3, column “Cargos mensuales”: “free”" in errors.read_text("utf-8-sig")
    errors.write_text(errors.read_text("utf-8-sig").replace("free", "46.95", 1), "utf-8")
    kind = ("contracts", errors, "--mapping", "telco")
    assert counted(company.store, *kind) == {"read": 1, "imported": 1, "unchanged": 0, "rejected": 0}
    again = ("contracts", DATA / "telco.csv", "--mapping", "telco")
    assert counted(company.store, *again) == {"read": 5, "imported": 0, "unchanged": 5, "rejected": 0}


def test_a_view_is_rebuilt_and_shows_the_same(company):
    before = vigencia("verify", "--store", company.store, "--json").json()
    rebuilt = vigencia("rebuild", "receivables", "--service", "billing", "--store", company.store, "--json")
    assert rebuilt.code == 0, rebuilt.err
    assert vigencia("verify", "--store", company.store, "--json").json() == before


def test_a_backup_of_the_running_system_is_restored_elsewhere(company, tmp_path):
    taken = vigencia("backup", tmp_path / "kept", "--store", company.store, "--json")
    assert taken.code == 0, taken.err
    restored = tmp_path / "restored"
    assert vigencia("restore", tmp_path / "kept", "--store", restored).code == 0
    other = System(restored, "--no-demo")
    other.start()
    try:
        assert vigencia("verify", "--store", restored, "--json").code == 0
        assert _logs_in(other, "marina")
        same = [vigencia("feed", "tail", "contracts", "--after", "-1", "--store", s, "--json") for s in
                (company.store, restored)]  # fmt: skip
        assert same[0].out == same[1].out
    finally:
        assert other.stop() == 0


def test_killed_in_the_middle_of_an_import_it_loses_and_doubles_nothing(tmp_path):
    system = System(tmp_path / "store", "--no-demo")
    system.start()
    rows = (DATA / "telco.csv").read_text().splitlines()
    many = [row.replace(row[:4], f"{n:04d}", 1) for n in range(600) for row in rows[1:2]]
    source = tmp_path / "many.csv"
    source.write_text("\n".join([rows[0], *many]))
    answers = []
    command = ("import", "contracts", source, "--mapping", "telco", "--store", system.store, "--json")
    importing = threading.Thread(target=lambda: answers.append(vigencia(*command)))
    importing.start()
    wait_for(lambda: system.events("contracts.db") > 200, "the import to have begun")
    system.kill()
    system.start()
    importing.join()
    assert answers[0].code == 0, answers[0].err  # it followed the system to its new address
    final = vigencia(*command)
    assert final.code == 0, final.err
    assert final.json()["imported"] + final.json()["unchanged"] == 600
    month = ("bill", "--month", "2026-12", "--store", system.store, "--json")
    assert vigencia(*month).json() == {"contracts": 600, "issued": 600, "total": "23910.00", "failed": 0}
    assert vigencia(*month).json()["issued"] == 0
    verified = vigencia("verify", "--store", system.store, "--json")
    assert verified.code == 0, verified.out
    assert system.stop() == 0


def test_without_a_running_system_a_command_starts_one_and_ends_it(tmp_path):
    store = tmp_path / "store"
    kind = ("requests", DATA / "incident-log.csv", "--mapping", "incident-log")
    assert counted(store, *kind) == {"read": 3, "imported": 3, "unchanged": 0, "rejected": 0}
    assert not (store / "run.json").exists()
    found = subprocess.run(["pgrep", "-f", str(store)], capture_output=True, text=True, check=False)
    assert found.stdout == ""


def test_the_story_agrees_on_small_records():
    answer = vigencia("story", "--mode", "embedded", "--data", "nowhere")
    assert answer.code == 0, answer.out + answer.err
    assert "comparisons agree" in answer.out


def test_a_year_of_five_customers_adds_up():
    """With this seed addenda, a discount, the index, suspensions, an end and payments fall on them, and some meet."""
    told = vigencia("story", "--year", "--mode", "embedded", "--data", DATA / "nowhere", "--seed", 22)
    assert told.code == 0, told.out
    assert "✗" not in told.out
    assert len(re.findall(r"✓  year: \d{4}-\d\d issued +5 ", told.out)) >= 1
    assert len(re.findall(r"year: \d{4}-\d\d issued, total", told.out)) == 13
