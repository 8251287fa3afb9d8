"""What the HTTP interface needs of the chassis: its own read models, and questions and commands to the services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

Waited = Literal["applied", "late", "held-back"]


class Backend(Protocol):
    """``services.runtime`` behind ``gateway.backend``; a fake in unit tests."""

    def query(self, name: str, params: Mapping[str, Any]) -> Any:
        """Ask the gateway's own read models. JSON values."""

    def call(
        self,
        service: str,
        method: str,
        payload: Mapping[str, Any],
        *,
        timeout: float,
        headers: Mapping[str, str],
    ) -> Any:
        """Ask a service: ``execute``, ``ask``, ``batch``, ``operate``. Raises the typed errors."""

    def wait(self, source: str, stream: str, version: int, timeout: float) -> Waited:
        """Wait, bounded, until the read models of ``source`` show this version of the stream."""

    def as_of(self, sources: Sequence[str]) -> datetime | None:
        """The instant whose state the read models of these sources surely show; None when unknown."""

    def marks(self, keys: Sequence[tuple[str, str | None]]) -> Mapping[tuple[str, str | None], int]:
        """Numbers that grow as the read models move, by (source, stream); without a stream: with anything of the source."""

    def health(self) -> Mapping[str, Any]:
        """``{ready, reasons, parts}`` of the whole system, as the gateway sees it."""
