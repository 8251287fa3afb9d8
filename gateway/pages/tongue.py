"""The pages' languages: Portuguese as written in the templates, others from ``locale/<language>.po`` (gettext, Babel)."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LOCALE = Path(__file__).with_name("locale")
PORTUGUESE, ENGLISH = "pt-BR", "en"
LANGUAGES = (PORTUGUESE, ENGLISH)


@cache
def translations(lang: str) -> NullTranslations:
    """What the templates' texts are in a language. Read as they are: no compiled file can be out of date."""
    if lang == PORTUGUESE:
        return NullTranslations()
    with open(LOCALE / f"{lang}.po", "rb") as source:
        catalogue = read_po(source, locale=lang)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
