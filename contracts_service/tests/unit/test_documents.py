"""CPF and CNPJ: examples of the authorities, and properties of the check digits."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts_service.domain.documents import cnpj_check_digits, cpf_check_digits, is_cnpj, is_cpf, normalised

PLACES = string.digits + string.ascii_uppercase


@pytest.mark.parametrize("cpf", ["529.982.247-25", "52998224725", "111.444.777-35", " 529 982 247 25 "])
def test_a_right_cpf_is_accepted_however_it_is_punctuated(cpf: str) -> None:
    assert is_cpf(cpf)


@pytest.mark.parametrize(
    "cpf", ["111.111.111-11", "000.000.000-00", "529.982.247-24", "529.982.247-2", "5299822472A", "٥٢٩٩٨٢٢٤٧٢٥", ""]
)
def test_a_wrong_cpf_is_no_cpf(cpf: str) -> None:
    assert not is_cpf(cpf)


@pytest.mark.parametrize("cnpj", ["12.ABC.345/01DE-35", "12abc34501de35", "11.222.333/0001-81", "00.000.000/0001-91"])
def test_numeric_and_alphanumeric_cnpj_are_accepted(cnpj: str) -> None:
    assert is_cnpj(cnpj)


@pytest.mark.parametrize(
    "cnpj", ["12.ABC.345/01DE-36", "00.000.000/0000-00", "11.222.333/0001-8A", "11.222.333/0001", "ABCDEFGHIJKL", ""]
)
def test_a_wrong_cnpj_is_no_cnpj(cnpj: str) -> None:
    assert not is_cnpj(cnpj)


def test_documents_are_kept_in_capitals_without_punctuation() -> None:
    assert normalised("12.abc.345/01de-35") == "12ABC34501DE35"


@given(st.text(string.digits, min_size=9, max_size=9))
def test_the_computed_check_digits_make_a_cpf(first: str) -> None:
    cpf = first + cpf_check_digits(first)
    assume(len(set(cpf)) > 1)
    assert is_cpf(cpf)
    assert is_cpf(f"{cpf[:3]}.{cpf[3:6]}.{cpf[6:9]}-{cpf[9:]}")


@given(st.text(string.digits, min_size=9, max_size=9), st.integers(9, 10), st.integers(1, 9))
def test_a_wrong_check_digit_of_a_cpf_is_noticed(first: str, place: int, shift: int) -> None:
    cpf = first + cpf_check_digits(first)
    assert not is_cpf(cpf[:place] + str((int(cpf[place]) + shift) % 10) + cpf[place + 1 :])


@given(st.text(PLACES, min_size=12, max_size=12))
def test_the_computed_check_digits_make_a_cnpj(first: str) -> None:
    cnpj = first + cnpj_check_digits(first)
    assume(len(set(cnpj)) > 1)
    assert is_cnpj(cnpj)
    assert is_cnpj(cnpj.lower())


@given(st.text(PLACES, min_size=12, max_size=12), st.integers(12, 13), st.integers(1, 9))
def test_a_wrong_check_digit_of_a_cnpj_is_noticed(first: str, place: int, shift: int) -> None:
    cnpj = first + cnpj_check_digits(first)
    wrong = cnpj[:place] + str((int(cnpj[place]) + shift) % 10) + cnpj[place + 1 :]
    assert not is_cnpj(wrong)


@given(st.text(max_size=20))
def test_any_text_has_an_answer(text: str) -> None:
    assert is_cpf(text) in (True, False)
    assert is_cnpj(text) in (True, False)
