"""Curves of the last half hour as SVG made by the server; where nothing is known there is a gap. Coloured as ``charts``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

WIDTH, HEIGHT = 320, 110
SIDE, TOP, BOTTOM = 6, 18, 20


def trend(
    values: Sequence[float | None], title: str, *, highest: str, since: str, until: str, late: bool = False
) -> Markup:
    """``highest``: the greatest value, in words; ``since``, ``until``: the ends of the axis. None: nobody knows."""
    most = max((value for value in values if value is not None), default=0.0) or 1.0
    floor = HEIGHT - BOTTOM
    axis = Markup('<line class="axis" x1="{0}" y1="{1}" x2="{2}" y2="{1}"/>').format(SIDE, floor, WIDTH - SIDE)
    drawn = [axis]
    for run in _runs(values):
        places = [(_x(place, len(values)), floor - value / most * (floor - TOP)) for place, value in run]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        kind = "late" if late else ""
        if len(places) > 1:
            ground = f"{places[0][0]:.1f},{floor} {path} {places[-1][0]:.1f},{floor}"
            drawn.append(Markup('<polygon class="under {}" points="{}"/>').format(kind, ground))
            drawn.append(Markup('<polyline class="line {}" points="{}"/>').format(kind, path))
        x, y = places[-1]
        drawn.append(Markup('<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="3"/>').format(kind, x, y))
    drawn.append(_text(SIDE, TOP - 6, highest, "start", "value"))
    drawn.append(_text(SIDE, HEIGHT - 5, since, "start"))
    drawn.append(_text(WIDTH - SIDE, HEIGHT - 5, until, "end"))
    said = f"{title}. {since}–{until}: {highest}"
    head = Markup('<svg class="chart trend" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
        WIDTH, HEIGHT, said
    )
    return head + Markup("").join(drawn) + Markup("</svg>")


def _runs(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Parts without a gap, as (place, value)."""
    run: list[tuple[int, float]] = []
    for place, value in enumerate(values):
        if value is None:
            if run:
                yield run
            run = []
        else:
            run.append((place, value))
    if run:
        yield run


def _x(place: int, count: int) -> float:
    return SIDE + (WIDTH - 2 * SIDE) * (place / (count - 1) if count > 1 else 1.0)


def _text(x: float, y: float, said: str, anchor: str, kind: str = "") -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(kind, x, y, anchor, said)
