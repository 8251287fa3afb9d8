"""CPF and CNPJ: normalised text and check digits.

Since July 2026 a CNPJ's first twelve places may hold letters (IN RFB 2.229/2024); each place counts as its ASCII
code minus 48, and the two check digits stay digits. Stored form: capitals and digits without punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_PUNCTUATION = re.compile(r"[\s./-]")
_CPF = re.compile(r"\d{11}", re.ASCII)
_CNPJ = re.compile(r"[0-9A-Z]{12}\d{2}", re.ASCII)

_CNPJ_FIRST = (5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
_CNPJ_SECOND = (6, *_CNPJ_FIRST)


def normalised(document: str) -> str:
    """Without punctuation, in capitals: ``12.abc.345/01de-35`` → ``12ABC34501DE35``."""
    return _PUNCTUATION.sub("", document).upper()


def is_cpf(document: str) -> bool:
    """Whether the text is a CPF with right check digits, however punctuated; equal digits (111.111.111-11) are none."""
    cpf = normalised(document)
    return bool(_CPF.fullmatch(cpf)) and len(set(cpf)) > 1 and cpf[9:] == cpf_check_digits(cpf[:9])


def is_cnpj(document: str) -> bool:
    """Whether the text is a numeric or alphanumeric CNPJ with right check digits, however punctuated."""
    cnpj = normalised(document)
    return bool(_CNPJ.fullmatch(cnpj)) and len(set(cnpj)) > 1 and cnpj[12:] == cnpj_check_digits(cnpj[:12])


def cpf_check_digits(first_nine: str) -> str:
    """The two check digits of a CPF's first nine: modulus 11, weights 10…2 and 11…2."""
    first = _modulus_11(first_nine, range(10, 1, -1))
    return first + _modulus_11(first_nine + first, range(11, 1, -1))


def cnpj_check_digits(first_twelve: str) -> str:
    """The two check digits of a CNPJ's first twelve places: modulus 11, weights 2…9 from the right."""
    first = _modulus_11(first_twelve, _CNPJ_FIRST)
    return first + _modulus_11(first_twelve + first, _CNPJ_SECOND)


def _modulus_11(places: str, weights: Iterable[int]) -> str:
    remainder = sum((ord(place) - 48) * weight for place, weight in zip(places, weights, strict=True)) % 11
    return str(0 if remainder < 2 else 11 - remainder)
