"""The billing service as nameko runs it: no rule lives here."""

from __future__ import annotations

from billing_service.wiring import component
from services.nameko_ext.service import nameko_service

BillingService, BillingFeedService = nameko_service(component)

__all__ = ["BillingFeedService", "BillingService"]
