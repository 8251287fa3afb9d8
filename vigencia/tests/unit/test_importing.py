"""An import sends records, counts what became of them, and writes the rest to the error file."""

from pathlib import Path

import pytest

from services.errors import Invalid, Refused
from vigencia.console import Voice
from vigencia.importing import check_kind, import_table
from vigencia.imports.mapping import load
from vigencia.imports.reading import read_table

DATA = Path(__file__).parents[1] / "data"
VOICE = Voice("pt-BR", json=True)


class FakeSystem:
    """Takes every record once; refuses those whose reference is in ``refuses``."""

    def __init__(self, refuses: tuple[str, ...] = ()) -> None:
        self.refuses = refuses
        self.known: dict[str, dict] = {}
        self.kinds: list[str] = []
        self.settled = 0
        self.contracts: dict[str, list[str]] = {}
        self.services: dict[str, str] = {}

    def import_records(self, kind, records):
        self.kinds.append(kind)
        return [self._take(record) for record in records]

    def _take(self, record):
        reference = record.get("external_ref") or record["customer"]["external_ref"]
        if reference in self.refuses:
            error = Refused("receivable.closed")
            error.words = {"pt-BR": "o mês está fechado", "en": "the month is closed"}
            return {"status": "rejected", "error": error.to_wire()}
        if self.known.get(record["id"]) == record:
            return {"status": "unchanged"}
        self.known[record["id"]] = record
        return {"status": "imported"}

    def ensure_provider(self, voice, wanted=None):
        """There is one; another is meant only when it is named."""
        return wanted or ""

    def contracts_named(self, references, wanted=None):
        return {reference: self.contracts.get(reference, []) for reference in references}

    def services_coded(self, codes):
        return {code: id_ for code, id_ in self.services.items() if code in codes}

    def get(self, path, **params):
        """A contract as it was taken over."""
        (found,) = [each for each in self.known.values() if each.get("contract", {}).get("contract_id") == path[-36:]]
        return {"terms": found["contract"], "taken_over_suspension": found.get("suspension")}

    def pages(self, path, **params):
        """Contracts and receivables as the gateway lists them, from what was taken."""
        for record in self.known.values():
            if "contract" in record:
                yield {"contract_id": record["contract"]["contract_id"]}
            elif "left" in record:
                opening = {"gross": record["amount"], "withheld": record["withheld"]}
                row = {name: record[name] for name in ("contract_id", "external_ref", "due_on", "issued_on")}
                yield {**row, "net": record["left"], "status": "open", "taken_over": opening}

    def settle(self, voice):
        self.settled += 1


def imported(system, tmp_path, name="ibm-ar", text: str | None = None, **options):
    mapping = load(name)
    path = DATA / f"{name}.csv"
    if text is not None:
        path = tmp_path / "given.csv"
        path.write_text(text, "utf-8")
    table = read_table(path, mapping.headings())
    errors_at = tmp_path / "errors.csv"
    return import_table(table, mapping, dict(mapping.params), system, VOICE, errors_at=lambda: errors_at, **options)


def test_contracts_are_known_everywhere_before_their_receivables_are_sent(tmp_path):
    system = FakeSystem()
    outcome = imported(system, tmp_path)
    assert outcome.counts() == {"read": 4, "imported": 4, "unchanged": 0, "rejected": 0}
    assert system.kinds == ["contracts", "receivables"]
    assert system.settled == 2
    assert outcome.exit() == 0


def test_the_same_file_again_changes_nothing(tmp_path):
    system = FakeSystem()
    imported(system, tmp_path)
    assert imported(system, tmp_path).counts() == {"read": 4, "imported": 0, "unchanged": 4, "rejected": 0}


def test_what_the_system_refuses_goes_to_the_error_file_in_its_words(tmp_path):
    outcome = imported(FakeSystem(refuses=("0000000102",)), tmp_path)
    assert outcome.counts() == {"read": 4, "imported": 3, "unchanged": 0, "rejected": 1}
    assert outcome.exit() == 1
    lines = outcome.errors_at.read_text("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("391,1000-AAAAA,4/6/2013,0000000102,")
    assert lines[1].endswith(",3,linha 3: o sistema recusou: o mês está fechado")


def test_a_refused_contract_takes_its_receivables_with_it_and_no_others(tmp_path):
    outcome = imported(FakeSystem(refuses=("1000-AAAAA",)), tmp_path)
    assert outcome.counts() == {"read": 4, "imported": 2, "unchanged": 0, "rejected": 2}


def test_the_corrected_error_file_is_imported_as_it_is(tmp_path):
    system = FakeSystem()
    text = (DATA / "ibm-ar.csv").read_text("utf-8").replace("61.74", "sixty")
    outcome = imported(system, tmp_path, text=text)
    assert outcome.counts() == {"read": 4, "imported": 3, "unchanged": 0, "rejected": 1}
    corrected = outcome.errors_at.read_text("utf-8-sig").replace("sixty", "61.74", 1)
    again = imported(system, tmp_path, text=corrected)
    assert again.counts() == {"read": 1, "imported": 1, "unchanged": 0, "rejected": 0}


def test_a_request_counts_once_however_many_rows_it_has(tmp_path):
    outcome = imported(FakeSystem(), tmp_path, "incident-log")
    assert outcome.counts() == {"read": 3, "imported": 3, "unchanged": 0, "rejected": 0}


def test_no_error_file_is_written_when_nothing_was_rejected(tmp_path):
    assert imported(FakeSystem(), tmp_path, "telco").errors_at is None
    assert list(tmp_path.iterdir()) == []


def test_a_mapping_of_another_kind_is_refused_before_the_file_is_read():
    with pytest.raises(Invalid):
        check_kind(load("telco"), "requests")
