"""The resources, one blueprint a file."""

from __future__ import annotations

from gateway.api.resources import (
    accounting,
    accounts,
    billing_runs,
    bulk,
    catalogue,
    contracts,
    customers,
    evaluations,
    mail,
    many_contracts,
    operations,
    papers,
    payments,
    receivables,
    reports,
    requests,
    session,
    templates,
    users,
    withholding,
)

RESOURCES = (
    session.blp,
    users.blp,
    catalogue.blp,
    customers.blp,
    contracts.blp,
    many_contracts.blp,
    papers.blp,
    templates.blp,
    accounts.blp,
    receivables.blp,
    payments.blp,
    billing_runs.blp,
    reports.blp,
    withholding.blp,
    requests.blp,
    evaluations.blp,
    mail.blp,
    accounting.blp,
    bulk.blp,
    operations.blp,
)
