"""Files of our own columns: contracts that are taken over, what is left of their receivables, and the reconciliation."""

from decimal import Decimal

import pytest

from vigencia import resolving
from vigencia.console import Voice
from vigencia.exits import Failure
from vigencia.imports.mapping import load
from vigencia.imports.reading import read_table
from vigencia.imports.records import convert
from vigencia.imports.rejected import template
from vigencia.reconciling import monthly
from vigencia.tests.unit.test_importing import FakeSystem, imported

CONTRACTS = """Contrato;Código do cliente;Cliente;Início;Faturado até;Cláusula;Descrição;Valor;Periodicidade;Item faturado até
A-1;K1;Aurora;01/03/2024;30/11/2026;1;Mensalidade;1.250,00;mensal;
A-1;K1;Aurora;01/03/2024;;2;Licença;1.200,00;anual;28/02/2027
A-2;K2;Brisa;15/06/2025;14/12/2026;1;Suporte;90,00;trimestral;
"""
RECEIVABLES = """Contrato;Título;Emissão;Vencimento;Valor original;Retido;Saldo;Descrição
A-1;NF-1;01/11/2026;11/11/2026;1.000,00;50,00;550,00;Novembro
A-2;NF-2;01/11/2026;11/11/2026;90,00;;90,00;
"""


def converted(tmp_path, name, text):
    path = tmp_path / "given.csv"
    path.write_text(text, "utf-8")
    mapping = load(name)
    return convert(read_table(path, mapping.headings()), mapping)


def test_rows_of_one_contract_are_its_charge_lines(tmp_path):
    first, second = converted(tmp_path, "contracts", CONTRACTS).records
    terms = first.data["contract"]
    assert [(line["clause"], line["amount"], line["rule"]) for line in terms["lines"]] == [
        ("1", Decimal("1250.00"), "monthly"),
        ("2", Decimal("1200.00"), "yearly"),
    ]
    assert str(terms["billing"]["billed_through"]) == "2026-11-30"
    assert [str(line["billed_through"]) for line in terms["lines"]] == ["None", "2027-02-28"]
    assert second.data["contract"]["lines"][0]["mode"] == "advance"  # where nothing is said
    assert terms["late"]["fine_percent"] == Decimal("2.00")


def test_what_belongs_to_the_contract_must_not_differ_between_its_rows(tmp_path):
    wrong = CONTRACTS.replace("A-1;K1;Aurora;01/03/2024;;2", "A-1;K1;Aurora;01/03/2025;;2")
    (rejection,) = converted(tmp_path, "contracts", wrong).rejections
    assert [problem.code for _, problem in rejection.rows] == ["held-back", "differs-in-group"]
    assert rejection.rows[1][1].column == "Início"


def test_headings_may_be_english_and_columns_may_be_left_out(tmp_path):
    english = (
        'contract,DOCUMENT,Issued on,Due on,Original amount,Left\nA-1,NF-1,2026-11-01,2026-11-11,"1.000,00","550,00"\n'
    )
    (record,) = converted(tmp_path, "open-receivables", english).records
    assert (record.data["amount"], record.data["withheld"], record.data["left"]) == (
        Decimal("1000.00"),
        Decimal("0.00"),
        Decimal("550.00"),
    )


@pytest.mark.parametrize("lang", ["pt-BR", "en"])
@pytest.mark.parametrize("name", ["contracts", "open-receivables", "opening-credits"])
def test_a_template_is_a_file_that_can_be_imported(tmp_path, name, lang):
    made = converted(tmp_path, name, template(load(name), lang))
    assert (len(made.records), made.rejections) == (2 if name == "contracts" else 1, [])


def system():
    made = FakeSystem()
    made.contracts = {"A-1": ["contract-a1"], "A-2": ["contract-a2"]}
    return made


def test_the_file_and_the_systems_answers_stand_side_by_side(tmp_path):
    taken = system()
    for count in ({"imported": 2, "unchanged": 0}, {"imported": 0, "unchanged": 2}):  # again: the same
        outcome = imported(taken, tmp_path, "open-receivables", RECEIVABLES, reconciled=True)
        sums = {"rows": 2, "amount": "1090.00", "withheld": "50.00", "left": "640.00"}
        assert outcome.counts() == {
            "read": 2, **count, "rejected": 0,
            "reconciliation": {"agrees": True, "file": sums, "system": sums, "differences": []},
        }  # fmt: skip
        assert outcome.exit() == 0
    contracts = imported(taken, tmp_path, "contracts", CONTRACTS, reconciled=True).reconciliation
    assert contracts.agrees
    assert contracts.system == {
        "rows": 2, "monthly": Decimal("1380.00"), "once": Decimal("0.00"), "uses": Decimal("0.00"), "lines": 3, "visits": 0,
        "suspended": 0,
    }  # fmt: skip


