"""A receivable as every page shows it: what is to be paid, how, and where it comes from (``receivable_body.html``)."""

from __future__ import annotations

from typing import Any

from gateway.api.calls import ask, local
from gateway.pages.frame import chosen_language

TO_PAY = ("open", "overdue")


def receivable_shown(receivable_id: str, pdf: str) -> dict[str, Any]:
    """What the template needs. ``pdf``: the address of the document for this reader."""
    row = ask("billing", "receivable", receivable_id=receivable_id)
    return {
        "receivable": row,
        "pix": ask("billing", "pix", receivable_id=receivable_id) if row["status"] in TO_PAY else None,
        "pdf": f"{pdf}?lang={chosen_language()}",
        "letterhead": local("letterhead", contract_id=row["contract_id"]),
    }
