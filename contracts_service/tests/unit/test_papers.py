"""Contract: tags, documents by the hash of their content, acceptance on paper and electronically."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts_service.domain.contract import DECIDER
from contracts_service.domain.contract_commands import Party
from contracts_service.domain.customer_messages import CustomerErased
from contracts_service.domain.paper_messages import (
    AcceptContract,
    AttachDocument,
    DocumentKind,
    DocumentRemoved,
    Method,
    RecordAcceptance,
    RemoveDocument,
    TagContract,
    TagsChanged,
)
from contracts_service.tests.samples import CPF, active, at, day, drafted, terminated
from contracts_service.tests.samples_events import ACCEPTED, ATTACHED, CONTACT, PERSON, PROVIDER
from contracts_service.tests.unit.folds import context, folded
from contracts_service.views.contract_queries import (
    ContractQuestion,
    ContractsQuestion,
    list_contracts,
    one_contract,
)
from services.errors import NotFound
from services.testing.decider import DeciderSpec

spec = DeciderSpec(DECIDER)
ATTACH = AttachDocument(
    "c1", "d1", DocumentKind.SIGNED_CONTRACT, " contrato.pdf ", "ab" * 32, 48213, "application/pdf", at("2026-03-10")
)
ACCEPT = AcceptContract(
    "c1",
    "a1",
    "t1",
    "cd" * 32,
    at("2026-03-10"),
    origin="203.0.113.7",
    agent="Firefox",
    current_sha256="cd" * 32,
    signer_name="Rui Sá",
)
SIGNED = RecordAcceptance("c1", "a2", "Rui Sá", day("2026-03-09"), at("2026-03-10"), signer_document=CPF)


# -- tags


def test_tags_are_a_set_without_blanks() -> None:
    spec.given(*active()).when(TagContract("c1", ("zona  sul", "condomínio ", "", "zona sul"))).then(
        TagsChanged("c1", "k1", ("condomínio", "zona sul"))
    )
    spec.given(*active(), TagsChanged("c1", "k1", ("a",))).when(TagContract("c1", ("a",))).then_nothing()
    spec.given(*active()).when(TagContract("c1", ("x" * 61,))).then_refused("contract.tags-too-many")


# -- documents


def test_a_document_is_attached_once() -> None:
    spec.given(*active()).when(ATTACH).then(ATTACHED)
    spec.given(*active(), ATTACHED).when(ATTACH).then_nothing()
    spec.given(*active(), ATTACHED).when(replace(ATTACH, sha256="ef" * 32)).then_refused("contract.document-exists")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"sha256": "AB"}, "contract.document-hash-invalid"),
        ({"name": " "}, "contract.document-without-name"),
        ({"addendum": 1}, "contract.addendum-unknown"),
    ],
)
def test_a_document_has_a_hash_a_name_and_a_known_addendum(wrong: dict[str, Any], code: str) -> None:
    spec.given(*active()).when(replace(ATTACH, **wrong)).then_refused(code)


def test_a_document_attached_by_mistake_is_removed_once_with_a_reason() -> None:
    removed = DocumentRemoved("c1", "k1", "d1", "Trocado", at("2026-03-11"))
    command = RemoveDocument("c1", "d1", "Trocado", at("2026-03-11"))
    spec.given(*active(), ATTACHED).when(command).then(removed)
    spec.given(*active(), ATTACHED, removed).when(command).then_nothing()
    spec.given(*active(), ATTACHED).when(replace(command, reason="")).then_refused("contract.reason-missing")
    spec.given(*active()).when(command).then_refused("contract.document-unknown")


# -- acceptance


def test_who_accepts_in_the_portal_accepts_the_text_that_he_was_shown() -> None:
    spec.given(drafted()).when(ACCEPT).then(ACCEPTED)
    spec.given(drafted()).when(replace(ACCEPT, current_sha256="ef" * 32)).then_refused("contract.text-changed")


def test_the_same_acceptance_again_changes_nothing() -> None:
    spec.given(drafted(), ACCEPTED).when(ACCEPT).then_nothing()
    spec.given(drafted(), ACCEPTED).when(replace(ACCEPT, acceptance_id="a9")).then_nothing()
    later = replace(ACCEPT, acceptance_id="a9", text_sha256="ef" * 32, current_sha256="ef" * 32)
    assert spec.given(drafted(), ACCEPTED).when(later).events()


def test_a_signature_on_paper_has_a_signer_a_day_and_maybe_the_scan() -> None:
    [event] = spec.given(*active(), ATTACHED).when(replace(SIGNED, document_id="d1")).events()
    assert (event.method, event.person_id, event.signer_document, event.document_id) == (
        Method.PAPER,
        "k1",
        "52998224725",
        "d1",
    )
    [own] = spec.given(*active()).when(replace(SIGNED, side=Party.PROVIDER)).events()
    assert own.person_id == "p1"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"signer_name": " "}, "contract.signer-without-name"),
        ({"signer_document": "111.111.111-11"}, "contract.signer-cpf-invalid"),
        ({"on": day("2026-03-11")}, "contract.day-in-future"),
        ({"document_id": "d9"}, "contract.document-unknown"),
    ],
)
def test_what_was_signed_on_paper_must_make_sense(wrong: dict[str, Any], code: str) -> None:
    spec.given(*active()).when(replace(SIGNED, **wrong)).then_refused(code)


def test_what_has_ended_is_not_accepted_and_what_never_was_is_not_found() -> None:
    spec.given(*active(), terminated()).when(SIGNED).then_refused("contract.not-active")
    spec.given(*active(), terminated()).when(ACCEPT).then_refused("contract.not-active")
    with pytest.raises(NotFound):
        spec.when(SIGNED).events()


# -- shown


def test_a_contract_shows_its_papers_and_is_found_by_tag() -> None:
    rows = folded(
        *active(), TagsChanged("c1", "k1", ("a", "b")), TagsChanged("c1", "k1", ("b", "c")), ATTACHED, ACCEPTED
    )
    contract = one_contract(ContractQuestion("c1"), rows, context())
    assert contract["tags"] == ["b", "c"]
    assert [document["name"] for document in contract["documents"]] == ["contrato.pdf"]
    assert contract["acceptances"][0]["signer_name"] == "Rui Sá"
    found = [list_contracts(ContractsQuestion(tag=tag), rows, context())["items"] for tag in ("a", "b")]
    assert [len(items) for items in found] == [0, 1]
    removed = DocumentRemoved("c1", "k1", "d1", "Trocado", at("2026-03-11"))
    assert one_contract(ContractQuestion("c1"), folded(*active(), ATTACHED, removed), context())["documents"] == []


def test_erasure_takes_the_signers_name_and_address_and_leaves_that_it_was_signed() -> None:
    rows = folded(PROVIDER, PERSON, CONTACT, *active(), ACCEPTED, CustomerErased("k1", ("k1", "t1")))
    [acceptance] = one_contract(ContractQuestion("c1"), rows, context())["acceptances"]
    assert (acceptance["signer_name"], acceptance["origin"]) == (None, None)
    assert acceptance["text_sha256"] == "cd" * 32
