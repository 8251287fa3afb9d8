"""What a contract says about being told: who, by which channel, at which hours, in which language, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.mail.catalogue import Text, placeholders, wrapped
from gateway.mail.hours import Hours

TOPICS = {
    "reminder": "dunning",
    "receivable": "charge",
    "suspension": "dunning",
    "suspended": "dunning",
    "renewal": "contract",
    "request": "request",
    "deadline": "request",
    "price": "request",
    "evaluation": "evaluation",
}
"""By the first word of a template's name."""

LANGUAGES = frozenset({"pt-BR", "en"})


@dataclass(frozen=True, slots=True)
class Agreed:
    """``told``: whether mail is the channel for this topic. ``rights``: whoever has one of them is told; ``None``: as the
    template says; empty: every contact. ``phone``: whoever has one of these rights is told by telephone; ``None``: nobody."""

    told: bool = True
    rights: frozenset[str] | None = None
    hours: Hours | None = None
    lang: str | None = None
    words: str = ""
    phone: frozenset[str] | None = None


def agreed(terms: Mapping[str, Any], template: str, level: int | None = None) -> Agreed:
    """From a contract's published terms. A topic without a rule of its own is told as usual."""
    rules: Mapping[str, Any] = terms.get("communication") or {}
    topic = TOPICS.get(template.partition("_")[0])
    named = [rule for rule in rules.get("notices") or () if rule.get("topic") == topic]
    by_mail = [rule for rule in named if rule.get("channel", "email") == "email"]
    rights: frozenset[str] | None = None
    if by_mail:
        rights = frozenset(right for rule in by_mail for right in rule.get("rights") or ())
        if any(not rule.get("rights") for rule in by_mail):
            rights = frozenset()
    by_phone = [frozenset(rule.get("rights") or ()) for rule in named if rule.get("channel") == "phone"]
    lang = rules.get("language")
    steps = [step for step in terms.get("dunning") or () if step.get("level") == level]
    return Agreed(
        told=bool(by_mail) or not named,
        rights=rights,
        hours=_hours(rules.get("opens"), rules.get("closes")),
        lang=lang if lang in LANGUAGES else None,
        words=str(steps[0].get("text") or "") if steps else "",
        phone=(frozenset[str]().union(*by_phone) if all(by_phone) else frozenset()) if by_phone else None,
    )


def in_its_words(text: Text, words: str, lang: str) -> Text:
    """The contract's words in the place of the usual ones. Braces that name no fact stand as they were written."""
    try:
        placeholders(words)
    except ValueError:
        words = words.replace("{", "{{").replace("}", "}}")
    return wrapped(text.subject, words, lang)


def _hours(opens: str | None, closes: str | None) -> Hours | None:
    """Whole hours within both times of day."""
    if not opens or not closes:
        return None
    first = int(opens[:2]) + (opens[3:5] > "00")
    last = int(closes[:2])
    return Hours(first, last) if 0 <= first < last <= 24 else None
