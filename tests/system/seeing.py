"""Pictures of pages for who wants them: ``VIGENCIA_PICTURES`` names the folder; without it nothing is kept."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

PICTURES = os.environ.get("VIGENCIA_PICTURES")


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)
