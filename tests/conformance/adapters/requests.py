"""Kinds about what happens in a request: its real decider, the conversation's clocks and the measures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from services.decider import Decider
from tests.conformance.adapters.deadlines import as_targets, local, open_spans, targets_of, zone_of
from tests.conformance.compare import Since
from tests.conformance.reading import SOME_DAY, Prose, calendar, duration, instant, offset
from tests.conformance.runner import adapts
from tickets_service.domain import clocks
from tickets_service.domain.agreement import Agreement, PriorityTarget
from tickets_service.domain.calendar import BusinessCalendar, CalendarTerms
from tickets_service.domain.commands import (
    AddNote,
    BreachDeadline,
    ClassifyRequest,
    CloseRequest,
    OpenRequest,
    RecomputeDeadlines,
    ReopenRequest,
    ResolveRequest,
    ResumeRequest,
    WaitRequest,
)
from tickets_service.domain.contacts import Facts, Message, Side, dues, exchanges
from tickets_service.domain.coverage import COVERED, Coverage
from tickets_service.domain.deadlines import pauses_between
from tickets_service.domain.events import DeadlineBreached
from tickets_service.domain.measures import answers, measure, resolution
from tickets_service.domain.promises import Promise, chosen
from tickets_service.domain.request import DECIDER
from tickets_service.domain.standing import standing
from tickets_service.domain.state import Request

ID = "conformance"
T0 = datetime.combine(SOME_DAY, time(9), tzinfo=UTC)
ALWAYS = BusinessCalendar("UTC", always=True)
HOUR = timedelta(hours=1)

UNNAMED = {"response": timedelta(minutes=60), "update": timedelta(minutes=120), "resolution": timedelta(minutes=180)}
"""The agreement of cases that name one of its targets and ask what escalates next (stated as a whole in the kind
``sla_due``)."""


def agreement(response: int | None, resolution_: int | None, priority: str = "medium") -> Agreement:
    """Targets in minutes, round the clock."""
    targets = (PriorityTarget(priority, response, resolution_),)
    return Agreement("service", "S", "Service", CalendarTerms("UTC", always=True), targets=targets)


class Story:
    """A request and what is done to it, through its decider."""

    decider: Decider[Any, Request, Any] = DECIDER

    def __init__(self, agreed: Agreement, at: datetime = T0) -> None:
        self.agreed = agreed
        self.events: list[Any] = []
        self.state = self.decider.initial
        self.do(
            OpenRequest(
                request_id=ID,
                contract_id=ID,
                service_type_id="service",
                opened_by="contact",
                description="Something broke",
                at=at,
                customer_id="customer",
                protocol="1",
                coverage=Coverage(COVERED, "1", "included"),
                agreement=agreed,
            )
        )

    def do(self, command: Any) -> list[Any]:
        events = list(self.decider.decide(command, self.state))
        self.state = self.decider.fold(events, self.state)
        self.events += events
        return events

    def answer(self, at: datetime) -> None:
        self.do(AddNote(ID, f"note-{at}", "On our way", at, author_id="technician", agreement=self.agreed))

    def wait(self, at: datetime) -> None:
        self.do(WaitRequest(ID, at, agreement=self.agreed))

    def resume(self, at: datetime) -> None:
        self.do(ResumeRequest(ID, at, agreement=self.agreed))

    def resolve(self, at: datetime) -> None:
        self.do(ResolveRequest(ID, at, resolved_by="technician", agreement=self.agreed))

    def reopen(self, at: datetime) -> None:
        self.do(ReopenRequest(ID, at, cause="customer", reason="Broke again", agreement=self.agreed))

    def due(self, kind: str = "resolution") -> datetime | None:
        return clocks.due(self.state, kind, self.agreed)


# -- statistics and escalation


def _messages(given: Mapping[str, Any], opened: datetime) -> list[Message]:
    first = instant(given["last_customer_contact"]) if "last_customer_contact" in given else opened
    messages = [Message(first, "customer")]
    for key, value in given.items():
        side: Side | None = (
            "provider" if re.match(r"(last_)?agent_(reply|replies|again|contact)|repl(y|ies)$", key) else None
        )
        side = "customer" if re.match(r"customer_(again|reply|replies|messages?)", key) else side
        for text in ([value] if isinstance(value, str) else value or ()) if side else ():
            messages += [Message(instant(text), side)] if side else []
    return messages


@adapts("sla_statistics")
def statistics(given: Mapping[str, Any]) -> dict[str, Any]:
    """What each clock took and what was left of it, and what escalates next."""
    cal = calendar(given.get("calendar"))
    zone = zone_of(given, cal)
    opened = instant(given.get("opened") or given["last_customer_contact"], zone)
    if "open_intervals" in given:
        return _open_time(given, cal, opened)
    named = targets_of(given)
    spans = {**UNNAMED, **named} if named else {}
    resolved = given.get("closed") or given.get("resolved")
    messages = tuple(_messages(given, opened))
    facts = Facts(
        opened,
        messages,
        responded_at=instant(given["first_response"], zone) if given.get("first_response") else None,
        resolved_at=instant(resolved, zone) if resolved else None,
    )
    found = dues(cal, as_targets(spans), facts)
    answer: dict[str, Any] = {
        "response_due": local(found.response, zone),
        "update_due": local(found.update, zone),
        "resolution_due": local(found.resolution, zone),
        "next_escalation": local(found.next, zone),
    }
    answered = [exchange for exchange in exchanges(messages) if exchange.answered_at is not None]
    longest = max(answered, key=lambda each: cal.elapsed(each.asked_at, each.answered_at or opened), default=None)
    reached = {
        "response": (opened, facts.first_response_at),
        "update": (longest.asked_at, longest.answered_at) if longest else (opened, None),
        "resolution": (opened, facts.resolved_at),
    }
    for clock, (start, at) in reached.items():
        if at is not None:
            measured = measure(cal, start, at, spans[clock])
            answer[f"{clock}_took_min"] = measured.took / timedelta(minutes=1)
            answer[f"{clock}_margin_min"] = measured.margin / timedelta(minutes=1)
            answer[f"{clock}_met"] = measured.met
    about = next(
        (clock for clock in ("resolution", "update", "response") if clock in named and reached[clock][1]), None
    )
    if about:
        answer |= {"margin_min": answer[f"{about}_margin_min"], "took_min": answer[f"{about}_took_min"]}
    return answer


def _open_time(given: Mapping[str, Any], cal: BusinessCalendar, opened: datetime) -> dict[str, Any]:
    """A clock that ran in some intervals only; it is measured at the end of the last one."""
    spans = open_spans(given, zone_of(given, cal))
    until = max((end for _, end in spans if end is not None), default=opened)
    aim = duration(given, "target")
    assert aim is not None
    measured = measure(cal, opened, until, aim, pauses_between(spans, opened))
    minutes, margin = measured.took / timedelta(minutes=1), measured.margin / timedelta(minutes=1)
    return {"took_min": minutes, "margin_min": margin, "met": measured.met}


@adapts("sla_metrics")
def metrics(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answers in the time of the case's calendar, by the clock where it has none."""
    cal = calendar(given.get("calendar"))
    opened = instant(given["opened"], cal.zone)
    said = answers(cal, _messages(given, opened))
    result: dict[str, Any] = {
        "average_reply_seconds": None if said.average is None else said.average.total_seconds(),
        "longest_reply_seconds": None if said.longest is None else said.longest.total_seconds(),
        "agent_seconds": said.total.total_seconds(),
    }
    if ended := given.get("closed") or given.get("resolved"):
        result["clock_resolution_seconds"] = ALWAYS.elapsed(opened, instant(ended, cal.zone)).total_seconds()
        took = resolution(cal, opened, instant(ended, cal.zone)).took
        result["business_resolution_seconds"] = took.total_seconds()
    return result


