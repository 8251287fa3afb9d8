"""axe-core in a page of a browser test: what keeps people from using it by keyboard, screen reader or weak eyes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

SOURCE = Path(__file__).parent / "vendor" / "axe" / "axe.min.js"
SERIOUS = ("serious", "critical")


@cache
def _source() -> str:
    return SOURCE.read_text("utf-8")


def findings(page: Page) -> list[str]:
    """Serious and critical findings by WCAG 2.2 A and AA: rule, element, why; none is what a page wants."""
    page.evaluate(_source())  # past the Content-Security-Policy, which allows nothing from elsewhere
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", tags)
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]
