"""How lists look to people: tables for ``rich``, and one line an event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from vigencia.verifying import Check

if TYPE_CHECKING:
    from vigencia.story import Line

_HEADERS: dict[str, dict[str, tuple[str, ...]]] = {
    "status": {
        "pt-BR": ("serviço", "pronto", "a enviar", "a receber", "retidos", "vencidos", "motivo"),
        "en": ("service", "ready", "to send", "to take", "parked", "due", "reason"),
    },
    "parked": {
        "pt-BR": ("serviço", "assinatura", "sequência", "evento", "desde", "motivo"),
        "en": ("service", "subscription", "stream", "event", "since", "reason"),
    },
    "story": {"pt-BR": ("", "comparação", "arquivo", "sistema"), "en": ("", "comparison", "file", "system")},
    "refusals": {
        "pt-BR": ("quando", "serviço", "política", "evento", "comando", "resposta"),
        "en": ("when", "service", "policy", "event", "command", "answer"),
    },
    "users": {"pt-BR": ("", "login", "nome", "perfis"), "en": ("", "login", "name", "roles")},
    "keys": {"pt-BR": ("", "chave", "de quem", "escopos"), "en": ("", "key", "whose", "scopes")},
    "subscribers": {
        "pt-BR": ("", "assinante", "serviços", "filas", "desde"),
        "en": ("", "subscriber", "services", "queues", "since"),
    },
    "checks": {"pt-BR": ("", "verificação", "encontrado"), "en": ("", "check", "found")},
}


def status(rows: Sequence[dict[str, Any]], lang: str) -> Table:
    table = _table("status", lang)
    for row in rows:
        reasons = [*row["reasons"], *(f"{name} stopped" for name in row["stopped"])]
        numbers = [str(row[name]) for name in ("to_send", "to_take", "parked", "due")]
        table.add_row(row["service"], _mark(row["ready"]), *numbers, "; ".join(reasons))
    return table


def users(rows: Sequence[dict[str, Any]], lang: str) -> Table:
    table = _table("users", lang)
    for row in rows:
        table.add_row(_mark(row["active"]), row["login"], escape(row["name"]), ", ".join(row["roles"]))
    return table


def keys(rows: Sequence[dict[str, Any]], lang: str) -> Table:
    table = _table("keys", lang)
    for row in rows:
        table.add_row(_mark(row["revoked_at"] is None), row["key_id"], escape(row["name"]), ", ".join(row["scopes"]))
    return table


def subscribers(rows: Sequence[dict[str, Any]], lang: str) -> Table:
    table = _table("subscribers", lang)
    for row in rows:
        cells = (row["name"], ", ".join(row["services"]), row["queues"], row["added_at"][:10])
        table.add_row(_mark(row["revoked_at"] is None), *cells)
    return table


def parked(rows: Sequence[dict[str, Any]], lang: str) -> Table:
    table = _table("parked", lang)
    for row in rows:
        what = f"{row['type']} @{row['version']}"
        cells = (row["service"], row["subscription"], row["stream"], what, row["parked_at"], row["error"][:160])
        table.add_row(*map(str, cells))
    return table


def refusals(rows: Sequence[dict[str, Any]], lang: str) -> Table:
    table = _table("refusals", lang)
    for row in rows:
        table.add_row(*(str(row[name]) for name in ("at", "service", "policy", "event", "command", "code")))
    return table


def checks(found: Sequence[Check], lang: str) -> Table:
    table = _table("checks", lang)
    for check in found:
        table.add_row(_mark(check.holds), check.name, check.found)
    return table


def reconciliation(lines: Sequence[Line], lang: str) -> Table:
    table = _table("story", lang)
    for line in lines:
        table.add_row(_mark(line.agrees), line.what, str(line.file), str(line.system))
    return table


def event(envelope: dict[str, Any]) -> str:
    """One event on one line: offset, instant, type, stream and version."""
    place = f"{envelope['partition']}/{envelope['offset']}"
    return f"{place:>9}  {envelope['time']}  {envelope['type']:<42} {envelope['subject']}@{envelope['streamversion']}"


def _table(name: str, lang: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for header in _HEADERS[name][lang]:
        table.add_column(header, overflow="fold")
    return table


def _mark(good: bool) -> str:
    return "[green]✓[/]" if good else "[bold red]✗[/]"
