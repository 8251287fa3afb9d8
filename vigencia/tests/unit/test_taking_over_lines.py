"""Contracts of our own columns with all that a line may be: once, per use, discounted, with visits; suspended contracts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from contracts_service.domain.terms import ContractTerms, GiveBack, LineKind
from contracts_service.domain.terms_check import problems
from services.errors import Invalid
from services.schemas import load as shaped
from services.schemas import schema_of
from vigencia.imports.mapping import load
from vigencia.imports.records import jsonable
from vigencia.imports.rejected import template
from vigencia.reconciling import told
from vigencia.tests.unit.test_importing import FakeSystem, imported
from vigencia.tests.unit.test_taking_over import converted

HEADER = (
    "Contrato;Código do cliente;Cliente;Início;Faturado até;Suspenso desde;Motivo da suspensão;Cobra suspenso;Cláusula;Descrição;"
    "Tipo;Valor;Início do item;Desconto %;Desconto até;Teto;Serviço;Nome do serviço;Incluído por mês;Preço do excedente;"
    "Visitas por mês;Dias das visitas\n"
)
WHOLE = HEADER + (
    "A-1;K1;Aurora;01/03/2024;31/10/2026;;;;1;Mensalidade;;1.000,00;;10,00;31/12/2026;;MAN;Manutenção;8;;2;ter qui\n"
    "A-1;K1;Aurora;01/03/2024;;;;;2;Horas além;por uso;180,00;;;;1.800,00;MAN;;8;;;\n"
    "A-1;K1;Aurora;01/03/2024;;;;;3;Instalação;única;900,00;15/11/2026;;;;;;;;;\n"
    "A-2;K2;Brisa;15/06/2025;30/11/2026;20/10/2026;inadimplência;sim;1;Suporte;;90,00;;;;;SUP;;;;;\n"
)


def row(**cells: str) -> str:
    usual = {
        "Contrato": "A-1",
        "Código do cliente": "K1",
        "Cliente": "Aurora",
        "Início": "01/03/2024",
        "Descrição": "Item",
    }
    usual |= {"Valor": "10,00", "Cláusula": "1", **{name.replace("_", " "): cell for name, cell in cells.items()}}
    return ";".join(usual.get(name, "") for name in HEADER.strip().split(";")) + "\n"


def terms(contract: dict[str, Any]) -> ContractTerms:
    """As the service reads them."""
    bare = {name: value for name, value in contract.items() if name not in ("contract_id", "external_ref", "number")}
    made: ContractTerms = shaped(schema_of(ContractTerms), jsonable(bare))
    return made


def test_lines_are_recurring_per_use_or_charged_once(tmp_path) -> None:
    first, second = converted(tmp_path, "contracts", WHOLE).records
    agreed = terms(first.data["contract"])
    assert problems(agreed) == []
    monthly, use, once = agreed.lines
    assert (monthly.kind, use.kind, once.kind) == (LineKind.RECURRING, LineKind.PER_USE, LineKind.ONE_OFF)
    assert [(off.percent, str(off.ends_on)) for off in monthly.discounts] == [(Decimal("10.00"), "2026-12-31")]
    assert (use.amount, use.ceiling, str(once.starts_on)) == (Decimal("180.00"), Decimal("1800.00"), "2026-11-15")
    (service,) = agreed.services  # named by two rows, one service: what is included, and the price beyond it
    assert (service.code, service.name, service.included_quantity, service.overage_unit_price) == (
        "MAN", "Manutenção", Decimal("8.00"), Decimal("180.00"),
    )  # fmt: skip
    (plan,) = agreed.visit_plan
    assert (plan.per_month, plan.weekdays, plan.service_type_id) == (2, (1, 3), service.service_type_id)
    (unnamed,) = terms(second.data["contract"]).services
    assert (unnamed.name, unnamed.included_quantity) == ("SUP", None)


def test_a_suspended_contract_says_since_when_why_and_whether_charges_go_on(tmp_path) -> None:
    first, second = converted(tmp_path, "contracts", WHOLE).records
    assert "suspension" not in first.data
    assert {name: str(value) for name, value in second.data["suspension"].items()} == {
        "on": "2026-10-20",
        "reason": "default",
    }
    assert terms(second.data["contract"]).suspension.give_back is GiveBack.NOTHING


def test_the_template_s_terms_make_sense(tmp_path) -> None:
    for record in converted(tmp_path, "contracts", template(load("contracts"), "pt-BR")).records:
        assert problems(terms(record.data["contract"])) == []


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"Tipo": "única"}, "Início do item", "falta um valor, que «Tipo» = «única» exige"),
        ({"Tipo": "por uso"}, "Serviço", "falta um valor"),
        ({"Tipo": "por uso", "Serviço": "MAN"}, "Incluído por mês", "falta um valor"),
        ({"Tipo": "única", "Início_do_item": "01/12/2026", "Teto": "5,00"}, "Teto", "só vale onde «Tipo» é"),
        (
            {"Tipo": "por uso", "Serviço": "MAN", "Incluído_por_mês": "0", "Desconto_%": "5,00"},
            "Desconto %",
            "recorrente",
        ),
        ({"Desconto_até": "31/12/2026"}, "Desconto até", "precisa também de um valor em: Desconto %, Desconto em R$"),
        ({"Incluído_por_mês": "8"}, "Incluído por mês", "precisa também de um valor em: Serviço"),
        ({"Visitas_por_mês": "2"}, "Visitas por mês", "Serviço"),
        (
            {"Serviço": "MAN", "Visitas_por_mês": "2", "Dias_das_visitas": "ter, xis"},
            "Dias das visitas",
            "«xis» é desconhecido",
        ),
        ({"Motivo_da_suspensão": "acordo"}, "Motivo da suspensão", "Suspenso desde"),
        ({"Suspenso_desde": "29/02/2024"}, "Suspenso desde", "é anterior a «Início»"),
        ({"Tipo": "mensal"}, "Tipo", "esperado um destes: recorrente"),
    ],
)
def test_what_does_not_go_together_is_said_with_its_row_and_column(tmp_path, cells, column, said) -> None:
    (rejection,) = converted(tmp_path, "contracts", HEADER + row(Contrato="B", Cláusula="9") + row(**cells)).rejections
    ((_, problem),) = rejection.rows
    assert (problem.row, problem.column) == (3, column)
    assert said in problem.words("pt-BR")
    assert problem.words("en") != problem.words("pt-BR")


def test_rows_that_contradict_each_other_about_a_service_name_the_cell(tmp_path) -> None:
    other = WHOLE.replace(";MAN;;8;;;\n", ";MAN;;9;;;\n")
    (rejection,) = converted(tmp_path, "contracts", other).rejections
    assert [(problem.code, problem.column) for _, problem in rejection.rows] == [
        ("held-back", None), ("differs-in-group", "Incluído por mês"), ("held-back", None),
    ]  # fmt: skip


def test_the_system_s_refusal_names_the_cell_that_it_is_about(tmp_path) -> None:
    class Refusing(FakeSystem):
        def _take(self, record):
            if record["contract"]["external_ref"] != "A-1":
                return super()._take(record)
            bad = {"path": "terms.lines.1.ceiling", "code": "terms.cents", "message": "…"}
            return {"status": "rejected", "error": Invalid("contract.terms-invalid", problems=[bad]).to_wire()}

    outcome = imported(Refusing(), tmp_path, "contracts", WHOLE)
    found = [(row.number, problem.code, problem.column) for row, problem in outcome.refused]
    assert found == [(2, "held-back", None), (3, "refused", "Teto"), (4, "held-back", None)]


def test_a_refused_document_is_a_cell_too(tmp_path) -> None:
    class Refusing(FakeSystem):
        def _take(self, record):
            return {"status": "rejected", "error": {"kind": "refused", "code": "customer.cpf-invalid"}}

    outcome = imported(Refusing(), tmp_path, "contracts", HEADER + row())
    assert [problem.column for _, problem in outcome.refused] == ["CPF/CNPJ"]


def test_services_of_the_catalogue_are_taken_by_their_code(tmp_path) -> None:
    system = FakeSystem()
    system.services = {"MAN": "service-man", "OUT": "service-out"}
    assert imported(system, tmp_path, "contracts", WHOLE).imported == 2
    first, second = (record["contract"] for record in system.known.values())
    named = [line.get("service_type_id") for line in first["lines"]]
    assert named == ["service-man", "service-man", None]
    assert (first["services"][0]["service_type_id"], first["visit_plan"][0]["service_type_id"]) == ("service-man",) * 2
    assert second["services"][0]["service_type_id"] not in system.services.values()


def test_all_of_it_is_reconciled(tmp_path) -> None:
    system = FakeSystem()
    found = imported(system, tmp_path, "contracts", WHOLE, reconciled=True).reconciliation
    assert found.agrees
    assert found.system == {
        "rows": 2, "monthly": Decimal("1090.00"), "once": Decimal("900.00"), "uses": Decimal("180.00"), "lines": 4, "visits": 2,
        "suspended": 1,
    }  # fmt: skip
    for record in system.known.values():
        if record.get("suspension"):
            record["suspension"]["on"] = "2026-10-21"
        else:
            record["contract"]["lines"][0]["discounts"] = []
    found = imported(_Deaf(system), tmp_path, "contracts", WHOLE, reconciled=True).reconciliation
    assert [(each.row, each.what) for each in found.differences] == [(2, "line 1"), (5, "suspended_on")]
    assert found.differences[0].file == "amount=1000; discount percent 10, ends_on 2026-12-31"
    assert found.differences[0].system == "amount=1000"


def test_a_line_is_told_alike_from_a_file_and_from_the_system() -> None:
    usual = {"kind": "recurring", "rule": "monthly", "interval": 1, "mode": "advance", "proration": "actual"}
    file = {"amount": Decimal("90.00"), "starts_on": None}
    assert told(file) == told({**usual, "amount": "90.00", "discounts": [], "minimum": None}) == "amount=90"


class _Deaf(FakeSystem):
    """Takes nothing more: it has what another has."""

    def __init__(self, other: FakeSystem) -> None:
        super().__init__()
        self.known = other.known

    def _take(self, record):
        return {"status": "unchanged"}
