"""Bars and squares as inline SVG: the boleto's interleaved 2 of 5, and the QR of a Pix code.

Source: FEBRABAN, «Código de barras»: interleaved 2 of 5 (ISO/IEC 16390), narrow to wide 1 : 3, 103 × 13 mm.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import segno

_WIDE = ("00110", "10001", "01001", "11000", "00101", "10100", "01100", "00011", "10010", "01010")
"""Of each digit: which of its five bars are wide."""


def interleaved(digits: str) -> Iterator[tuple[bool, int]]:
    """(is a bar, width in narrow bars) from left to right; each pair of digits is one of bars and one of spaces."""
    if len(digits) % 2 or not digits.isdigit():
        raise ValueError("interleaved 2 of 5 needs an even number of digits")
    yield from ((True, 1), (False, 1), (True, 1), (False, 1))
    for first, second in zip(digits[::2], digits[1::2], strict=True):
        for bar, space in zip(_WIDE[int(first)], _WIDE[int(second)], strict=True):
            yield True, 3 if bar == "1" else 1
            yield False, 3 if space == "1" else 1
    yield from ((True, 3), (False, 1), (True, 1))


def interleaved_svg(digits: str) -> str:
    """103 × 13 mm, black bars without text; scales by its viewBox."""
    position, bars = 0, []
    for is_bar, width in interleaved(digits):
        if is_bar:
            bars.append(f"M{position} 0h{width}v50h-{width}z")
        position += width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {position} 50" width="103mm" height="13mm" '
        f'preserveAspectRatio="none" role="img" shape-rendering="crispEdges"><path d="{"".join(bars)}"/></svg>'
    )


def qr_svg(text: str) -> str:
    """A QR code (error correction M, as Banco Central advises) without XML declaration, for a page."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", xmldecl=False, scale=4, border=4, omitsize=True)
    return out.getvalue().decode()


def qr_modules(text: str) -> list[list[bool]]:
    """Rows of dark modules, without quiet zone."""
    return [[bool(cell) for cell in row] for row in segno.make(text, error="m", micro=False).matrix]
