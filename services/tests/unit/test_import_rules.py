"""The two rules about imports say no to what they shall keep out: a rule that never fires proves nothing."""

from __future__ import annotations

from typing import Any

import grimp
import pytest

from services.testing.import_rules import PurityContract, RimContract

DOMAIN = "billing_service.domain.account"


def _graph(*imports: tuple[str, str]) -> Any:
    graph = grimp.ImportGraph()
    for importer, imported in imports:
        graph.add_import(importer=importer, imported=imported, line_number=1, line_contents=f"import {imported}")
    return graph


def _contract(kind: type[Any], **options: list[str]) -> Any:
    return kind(name="rule", session_options={}, contract_options={"name": "rule", "type": "rule", **options})


def _purity() -> Any:
    return _contract(
        PurityContract,
        modules=["*_service.domain", "*_service.domain.**"],
        allowed=["services.errors", "dateutil"],
        forbidden_stdlib=["time"],
    )


@pytest.mark.parametrize(
    "imported",
    ["sqlalchemy", "marshmallow.fields", "services.store.events", "billing_service.views.money",
     "contracts_service.domain.terms", "time"],
)  # fmt: skip
def test_a_domain_may_not_import(imported: str) -> None:
    assert list(_purity().violations(_graph((DOMAIN, imported)))) == [(DOMAIN, imported)]


@pytest.mark.parametrize(
    "imported", ["decimal", "zoneinfo", "dateutil.relativedelta", "services.errors", "billing_service.domain.money"]
)
def test_a_domain_may_import(imported: str) -> None:
    assert list(_purity().violations(_graph((DOMAIN, imported)))) == []


def test_only_the_rim_may_import_nameko() -> None:
    contract = _contract(RimContract, libraries=["nameko"], allowed_importers=["services.nameko_ext.**", "*.service"])
    graph = _graph(
        ("services.nameko_ext.rpc", "nameko"), ("billing_service.service", "nameko"), ("services.relay", "nameko")
    )
    assert list(contract.violations(graph)) == [("services.relay", "nameko")]
