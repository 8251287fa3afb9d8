"""The policies that note what is to be told: events → rows of ``mail_causes``. They emit no command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gateway.mail.catalogue import ERASURE, LAST_LEVEL
from gateway.mail.channels import BY_PHONE
from gateway.mail.tables import mail_causes
from services.component import Policy, Reaction
from services.events import Incoming
from services.rows import Rows

Pick = Callable[[Mapping[str, Any]], str | None]


def _note(pick: Pick, facts: tuple[str, ...] = (), contact: str | None = None) -> Reaction:
    """``pick`` gives the template's name, or None: nothing is to be told."""

    def reaction(event: Incoming, rows: Rows) -> Iterable[Any]:
        data = event.data
        template = pick(data)
        if template is None:
            return ()
        rows.put(  # the same event again says the same
            mail_causes,
            cause_id=f"{event.source}/{event.id}",
            template=template,
            customer_id=data["customer_id"],
            contract_id=data.get("contract_id"),
            contact_id=_contact(data, contact),
            facts={name: data[name] for name in facts if data.get(name) is not None},
            correlation=event.correlation,
            traceparent=event.traceparent or None,
            happened_at=event.at,
        )
        return ()

    return reaction


_ANSWER = ("evaluation_id", "request_id")


def _contact(data: Mapping[str, Any], field: str | None) -> str | None:
    if field == "told_contact":
        return data["contact_id"] if data.get("role") == "contact" else None
    return data.get(field) if field else None


def _always(template: str) -> Pick:
    return lambda _data: template


def _reminder(data: Mapping[str, Any]) -> str | None:
    """By e-mail, or by a messenger's channel; a letter or the portal are not ours."""
    ours = data.get("channel") == "email" or data.get("channel") in BY_PHONE
    return f"reminder_{max(1, min(int(data['level']), LAST_LEVEL))}" if ours else None


def _issued(data: Mapping[str, Any]) -> str | None:
    """What was imported or taken over, or stands for an older one that is paid by instalments, was told by others."""
    return None if data.get("imported") or data.get("taken_over") else "receivable_issued"


def _suspended(data: Mapping[str, Any]) -> str | None:
    """Who came suspended from another system was told there."""
    return None if data.get("taken_over") else "suspended"


_STEP = ("request_id", "kind", "level", "due_at", "role", "user_id", "assignee_id", "any_hour")
"""What a step of the escalation ladder says; the contact who asked is told only where the step names him."""


def policies() -> tuple[Policy, ...]:
    return (
        Policy(
            "mail_of_contracts",
            source="contracts",
            notes=True,
            handles={
                "contracts.contract.suspension_notified": _note(_always("suspension_notified"), ("suspend_on",)),
                "contracts.contract.suspended": _note(_suspended, ("on",)),
                "contracts.contract.renewal_offered": _note(
                    _always("renewal_offered"), ("ends_on", "next_ends_on", "answer_by")
                ),
                "contracts.customer.erased": _note(_always(ERASURE), ("person_ids",)),
                "contracts.customer.contact_erased": _note(_always(ERASURE), ("person_ids", "contact_id")),
            },
        ),
        Policy(
            "mail_of_billing",
            source="billing",
            notes=True,
            handles={
                "billing.receivable.issued": _note(_issued, ("receivable_id",)),
                "billing.receivable.reminder_sent": _note(_reminder, ("receivable_id", "level", "on", "channel")),
            },
        ),
        Policy(
            "mail_of_tickets",
            source="tickets",
            notes=True,
            handles={
                "tickets.request.opened": _note(_always("request_opened"), ("request_id", "protocol"), "opened_by"),
                "tickets.request.warned": _note(_always("deadline_near"), _STEP, "told_contact"),
                "tickets.request.escalated": _note(_always("deadline_passed"), _STEP, "told_contact"),
                "tickets.request.price_offered": _note(_always("price_offered"), ("request_id", "price_text")),
                "tickets.request.resolved": _note(_always("request_resolved"), ("request_id",), "contact_id"),
            },
        ),
        Policy(
            "mail_of_feedback",
            source="feedback",
            notes=True,
            handles={
                "feedback.evaluation.requested": _note(
                    _always("evaluation_requested"), ("evaluation_id", "request_id", "tacit_at"), "contact_id"
                ),
                "feedback.evaluation.reminded": _note(_always("evaluation_reminded"), _ANSWER, "contact_id"),
                "feedback.evaluation.replied": _note(_always("evaluation_replied"), _ANSWER, "contact_id"),
            },
        ),
    )
