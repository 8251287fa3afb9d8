"""Other services' events → our commands: the choreography of billing, readable in one place.

| when | then |
|---|---|
| contract activated | open the account and plan its charges |
| contract amended, adjusted, renewed | take the new terms, plan anew, credit and charge anew what was billed |
| contract suspended, terminated, expired | stop planning, prorate, credit |
| contract resumed | plan again |
| suspension, resumption, termination, expiry renewal or addendum undone | plan as if it had not been |
| work recorded beyond what is included | add a charge that points to it, unless its price was to be accepted and was not |
| part used whose price was signed or accepted | add a charge by the line that prices it; corrected: its charge follows |
| work's quantity corrected | its charge follows: changed, credited, or the rest charged beside it |
| request reopened by the customer, his contest or his low score | what is charged for its work is held, or disputed |
| request closed | what was held for that goes on |

The contract's events count when they are history too: an imported contract has an account and an agenda.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from billing_service.domain import commands as c
from billing_service.domain import more_commands as m
from billing_service.domain.localtime import local_date
from billing_service.domain.terms import BillingTerms
from services.codec import from_json_values
from services.component import Policy
from services.events import Incoming
from services.rows import Rows

ONE_DAY = timedelta(days=1)
BY_CUSTOMER = ("contested", "low_score", "customer")


def terms_of(said: Mapping[str, Any]) -> BillingTerms:
    """The billing part of a contract's terms. What billing does not know is left out."""
    calendar = said.get("calendar") or {}
    values = {key: value for key, value in said.items() if value is not None}
    days = {name: calendar[name] for name in ("of_state", "company", "optional") if calendar.get(name) is not None}
    closed = {"holidays": list(calendar.get("holidays") or ()), "business_days": days}
    made: BillingTerms = from_json_values({**values, **closed}, BillingTerms)
    return made


def open_account(event: Incoming, rows: Rows) -> Iterable[Any]:
    data = event.data
    yield c.OpenAccount(
        account_id=data["contract_id"],
        contract_id=data["contract_id"],
        customer_id=data["customer_id"],
        on=_day(data["on"]),
        terms=terms_of(data["terms"]),
        contract_number=data.get("number") or "",
        at=event.at,
    )


def take_addendum(event: Incoming, rows: Rows) -> Iterable[Any]:
    return [_take(event, f"addendum {event.data['addendum']}", _day(event.data["effective_on"]))]


def take_adjustment(event: Incoming, rows: Rows) -> Iterable[Any]:
    return [_take(event, f"adjustment {event.data['addendum']}", _day(event.data["effective_on"]))]


def take_renewal(event: Incoming, rows: Rows) -> Iterable[Any]:
    """From the day on which it is recorded; where an addendum that is prolonged holds only later, from its day."""
    terms = terms_of(event.data["terms"])
    day = max(local_date(event.at, terms.time_zone), _day(event.data["effective_on"]))
    return [_take(event, "renewal", day)]


def stop_for_suspension(event: Incoming, rows: Rows) -> Iterable[Any]:
    """A suspension's day is the first one without services. Where the contract gives nothing back, charges go on."""
    if event.data.get("give_back") == "nothing":
        return []
    return [c.StopPlanning(event.data["contract_id"], _day(event.data["on"]), "suspension", event.at)]


def stop_after_termination(event: Incoming, rows: Rows) -> Iterable[Any]:
    """A termination's day is the last one in force. What it costs whom is settled after."""
    data = event.data
    yield c.StopPlanning(data["contract_id"], _day(data["on"]) + ONE_DAY, "termination", event.at)
    fine, refund_all = Decimal(data.get("fine") or 0), bool(data.get("refund_all"))
    if fine > 0 or refund_all:
        yield m.SettleTermination(
            account_id=data["contract_id"],
            termination_id=event.id,
            on=_day(data["on"]),
            fine=fine,
            fine_base=Decimal(data.get("fine_base") or 0),
            fine_percent=Decimal(data.get("fine_percent") or 0),
            by=data.get("by") or "customer",
            refund_all=refund_all,
            at=event.at,
        )


def stop_after_expiry(event: Incoming, rows: Rows) -> Iterable[Any]:
    """An expiry's day is the last one in force."""
    return [c.StopPlanning(event.data["contract_id"], _day(event.data["on"]) + ONE_DAY, "expiry", event.at)]


def resume(event: Incoming, rows: Rows) -> Iterable[Any]:
    return [c.ResumePlanning(event.data["contract_id"], _day(event.data["on"]), event.at)]


def undo_suspension(event: Incoming, rows: Rows) -> Iterable[Any]:
    return [c.ResumePlanning(event.data["contract_id"], _day(event.data["on"]), event.at)]


def undo_resumption(event: Incoming, rows: Rows) -> Iterable[Any]:
    return [c.StopPlanning(event.data["contract_id"], _day(event.data["on"]), "suspension", event.at)]


def undo_end(event: Incoming, rows: Rows) -> Iterable[Any]:
    """A contract that was suspended when it ended is suspended again: nothing is planned."""
    if event.type == "contracts.contract.termination_undone":  # first: what a regret stopped goes on from the beginning
        yield m.UndoTermination(event.data["contract_id"], at=event.at)
    if event.data["status"] == "active":
        yield c.ResumePlanning(event.data["contract_id"], _day(event.data["on"]) + ONE_DAY, event.at)


def undo_renewal(event: Incoming, rows: Rows) -> Iterable[Any]:
    terms = terms_of(event.data["terms"])
    day = max(local_date(event.at, terms.time_zone), _day(event.data["effective_on"]))
    return [_take(event, "renewal undone", day)]


