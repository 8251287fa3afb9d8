"""The contracts service as nameko runs it: no rule lives here."""

from __future__ import annotations

from contracts_service.wiring import component
from services.nameko_ext.service import nameko_service

ContractsService, ContractsFeedService = nameko_service(component)

__all__ = ["ContractsFeedService", "ContractsService"]
