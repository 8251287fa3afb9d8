"""The resources, one blueprint a file."""

from __future__ import annotations

from gateway.api.resources import (
    bulk,
    catalogue,
    contracts,
    customers,
    evaluations,
    many_contracts,
    money,
    operations,
    papers,
    requests,
    session,
    templates,
    users,
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
    money.blp,
    requests.blp,
    evaluations.blp,
    bulk.blp,
    operations.blp,
)
