"""The resources, one blueprint a file."""

from __future__ import annotations

from gateway.api.resources import (
    bulk,
    catalogue,
    contracts,
    customers,
    evaluations,
    money,
    operations,
    requests,
    session,
)

RESOURCES = (
    session.blp,
    catalogue.blp,
    customers.blp,
    contracts.blp,
    money.blp,
    requests.blp,
    evaluations.blp,
    bulk.blp,
    operations.blp,
)