# -- what was agreed


@adapts("sla_selection")
def selection(given: Mapping[str, Any]) -> dict[str, Any]:
    """Promises told by what they are: "default", "… with blank condition", or by a condition that they demand."""
    promises = []
    for text in given["slas"]:
        is_default = text.strip().lower() in ("default", "current default")
        blank = is_default or "blank" in text.lower()
        name = "current default" if is_default else text
        condition = {} if blank else {"matches": re.sub(r"^.*\b(?:condition|for)\s+", "", text)}
        promises.append(Promise(name, condition=condition, is_default=is_default))
    wish = given["request"].strip()
    if not re.match(r"matches\b", wish):
        raise Prose(wish)
    matched = "" if re.search(r"\bno\b", wish) else re.sub(r"^matches\s+(?:the\s+)?(?:condition\s+)?", "", wish)
    found = chosen(promises, {"matches": matched} if matched else {})
    return {"sla": found and found.name}


@adapts("sla_rule")
def rule(given: Mapping[str, Any]) -> dict[str, Any]:
    if "priority" in given:
        return _reclassified(str(given["priority"]))
    said = {key: value for key, value in given.items() if re.match(r"(customer|agent)_", key)}
    if not said:
        raise Prose(str(dict(given)))
    messages = []
    for key, value in said.items():
        for text in [value] if isinstance(value, str) else value:
            messages.append(Message(T0 + offset(text), "customer" if key.startswith("customer") else "provider"))
    spans = {**UNNAMED, **targets_of(given)}
    found = dues(ALWAYS, as_targets(spans), Facts(T0, tuple(messages)))
    return {
        "update_due": found.update and Since("t0", found.update - T0),
        "response_due": found.response and Since("t0", found.response - T0),
        "next_escalation": found.next and Since("t0", found.next - T0),
    }


