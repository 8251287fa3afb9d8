"""Rows become records as the mapping says; what is no good is named by row, column, value and what was expected."""

import textwrap

import pytest
import yaml

from services.errors import Invalid
from vigencia.imports import rejected
from vigencia.imports.mapping import _Loader, parse
from vigencia.imports.reading import Row, Table, read_table
from vigencia.imports.records import convert, jsonable

INVOICES = """
mapping: little
kind: receivables
reference: nota
params: {starts_on: 2000-01-01}
columns:
  nota: {type: text, required: true, empty: ["?"]}
  cliente: {type: text, required: true}
  emissao: {type: date, required: true, formats: ["%d/%m/%Y"]}
  pagamento: {type: date, formats: ["%d/%m/%Y"], not_before: emissao}
  valor: {type: money, required: true, decimal: ",", min: "0.01", max: "1000000.00"}
contract:
  reference: "{cliente}"
  customer: {external_ref: "{cliente}"}
  contract: {contract_id: {$id: {kind: contract, of: "{cliente}"}}, starts_on: {$param: starts_on}}
record:
  external_ref: "{nota}"
  issued_on: {$column: emissao}
  amount: {$column: valor}
  payments:
    - $unless: {pagamento: null}
      "on": {$column: pagamento}
      amount: {$column: valor}
"""
LOG = """
mapping: log
kind: requests
reference: chamado
columns:
  chamado: {required: true}
  estado: {type: choice, required: true, values: {Novo: new, Aguardando: waiting, Fechado: closed}}
  aberto: {type: datetime, required: true, formats: ["%d/%m/%Y %H:%M"]}
  em: {type: datetime, required: true, formats: ["%d/%m/%Y %H:%M"]}
  quem: {empty: ["?"]}
record: {external_ref: "{chamado}", opened_at: {$column: aberto}}
history: {at: em, state: estado, order_by: [em], same: [aberto], step: {assignee: {$column: quem}}}
"""


def mapping(text: str, **changes):
    return parse({**yaml.load(text, _Loader), **changes})


def table(text: str, separator: str = ";") -> Table:
    lines = [tuple(line.split(separator)) for line in textwrap.dedent(text).strip().splitlines()]
    return Table(lines[0], tuple(Row(n, cells) for n, cells in enumerate(lines[1:], start=2)), "utf-8", separator)


def invoices(*rows: str):
    return convert(table("nota;cliente;emissao;pagamento;valor\n" + "\n".join(rows)), mapping(INVOICES))


def reasons(converted, lang: str = "pt-BR"):
    return [problem.words(lang) for rejection in converted.rejections for _, problem in rejection.rows]


def test_a_row_becomes_a_record_and_the_contract_that_it_needs():
    made = invoices("N1;ACME;02/03/2026;05/03/2026;1.234,50", "N2;ACME;03/03/2026;;10,00")
    assert [jsonable(record.data) for record in made.records] == [
        {
            "external_ref": "N1",
            "issued_on": "2026-03-02",
            "amount": "1234.50",
            "payments": [{"on": "2026-03-05", "amount": "1234.50"}],
        },
        {"external_ref": "N2", "issued_on": "2026-03-03", "amount": "10.00", "payments": []},
    ]
    assert [record.contract_reference for record in made.records] == ["ACME", "ACME"]
    assert list(made.contracts) == ["ACME"]


def test_the_same_thing_has_the_same_id_in_every_run():
    first = invoices("N1;ACME;02/03/2026;;1,00").contracts["ACME"]
    again = invoices("N9;OTHER;02/03/2026;;1,00", "N8;ACME;01/01/2026;;7,00").contracts["ACME"]
    assert first == again


@pytest.mark.parametrize(
    ("row", "place", "value", "expected"),
    [
        ("N1;ACME;02/03/2026;;abc", "linha 2, coluna «valor»", "«abc»", "número com até 2 casas decimais"),
        ("N1;ACME;02/03/2026;;-5,00", "linha 2, coluna «valor»", "«-5,00»", "entre 0.01 e 1000000.00"),
        ("N1;ACME;02/13/2026;;5,00", "linha 2, coluna «emissao»", "«02/13/2026»", "uma data na forma DD/MM/YYYY"),
        ("N1;ACME;02/03/2026;01/03/2026;5,00", "linha 2, coluna «pagamento»", "«2026-03-01»", "o mesmo dia ou depois"),
        ("?;ACME;02/03/2026;;5,00", "linha 2, coluna «nota»", "falta um valor", "um texto"),
        ("N1;ACME;02/03/2026;;5,00;x", "linha 2", "6 valores", "5, como no cabeçalho"),
        ("N1;ACME;02/03/2026", "linha 2", "3 valores", "5, como no cabeçalho"),
    ],
)
def test_a_bad_row_is_rejected_with_row_column_value_and_what_was_expected(row, place, value, expected):
    made = invoices(row, "N2;ACME;03/03/2026;;10,00")
    (reason,) = reasons(made)
    assert reason.startswith(f"{place}: ")
    assert value in reason
    assert f"esperado: {expected}" in reason
    assert len(made.records) == 1


