"""The console: what the provider's staff works with. One module a page; each registers its routes on ``frame.blp``.

A new page: a module here (named below), a template that extends ``console/layout.html``, a line in ``permissions.PAGES``,
an entry in ``console/nav.html``. How it looks: ``static/console.css`` (ADR 0037).
"""

from gateway.pages.console import (
    bank,
    contract,
    contract_changes,
    customers,
    decisions,
    field,
    figures,
    finance,
    history,
    home,
    journey,
    opening,
    operations,
    queue,
    receivables,
    remittances,
    search,
    settings,
    users,
    visiting,
    workbench,
)
from gateway.pages.console.frame import blp

__all__ = [
    "bank",
    "blp",
    "contract",
    "contract_changes",
    "customers",
    "decisions",
    "field",
    "figures",
    "finance",
    "history",
    "home",
    "journey",
    "opening",
    "operations",
    "queue",
    "receivables",
    "remittances",
    "search",
    "settings",
    "users",
    "visiting",
    "workbench",
]
