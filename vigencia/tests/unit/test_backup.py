"""A backup is one instant of all databases, keeps keys apart, and a restore erases again who was erased."""

import sqlite3

import pytest

from services.blobs import FolderBlobs
from services.settings import secret_for
from services.store.database import Database
from services.vault import Vault
from vigencia import backup
from vigencia.exits import Exit, Failure


@pytest.fixture
def store(tmp_path):
    folder = tmp_path / "store"
    folder.mkdir()
    for service in backup.KEPT:
        connection = sqlite3.connect(folder / f"{service}.db")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE facts (n INTEGER)")
        connection.execute("INSERT INTO facts VALUES (1)")
        connection.commit()
        connection.close()
    secret_for(folder, "contracts")
    return folder


def vault(folder, service="contracts") -> Vault:
    made = Vault(Database(f"sqlite:///{folder / service}.vault.db"), secret=b"s", service=service)
    made.create()
    return made


def facts(path) -> int:
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT count(*) FROM facts").fetchone()[0]


def test_data_and_keys_go_to_folders_of_their_own(store, tmp_path):
    vault(store)
    told = backup.take(store, tmp_path / "kept", "en")
    assert told["mode"] == "embedded"
    assert sorted(path.name for path in (tmp_path / "kept" / "data").iterdir()) == sorted(
        f"{service}.db" for service in backup.KEPT
    )
    assert sorted(path.name for path in (tmp_path / "kept" / "keys").iterdir()) == [
        "contracts.vault.db",
        "secrets.json",
    ]


def test_what_is_written_after_the_snapshot_is_not_in_the_copy(store, tmp_path):
    sources = {"contracts": store / "contracts.db", "billing": store / "billing.db"}
    with backup._snapshots(sources) as snapshots:
        for path in sources.values():
            with sqlite3.connect(path, timeout=1) as writer:
                writer.execute("INSERT INTO facts VALUES (2)")
        for name, snapshot in snapshots.items():
            with sqlite3.connect(tmp_path / f"{name}.copy") as copy:
                snapshot.backup(copy)
    assert [facts(path) for path in sources.values()] == [2, 2]
    assert [facts(tmp_path / f"{name}.copy") for name in sources] == [1, 1]


def test_a_restore_brings_the_store_back_and_keeps_what_stood_there(store, tmp_path):
    backup.take(store, tmp_path / "kept", "en")
    with sqlite3.connect(store / "billing.db") as connection:
        connection.execute("INSERT INTO facts VALUES (2)")
    with pytest.raises(Failure) as raised:
        backup.put_back(tmp_path / "kept", store, "en")
    assert raised.value.code == Exit.USAGE
    told = backup.put_back(tmp_path / "kept", store, "en", force=True)
    assert facts(store / "billing.db") == 1
    assert facts(tmp_path / told["aside"] / "billing.db") == 2


def test_the_files_behind_documents_come_with_the_backup(store, tmp_path):
    sha256 = FolderBlobs(store / "blobs").put(b"contrato")
    backup.take(store, tmp_path / "kept", "en")
    told = backup.put_back(tmp_path / "kept", store, "en", force=True)
    assert FolderBlobs(store / "blobs").get(sha256) == b"contrato"
    assert FolderBlobs(tmp_path / told["aside"] / "blobs").has(sha256)


def test_who_was_erased_after_the_backup_stays_erased_after_the_restore(store, tmp_path):
    keys = vault(store)
    sealed = {person: keys.seal(person, f"name of {person}") for person in ("ana", "rui")}
    backup.take(store, tmp_path / "kept", "en")
    keys.erase(["ana"])
    backup.put_back(tmp_path / "kept", store, "en", force=True)
    again = vault(store)
    assert again.tombstones() == ["ana"]
    assert [again.open(sealed[person]) for person in ("ana", "rui")] == ["␡", "name of rui"]


def test_a_backup_never_goes_into_a_folder_that_holds_something(store):
    with pytest.raises(Failure):
        backup.take(store, store, "en")


def test_what_is_no_backup_is_not_restored(store, tmp_path):
    with pytest.raises(Failure):
        backup.put_back(tmp_path, store, "en", force=True)
