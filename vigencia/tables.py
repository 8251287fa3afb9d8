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
    "webhooks": {
        "pt-BR": ("", "webhook", "de quem", "endereço", "estado", "esperam", "presos"),
        "en": ("", "webhook", "whose", "address", "state", "waiting", "stuck"),
    },
    "attempts": {
        "pt-BR": ("", "quando", "evento", "sequência", "vez", "resposta", "ms"),
        "en": ("", "when", "event", "stream", "attempt", "answer", "ms"),
    },
    "waiting": {
        "pt-BR": ("serviço", "partição", "posição", "sequência", "eventos", "tentativas", "próxima"),
        "en": ("service", "partition", "offset", "stream", "events", "attempts", "next"),
    },
    "subscribers": {
        "pt-BR": ("", "assinante", "serviços", "filas", "desde"),
        "en": ("", "subscriber", "services", "queues", "since"),
    },
    "checks": {"pt-BR": ("", "verificação", "encontrado"), "en": ("", "check", "found")},
}


_FAILING = {"pt-BR": "falha desde", "en": "failing since"}


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


def webhooks(rows: Sequence[dict[str, Any]], lang: str) -> Table:
    table = _table("webhooks", lang)
    for row in rows:
        good = row["state"] == "active" and row["failing_since"] is None
        state = row["reason"] or (row["state"] if good else f"{_FAILING[lang]} {row['failing_since'][:16]}")
        counts = (str(row["waiting_streams"]), str(row["stuck_streams"]))
        table.add_row(_mark(good), row["endpoint_id"], escape(row["name"]), escape(row["url"]), state, *counts)
    return table


def attempts(rows: Sequence[dict[str, Any]], lang: str) -> Table:
    table = _table("attempts", lang)
    for row in rows:
        told = escape(f"{row['status'] or row['error']} {' '.join(row['answer'].split())[:80]}".strip())
        cells = (row["at"][:19], row["type"], row["stream"], str(row["attempt"]), told, str(row["milliseconds"]))
        table.add_row(_mark(row["outcome"] == "delivered"), *cells)
    return table


def waiting(rows: Sequence[dict[str, Any]], lang: str) -> Table:
    table = _table("waiting", lang)
    for row in rows:
        place = (row["service"], str(row["partition"]), str(row["offset"]), row["stream"])
        table.add_row(*place, str(row["events"]), str(row["attempts"]), (row["due_at"] or "—")[:19])
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


_STORY_PARTS = {
    "waits": {"pt-BR": "espera a sua hora", "en": "waits for its time"},
    "did": {"pt-BR": "esperou a sua hora", "en": "waited for its time"},
    "mail": {"pt-BR": "mensagem", "en": "mail"},
    "parked": {"pt-BR": "retido", "en": "parked"},
    "discarded": {"pt-BR": "descartado", "en": "discarded"},
    "refused": {"pt-BR": "recusado por uma regra", "en": "refused by a rule"},
    "partly": {"pt-BR": "Não está tudo aqui.", "en": "This is not all of it."},
    "silent": {"pt-BR": "sem resposta", "en": "no answer"},
    "logs": {"pt-BR": "Nos registros procure", "en": "In the logs look for"},
    "traces": {"pt-BR": "No coletor de traces", "en": "At the collector of traces"},
}


def journey(story: dict[str, Any], lang: str) -> str:
    """A story line by line, in the order of time; what was caused by something stands further to the right."""

    def word(code: str) -> str:
        return _STORY_PARTS[code][lang]

    rows: list[tuple[str, str]] = [
        (each["at"], f"{'  ' * each['depth']}{each['type']}  {each['id']}  {each['actor']}") for each in story["events"]
    ]
    for each in story["mails"]:
        at, said = each["ended_at"] or each["queued_at"], f"{word('mail')}: {each['template']} ({each['state']})"
        rows.append((at, f"{'  ' * each['depth']}{said} → {each['recipient_id']}"))
    for each in story["deliveries"]:
        answered = f"{each['outcome']} {each['status'] or each['error'] or ''}"
        rows.append((each["at"], f"webhook {each['endpoint_id']}: {each['type']} ({answered.strip()})"))
    for each in story["due"]:
        outcome = f"{word('did')} ({each['outcome']})" if each["done_at"] else word("waits")
        rows.append((each["at"], f"{each['service']}: {each['command']}, {outcome}"))
    for each in story["parked"]:
        rows.append((each["parked_at"], f"{each['service']}: {word('parked')} {each['subscription']}, {each['error']}"))
    for each in story["discarded"]:
        rows.append((each["at"], f"{each['service']}: {word('discarded')} {each['event']}, {each['reason']}"))
    for each in story["refusals"]:
        rows.append((each["at"], f"{each['service']}: {word('refused')} {each['command']}, {each['code']}"))
    lines = [f"{each['protocol'] or ''} {each['request_id']} ({each['status']})" for each in story["requests"]]
    lines += [f"{at[:23].replace('T', ' ')}  {said}" for at, said in sorted(rows, key=lambda row: row[0])]
    if not story["whole"]:
        silent = f" {word('silent')}: {', '.join(story['silent'])}" if story["silent"] else ""
        lines.append(f"{word('partly')}{silent}")
    lines.append(f"{word('logs')}: {' '.join(story['correlations'])}")
    lines += [f"{word('traces')}: {' '.join(story['traces'])}"] if story["traces"] else []
    return escape("\n".join(lines))


def mails(rows: Sequence[dict[str, Any]]) -> str:
    """A line a mail; under it the mail itself, as it was caught."""
    lines = []
    for row in rows:
        at = str(row["ended_at"] or row["due_at"])[:19].replace("T", " ")
        lines.append(f"{at}  {row['state']:<8} {row['template']:<22} {row['mail_id']}  → {row['recipient_id']}")
        lines += ["", message_shown(row["message"])] if row.get("message") else []
    return escape("\n".join(lines))


def message_shown(source: str) -> str:
    """A mail as a person reads it."""
    from email import message_from_string
    from email.policy import default

    made = message_from_string(source, policy=default)
    heads = [f"{name}: {made[name]}" for name in ("From", "To", "Subject", "X-Correlation-ID") if made[name]]
    return "\n".join([*heads, "", str(made.get_content()).rstrip()])


def _table(name: str, lang: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for header in _HEADERS[name][lang]:
        table.add_column(header, overflow="fold")
    return table


def _mark(good: bool) -> str:
    return "[green]✓[/]" if good else "[bold red]✗[/]"