def test_reasons_are_told_in_english_too():
    made = invoices("N1;ACME;02/03/2026;;abc")
    assert reasons(made, "en_US.UTF-8") == [
        "row 2, column “valor”: “abc” is not an amount of money; expected: a number with at most 2 decimals, after “,”"
    ]


def test_a_row_that_stands_twice_counts_once_and_another_under_the_same_reference_is_rejected():
    row = "N1;ACME;02/03/2026;;5,00"
    made = invoices(row, row, "N1;ACME;02/03/2026;;6,00")
    assert (len(made.records), made.doubled, len(made.rejections), made.read) == (1, 1, 1, 3)
    assert reasons(made) == [
        "linha 4, coluna «nota»: N1 já apareceu na linha 2 com outros valores; esperado: uma vez só"
    ]


def test_all_rows_of_one_request_are_one_record():
    made = convert(
        table("""
            chamado;estado;aberto;em;quem
            C1;Novo;01/03/2026 09:00;01/03/2026 09:00;?
            C2;Novo;01/03/2026 09:30;01/03/2026 09:30;Ana
            C1;Fechado;01/03/2026 09:00;01/03/2026 11:00;Rui
        """),
        mapping(LOG),
    )
    assert [record.reference for record in made.records] == ["C1", "C2"]
    assert jsonable(made.records[0].data) == {
        "external_ref": "C1",
        "opened_at": "2026-03-01T12:00:00Z",
        "steps": [
            {"at": "2026-03-01T12:00:00Z", "kind": "new", "assignee": None},
            {"at": "2026-03-01T14:00:00Z", "kind": "closed", "assignee": "Rui"},
        ],
    }


def test_one_bad_row_holds_back_the_other_rows_of_its_request_and_only_those():
    made = convert(
        table("""
            chamado;estado;aberto;em;quem
            C1;Novo;01/03/2026 09:00;01/03/2026 09:00;?
            C2;Novo;01/03/2026 09:30;01/03/2026 09:30;Ana
            C1;Perdido;01/03/2026 09:00;01/03/2026 11:00;Rui
        """),
        mapping(LOG),
    )
    assert [record.reference for record in made.records] == ["C2"]
    assert made.read == 2
    assert reasons(made) == [
        "linha 2: linha correta, mas retida: a linha 4 de C1 foi rejeitada; corrija e importe todas",
        "linha 4, coluna «estado»: «Perdido» é desconhecido; esperado um destes: Novo, Aguardando, Fechado",
    ]


def test_rows_of_a_request_that_contradict_each_other_are_rejected():
    made = convert(
        table("""
            chamado;estado;aberto;em;quem
            C1;Novo;01/03/2026 09:00;01/03/2026 09:00;?
            C1;Fechado;02/03/2026 09:00;03/03/2026 11:00;Rui
        """),
        mapping(LOG),
    )
    assert "difere das outras linhas de C1" in reasons(made)[1]


def test_missing_columns_are_told_before_anything_is_imported():
    with pytest.raises(Invalid) as raised:
        convert(table("nota;cliente\nN1;ACME"), mapping(INVOICES))
    assert raised.value.code == "import.columns-missing"
    assert raised.value.params["missing"] == "emissao, valor"


def test_the_error_file_can_be_corrected_and_imported_again(tmp_path):
    source = table("nota;cliente;emissao;pagamento;valor\nN1;ACME;02/03/2026;;abc\nN2;ACME;03/03/2026;;10,00")
    made = convert(source, mapping(INVOICES))
    text = rejected.render(source, [pair for rejection in made.rejections for pair in rejection.rows], "pt-BR")
    assert text.splitlines()[0] == "nota;cliente;emissao;pagamento;valor;__row;__reason"
    path = tmp_path / "again.csv"
    path.write_text(text.replace("abc", "7,00", 1), "utf-8-sig")
    again = convert(read_table(path, mapping(INVOICES).columns), mapping(INVOICES))
    assert [record.reference for record in again.records] == ["N1"]
    assert not again.rejections


def test_the_error_file_never_overwrites_the_file_that_is_imported(tmp_path):
    source = tmp_path / "notas.xlsx"
    names = []
    for _ in range(3):
        source = rejected.place(source)
        names.append(source.name)
    assert names == ["notas.rejected.csv", "notas.rejected-2.csv", "notas.rejected-3.csv"]


def test_a_workbook_s_number_goes_into_the_error_file_as_the_mapping_reads_it():
    source = Table(("nota", "valor"), (Row(2, ("N1", 1234.5)),), "xlsx", "")
    made = convert(source, mapping(INVOICES, columns={"nota": {}, "valor": {"decimal": ",", "type": "money", "max": 5}},
                                   record={"a": 1}, contract=None))  # fmt: skip
    text = rejected.render(source, made.rejections[0].rows, "en", {"valor": ","})
    assert text.splitlines()[1].startswith('N1,"1234,5",2,')
