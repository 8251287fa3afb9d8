"""Everything about one request, or about all that one call made happen: what every service's store says, as one story.

It goes round: what a service tells (correlations, events that are causes, evaluations) is what the others are asked next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import or_, select

from gateway.mail.tables import mail
from gateway.tables import evaluations, requests
from gateway.webhooks.tables import webhook_attempts
from services.component import Context
from services.errors import NotFound, VigenciaError
from services.rows import Rows

SERVICES = ("contracts", "billing", "tickets", "feedback", "gateway")
ROUNDS = 4
FEW = 3
"""Requests of one correlation that are told whole; a bulk command's are not."""
MOST_MAILS = 200
Operate = Callable[[str, Mapping[str, Any]], Any]
Query = Callable[..., Any]


def journey(reference: str, operate: Operate, query: Query) -> dict[str, Any]:
    """``reference``: a request's protocol or id, or a correlation id. Raises ``NotFound`` where nobody knows it."""
    known = query("journey_subject", references=[reference])
    correlations, events, said = set() if known["requests"] else {reference}, {}, {}
    silent: dict[str, str] = {}
    for _ in range(ROUNDS):
        before = (len(correlations), len(events), len(known["ids"]))
        for service in SERVICES:
            asked = {**known, "correlations": sorted(correlations), "causes": sorted(events)}
            asked.pop("requests")
            try:
                said[service] = operate(service, {"action": "story", **asked})
                silent.pop(service, None)
            except VigenciaError as error:
                silent[service] = error.code
                continue
            events |= {event["id"]: event for event in said[service]["events"]}
        known = _wider(known, events, query)
        core = {*known["streams"]}
        correlations |= {event["correlation"] for event in events.values() if event["stream"] in core}
        if before == (len(correlations), len(events), len(known["ids"])):
            break
    if not events and not silent:
        raise NotFound("journey.unknown", reference=reference)
    return _told(reference, known, correlations, events, said, silent, query)


def _wider(known: dict[str, Any], events: Mapping[str, Any], query: Query) -> dict[str, Any]:
    """The requests, of which a correlation's events tell; not of a bulk command's hundreds."""
    found = {event["stream"].partition("-")[2] for event in events.values() if event["stream"].startswith("request-")}
    found |= {row["request_id"] for row in known["requests"]}
    wider: dict[str, Any] = query("journey_subject", references=sorted(found)) if len(found) <= FEW else known
    return wider if found else known


def _told(
    reference: str,
    known: Mapping[str, Any],
    correlations: set[str],
    events: Mapping[str, Any],
    said: Mapping[str, Any],
    silent: Mapping[str, str],
    query: Query,
) -> dict[str, Any]:
    story = sorted(
        events.values(), key=lambda event: (event["at"], event["service"], event["stream"], event["version"])
    )
    depths: dict[str, int] = {}
    for event in story:
        depths[event["id"]] = depths.get(event["causation"], -1) + 1
    mails = query(
        "journey_mails",
        correlations=sorted(correlations),
        causes=[f"{event['service']}/{event['id']}" for event in story],
        customers=sorted({row["customer_id"] for row in known["requests"] if row["customer_id"]}),
    )
    parts = {name: _of(said, name) for name in ("due", "parked", "discarded", "refusals")}
    return {
        "reference": reference,
        "requests": known["requests"],
        "events": [{**event, "depth": depths[event["id"]]} for event in story],
        "mails": [{**row, "depth": depths.get(row["cause_id"].partition("/")[2], -1) + 1} for row in mails],
        "deliveries": query("journey_deliveries", streams=known["streams"]),
        **parts,
        "correlations": sorted(correlations),
        "traces": sorted({event["traceparent"][3:35] for event in story if event["traceparent"]}),
        "silent": sorted(silent),
        "whole": not silent and all(part["whole"] for part in said.values()),
    }


def _of(said: Mapping[str, Any], part: str) -> list[dict[str, Any]]:
    rows = [{"service": service, **row} for service, answer in said.items() for row in answer[part]]
    return sorted(rows, key=lambda row: str(row.get("at") or row.get("parked_at")))


# -- asked of the gateway's own tables ---------------------------------------------------------------------------------


def journey_subject(params: Mapping[str, Any], rows: Rows, ctx: Context) -> Any:
    """``{references}`` → the requests of these ids or protocols, with the streams and ids that are about them."""
    wanted = list(params["references"])
    c = requests.c
    found = rows.select(select(requests).where(or_(c.request_id.in_(wanted), c.protocol.in_(wanted))).limit(50))
    ids = [row["request_id"] for row in found]
    asked = rows.select(select(evaluations.c.evaluation_id).where(evaluations.c.request_id.in_(ids)))
    judged = [row["evaluation_id"] for row in asked]
    contracts = sorted({row["contract_id"] for row in found if row["contract_id"]})
    shown = ("request_id", "protocol", "status", "contract_id", "customer_id", "opened_at")
    return {
        "requests": [{name: row[name] for name in shown} for row in found],
        "streams": [*(f"request-{id_}" for id_ in ids), *(f"evaluation-{id_}" for id_ in judged)],
        "about": [f"{kind}-{id_}" for kind in ("account", "contract", "visits") for id_ in contracts],
        "ids": [*ids, *judged],
    }


def journey_deliveries(params: Mapping[str, Any], rows: Rows, ctx: Context) -> Any:
    """``{streams}`` → what was posted of them to other systems' webhooks, the oldest first; without the answers' text."""
    c = webhook_attempts.c
    mine = select(webhook_attempts).where(c.stream.in_(list(params["streams"])))
    found = rows.select(mine.order_by(c.at, c.attempt_id).limit(MOST_MAILS))
    shown = ("endpoint_id", "at", "source", "stream", "type", "message_id", "attempt", "outcome", "status", "error")
    return [{name: row[name] for name in shown} for row in found]


def journey_mails(params: Mapping[str, Any], rows: Rows, ctx: Context) -> Any:
    """``{correlations, causes, customers}`` → mails, the oldest first. Without names and addresses."""
    c = mail.c
    mine = or_(c.correlation.in_(list(params["correlations"])), c.cause_id.in_(list(params["causes"])))
    where = [mine, *([c.customer_id.in_(list(params["customers"]))] if params["customers"] else [])]
    found = rows.select(select(mail).where(*where).order_by(c.queued_at, c.mail_id).limit(MOST_MAILS))
    shown = (
        "mail_id",
        "cause_id",
        "template",
        "recipient_id",
        "state",
        "attempts",
        "queued_at",
        "ended_at",
        "correlation",
    )
    return [{name: row[name] for name in shown} for row in found]
