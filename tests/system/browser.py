"""A real browser for tests: Debian's Chromium, installed where RabbitMQ and PostgreSQL are, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from deploy.local.system import install

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


def chromium() -> str:
    """Where it is; installed first, if it is missing. Raises ``ServersMissing`` where that cannot be done."""
    if (found := shutil.which("chromium")) is None:
        install(["chromium"])
        found = shutil.which("chromium")
    assert found is not None
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            yield opened
        finally:
            opened.close()
