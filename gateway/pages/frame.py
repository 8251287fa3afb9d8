"""What every page shares: its language, how it says days, instants and money, its headers, and how an error looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from flask import Response, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined

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


def failure(error: VigenciaError) -> Response:
    """An error as a page: what was wrong, in the reader's language, and what he can do."""
    lang = chosen_language()
    return page("failure.html", status=error.status, lang=lang, kind=error.kind, detail=words.detail(error, lang))


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
    locale = lang.replace("-", "_")
    made.filters |= {"day": _day(locale), "instant": _instant(locale), "money": _money(locale), "cnpj": _cnpj}
    return made


def _day(locale: str) -> Callable[[Any], str]:
    def said(value: Any) -> str:
        day = date.fromisoformat(value) if isinstance(value, str) else value
        return str(format_date(day, "long", locale=locale))

    return said


def _instant(locale: str) -> Callable[..., str]:
    """In the contract's time zone: "24 de novembro de 2026 às 14:30"."""

    def said(value: Any, zone: str | None = None) -> str:
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
        local = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(ZoneInfo(zone or DEFAULT_ZONE))
        return str(
            format_datetime(local, "d 'de' MMMM, HH:mm" if locale == "pt_BR" else "d MMMM, HH:mm", locale=locale)
        )

    return said


def _cnpj(value: str | None) -> str:
    plain = value or ""
    if len(plain) != 14:
        return plain
    return f"{plain[:2]}.{plain[2:5]}.{plain[5:8]}/{plain[8:12]}-{plain[12:]}"


def _money(locale: str) -> Callable[[Any], str]:
    return lambda value: str(format_currency(Decimal(str(value)), "BRL", locale=locale)).replace("\xa0", " ")
