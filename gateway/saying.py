"""How money, days, instants and a CNPJ are said to people, in mails and on pages: here, once, per language (pt-BR, en)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal


def money(value: Decimal | str | int, lang: str) -> str:
    """In BRL: "R$ 1.250,00"."""
    return str(format_currency(Decimal(str(value)), "BRL", locale=_locale(lang))).replace("\xa0", " ")


def quantity(value: Decimal | str | int | None, lang: str) -> str:
    """Of hours, pieces …: "1.234,5". What is no number stays as it is; nothing is a dash."""
    if value is None:
        return "—"
    try:
        return str(format_decimal(Decimal(str(value)), locale=_locale(lang), decimal_quantization=False))
    except ArithmeticError:
        return str(value)


def long_day(value: date | str, lang: str) -> str:
    """For a page: "24 de novembro de 2026"."""
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return str(format_date(day, "long", locale=_locale(lang)))


def short_day(value: date | str, lang: str) -> str:
    """Within a sentence: "24/11/2026"; in English the month by its name, since readers differ on which number it is."""
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return str(format_date(day, "dd/MM/yyyy" if lang == "pt-BR" else "d MMMM yyyy", locale=_locale(lang)))


def instant(value: datetime | str, zone: str, lang: str) -> str:
    """In a time zone, for a page: "24 de novembro, 14:30". One without a zone of its own is UTC."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(ZoneInfo(zone))
    form = "d 'de' MMMM, HH:mm" if lang == "pt-BR" else "d MMMM, HH:mm"
    return str(format_datetime(local, form, locale=_locale(lang)))


def short_instant(value: datetime | str, zone: str, lang: str) -> str:
    """For tables, in a time zone: "24/11/2026 14:30"."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(ZoneInfo(zone))
    form = "dd/MM/yyyy HH:mm" if lang == "pt-BR" else "d MMM yyyy HH:mm"
    return str(format_datetime(local, form, locale=_locale(lang)))


def cnpj(value: str | None) -> str:
    """Such as "12.ABC.345/01DE-35"; what is no CNPJ stays as it is."""
    plain = value or ""
    if len(plain) != 14:
        return plain
    return f"{plain[:2]}.{plain[2:5]}.{plain[5:8]}/{plain[8:12]}-{plain[12:]}"


def _locale(lang: str) -> str:
    return lang.replace("-", "_")
