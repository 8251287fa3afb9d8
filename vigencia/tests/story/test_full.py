"""The full mode through the same commands: import, bill, prove, back up while it runs, restore elsewhere."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from vigencia.tests.story.conftest import System, vigencia

pytestmark = pytest.mark.system
DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the servers' unprivileged users can enter (pytest's own can only be entered by us)."""
    made = Path(tempfile.mkdtemp(prefix="vigencia-full-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def full(store: Path) -> System:
    return System(store, "--no-demo", module="vigencia.full")


def feeds(store: Path) -> str:
    """All that billing ever said, partition by partition."""
    tail = ("feed", "tail", "billing", "--after", "-1", "--json", "--store", store)
    return "".join(vigencia(*tail, "--partition", str(partition)).out for partition in range(4))


def test_what_was_backed_up_while_it_ran_goes_on_elsewhere(folder):
    system = full(folder / "one")
    system.start()
    try:
        command = ("import", "contracts", DATA / "telco.csv", "--mapping", "telco", "--store", system.store, "--json")
        assert vigencia(*command).json() == {"read": 5, "imported": 5, "unchanged": 0, "rejected": 0}
        month = ("bill", "--month", "2026-12", "--json", "--store")
        assert vigencia(*month, system.store).json() == {"contracts": 5, "issued": 5, "total": "306.15", "failed": 0}
        taken = vigencia("backup", folder / "kept", "--store", system.store)
        assert taken.code == 0, taken.err
        before = feeds(system.store)
    finally:
        assert system.stop() == 0
    restored = vigencia("restore", folder / "kept", "--store", folder / "two")
    assert restored.code == 0, restored.err
    other = full(folder / "two")
    other.start()
    try:
        assert feeds(other.store) == before
        assert vigencia(*month, other.store).json()["issued"] == 0
        verified = vigencia("verify", "--json", "--store", other.store)
        assert verified.code == 0, verified.out
    finally:
        assert other.stop() == 0


def test_the_story_agrees_on_small_records():
    answer = vigencia("story", "--mode", "full", "--data", "nowhere")
    assert answer.code == 0, answer.out + answer.err
    assert "comparisons agree" in answer.out
