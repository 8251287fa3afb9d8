"""The witness as nameko runs it."""

from __future__ import annotations

from services.nameko_ext.service import nameko_service
from tests.faults.witness import component

WitnessService, WitnessFeedService = nameko_service(component)

__all__ = ["WitnessFeedService", "WitnessService"]
