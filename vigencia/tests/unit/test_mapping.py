"""A mapping file is checked whole when it is loaded; the shipped ones say what they should."""

from datetime import date
from pathlib import Path

import pytest

from services.errors import Invalid
from vigencia.imports.mapping import load, parse, shipped
from vigencia.imports.reading import read_table
from vigencia.imports.records import convert, jsonable

DATA = Path(__file__).parents[1] / "data"
GOOD = {"mapping": "m", "kind": "contracts", "reference": "a", "columns": {"a": {}}, "record": {"ref": "{a}"}}


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "invoices"},
        {"columns": {}},
        {"colums": {}},
        {"record": {"ref": "{b}"}},
        {"record": {"ref": {"$colum": "a"}}},
        {"record": {"ref": {"$param": "none"}}},
        {"record": {"ref": {"$lookup": {"of": {"$column": "a"}}}}},
        {"record": [{"$when": {"b": 1}}]},
        {"columns": {"a": {"type": "date"}}},
        {"columns": {"a": {"type": "choice"}}},
        {"columns": {"a": {"type": "float"}}},
        {"columns": {"a": {"typ": "text"}}},
        {"columns": {"a": {"type": "money", "min": "x"}}},
        {"columns": {"a": {"not_before": "b"}}},
        {"history": {"at": "a"}},
        {"history": {"at": "a", "state": "b", "step": {}}},
    ],
)
def test_a_mistake_in_a_mapping_is_told_when_it_is_loaded(change):
    with pytest.raises(Invalid) as raised:
        parse({**GOOD, **change})
    assert raised.value.code == "import.mapping-invalid"


def test_parameters_take_the_type_of_their_default():
    mapping = parse({**GOOD, "params": {"day": date(2026, 1, 1), "months": 3}})
    assert mapping.with_params({"day": "2025-02-03", "months": "4"}) == {"day": date(2025, 2, 3), "months": 4}
    for given in ({"dya": "2025-01-01"}, {"day": "3/2/2025"}):
        with pytest.raises(Invalid):
            mapping.with_params(given)


def test_an_unknown_mapping_names_the_shipped_ones():
    with pytest.raises(Invalid) as raised:
        load("nothing")
    assert raised.value.params["shipped"] == "contracts, ibm-ar, incident-log, open-receivables, opening-credits, telco"


def test_the_shipped_mappings_are_sound():
    assert {name: load(name).kind for name in shipped()} == {
        "ibm-ar": "receivables",
        "incident-log": "requests",
        "telco": "contracts",
        "contracts": "contracts",
        "open-receivables": "open-receivables",
        "opening-credits": "opening-credits",
    }


def converted(name: str):
    mapping = load(name)
    return convert(read_table(DATA / f"{name}.csv", mapping.columns), mapping)


def test_telco_gives_one_active_contract_a_customer_with_its_monthly_charge_and_services():
    made = converted("telco")
    assert not made.rejections
    first = jsonable(made.records[0].data)
    assert first["status"] == "active"
    assert first["customer"]["kind"] == "person"
    contract = first["contract"]
    assert (contract["starts_on"], contract["ends_on"], contract["renewal"]) == ("2024-12-01", None, "none")
    assert [(line["amount"], line["rule"], line["starts_on"]) for line in contract["lines"]] == [
        ("39.85", "monthly", "2025-01-01")
    ]
    assert [service["code"] for service in contract["services"]] == ["TELCO-DSL", "TELCO-BKP"]


def test_telco_contracts_of_one_and_two_years_end_with_the_running_period_and_renew_tacitly():
    periods = [
        tuple(record.data["contract"][key] for key in ("starts_on", "ends_on", "renewal", "renewal_months"))
        for record in converted("telco").records
    ]
    assert periods[1] == (date(2022, 3, 1), date(2027, 2, 28), "tacit", 12)
    assert periods[2] == (date(2025, 1, 1), date(2026, 12, 31), "tacit", 24)


def test_ibm_ar_gives_one_contract_a_customer_and_receivables_with_their_payment():
    made = converted("ibm-ar")
    assert not made.rejections
    assert sorted(made.contracts) == ["1000-AAAAA", "2000-BBBBB"]
    assert all(each["contract"]["lines"] == [] for each in made.contracts.values())
    told = [
        (
            str(record.data["amount"]),
            record.data["disputed"],
            [(payment["on"] - record.data["due_on"]).days for payment in record.data["payments"]],
        )
        for record in made.records
    ]
    assert told == [("55.94", False, [0]), ("61.74", True, [6]), ("94.00", False, [-25]), ("20.06", False, [11])]


def test_incident_log_gives_one_request_an_incident_with_waiting_and_reopening():
    made = converted("incident-log")
    assert not made.rejections
    assert {record.reference: [step["kind"] for step in record.data["steps"]] for record in made.records} == {
        "INC9000001": ["new", "active", "resolved", "closed"],
        "INC9000002": ["new", "waiting", "active", "resolved", "reopened", "resolved", "closed"],
        "INC9000003": ["active", "resolved"],
    }