def test_each_difference_is_named_with_its_row(tmp_path):
    taken = system()
    imported(taken, tmp_path, "open-receivables", RECEIVABLES)
    for record in taken.known.values():
        record["left"] = record["left"].replace("550", "540")
    taken.refuses = ("NF-1",)
    more = RECEIVABLES + "A-9;NF-3;01/11/2026;11/11/2026;10,00;;10,00;\nA-1;NF-4;01/11/2026;x;10,00;;10,00;\n"
    found = imported(taken, tmp_path, "open-receivables", more, reconciled=True)
    assert [(each.row, each.reference, each.what) for each in found.reconciliation.differences] == [
        (2, "A-1/NF-1", "left"),
        (4, "A-9/NF-3", "row"),
        (5, "A-1/NF-4", "row"),
    ]
    assert found.exit() == 1
    said = list(found.reconciliation.sentences("pt-BR"))
    assert "linha 4 (A-9/NF-3): 10.00 não está no sistema" in said
    text = found.errors_at.read_text("utf-8-sig")
    assert "coluna «Contrato»: «A-9» não é número nem referência de um contrato" in text


def test_a_number_may_come_again_on_another_contract(tmp_path):
    again = RECEIVABLES.replace("NF-2", "NF-1")
    outcome = imported(system(), tmp_path, "open-receivables", again, reconciled=True)
    assert (outcome.imported, outcome.rejected, outcome.reconciliation.agrees) == (2, 0, True)
    twice = RECEIVABLES + RECEIVABLES.splitlines()[1] + "\n" + RECEIVABLES.splitlines()[1].replace("550", "540") + "\n"
    outcome = imported(system(), tmp_path, "open-receivables", twice)
    assert (outcome.read, outcome.imported, outcome.unchanged, outcome.rejected) == (4, 2, 1, 1)


def test_a_number_of_two_companies_needs_one_of_them(tmp_path):
    taken = system()
    taken.contracts["A-1"] = ["contract-a1", "contract-b1"]
    outcome = imported(taken, tmp_path, "open-receivables", RECEIVABLES)
    assert outcome.counts() == {"read": 2, "imported": 1, "unchanged": 0, "rejected": 1}
    assert "--provider" in outcome.errors_at.read_text("utf-8-sig")


def test_contracts_are_with_the_company_that_is_named(tmp_path):
    taken = system()
    imported(taken, tmp_path, "contracts", CONTRACTS, provider="p2")
    assert {record["provider_id"] for record in taken.known.values()} == {"p2"}


COMPANIES = [
    {"provider_id": "p1", "cnpj": "11222333000181", "legal_name": "Um Ltda.", "trade_name": None},
    {"provider_id": "p2", "cnpj": "12ABC34501DE35", "legal_name": "Dois Ltda.", "trade_name": "Dois"},
]


@pytest.mark.parametrize("wanted", ["p2", "12.abc.345/01DE-35", "dois", "Dois Ltda."])
def test_a_company_is_named_by_id_cnpj_or_name(wanted):
    assert resolving.provider(COMPANIES, wanted, "en") == "p2"


def test_of_several_companies_one_must_be_named():
    assert resolving.provider(COMPANIES[:1], None, "en") == ""
    for wanted in (None, "Três"):
        with pytest.raises(Failure):
            resolving.provider(COMPANIES, wanted, "en")


class Listed:
    """The gateway's list of contracts."""

    def pages(self, path, **params):
        rows = [("c1", "2026/1", "A-1", "p1"), ("c2", "A-1", "X", "p1"), ("c3", "2026/1", None, "p2")]
        for contract_id, number, reference, provider_id in rows:
            if params.get("provider_id") in (None, provider_id):
                yield {"contract_id": contract_id, "number": number, "external_ref": reference}


def test_a_contract_is_named_by_its_number_else_by_its_reference_there():
    found = resolving.contracts(Listed(), ["A-1", "X", "2026/1", "?"])
    assert found == {"A-1": ["c2"], "X": ["c2"], "2026/1": ["c1", "c3"], "?": []}
    assert resolving.contracts(Listed(), ["2026/1"], "p2") == {"2026/1": ["c3"]}


def test_lines_of_any_rhythm_come_to_a_price_a_month():
    lines = [
        {"amount": "100.00", "rule": "quarterly", "interval": 1},
        {"amount": "12.00", "rule": "weekly"},
        {"amount": "600.00", "rule": "yearly", "interval": 2},
    ]
    assert monthly(lines) == Decimal("110.48")  # 33.333… + 52.142… + 25


def test_people_read_it_in_their_language(tmp_path, capsys):
    found = imported(system(), tmp_path, "open-receivables", RECEIVABLES, reconciled=True).reconciliation
    assert next(iter(found.sentences("en"))) == "records: file 2 = system 2"
    Voice("pt-BR").remark("\n".join(found.sentences("pt-BR")))
    assert "saldo: arquivo 640.00 = sistema 640.00" in capsys.readouterr().err


def test_of_a_company_with_branches_the_head_office_is_meant():
    houses = [
        {"provider_id": "p8", "legal_name": "Horizonte", "trade_name": "Santos", "cnpj": "33014556000277"},
        {"provider_id": "p9", "legal_name": "Horizonte", "trade_name": "", "cnpj": "33014556000196"},
    ]
    assert resolving.provider(houses, None, "en") == "p9"