def _reclassified(text: str) -> dict[str, Any]:
    """A priority for which nothing was agreed ("no … matches"), or another one for which something was."""
    story = Story(agreement(60, 240))
    if re.search(r"\bno\b.*\bmatch", text) is None:
        raise Prose(text)
    story.do(ClassifyRequest(ID, "low", T0 + HOUR / 2, agreement=story.agreed))
    left = [clock.due_at for clock in story.state.clocks.values() if clock.due_at is not None]
    return {"all_deadlines": left or None}


# -- states


STEPS = (
    (re.compile(r"\b(opened|created|new)\b", re.I), "open"),
    (
        re.compile(r"(agent|provider|technician|first)\b.*(repl|answer|respon)|^replied|paused|on hold|waiting", re.I),
        "answer",
    ),
    (re.compile(r"(customer|requester|contact)\b.*(repl|answer|again|wrote)|re-?opened|resumed", re.I), "customer"),
    (re.compile(r"resolved|closed|solved|fulfilled", re.I), "resolve"),
)
OVERDUE = re.compile(r"\b(overdue|past due|missed|after (the )?due)\b", re.I)
LATE = re.compile(r"\b(late|overdue|too late|after (the )?due|past due|missed)\b", re.I)


@adapts("sla_status")
def status(given: Mapping[str, Any]) -> dict[str, Any]:
    """A request that goes through all steps until the named one, each in time unless the step says otherwise."""
    text = given["step"]
    steps = [name for _, name in STEPS]
    last = next((name for pattern, name in STEPS if pattern.search(text)), None)
    if last is None:
        raise Prose(text)
    story = Story(agreement(120, 480))
    at = T0
    for name in steps[1 : steps.index(last) + 1]:
        late = name == last == "resolve" and LATE.search(text)  # a customer who answers late makes nobody late
        at += 24 * HOUR if late else HOUR
        if name == "answer":
            story.wait(at)
        elif name == "customer":
            story.resume(at)
        else:
            story.resolve(at)
    if last in ("open", "customer") and OVERDUE.search(text):
        at += 24 * HOUR
    return {"agreement_status": standing(story.state, story.agreed, at).replace("_", " ")}


