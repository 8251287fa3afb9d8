"""What feedback does when others did something: the choreography's part of the customer's verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from feedback_service.domain.commands import Command, EraseTexts, ExpireEvaluation, RequestEvaluation
from feedback_service.domain.comment_messages import EraseComment
from feedback_service.domain.ids import evaluation_id
from feedback_service.tables import comments, evaluations
from feedback_service.views.contract_rules import rules_of
from services.component import Policy
from services.events import Incoming
from services.rows import Rows


def ask_the_customer(event: Incoming, rows: Rows) -> Iterable[Command]:
    """A request was resolved with evidence: its contact is asked to confirm, by the contract's rules of that day."""
    data = event.data
    at = _at(event)
    asked = data.get("contact_id") or data["customer_id"]
    rules = rules_of(rows, data["contract_id"], at)
    # Where his confirmation is the only evidence, silence stands for it only if the contract says so.
    counts = not data.get("awaiting_confirmation") or data.get("tacit_confirmation", True)
    if rules.ask:
        yield RequestEvaluation(
            evaluation_id=evaluation_id(data["request_id"], data["resolution"]),
            request_id=data["request_id"],
            resolution=data["resolution"],
            contract_id=data["contract_id"],
            customer_id=data["customer_id"],
            contact_id=asked,
            at=at,
            resolved_by=data.get("resolved_by"),
            rules=rules if counts else replace(rules, tacit=False),
            service_type_id=data.get("service_type_id"),
        )


def end_the_question(event: Incoming, rows: Rows) -> Iterable[Command]:
    """A request moved on before the customer answered: nothing is asked, reminded or tacitly confirmed any more."""
    cause = event.type.rpartition(".")[2]
    for row in rows.find(
        evaluations,
        evaluations.c.status.in_(("planned", "asked")) | (evaluations.c.expired_cause == "unanswered"),
        request_id=event.data["request_id"],
        order_by=(evaluations.c.resolution,),
    ):
        yield ExpireEvaluation(row["evaluation_id"], cause, _at(event))


def forget_the_texts(event: Incoming, rows: Rows) -> Iterable[Command | EraseComment]:
    """A person was erased: the rows forget what he wrote (the events became unreadable with his key)."""
    for row in rows.find(
        evaluations,
        evaluations.c.comment.is_not(None)
        | evaluations.c.reason.is_not(None)
        | evaluations.c.outcome.is_not(None)
        | evaluations.c.hidden.is_not(None)
        | evaluations.c.replies.is_not(None),
        customer_id=event.data["customer_id"],
        order_by=(evaluations.c.evaluation_id,),
    ):
        yield EraseTexts(row["evaluation_id"], event.at)
    for row in rows.find(comments, customer_id=event.data["customer_id"], order_by=(comments.c.comment_id,)):
        yield EraseComment(row["comment_id"], event.at)


def forget_one(event: Incoming, rows: Rows) -> Iterable[Command | EraseComment]:
    """One contact was erased: the rows forget what he wrote; his colleagues' words stay."""
    persons, customer_id = list(event.data["person_ids"]), event.data["customer_id"]
    of_customer = {"customer_id": customer_id}
    c = evaluations.c
    own = c.contact_id.in_(persons) | c.answered_by.in_(persons) | c.rated_by.in_(persons)
    for row in rows.find(evaluations, own, **of_customer, order_by=(evaluations.c.evaluation_id,)):
        yield EraseTexts(row["evaluation_id"], event.at)
    said = comments.c.contact_id.in_(persons)
    for row in rows.find(comments, said, **of_customer, order_by=(comments.c.comment_id,)):
        yield EraseComment(row["comment_id"], event.at)


def _at(event: Incoming) -> datetime:
    """When it happened; the instant of the record, where the event names none."""
    at = event.data.get("at")
    return datetime.fromisoformat(at) if at else event.at


POLICIES = (
    # One policy, so that a resolution and what ends it are taken in the order of the request's stream.
    Policy(
        "follow_requests",
        source="tickets",
        handles={
            "tickets.request.resolved": ask_the_customer,
            "tickets.request.reopened": end_the_question,
            "tickets.request.cancelled": end_the_question,
            "tickets.request.closed": end_the_question,
        },
    ),
    Policy(
        "forget_erased",
        source="contracts",
        handles={
            "contracts.customer.erased": forget_the_texts,
            "contracts.customer.contact_erased": forget_one,
        },
    ),
)
