"""A contract's text as a PDF that a person would sign. The same contract gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from contracts_service.domain.contract_text import Document

_NEXT: dict[str, Any] = {"new_x": XPos.LMARGIN, "new_y": YPos.NEXT}
LOGO = (45, 16)  # mm
_LATIN = str.maketrans({"–": "-", "—": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "•": "-"})


@dataclass(frozen=True, slots=True)
class Signature:
    """A line to sign on, or what is known of who has signed."""

    party: str
    said: str | None = None


def render(
    document: Document,
    *,
    letterhead: str,
    contact: str,
    header: str,
    signatures: Sequence[Signature],
    sha256: str,
    made_at: datetime,
    language: str = "pt-BR",
    logo: bytes | None = None,
) -> bytes:
    """``language``: of the document. A translation has no lines to sign on: it says which text is signed. ``logo``: PNG or
    JPEG, above the first page."""
    pdf = _Pages(" · ".join(each for each in (letterhead, contact, header) if each), sha256, language)
    pdf.set_title(_latin(f"{document.title} {header}"))
    pdf.set_lang(language)
    pdf.set_creation_date(made_at.astimezone(UTC))
    pdf.set_auto_page_break(True, margin=22)
    pdf.add_page()
    if logo is not None:
        pdf.image(BytesIO(logo), x=pdf.l_margin, y=pdf.get_y(), w=LOGO[0], h=LOGO[1], keep_aspect_ratio=True)
        pdf.set_y(pdf.get_y() + LOGO[1] + 4)
    pdf.set_font("Helvetica", "B", 15)
    pdf.multi_cell(0, 8, _latin(document.title), align="C", **_NEXT)
    pdf.set_font("Helvetica", "", 10)
    pdf.multi_cell(0, 6, _latin(header), align="C", **_NEXT)
    for clause in document.clauses:
        pdf.ln(4)
        pdf.set_font("Helvetica", "B", 11)
        pdf.multi_cell(0, 6, _latin(clause.title), **_NEXT)
        pdf.set_font("Helvetica", "", 10)
        for paragraph in clause.paragraphs:
            pdf.multi_cell(0, 5.2, _latin(paragraph), align="J", **_NEXT)
            pdf.ln(1)
    pdf.ln(4)
    pdf.multi_cell(0, 5.2, _latin(document.closing), align="J", **_NEXT)
    for signature in signatures if language == "pt-BR" else ():
        _sign(pdf, signature)
    return bytes(pdf.output())


def _sign(pdf: FPDF, signature: Signature) -> None:
    if pdf.get_y() > pdf.h - 60:
        pdf.add_page()
    pdf.ln(12)
    if signature.said is None:
        pdf.multi_cell(0, 5, "_" * 50, **_NEXT)
        pdf.multi_cell(0, 5, _latin(signature.party), **_NEXT)
        pdf.multi_cell(0, 5, "Nome, CPF e data:", **_NEXT)
    else:
        pdf.set_font("Helvetica", "B", 10)
        pdf.multi_cell(0, 5, _latin(signature.party), **_NEXT)
        pdf.set_font("Helvetica", "", 10)
        pdf.multi_cell(0, 5, _latin(signature.said), **_NEXT)


class _Pages(FPDF):
    """Every page says which contract it belongs to, which text, and of how many pages it is one."""

    def __init__(self, header: str, sha256: str, language: str) -> None:
        super().__init__(format="A4")
        self._text, self._page = ("Text", "Page") if language == "en" else ("Texto", "Página")
        self._said, self._sha256 = _latin(header), sha256
        self.set_margins(22, 18, 22)

    def header(self) -> None:
        self.set_font("Helvetica", "", 8)
        self.cell(0, 5, self._said, align="R", **_NEXT)
        self.ln(3)

    def footer(self) -> None:
        self.set_y(-16)
        self.set_font("Helvetica", "", 7)
        self.cell(0, 4, f"{self._text} SHA-256 {self._sha256}", align="L", **_NEXT)
        self.cell(0, 4, _latin(f"{self._page} {self.page_no()} de {{nb}}"), align="R")


def _latin(text: str) -> str:
    """What the built-in fonts can show; anything else as a question mark."""
    return text.translate(_LATIN).encode("latin-1", "replace").decode("latin-1")