@adapts("sla_regression")
def regression(given: Mapping[str, Any]) -> dict[str, Any]:
    """Stories that went wrong elsewhere, told again to the real decider."""
    if "first_response" in given:
        return _next_escalation(given)
    if "opened" in given:
        return _timeline(given)
    text = " ".join(str(value) for value in given.values())
    if "state" in given and re.search(r"wait|paus|pending|hold", str(given["state"]), re.I):
        return _overdue_while_waiting(text)
    if re.search(r"paus|hold|wait", str(given.get("status", "")), re.I) and re.search(r"resol|clos", text, re.I):
        return _resolved_while_waiting()
    raise Prose(text)


def _next_escalation(given: Mapping[str, Any]) -> dict[str, Any]:
    answered = given["first_response"]
    messages = (Message(T0, "customer"),)
    facts = Facts(T0, messages, responded_at=None if answered is None else T0 + offset(answered))
    found = dues(calendar(given.get("calendar")), as_targets(targets_of(given)), facts).next
    return {"next_escalation": found and Since("opened", found - T0)}


def _timeline(given: Mapping[str, Any]) -> dict[str, Any]:
    """Opened, waited, resolved, reopened, under targets that were changed at an instant."""
    zone = ALWAYS.zone
    hours = next((given[key] for key in ("sla1_hours", "sla_hours", "resolution_hours") if key in given), None)
    story = Story(agreement(None, None if hours is None else int(float(hours) * 60)), instant(given["opened"], zone))
    moments: list[tuple[datetime, str]] = []
    waits = given.get("waiting") or ()
    for start, end in [waits] if waits and isinstance(waits[0], str) else waits:
        moments.append((instant(start, zone), "wait"))
        moments += [(instant(end, zone), "resume")] if end else []
    moments += [(instant(given[key], zone), key) for key in ("resolved", "reopened", "closed") if given.get(key)]
    changed = next((given[key] for key in ("sla_changed_to_hours", "sla2_hours") if key in given), None)
    if changed is not None:
        at = given.get("changed_at") or given.get("at")
        moments.append((instant(at, zone) if at else moments[-1][0], "terms"))
    for at, what in sorted(moments, key=lambda moment: moment[0]):
        if what == "wait":
            story.wait(at)
        elif what == "resume":
            story.resume(at)
        elif what == "resolved":
            story.resolve(at)
        elif what == "reopened":
            story.reopen(at)
        elif what == "closed":
            story.do(CloseRequest(ID, at, "confirmation"))
        else:
            story.agreed = agreement(None, int(float(changed) * 60))  # type: ignore[arg-type]
            story.do(RecomputeDeadlines(ID, at, agreement=story.agreed))
    waited = sum(
        ((pause.end - pause.start) for pause in story.state.pauses if pause.end and (pause.start, "wait") in moments),
        timedelta(0),
    )
    return {"due": story.due(), "waiting_seconds": int(waited.total_seconds())}


def _overdue_while_waiting(text: str) -> dict[str, Any]:
    """It waits since before it was due, and the due instant that it had then is over, or not yet."""
    story = Story(agreement(None, 60))
    due = story.due()
    assert due is not None
    story.wait(due - HOUR / 2)
    at = due + HOUR if re.search(r"\b(past|over|after)\b", text, re.I) else due - HOUR / 4
    said = story.do(BreachDeadline(request_id=ID, kind="resolution", due_at=due, at=at, agreement=story.agreed))
    return {"breached": any(isinstance(event, DeadlineBreached) for event in said)}


def _resolved_while_waiting() -> dict[str, Any]:
    """Resolved at an instant at which it still waited: its time is that until it began to wait."""
    story = Story(agreement(None, 480))
    story.wait(T0 + HOUR)
    story.resolve(T0 + 3 * HOUR)
    done = resolution(ALWAYS, T0, T0 + 3 * HOUR, story.state.all_pauses)
    return {
        "hold_subtracted_before_resolution_time": done.took == HOUR and done.waited == 2 * HOUR,
        "net_resolution_seconds": int(done.took.total_seconds()),
    }
