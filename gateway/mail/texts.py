"""What a template is, and the usual greeting and ending of a text in pt-BR and en."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Template:
    """``right``: which contacts are told. ``business``: only on business days. ``owed``: only while it is still owed."""

    name: str
    right: str
    facts: tuple[str, ...]
    texts: Mapping[str, Text]
    business: bool = False
    owed: bool = False
    also: str = ""  # another right that is told as well


def pt(subject: str, body: str) -> Text:
    return Text(subject, f"Olá, {{person}}.\n\n{body}\n\nAtenciosamente,\n{{provider}}\n")


def en(subject: str, body: str) -> Text:
    return Text(subject, f"Dear {{person}},\n\n{body}\n\nKind regards,\n{{provider}}\n")
