"""Charts as SVG made by the server: no script, no style in line. Beside each stands a table or a list with the same figures.

Classes (``bar``, ``line``, ``other``, ``late`` …) are coloured by ``console.css``, so that they follow light and dark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT = 640, 200
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 22, 24


@dataclass(frozen=True, slots=True)
class Point:
    """``label``: below the axis; ``value``: how high; ``said``: the value in words of the reader's language."""

    label: str
    value: float
    said: str


def bars(points: Sequence[Point], title: str, *, kind: str = "", most: float | None = None) -> Markup:
    """One bar a point. ``kind``: another class for all bars (``late``, ``other``)."""
    highest = _highest([points], most)
    step = (WIDTH - LEFT - RIGHT) / max(1, len(points))
    wide = min(64.0, step * 0.62)
    parts = []
    for place, point in enumerate(points):
        middle = LEFT + step * (place + 0.5)
        tall = _tall(point.value, highest)
        top = HEIGHT - BOTTOM - tall
        parts.append(
            Markup('<rect class="bar {}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="3"/>').format(
                kind, middle - wide / 2, top, wide, tall
            )
        )
        parts.append(_text(middle, top - 6, point.said, "value"))
        parts.append(_text(middle, HEIGHT - 7, point.label))
    return _drawn(title, [points], parts)


def lines(series: Sequence[Sequence[Point]], title: str, *, most: float | None = None) -> Markup:
    """One line a series, the second and later ones dashed; labels are those of the first."""
    highest = _highest(series, most)
    parts = []
    for number, points in enumerate(series):
        step = (WIDTH - LEFT - RIGHT) / max(1, len(points))
        places = [
            (LEFT + step * (place + 0.5), HEIGHT - BOTTOM - _tall(point.value, highest))
            for place, point in enumerate(points)
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(Markup('<polyline class="line {}" points="{}"/>').format("other" if number else "", path))
        if number == 0:
            for (x, y), point in zip(places, points, strict=True):
                parts.append(Markup('<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="3.5"/>').format(x, y))
                parts.append(_text(x, y - 9, point.said, "value"))
                parts.append(_text(x, HEIGHT - 7, point.label))
    return _drawn(title, series, parts)


def _highest(series: Sequence[Sequence[Point]], most: float | None) -> float:
    return most or max((point.value for points in series for point in points), default=0) or 1.0


def _tall(value: float, highest: float) -> float:
    return max(0.0, min(1.0, value / highest)) * (HEIGHT - TOP - BOTTOM)


def _text(x: float, y: float, said: str, kind: str = "") -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>').format(kind, x, y, said)


def _drawn(title: str, series: Sequence[Sequence[Point]], parts: Sequence[Markup]) -> Markup:
    """The picture has a name, and says its figures to who cannot see it."""
    told = "; ".join(f"{point.label}: {point.said}" for points in series[:1] for point in points)
    axis = Markup('<line class="axis" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(
        LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM
    )
    head = Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
        WIDTH, HEIGHT, escape(f"{title}. {told}")
    )
    return head + axis + Markup("").join(parts) + Markup("</svg>")
