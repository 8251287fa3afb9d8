"""The customer accepts the renewal that was offered to him."""

from __future__ import annotations

from contracts_service.domain import contract
from contracts_service.domain.contract_commands import ApproveRenewal, Party
from contracts_service.domain.contract_events import ContractRenewed, RenewalDeclined, RenewalOffered
from contracts_service.domain.terms import Renewal
from contracts_service.domain.terms_changes import with_end
from contracts_service.tests.samples import active, at, day, terms
from services.testing.decider import DeciderSpec

spec = DeciderSpec(contract.DECIDER)

BY_APPROVAL = {"renewal": Renewal.APPROVAL}
LAST = day("2026-12-31")
OFFERED = RenewalOffered("c1", "k1", day("2026-11-01"), LAST, day("2027-12-31"), day("2026-12-01"))
RENEWED = ContractRenewed(
    "c1", "k1", day("2027-12-31"), day("2026-01-01"), with_end(terms(**BY_APPROVAL), day("2027-12-31"))
)


def approve(when: str = "2026-11-10") -> ApproveRenewal:
    return ApproveRenewal("c1", LAST, at(when))


def test_what_was_offered_is_accepted_once() -> None:
    after = spec.given(*active(**BY_APPROVAL), OFFERED).when(approve()).then(RENEWED)
    after.when(approve()).then_nothing()


def test_nothing_else_is_accepted() -> None:
    spec.given(*active(**BY_APPROVAL)).when(approve()).then_refused("contract.renewal-not-offered")
    declined = RenewalDeclined("c1", "k1", day("2026-11-05"), LAST, Party.CUSTOMER, "")
    spec.given(*active(**BY_APPROVAL), OFFERED, declined).when(approve()).then_refused("contract.renewal-declined")
    spec.given(*active(**BY_APPROVAL), OFFERED).when(approve("2027-01-01")).then_refused("contract.renewal-too-late")
    spec.given(*active(**BY_APPROVAL), OFFERED).when(approve("2026-12-31")).then(RENEWED)
