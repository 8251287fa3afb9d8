"""A store has one owner, and its run file is believed only while its process lives."""

import os
import subprocess
import sys

import pytest

from vigencia import places
from vigencia.places import Running, StoreInUse


def test_a_running_system_is_found_by_its_run_file(tmp_path):
    places.announce(tmp_path, Running("http://127.0.0.1:1", os.getpid(), "embedded"))
    assert places.running(tmp_path) == Running("http://127.0.0.1:1", os.getpid(), "embedded")
    places.withdraw(tmp_path, os.getpid())
    assert places.running(tmp_path) is None


def test_the_run_file_of_a_dead_process_is_not_believed(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    places.announce(tmp_path, Running("http://127.0.0.1:1", dead.pid, "embedded"))
    assert places.running(tmp_path) is None


def test_withdrawing_leaves_another_s_run_file(tmp_path):
    places.announce(tmp_path, Running("http://127.0.0.1:1", os.getppid(), "embedded"))
    places.withdraw(tmp_path, os.getpid())
    assert (tmp_path / "run.json").exists()


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"url": "x", "pid": "y", "mode": "z"}'])
def test_a_broken_run_file_is_none(tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    assert places.running(tmp_path) is None


def test_a_store_has_one_owner(tmp_path):
    with places.owned(tmp_path):
        assert places.is_owned(tmp_path)
        with pytest.raises(StoreInUse) as raised, places.owned(tmp_path):
            pass
        assert raised.value.pid == os.getpid()
    assert not places.is_owned(tmp_path)
