"""Evidence: which proofs of service count under the contract, and what is missing when none does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.errors import Refused
from tickets_service.domain.events import Evidence

CONFIRMATION = "portal_confirmation"


def accepted_evidence(
    named: Sequence[Evidence], attached: Mapping[str, str], accepted: Sequence[str]
) -> tuple[tuple[Evidence, ...], bool]:
    """``(evidence, awaiting confirmation)`` of a resolution. Raises ``Refused`` when nothing that counts is there.

    ``attached`` maps document ids to their kinds. When none is named, every attached document that counts is taken.
    Where the contract accepts the customer's confirmation and nothing else is given, that is what is awaited.
    """
    for each in named:
        _check(each, attached)
    given = tuple(named) or tuple(Evidence(kind, id_) for id_, kind in attached.items() if kind in accepted)
    if not accepted:
        return given, False
    counted = [each for each in given if each.kind in accepted]
    if not counted and CONFIRMATION in accepted:
        given = (*given, Evidence(CONFIRMATION))
        counted = [given[-1]]
    if not counted:
        raise Refused(
            "request.evidence-missing",
            missing=", ".join(accepted),
            accepted=list(accepted),
            given=[each.kind for each in given],
        )
    return given, all(each.kind == CONFIRMATION for each in counted)


def _check(evidence: Evidence, attached: Mapping[str, str]) -> None:
    if evidence.document_id is None:
        if evidence.kind != CONFIRMATION:
            raise Refused("request.evidence-needs-document", kind=evidence.kind)
    elif attached.get(evidence.document_id) != evidence.kind:
        raise Refused("request.evidence-not-attached", document_id=evidence.document_id, kind=evidence.kind)
