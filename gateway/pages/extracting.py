"""Brings the translations up to the templates: ``make words``. New texts stand at their place, empty; gone ones are removed."""

from __future__ import annotations

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from gateway.pages.frame import TEMPLATES
from gateway.pages.tongue import LANGUAGES, LOCALE, PORTUGUESE


def texts() -> Catalog:
    """Every text of the templates, in Portuguese, with where it stands."""
    found = Catalog(charset="utf-8", fuzzy=False)
    options = {"**.html": {"trimmed": "true", "newstyle_gettext": "true"}}
    for place, line, message, comments, context in extract_from_dir(
        str(TEMPLATES), method_map=[("**.html", "jinja2")], options_map=options
    ):
        found.add(message, locations=[(place, line)], auto_comments=comments, context=context)
    return found


def catalogue(lang: str) -> Catalog:
    with open(LOCALE / f"{lang}.po", "rb") as source:
        return read_po(source, locale=lang)


def main() -> None:
    for lang in LANGUAGES:
        if lang != PORTUGUESE:
            known = catalogue(lang)
            known.update(texts(), no_fuzzy_matching=True)
            known.obsolete.clear()
            with open(LOCALE / f"{lang}.po", "wb") as target:
                write_po(target, known, width=120, omit_header=True, sort_output=True, no_location=True)


if __name__ == "__main__":
    main()
