"""The tickets service at the rim: nameko's classes. No rule lives here."""

from __future__ import annotations

from services.nameko_ext.service import nameko_service
from tickets_service.wiring import component

TicketsService, TicketsFeedService = nameko_service(component)
