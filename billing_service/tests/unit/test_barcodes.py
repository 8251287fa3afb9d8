"""The boleto's bars are read back as digits; Pix codes agree with another implementation."""

from __future__ import annotations

from decimal import Decimal

import pytest
from brcode.utils.brcodeId import jsonFromBrcode
from hypothesis import given as forall
from hypothesis import strategies as st

from billing_service.barcodes import interleaved, interleaved_svg, qr_modules, qr_svg
from billing_service.domain.pix import br_code

WIDTHS = {
    "nnwwn": 0,
    "wnnnw": 1,
    "nwnnw": 2,
    "wwnnn": 3,
    "nnwnw": 4,
    "wnwnn": 5,
    "nwwnn": 6,
    "nnnww": 7,
    "wnnwn": 8,
    "nwnwn": 9,
}


def read_back(digits: str) -> str:
    """As a scanner does: without start (4 narrow) and stop (wide, narrow, narrow), ten bars and spaces a pair."""
    widths = "".join("w" if width > 1 else "n" for _, width in interleaved(digits))
    assert widths[:4] == "nnnn"
    assert widths[-3:] == "wnn"
    body = widths[4:-3]
    pairs = [body[start : start + 10] for start in range(0, len(body), 10)]
    return "".join(f"{WIDTHS[pair[::2]]}{WIDTHS[pair[1::2]]}" for pair in pairs)


@forall(st.text("0123456789", min_size=44, max_size=44))
def test_bars_say_their_digits(digits: str) -> None:
    assert read_back(digits) == digits


def test_bars_as_svg_begin_with_a_bar_and_are_103_by_13_mm() -> None:
    svg = interleaved_svg("0" * 44)
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 405 50" width="103mm" height="13mm"')
    assert 'd="M0 0h1v50h-1z' in svg
    with pytest.raises(ValueError, match="even number"):
        list(interleaved("123"))


def test_a_pix_code_is_read_by_another_implementation() -> None:
    """starkbank-brcode 1.1 as the oracle."""
    code = br_code("12345678000195", "Clima Bom", "Campinas", Decimal("300.00"), "a1b2c3", "C-7")
    said = jsonFromBrcode(code)
    assert said["26"] == {"00": "br.gov.bcb.pix", "01": "12345678000195", "02": "C-7"}
    assert (said["54"], said["59"], said["60"], said["62"]["05"]) == ("300.00", "Clima Bom", "Campinas", "a1b2c3")
    assert said["63"] == code[-4:]


def test_a_qr_code_is_an_svg_without_declaration_for_a_page() -> None:
    assert qr_svg("x").startswith("<svg")
    modules = qr_modules("x")
    assert modules[0][:7] == [True] * 7  # the finder pattern
    assert len(modules) == len(modules[0]) == 21
