"""Scores given on other scales, as ours from 1 to 5."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from services.errors import Refused

OURS = 5


def scaled(score: Decimal | int, highest: int, to: int = OURS) -> Decimal:
    """A score of ``highest`` at most on a scale up to ``to``, half-up to two decimals: 8 of 10 is 4.00 of 5, 3 of 4 is 3.75."""
    if highest <= 0 or not 0 <= score <= highest:
        raise Refused("evaluation.score-out-of-range", score=score)
    return (Decimal(score) * to / highest).quantize(Decimal("0.01"), ROUND_HALF_UP)
