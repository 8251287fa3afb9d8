"""A company comes from another system: files, reconciliation, the next bills, dunning and payments; killed on the way, too."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.system.running import wait_for
from vigencia.client import API, Client
from vigencia.console import Voice
from vigencia.system import connected
from vigencia.tests.story.conftest import System, vigencia
from vigencia.tests.story.former import Former

pytestmark = pytest.mark.system
KINDS = ("contracts", "open-receivables", "opening-credits")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the full mode's unprivileged servers can enter, too."""
    made = Path(tempfile.mkdtemp(prefix="vigencia-former-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def former() -> Former:
    return Former(datetime.now(ZoneInfo("America/Sao_Paulo")).date())


def imported(system: System, kind: str, file: Path) -> dict[str, Any]:
    source = () if kind == "contracts" else ("--set", "source=Antigo")
    answer = vigencia("import", kind, file, *source, "--store", system.store, "--json")
    assert answer.code == 0, answer.out + answer.err
    return answer.json()


def taken_over(system: System, old: Former, files: tuple[Path, ...], new: int | None = None) -> list[dict[str, Any]]:
    """All three files, with so many new records; each agrees with what the system answers."""
    said = [imported(system, kind, file) for kind, file in zip(KINDS, files, strict=True)]
    for told, rows in zip(said, (21, 12, 2), strict=True):
        assert told["reconciliation"]["agrees"]
        assert told["reconciliation"]["system"]["rows"] == told["read"] == rows
    assert said[1]["reconciliation"]["system"]["left"] == str(old.left)
    assert said[1]["reconciliation"]["system"]["withheld"] == "61.50"
    contracts = said[0]["reconciliation"]["system"]
    assert {name: contracts[name] for name in ("once", "uses", "suspended")} == {
        "once": "55.00",
        "uses": "80.00",
        "suspended": 2,
    }
    assert new is None or sum(told["imported"] for told in said) == new
    return [told["reconciliation"] for told in said]


def bill(system: System, month: str) -> tuple[int, str]:
    told = vigencia("bill", "--month", month, "--store", system.store, "--json").json()
    assert told["failed"] == 0
    return told["issued"], told["total"]


def receivable_of(client: Client, number: str) -> dict[str, Any]:
    (row,) = client.pages(f"{API}/receivables", number=number)
    return client.get(f"{API}/receivables/{row['receivable_id']}")


def goes_on(system: System, old: Former) -> None:
    """What follows here from what was there."""
    with connected(Voice("en", json=True), store=system.store, url=None) as client:
        assert Decimal(client.get(f"{API}/reports/aging")["open"]) == old.left
        debts = old.debts()
        for debt in debts[:4]:
            shown = receivable_of(client, debt.number)
            late = sum(Decimal(shown["late"][name]) for name in ("fine", "interest", "correction"))
            assert late == debt.late(old.today), debt
            assert shown["taken_over"]["source"] == "Antigo"
            assert "Antigo" in shown["lines"][0]["why"]["en"]
        months = client.get(f"{API}/reports/months", since="2000-01", until="2100-12")
        assert (months["billed"], months["receivables"]) == ("0.00", 0)
    # Dunning: overdue and default at once, reminders from the next morning on, one level a day.
    until = (old.today + timedelta(days=3)).isoformat()
    assert vigencia("due", "--until", until, "--store", system.store, "--json").code == 0
    with connected(Voice("en", json=True), store=system.store, url=None) as client:
        client.settle(Voice("en", json=True))
        rows = {row["number"]: row for row in client.pages(f"{API}/receivables", taken_over="true")}
        assert {number for number, row in rows.items() if row["status"] == "overdue"} == {"R01", "R02", "R03"}
        assert [rows[number]["reminders"] for number in ("R01", "R02", "R03", "R04")] == [2, 2, 1, None]
        in_default = {row["number"] for row in client.pages(f"{API}/contracts") if row["in_default_since"]}
        assert in_default == {"2024/001", "2024/002"}
        # A payment of what is left and its late charges of that day settles the rest.
        contract = rows["R02"]["contract_id"]
        amount = debts[1].left + debts[1].late(old.today)
        body = {"contract_id": contract, "amount": str(amount), "on": old.today.isoformat(), "method": "pix"}
        client.post(f"{API}/payments", body)
        client.settle(Voice("en", json=True))
        paid = receivable_of(client, "R02")
        assert (paid["status"], paid["balance"], paid["paid"]) == ("settled", "0.00", str(amount))
        statement = client.get(f"{API}/contracts/{contract}/statement")
        moved = {row["kind"]: row["amount"] for row in statement["items"] if row["kind"] in ("receivable", "fine")}
        assert moved == {"receivable": "52.00", "fine": "1.04"}
        assert client.get(f"{API}/contracts/{contract}/account")["balance"] == "0.00"
        regular = {row["number"] for row in client.pages(f"{API}/contracts") if row["in_default_since"]}
        assert regular == {"2024/001"}
        # who was suspended for default there is served again when he has paid here; the other one stays suspended
        (suspended,) = client.pages(f"{API}/contracts", status="suspended")
        since = (old.today - timedelta(days=20)).isoformat()
        assert (suspended["number"], suspended["suspended_on"]) == ("2024/021", since)
    # The next runs take what the other system has not billed, all of it, once.
    this, following = f"{old.today:%Y-%m}", f"{old.next_month:%Y-%m}"
    left = old.issued_this_month
    assert bill(system, this) == ((1, str(left)) if left else (0, "0.00"))
    assert bill(system, following) == (19, str(old.issued_next_month))
    assert bill(system, following) == (0, "0.00")
    with connected(Voice("en", json=True), store=system.store, url=None) as client:
        # the credits paid C15's and C16's bills, as far as they go
        for number, balance in (("2024/015", "55.00"), ("2024/016", "-384.00")):
            (row,) = client.pages(f"{API}/contracts", number=number)
            assert client.get(f"{API}/contracts/{row['contract_id']}/account")["balance"] == balance
        # What is owed by instalments instead is billed once: the sums that `verify` compares below still agree.
        (first,) = client.pages(f"{API}/contracts", number="2024/001")
        (owed,) = client.pages(f"{API}/receivables", contract_id=first["contract_id"], month=following)
        agreed = {"receivable_ids": [owed["receivable_id"]], "count": 2, "first_due_on": old.next_month.isoformat()}
        client.post(f"{API}/contracts/{first['contract_id']}/renegotiations", {**agreed, "reason": "Acordo"})
        client.settle(Voice("en", json=True))
        shown = list(client.pages(f"{API}/receivables", contract_id=first["contract_id"]))
        assert {row["balance"] for row in shown if row["receivable_id"] == owed["receivable_id"]} == {"0.00"}
        assert [row["balance"] for row in shown if row.get("renegotiation_id")] == ["50.50", "50.50"]
        open_ = sum((Decimal(row["balance"]) for row in client.pages(f"{API}/receivables")), Decimal(0))
        assert Decimal(client.get(f"{API}/reports/aging")["open"]) == open_


def killed_while(system: System, store: str, happened: str, kind: str, file: Path) -> None:
    """The import breaks off when the first of its events is written; the system comes back, and the command follows it."""
    answers: list[Any] = []
    importing = threading.Thread(target=lambda: answers.append(imported(system, kind, file)))
    importing.start()
    wait_for(lambda: system.events(store, happened) > 0, f"the first {happened}")
    system.kill()
    system.start()
    importing.join()
    assert len(answers) == 1


def differs(system: System, files: tuple[Path, ...]) -> None:
    """A file that says otherwise than the system ends with 1, names the rows, and changes nothing."""
    text = files[1].read_text("utf-8").replace(";52,00;", ";51,00;").replace("2024/005", "2024/999")
    other = files[1].with_name("outro.csv")
    other.write_text(text, "utf-8")
    command = ("import", "open-receivables", other, "--set", "source=Antigo", "--store", system.store, "--json")
    answer = vigencia(*command)
    assert answer.code == 1
    told = answer.json()
    assert {name: told[name] for name in ("imported", "unchanged", "rejected")} == {
        "imported": 0, "unchanged": 10, "rejected": 2,
    }  # fmt: skip
    differing = [(each["row"], each["reference"], each["what"]) for each in told["reconciliation"]["differences"]]
    assert differing == [(3, "2024/002/R02", "left"), (6, "2024/999/R05", "row")]
    rejected = other.with_name("outro.rejected.csv").read_text("utf-8-sig").splitlines()
    assert [row.split(";")[1] for row in rejected[1:]] == ["R02", "R05"]
    assert "“2024/999”" in rejected[2]


def test_a_company_moves_in_and_goes_on_even_when_it_is_killed_on_the_way(folder):
    old = former()
    files = old.write(folder)
    system = System(folder / "store", "--no-demo")
    system.start()
    try:
        killed_while(system, "contracts.db", "contracts.contract.activated", "contracts", files[0])
        killed_while(system, "billing.db", "billing.receivable.issued", "open-receivables", files[1])
        first = taken_over(system, old, files)
        goes_on(system, old)
        differs(system, files)
        assert taken_over(system, old, files, new=0) == first  # the opening figures, whatever was paid since
        verified = vigencia("verify", "--store", system.store, "--json")
        assert verified.code == 0, verified.out
    finally:
        assert system.stop() == 0


def test_in_full_mode_it_is_the_same(folder):
    old = former()
    files = old.write(folder)
    system = System(folder / "store", "--no-demo", module="vigencia.full")
    system.start()
    try:
        taken_over(system, old, files, new=35)
        goes_on(system, old)
    finally:
        assert system.stop() == 0
