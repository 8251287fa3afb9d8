"""The feedback service as nameko runs it: no rule lives here."""

from __future__ import annotations

from feedback_service.wiring import component
from services.nameko_ext.service import nameko_service

FeedbackService, FeedbackFeedService = nameko_service(component)

__all__ = ["FeedbackFeedService", "FeedbackService"]
