"""The pages of a document: letterhead, headings, pairs of facts, tables whose header stands on every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, Literal

from babel.numbers import format_decimal
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from gateway import saying

_NEXT: dict[str, Any] = {"new_x": XPos.LMARGIN, "new_y": YPos.NEXT}
_LATIN = str.maketrans({"–": "-", "—": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "•": "-", "−": "-"})
_GREY, _INK, _LINE, _STRIPE = (110, 110, 110), (25, 25, 25), (190, 190, 190), (246, 246, 246)
_ROW = 5.6  # mm
_LOGO = (40, 14)  # mm
_PAGE_OF = {"pt-BR": "Página {n} de {{nb}}", "en": "Page {n} of {{nb}}"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's column: its title, its width in mm, and on which side its values stand."""

    title: str
    width: float
    align: Literal["L", "R"] = "L"


class Page(FPDF):
    """``letterhead``: who sends it: the name, then what stands below it."""

    def __init__(
        self, letterhead: Sequence[str], title: str, lang: str, made_at: datetime, logo: bytes | None = None
    ) -> None:
        super().__init__(format="A4")
        self._logo = logo
        self._letterhead, self._lang, self._title = [latin(line) for line in letterhead if line], lang, latin(title)
        self.set_margins(18, 16, 18)
        self.set_auto_page_break(True, margin=20)
        self.set_title(self._title)
        self.set_lang(lang)
        self.set_creation_date(made_at.astimezone(UTC))
        self.add_page()

    def header(self) -> None:
        name, *rest = self._letterhead or ["Vigência"]
        self.set_text_color(*_INK)
        self.set_font("Helvetica", "B", 12 if self.page_no() == 1 else 9)
        self.cell(0, 6, self._fitting(name, self.epw), **_NEXT)
        if self.page_no() == 1 and self._logo is not None:
            place = {"x": self.w - self.r_margin - _LOGO[0], "y": self.t_margin, "w": _LOGO[0], "h": _LOGO[1]}
            self.image(BytesIO(self._logo), keep_aspect_ratio=True, **place)
        if self.page_no() == 1:
            self.set_font("Helvetica", "", 8)
            self.set_text_color(*_GREY)
            for line in rest:
                self.cell(0, 4, self._fitting(line, self.epw), **_NEXT)
            self.ln(2)
        self.set_draw_color(*_LINE)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.ln(4)
        if self.page_no() == 1:
            self.set_text_color(*_INK)
            self.set_font("Helvetica", "B", 15)
            self.multi_cell(0, 8, self._title, **_NEXT)
            self.ln(1)

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font("Helvetica", "", 7)
        self.set_text_color(*_GREY)
        self.cell(self.epw / 2, 4, self._fitting(self._title, self.epw / 2))
        self.cell(0, 4, latin(_PAGE_OF[self._lang].format(n=self.page_no())), align="R")

    def heading(self, text: str) -> None:
        if self.get_y() > self.h - 45:
            self.add_page()
        self.ln(4)
        self.set_font("Helvetica", "B", 11)
        self.set_text_color(*_INK)
        self.cell(0, 7, latin(text), **_NEXT)

    def facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        for name, value in pairs:
            self.set_font("Helvetica", "", 9)
            self.set_text_color(*_GREY)
            self.cell(42, 5, latin(name))
            self.set_text_color(*_INK)
            self.multi_cell(0, 5, latin(value), **_NEXT)

    def boxes(self, pairs: Sequence[tuple[str, str]]) -> None:
        """The few figures that matter, side by side."""
        self.ln(3)
        width, top = self.epw / len(pairs), self.get_y()
        for at, (name, value) in enumerate(pairs):
            self.set_fill_color(*_STRIPE)
            self.rect(self.l_margin + at * width, top, width - 2, 15, style="F")
            self.set_xy(self.l_margin + at * width + 2, top + 2)
            self.set_font("Helvetica", "", 7.5)
            self.set_text_color(*_GREY)
            self.cell(width - 6, 4, latin(name))
            self.set_xy(self.l_margin + at * width + 2, top + 7)
            self.set_font("Helvetica", "B", 11)
            self.set_text_color(*_INK)
            self.cell(width - 6, 6, latin(value))
        self.set_xy(self.l_margin, top + 17)

    def table(
        self, columns: Sequence[Cell], rows: Sequence[Sequence[str]], *, nothing: str, last_bold: bool = False
    ) -> None:
        if not rows:
            self.set_font("Helvetica", "I", 9)
            self.set_text_color(*_GREY)
            self.cell(0, 6, latin(nothing), **_NEXT)
            return
        self._titles(columns)
        for number, row in enumerate(rows):
            if self.get_y() + _ROW > self.h - self.b_margin:
                self.add_page()
                self._titles(columns)
            self.set_font("Helvetica", "B" if last_bold and number == len(rows) - 1 else "", 8)
            self.set_text_color(*_INK)
            self.set_fill_color(*_STRIPE)
            for column, value in zip(columns, row, strict=True):
                said = self._fitting(latin(value), column.width - 2)
                self.cell(column.width, _ROW, said, align=column.align, fill=number % 2 == 1)
            self.ln(_ROW)

    def _titles(self, columns: Sequence[Cell]) -> None:
        self.set_font("Helvetica", "B", 8)
        self.set_text_color(*_GREY)
        for column in columns:
            self.cell(column.width, _ROW + 0.6, latin(column.title), align=column.align, border="B")
        self.ln(_ROW + 0.8)

    def _fitting(self, text: str, width: float) -> str:
        """Cut where it would run into its neighbour."""
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(text + "...") > width:
            text = text[:-1]
        return text + "..."

    def whole(self) -> bytes:
        return bytes(self.output())


def latin(text: str) -> str:
    """What the built-in fonts can show; anything else as a question mark."""
    return text.translate(_LATIN).encode("latin-1", "replace").decode("latin-1")


def amount(value: Any, lang: str) -> str:
    return str(format_decimal(Decimal(str(value or 0)), "#,##0.00", locale=lang.replace("-", "_")))


def reais(value: Any, lang: str) -> str:
    said = amount(value, lang)
    return f"-R$ {said[1:]}" if said.startswith("-") else f"R$ {said}"


def day(value: str | None, lang: str) -> str:
    """YYYY-MM-DD as the reader writes it."""
    if not value:
        return "-"
    year, month, of_month = value[:10].split("-")
    return f"{of_month}/{month}/{year}" if lang == "pt-BR" else value[:10]


def letterhead(provider: Mapping[str, Any]) -> list[str]:
    """Name and CNPJ, the address, how to reach them (CDC, art. 42-A)."""
    cnpj = saying.cnpj(provider.get("cnpj"))
    name = provider.get("legal_name") or provider.get("trade_name") or ""
    place = " - ".join(part for part in (provider.get("address"), _city(provider)) if part)
    reach = " - ".join(part for part in (provider.get("phone"), provider.get("email")) if part)
    return [name, f"CNPJ {cnpj}" if cnpj else "", place, reach]


def _city(provider: Mapping[str, Any]) -> str:
    return "/".join(part for part in (provider.get("city"), provider.get("state")) if part)
