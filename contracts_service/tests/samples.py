"""Small terms, commands and events that the tests share."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from contracts_service.domain import contract_commands as ask
from contracts_service.domain import contract_events as happened
from contracts_service.domain.contract_commands import SuspensionReason
from contracts_service.domain.terms import (
    ContractTerms,
    Default,
    EvidenceKind,
    Line,
    Priority,
    Renewal,
    ServiceTerms,
    Target,
)

CNPJ = "11.222.333/0001-81"
ALPHANUMERIC_CNPJ = "12.ABC.345/01DE-35"
CPF = "529.982.247-25"

DEFAULT, AGREEMENT = SuspensionReason.DEFAULT, SuspensionReason.AGREEMENT


def at(text: str) -> datetime:
    """``2026-03-10 14:00`` in UTC; a bare day means its noon."""
    return datetime.fromisoformat(text if ":" in text else f"{text} 12:00").replace(tzinfo=UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


def line(**changes: Any) -> Line:
    return replace(Line("l1", "4.1", "Manutenção preventiva mensal", Decimal("1500.00")), **changes)


def service(**changes: Any) -> ServiceTerms:
    targets = (Target(Priority.HIGH, 60, 480), Target(Priority.LOW, 240, 2880))
    maintenance = ServiceTerms(
        "s1",
        "MAN",
        "Manutenção",
        targets=targets,
        included_quantity=Decimal("8"),
        overage_unit_price=Decimal("180.00"),
        evidence=(EvidenceKind.SIGNED_ORDER,),
    )
    return replace(maintenance, **changes)


def terms(**changes: Any) -> ContractTerms:
    """One year of 2026, tacitly renewed, 30 days' notice; in default after 30 days, 5 days' notice of suspension."""
    year = ContractTerms(
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        renewal=Renewal.TACIT,
        services=(service(),),
        lines=(line(),),
        default=Default(days=30, suspend=True, notice_days=5),
    )
    return replace(year, **changes)


def draft(**changes: Any) -> ask.DraftContract:
    return replace(ask.DraftContract("c1", "k1", "p1", terms()), **changes)


def drafted(**changes: Any) -> happened.ContractDrafted:
    return replace(happened.ContractDrafted("c1", "k1", "p1", terms(), None), **changes)


def activated(**changes: Any) -> happened.ContractActivated:
    event = happened.ContractActivated("c1", "k1", "p1", "2026/000001", date(2026, 1, 1), terms())
    return replace(event, **changes)


def active(**term_changes: Any) -> tuple[happened.ContractDrafted, happened.ContractActivated]:
    """A contract in life since 1 January 2026."""
    return drafted(terms=terms(**term_changes)), activated(terms=terms(**term_changes))


def notified(reason: SuspensionReason = DEFAULT) -> happened.SuspensionNotified:
    return happened.SuspensionNotified("c1", "k1", day("2026-03-10"), day("2026-03-15"), reason)


def suspended(reason: SuspensionReason = DEFAULT, on: str = "2026-03-15") -> happened.ContractSuspended:
    return happened.ContractSuspended("c1", "k1", day(on), reason, "")


def resumed(on: str = "2026-04-01") -> happened.ContractResumed:
    return happened.ContractResumed("c1", "k1", day(on))


def terminated(on: str = "2026-06-30") -> happened.ContractTerminated:
    return happened.ContractTerminated("c1", "k1", day(on), "Rescisão pelo cliente")


def expired() -> happened.ContractExpired:
    return happened.ContractExpired("c1", "k1", day("2026-12-31"))
