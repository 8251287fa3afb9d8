"""Ids of imported things: the same source and reference give the same id in every run."""

from __future__ import annotations

from uuid import UUID, uuid5

NAMESPACE = UUID("6d0c7a52-93f7-5f2e-9d3c-0e8a5b1f4c77")
"""Namespace of everything that Vigência imports. It never changes: a second import finds the first one by it."""


def imported_id(kind: str, mapping: str, reference: str) -> str:
    """Id of the thing of ``kind`` that the source behind ``mapping`` calls ``reference``."""
    return str(uuid5(NAMESPACE, f"{kind}:{mapping}:{reference}"))
