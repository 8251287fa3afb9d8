"""Tests of pages in a real browser: log in, look at a page, keep pictures for who wants them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.system.axe import findings
from tests.system.browser import DESKTOP, PHONE
from tests.system.house import House

EMBEDDED = pytest.mark.parametrize("system", ["embedded"], indirect=True)
"""What a browser shows is the same in both modes: one of them serves its tests."""
PICTURES = os.environ.get("VIGENCIA_PICTURES")
"""A folder in which screenshots are kept for looking at; without it nothing is kept."""


def entered(
    chrome: Browser, house: House, login: str, viewport: dict[str, int] = DESKTOP, **options: Any
) -> tuple[BrowserContext, Page]:
    """A browser of its own in which somebody has just logged in, by the page for it. ``options``: of the browser."""
    context = chrome.new_context(viewport=viewport, locale="pt-BR", **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{house.system.url}/login")
    page.get_by_label("Usuário").fill(login)
    page.get_by_label("Senha").fill("segredo")
    page.get_by_role("button", name="Entrar", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("Olá"))).to_be_visible()
    page.wait_for_load_state()  # the keys work
    return context, page


def looked_at(page: Page, name: str, *, also: dict[str, int] | None = None) -> None:
    """No serious finding; nothing to scroll sideways, nor on a screen of another size (``also``)."""
    own = page.viewport_size
    page.wait_for_load_state()
    assert findings(page) == [], name
    page.evaluate("window.scrollTo(0, 0)")
    assert fits(page), name
    picture(page, name)
    if also is not None:
        page.set_viewport_size(also)  # type: ignore[arg-type]
        assert fits(page), name
        picture(page, f"{name}-{'phone' if also == PHONE else 'desk'}")
        page.set_viewport_size(own)  # type: ignore[arg-type]


def fits(page: Page) -> bool:
    """Nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)
