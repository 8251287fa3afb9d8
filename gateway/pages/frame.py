"""What every page shares: its language, its headers, and how an error looks."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway import saying
from gateway.api import words
from gateway.api.problems import language
from gateway.mail.hours import DEFAULT_ZONE
from gateway.pages.tongue import LANGUAGES, translations
from services.errors import VigenciaError

TEMPLATES = Path(__file__).with_name("templates")
CONTENT_SECURITY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
LANGUAGE_COOKIE, YEAR = "lang", 365 * 24 * 3600


def page(template: str, *, status: int = 200, lang: str | None = None, **context: Any) -> Response:
    """A page in the reader's language. ``context``: what the template names; it fails on what it does not know."""
    lang = lang or chosen_language()
    text = environment(lang).get_template(template).render(lang=lang, path=request.path, **context)
    answer = Response(text, status, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = CONTENT_SECURITY
    answer.headers["Content-Language"] = lang
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Accept-Language, Cookie"
    if request.args.get("lang") == lang:  # chosen by hand: it stays
        answer.set_cookie(LANGUAGE_COOKIE, lang, max_age=YEAR, samesite="Lax", secure=request.is_secure)
    return answer


def failure(error: VigenciaError, status: int | None = None) -> Response:
    """An error as a page: what was wrong, in the reader's language, and what he can do."""
    lang = chosen_language()
    status = status or error.status
    return page("failure.html", status=status, lang=lang, kind=error.kind, detail=words.detail(error, lang))


def why(refused: VigenciaError | None) -> str:
    """What a rule said, in the reader's language; nothing where none did."""
    return words.detail(refused, chosen_language()) if refused else ""


def chosen_language() -> str:
    """``?lang=``, or what was chosen so before; else the browser's."""
    asked = request.args.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return asked if asked in LANGUAGES else language()


@cache
def environment(lang: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(translations(lang), newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {
        "day": lambda value: saying.long_day(value, lang),
        "instant": lambda value, zone=None: saying.instant(value, zone or DEFAULT_ZONE, lang),
        "money": lambda value: saying.money(value, lang),
        "cnpj": saying.cnpj,
        "short": lambda value, zone=None: saying.short_instant(value, zone or DEFAULT_ZONE, lang),
        "quantity": lambda value: saying.quantity(value, lang),
        "short_day": lambda value: saying.short_day(value, lang),
    }
    return made
