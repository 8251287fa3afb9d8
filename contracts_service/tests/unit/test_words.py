"""Every refusal that a rule may give has words in Portuguese and English, with parameters that it carries."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import contracts_service
from contracts_service.domain.terms_check import MESSAGES
from contracts_service.words import WORDS

ROOT = Path(contracts_service.__file__).parent
FILES = [*ROOT.glob("domain/*.py"), *ROOT.glob("views/*.py"), *ROOT.glob("*.py")]
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
RAISED = set(re.findall(r'(?:Refused|NotFound|Invalid|_free)\([\w\s,]*"([a-z.-]+)"', SOURCES)) | set(MESSAGES)


def test_every_code_that_is_raised_has_words() -> None:
    assert set(WORDS) >= RAISED
    assert len(RAISED) > 50


def test_no_words_are_left_over() -> None:
    assert set(WORDS) <= RAISED


@pytest.mark.parametrize("code", sorted(WORDS))
def test_words_speak_portuguese_and_english_with_the_same_parameters(code: str) -> None:
    words = WORDS[code]
    assert set(words) == {"pt-BR", "en"}
    names = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in words.values()]
    assert names[0] == names[1]
