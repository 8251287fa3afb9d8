"""What people type into forms, as the API wants it: numbers as they are written here, lists by lines, addresses to go back to."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import request

_NUMBER = re.compile(r"^-?[\d.,]+$")
THOUSANDS = re.compile(r"^-?\d{1,3}(\.\d{3})+$")


def number(text: str) -> str:
    """ "1.234,5" and "1234.5" are the same number. What is none stays as it is, and is refused by the schema."""
    text = text.strip().removeprefix("R$").strip()
    if not _NUMBER.fullmatch(text):
        return text
    if "," in text:
        return text.replace(".", "").replace(",", ".")
    return text.replace(".", "") if THOUSANDS.fullmatch(text) else text


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def given(*names: str, form: Mapping[str, str] | None = None) -> dict[str, str]:
    """The form's fields of these names, without the blanks around them."""
    fields = request.form if form is None else form
    return {name: fields.get(name, "").strip() for name in names}


def back(otherwise: str) -> str:
    """Where the form came from, if it says so and it is a page of the console."""
    asked = request.form.get("back", "")
    ours = re.match(r"^/console(/[A-Za-z0-9/_.~%-]*)?(\?[^#]*)?$", asked)
    return asked if ours else otherwise
