"""The Pix BR Code: as the Banco Central's manual shows it, with a CRC that every bank accepts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from billing_service.domain.pix import br_code, crc16, fields, is_sound, txid_of
from services.errors import Refused

MANUAL = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR"
    "5913Fulano de Tal6008BRASILIA62070503***63041D3D"
)


def test_the_crc_is_the_one_of_ccitt_false() -> None:
    assert crc16("123456789") == 0x29B1


def test_the_example_of_the_manual_comes_out_digit_by_digit() -> None:
    assert br_code("123e4567-e12b-12d1-a456-426655440000", "Fulano de Tal", "BRASILIA") == MANUAL
    assert is_sound(MANUAL)
    assert not is_sound(MANUAL.replace("Fulano", "Beltra"))


def test_the_amount_and_the_id_stand_in_their_fields() -> None:
    said = fields(br_code("a@b.com", "Ar e Frio", "Poá", Decimal("189.9"), "R-2026-01"))
    assert (said["54"], said["60"], fields(said["62"])["05"]) == ("189.90", "Poa", "R202601")
    assert fields(said["26"]) == {"00": "br.gov.bcb.pix", "01": "a@b.com"}


def test_an_id_keeps_its_last_25_letters_and_digits() -> None:
    assert txid_of("0193c1f0-1111-7222-8333-444455556666") == "1f0111172228333444455556666"[-25:]
    assert txid_of("—") == "***"


def test_without_a_key_or_an_amount_that_can_be_paid_there_is_no_code() -> None:
    with pytest.raises(Refused):
        br_code("", "x", "y")
    with pytest.raises(Refused):
        br_code("k", "x", "y", Decimal("0.00"))


@forall(
    st.text(min_size=1, max_size=60), st.text(max_size=40), st.decimals(Decimal("0.01"), Decimal("999999"), places=2)
)
def test_whatever_the_name_says_the_code_is_sound_and_its_crc_has_four_digits(
    name: str, city: str, amount: Decimal
) -> None:
    code = br_code("+5511999999999", name, city, amount, "abc", "Título de março, conforme contrato")
    assert is_sound(code)
    assert fields(code)["63"] == code[-4:]
    assert code.isascii()
