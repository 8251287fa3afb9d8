"""Derived ids: the same thing has the same id wherever it is computed."""

from __future__ import annotations

import uuid


def evaluation_id(request_id: str, resolution: int) -> str:
    """The evaluation of a resolution: derived, so that the same resolution is never asked about twice."""
    try:
        namespace = uuid.UUID(request_id)
    except ValueError:
        namespace = uuid.uuid5(uuid.NAMESPACE_OID, request_id)
    return str(uuid.uuid5(namespace, str(resolution)))
