"""Fills the published index values into commands that reckon late charges."""

from __future__ import annotations

from dataclasses import replace

from billing_service.domain.commands import AccrueLateCharges, RecordPayment, RenegotiateReceivables
from billing_service.domain.prolonging import ChangeReceivableDueDay
from billing_service.views.accounts import accounts
from billing_service.views.indices import published
from billing_service.views.receivables import late_terms
from services.component import Context
from services.rows import Reading, Rows

Late = RecordPayment | AccrueLateCharges | RenegotiateReceivables | ChangeReceivableDueDay


def account_read(command: Late) -> list[Reading]:
    return [Reading(accounts, (command.account_id,), lock=False)]


def fill_published(command: Late, rows: Rows, context: Context) -> Late:
    rows.prefetch(accounts, [(command.account_id,)], lock=False)
    account = rows.get(accounts, account_id=command.account_id) or {}
    return replace(command, published=published(rows, late_terms(account.get("terms"))))