def undo_addendum(event: Incoming, rows: Rows) -> Iterable[Any]:
    """The terms before it hold again from its own day on: what was billed under it is credited and charged anew."""
    return [_take(event, f"{event.data['change']} {event.data['addendum']} undone", _day(event.data["effective_on"]))]


def charge_work(event: Incoming, rows: Rows) -> Iterable[Any]:
    """Only what goes beyond the included quantity is charged."""
    return _charge_beyond(event, event.data["work_id"], "Atendimento além do incluído")


def charge_visit(event: Incoming, rows: Rows) -> Iterable[Any]:
    """A visit beyond those that the contract includes."""
    return _charge_beyond(event, event.data["visit_id"], "Visita além das incluídas")


def _charge_beyond(event: Incoming, source_ref: str, words: str) -> Iterable[Any]:
    data = event.data
    beyond, most = Decimal(data.get("beyond_quantity") or 0), data.get("charge_limit")
    if beyond <= 0 or data.get("charge") == "none":  # nobody accepted its price, or it was waived: the event says why
        return
    price = data.get("unit_price")
    yield c.AddCharge(
        account_id=data["contract_id"],
        source_type="work",
        source_ref=source_ref,
        quantity=beyond,
        occurred_on=_day(data["performed_on"]),
        description=data.get("description") or words,
        unit_price=None if price is None else Decimal(price),
        service_type_id=data.get("service_type_id"),
        at=event.at,
        request_id=data.get("request_id"),
        source_label=data.get("protocol") or "",
        used=Decimal(data["quantity"]) if data.get("quantity") else None,
        included=Decimal(data.get("included_quantity") or 0) or None,
        most=None if most is None else Decimal(most),
    )


def charge_part(event: Incoming, rows: Rows) -> Iterable[Any]:
    """A part that the contract prices, or whose price was accepted: by the line that prices it."""
    data = event.data
    price, most = data.get("unit_price"), data.get("charge_limit")
    if data.get("charge", "none") == "none" or price is None or Decimal(data["quantity"]) <= 0:
        return
    yield c.AddCharge(
        account_id=data["contract_id"],
        source_type="part",
        source_ref=data["part_id"],
        quantity=Decimal(data["quantity"]),
        occurred_on=_day(data["used_on"]),
        description=data.get("name") or data["description"],
        unit_price=Decimal(price),
        line_id=data.get("line_id"),
        at=event.at,
        request_id=data.get("request_id"),
        source_label=data.get("protocol") or "",
        most=None if most is None else Decimal(most),
    )


def correct_part(event: Incoming, rows: Rows) -> Iterable[Any]:
    """Another quantity, or a price that it had not yet."""
    data = event.data
    if data.get("charge", "none") == "none":
        return
    yield from charge_part(event, rows)  # charged already: nothing new
    most = data.get("charge_limit")
    yield m.CorrectWork(
        account_id=data["contract_id"],
        work_id=data["part_id"],
        quantity=Decimal(data["quantity"]),
        included=Decimal(0),
        reason=data["reason"],
        most=None if most is None else Decimal(most),
        at=event.at,
        source_type="part",
    )


def correct_work(event: Incoming, rows: Rows) -> Iterable[Any]:
    """Work whose quantity was another: what is charged for it follows, and what was all included may be charged now."""
    data = event.data
    if data.get("charge") == "none":
        return
    yield from _charge_beyond(event, data["work_id"], "Atendimento além do incluído")  # charged already: nothing new
    most = data.get("charge_limit")
    yield m.CorrectWork(
        account_id=data["contract_id"],
        work_id=data["work_id"],
        quantity=Decimal(data["quantity"]),
        included=Decimal(data.get("included_quantity") or 0),
        reason=data["reason"],
        most=None if most is None else Decimal(most),
        at=event.at,
    )


def hold_contested(event: Incoming, rows: Rows) -> Iterable[Any]:
    """A request that its customer has reopened: what is charged for its work waits."""
    if event.data["cause"] in BY_CUSTOMER:
        yield m.ContestWork(event.data["contract_id"], event.data["request_id"], event.data["cause"], at=event.at)


def release_accepted(event: Incoming, rows: Rows) -> Iterable[Any]:
    yield m.AcceptWork(event.data["contract_id"], event.data["request_id"], at=event.at)


def _take(event: Incoming, cause: str, effective_on: date) -> c.TakeTerms:
    return c.TakeTerms(event.data["contract_id"], effective_on, terms_of(event.data["terms"]), cause, event.at)


def _day(text: str) -> date:
    return date.fromisoformat(text)


POLICIES = (
    Policy(
        "follow_contracts",
        source="contracts",
        handles={
            "contracts.contract.activated": open_account,
            "contracts.contract.amended": take_addendum,
            "contracts.contract.price_adjusted": take_adjustment,
            "contracts.contract.renewed": take_renewal,
            "contracts.contract.suspended": stop_for_suspension,
            "contracts.contract.terminated": stop_after_termination,
            "contracts.contract.expired": stop_after_expiry,
            "contracts.contract.resumed": resume,
            "contracts.contract.suspension_undone": undo_suspension,
            "contracts.contract.resumption_undone": undo_resumption,
            "contracts.contract.termination_undone": undo_end,
            "contracts.contract.expiry_undone": undo_end,
            "contracts.contract.renewal_undone": undo_renewal,
            "contracts.contract.addendum_undone": undo_addendum,
        },
        historical=True,
    ),
    Policy(
        "charge_work",
        source="tickets",
        handles={
            "tickets.request.work_recorded": charge_work,
            "tickets.request.work_corrected": correct_work,
            "tickets.request.part_used": charge_part,
            "tickets.request.part_corrected": correct_part,
            "tickets.visit.done": charge_visit,
            "tickets.visit.part_used": charge_part,
            "tickets.request.reopened": hold_contested,
            "tickets.request.closed": release_accepted,
        },
    ),
)
