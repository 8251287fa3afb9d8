"""Draws a receivable's document as A4 PDF. It decides nothing: all that stands on it comes with ``Paper``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from billing_service.barcodes import interleaved, qr_modules

_NEXT: dict[str, Any] = {"new_x": XPos.LMARGIN, "new_y": YPos.NEXT}
_RIGHT: dict[str, Any] = {"new_x": XPos.RIGHT, "new_y": YPos.TOP}
_LATIN = str.maketrans({"–": "-", "—": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "•": "-", "−": "-"})
INK, GREY, RULE, SHADE = (25, 32, 44), (96, 105, 120), (205, 210, 218), (243, 245, 248)
WIDTH, MARGIN = 174, 18  # mm
COLUMNS = (98, 18, 29, 29)
LOGO = (40, 14)  # mm


@dataclass(frozen=True, slots=True)
class Line:
    description: str
    period: str
    why: str
    quantity: str
    unit_price: str
    amount: str


@dataclass(frozen=True, slots=True)
class Pix:
    title: str
    code: str
    hint: str
    copy: str


@dataclass(frozen=True, slots=True)
class Boleto:
    """``cells``: (label, value, width in mm) in rows of some 170 mm."""

    bank: str
    code: str
    line: str
    bar_code: str
    cells: tuple[tuple[str, str, int], ...]
    instructions: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Paper:
    lang: str
    title: str
    number: str
    creditor: Sequence[str]
    facts: Sequence[tuple[str, str]]
    customer: Sequence[str]
    customer_title: str
    heads: tuple[str, str, str, str]
    lines: Sequence[Line]
    totals: Sequence[tuple[str, str, bool]]
    notes: Sequence[str]
    pix: Pix | None
    boleto: Boleto | None
    page: str
    logo: bytes | None = None


def draw(paper: Paper, *, made_at: datetime) -> bytes:
    pdf = _Pages(paper)
    pdf.set_title(_latin(f"{paper.title} {paper.number}"))
    pdf.set_lang(paper.lang)
    pdf.set_creation_date(made_at.astimezone(UTC))
    pdf.set_auto_page_break(True, margin=18)
    pdf.add_page()
    _head(pdf, paper)
    _lines(pdf, paper)
    _totals(pdf, paper)
    if paper.pix is not None:
        _pix(pdf, paper.pix)
    if paper.boleto is not None:
        _boleto(pdf, paper.boleto)
    return bytes(pdf.output())


class _Pages(FPDF):
    def __init__(self, paper: Paper) -> None:
        super().__init__(format="A4")
        self._paper = paper
        self.set_margins(MARGIN, 16, MARGIN)

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font("Helvetica", "", 7.5)
        self.set_text_color(*GREY)
        said = f"{self._paper.title} {self._paper.number}"
        self.cell(WIDTH / 2, 4, _latin(said), align="L", **_RIGHT)
        self.cell(WIDTH / 2, 4, _latin(f"{self._paper.page} {self.page_no()}/{{nb}}"), align="R")

    def say(self, size: float, style: str = "", color: tuple[int, int, int] = INK) -> None:
        self.set_font("Helvetica", style, size)
        self.set_text_color(*color)

    def rule(self, gap: float = 2) -> None:
        self.ln(gap)
        self.set_draw_color(*RULE)
        self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())
        self.ln(gap)

    def need(self, height: float) -> None:
        """A new page where so much does not fit on this one."""
        if self.get_y() + height > self.h - 18:
            self.add_page()


def _head(pdf: _Pages, paper: Paper) -> None:
    if paper.logo is not None:
        pdf.image(BytesIO(paper.logo), x=MARGIN, y=pdf.get_y(), w=LOGO[0], h=LOGO[1], keep_aspect_ratio=True)
        pdf.set_y(pdf.get_y() + LOGO[1] + 2)
    top = pdf.get_y()
    for position, text in enumerate(paper.creditor):
        pdf.say(13, "B") if position == 0 else pdf.say(9, color=GREY)
        pdf.multi_cell(112, 6 if position == 0 else 4.4, _latin(text), align="L", **_NEXT)
    left = pdf.get_y()
    pdf.set_xy(MARGIN + 114, top)
    pdf.say(13, "B")
    pdf.multi_cell(WIDTH - 114, 6, _latin(paper.title), align="R", **_NEXT)
    pdf.set_xy(MARGIN + 114, pdf.get_y())
    pdf.say(10, color=GREY)
    pdf.multi_cell(WIDTH - 114, 5, _latin(paper.number), align="R", **_NEXT)
    pdf.set_y(max(left, pdf.get_y()))
    pdf.rule(3)
    top = pdf.get_y()
    pdf.say(8, color=GREY)
    pdf.cell(96, 4.5, _latin(paper.customer_title), **_NEXT)
    for position, text in enumerate(paper.customer):
        pdf.say(10.5 if position == 0 else 9, "B" if position == 0 else "", INK if position == 0 else GREY)
        pdf.multi_cell(94, 4.8, _latin(text), align="L", **_NEXT)
    left = pdf.get_y()
    pdf.set_y(top)
    for label, value in paper.facts:
        pdf.set_x(MARGIN + 98)
        pdf.say(8.5, color=GREY)
        pdf.cell(44, 5, _latin(label), **_RIGHT)
        pdf.say(9.5, "B")
        pdf.cell(WIDTH - 142, 5, _latin(value), align="R", **_NEXT)
    pdf.set_y(max(left, pdf.get_y()) + 4)


def _lines(pdf: _Pages, paper: Paper) -> None:
    _heads(pdf, paper)
    for line in paper.lines:
        height = _height(pdf, line)
        if pdf.get_y() + height > pdf.h - 20:
            pdf.add_page()
            _heads(pdf, paper)
        top = pdf.get_y() + 1.2
        pdf.set_xy(MARGIN + COLUMNS[0], top)
        pdf.say(9.5)
        for width, text in zip(COLUMNS[1:], (line.quantity, line.unit_price, line.amount), strict=True):
            pdf.cell(width, 4.8, _latin(text), align="R", **_RIGHT)
        pdf.set_xy(MARGIN, top)
        pdf.multi_cell(COLUMNS[0] - 2, 4.8, _latin(line.description), align="L", **_NEXT)
        if line.period:
            pdf.say(8, color=GREY)
            pdf.multi_cell(COLUMNS[0] - 2, 4, _latin(line.period), align="L", **_NEXT)
        pdf.say(7.8, "I", GREY)
        pdf.multi_cell(WIDTH - 4, 3.8, _latin(line.why), align="L", **_NEXT)
        pdf.rule(1)


def _height(pdf: _Pages, line: Line) -> float:
    """What a line takes, so that it is not torn over two pages."""
    pdf.say(9.5)
    rows = len(pdf.multi_cell(COLUMNS[0] - 2, 4.8, _latin(line.description), dry_run=True, output="LINES"))
    pdf.say(7.8, "I")
    whys = len(pdf.multi_cell(WIDTH - 4, 3.8, _latin(line.why), dry_run=True, output="LINES"))
    return rows * 4.8 + (4 if line.period else 0) + whys * 3.8 + 3.2


def _heads(pdf: _Pages, paper: Paper) -> None:
    pdf.set_fill_color(*SHADE)
    pdf.say(8.5, "B", GREY)
    for position, (width, head) in enumerate(zip(COLUMNS, paper.heads, strict=True)):
        last = position == len(COLUMNS) - 1
        pdf.cell(
            width, 6.5, _latin(head), align="L" if position == 0 else "R", fill=True, **(_NEXT if last else _RIGHT)
        )
    pdf.ln(0.6)


def _totals(pdf: _Pages, paper: Paper) -> None:
    pdf.need(5.4 * len(paper.totals) + 4)
    pdf.ln(1)
    for what, amount, bold in paper.totals:
        pdf.set_x(MARGIN + 60)
        pdf.say(10.5 if bold else 9.5, "B" if bold else "", INK if bold else GREY)
        pdf.cell(WIDTH - 60 - 36, 5.4, _latin(what), align="R", **_RIGHT)
        pdf.say(10.5 if bold else 9.5, "B" if bold else "")
        pdf.cell(36, 5.4, _latin(amount), align="R", **_NEXT)
    for note in paper.notes:
        pdf.say(7.8, "I", GREY)
        pdf.multi_cell(WIDTH, 3.8, _latin(note), align="L", **_NEXT)
    pdf.ln(3)


def _pix(pdf: _Pages, pix: Pix) -> None:
    size = 38.0
    pdf.need(size + 10)
    pdf.rule(2)
    top = pdf.get_y()
    modules = qr_modules(pix.code)
    cell = size / len(modules)
    pdf.set_fill_color(0, 0, 0)
    for row, cells in enumerate(modules):
        column = 0
        while column < len(cells):
            run = column
            while run < len(cells) and cells[run]:
                run += 1
            if run > column:  # dark modules side by side in one stroke: no white hairlines between
                pdf.rect(
                    MARGIN + 2 + column * cell, top + 2 + row * cell, (run - column) * cell, cell + 0.02, style="F"
                )
            column = max(run, column + 1)
    left, width = MARGIN + size + 9, WIDTH - size - 9
    pdf.set_xy(left, top + 2)
    pdf.say(11.5, "B")
    pdf.cell(width, 6, _latin(pix.title))
    pdf.set_xy(left, top + 8.5)
    pdf.say(9, color=GREY)
    pdf.multi_cell(width, 4.4, _latin(pix.hint), align="L", **_NEXT)
    pdf.set_x(left)
    pdf.say(8, "B", GREY)
    pdf.cell(width, 6, _latin(pix.copy), new_x=XPos.LEFT, new_y=YPos.NEXT)
    pdf.set_font("Courier", "", 8)
    pdf.set_text_color(*INK)
    pdf.set_fill_color(*SHADE)
    for start in range(0, len(pix.code), 70):  # cut where it stands: a broken word would hide a character
        pdf.set_x(left)
        pdf.cell(width, 4.2, pix.code[start : start + 70], fill=True, new_x=XPos.LEFT, new_y=YPos.NEXT)
    pdf.set_y(max(pdf.get_y(), top + size + 4))


def _boleto(pdf: _Pages, boleto: Boleto) -> None:
    pdf.need(78)
    pdf.ln(3)
    pdf.set_draw_color(*GREY)
    pdf.set_dash_pattern(dash=1.5, gap=1.2)
    pdf.line(MARGIN, pdf.get_y(), MARGIN + WIDTH, pdf.get_y())
    pdf.set_dash_pattern()
    pdf.ln(3)
    pdf.say(13, "B")
    pdf.cell(24, 8, _latin(boleto.bank), **_RIGHT)
    pdf.cell(20, 8, boleto.code, border="LR", align="C", **_RIGHT)
    pdf.say(11, "B")
    pdf.cell(WIDTH - 44, 8, boleto.line, align="R", **_NEXT)
    pdf.ln(1)
    room = float(WIDTH)
    for label, value, asked in boleto.cells:
        width = room if asked >= room - 6 else asked
        x, y = pdf.get_x(), pdf.get_y()
        pdf.set_draw_color(*RULE)
        pdf.rect(x, y, width, 9)
        pdf.say(6.5, color=GREY)
        pdf.set_xy(x + 1, y + 0.6)
        pdf.cell(width - 2, 3, _latin(label))
        pdf.say(9)
        pdf.set_xy(x + 1, y + 3.8)
        pdf.cell(width - 2, 4.6, _fitted(pdf, _latin(value), width - 3))
        room -= width
        if room < 6:
            room = float(WIDTH)
            pdf.set_xy(MARGIN, y + 9)
        else:
            pdf.set_xy(x + width, y)
    pdf.set_x(MARGIN)
    pdf.ln(1)
    pdf.say(7.8, color=GREY)
    for text in (boleto.place, *boleto.instructions):
        pdf.multi_cell(WIDTH, 3.8, _latin(text), align="L", **_NEXT)
    pdf.ln(2)
    _bars(pdf, boleto.bar_code)


def _bars(pdf: _Pages, digits: str) -> None:
    """103 mm by 13 mm, five millimetres of white at its left."""
    bars = list(interleaved(digits))
    narrow = 103 / sum(width for _, width in bars)
    x, y = MARGIN + 3.0, pdf.get_y()
    pdf.set_fill_color(0, 0, 0)
    for is_bar, width in bars:
        if is_bar:
            pdf.rect(x, y, width * narrow, 13, style="F")
        x += width * narrow
    pdf.set_y(y + 15)


def _fitted(pdf: _Pages, text: str, width: float) -> str:
    """Cut with dots where it is too long for its cell."""
    if pdf.get_string_width(text) <= width:
        return text
    while text and pdf.get_string_width(text + "...") > width:
        text = text[:-1]
    return text + "..."


def _latin(text: str) -> str:
    """What the built-in fonts can show; anything else as a question mark."""
    return text.translate(_LATIN).encode("latin-1", "replace").decode("latin-1")
