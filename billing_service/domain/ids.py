"""Ids that follow from what they name: the same charge, month or record always has the same id."""

from __future__ import annotations

import uuid
from datetime import date

NAMESPACE = uuid.UUID("4c1d6a52-2f3b-5e0a-9a57-2f6f0a7c9b11")


def charge_id(contract_id: str, line_id: str, period_start: date, revision: int = 0) -> str:
    """A charge is (contract, line, period). ``revision`` counts up when a charge was credited as a whole and the same
    period is charged anew."""
    name = f"charge:{contract_id}:{line_id}:{period_start.isoformat()}"
    return str(uuid.uuid5(NAMESPACE, f"{name}:{revision}" if revision else name))


def added_charge_id(contract_id: str, source_type: str, source_ref: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"added:{contract_id}:{source_type}:{source_ref}"))


def receivable_id(account_id: str, month: str, sequence: int) -> str:
    return str(uuid.uuid5(NAMESPACE, f"receivable:{account_id}:{month}:{sequence}"))


def imported_receivable_id(account_id: str, external_ref: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"imported:{account_id}:{external_ref}"))


def taken_over_id(account_id: str, external_ref: str, revision: int = 0) -> str:
    """``revision`` counts up when it was taken over wrongly, cancelled, and taken over again."""
    name = f"taken-over:{account_id}:{external_ref}"
    return str(uuid.uuid5(NAMESPACE, f"{name}:{revision}" if revision else name))


def opening_credit_id(account_id: str, external_ref: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"opening-credit:{account_id}:{external_ref}"))


def instalment_id(account_id: str, renegotiation_id: str, position: int) -> str:
    return str(uuid.uuid5(NAMESPACE, f"instalment:{account_id}:{renegotiation_id}:{position}"))


def payment_id(receivable: str, position: int) -> str:
    return str(uuid.uuid5(NAMESPACE, f"payment:{receivable}:{position}"))


def part_id(payment: str, account_id: str) -> str:
    """The part of a payment for several accounts that one of them gets."""
    return str(uuid.uuid5(NAMESPACE, f"part:{payment}:{account_id}"))


def credit_note_id(charge: str, sequence: int) -> str:
    return str(uuid.uuid5(NAMESPACE, f"credit:{charge}:{sequence}"))


def boleto_id(provider: str, branch: str, account: str, wallet: str, our_number: int) -> str:
    return str(uuid.uuid5(NAMESPACE, f"boleto:{provider}:{branch}:{account}:{wallet}:{our_number}"))
