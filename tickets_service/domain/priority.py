"""Priority from impact and urgency, by the contract's matrix or the usual one."""

from __future__ import annotations

from collections.abc import Iterable

LEVELS = ("high", "medium", "low")

USUAL = {
    ("high", "high"): "critical",
    ("high", "medium"): "high",
    ("high", "low"): "medium",
    ("medium", "high"): "high",
    ("medium", "medium"): "medium",
    ("medium", "low"): "low",
    ("low", "high"): "medium",
    ("low", "medium"): "low",
    ("low", "low"): "low",
}
"""Impact × urgency: how many are hit, and how long it can wait (ITIL's usual 3 × 3)."""


def priority_of(impact: str, urgency: str, cells: Iterable[tuple[str, str, str]] = ()) -> str:
    """``cells``: what the contract wants otherwise, as (impact, urgency, priority)."""
    own = {(of, how): priority for of, how, priority in cells}
    return own.get((impact, urgency), USUAL[impact, urgency])
