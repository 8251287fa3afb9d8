"""The contracts' terms, drafts and signatures, and what became of some of them later.

A contract that plans visits is signed here today, as one is that comes from paper: so its visits are planned from now on, and
those of the past are told one by one. The others are signed on their first day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from vigencia.demo.people import PROVIDERS
from vigencia.demo.steps import SEED, STAFF, Step, data, demo_id, local, month_first

Row = dict[str, Any]
HOURS = {"critical": (2, 8), "high": (4, 16), "medium": (8, 24), "low": (16, 48)}
ALWAYS = ("SEG", "ELV")
ADJUSTED_AFTER = 12  # months
DEFAULT = {"days": 30, "suspend": True, "notice_days": 5}
LENIENT = {"days": 120, "suspend": True, "notice_days": 10}
RESTS, ENDS, LEAVES = "rests", ("terminated", "expired"), "leaving"
ENDED_MONTHS_AGO = 4


def rows() -> list[Row]:
    return list(data("contracts")["contract"])


def begun(row: Row) -> bool:
    return row.get("state") != "draft"


def starts_on(row: Row, today: date) -> date:
    return month_first(today, -row["months"])


def last_day(today: date) -> date:
    """Of those that have ended."""
    return month_first(today, -ENDED_MONTHS_AGO) - timedelta(days=1)


def runs_in(row: Row, today: date, back: int) -> bool:
    ended = row.get("state") in ENDS and back <= ENDED_MONTHS_AGO
    return begun(row) and back <= row["months"] and not ended


def begin(today: date) -> Iterator[Step]:
    yield _index(today)
    for row in rows():
        key, at = row["key"], local(starts_on(row, today) if begun(row) else today - timedelta(days=6), 8)
        payload = {
            "contract_id": demo_id(f"contract/{key}"), "customer_id": demo_id(f"customer/{row['customer']}"),
            "provider_id": demo_id(PROVIDERS[row.get("branch", False)]), "terms": terms(row, today),
        }  # fmt: skip
        yield Step(f"draft/{key}", "contracts", "draft_contract", payload, STAFF, at)
        if begun(row):
            on = {"contract_id": payload["contract_id"], "on": starts_on(row, today).isoformat()}
            signed = None if row.get("visits") else at
            yield Step(f"activate/{key}", "contracts", "activate_contract", on, STAFF, signed)


def terms(row: Row, today: date, amount: str | None = None) -> dict[str, Any]:
    start = starts_on(row, today)
    made: dict[str, Any] = {
        "starts_on": start.isoformat(),
        "state": "SP",
        "services": [_service(code, row) for code in row["services"]],
        "lines": [
            {
                "line_id": "line-1", "clause": "4.1", "description": row["about"], "kind": "recurring",
                "amount": amount or row["amount"], "rule": row.get("rule", "monthly"), "mode": "advance",
                "starts_on": start.isoformat(), "service_type_id": demo_id(f"service/{row['services'][0]}"),
            }
        ],
        "billing": {"due_days": 10, "business_day_rule": "next"},
        "dunning": [{"level": 1, "days": 3, "channel": "email"}, {"level": 2, "days": 15, "channel": "email"}],
        "default": DEFAULT if row.get("state") == "defaults" else LENIENT,
        "adjustment": {"index": None if row.get("adjust") == "none" else "ipca"},
        "requests": {"reopen_days": 15},
        "escalation": [{"level": 1, "percent": 80, "role": "attendant"}, {"level": 2, "percent": 100, "role": "manager"}],
        "renewal": "none",
    }  # fmt: skip
    if row.get("state") == "expired":
        made["ends_on"] = last_day(today).isoformat()
    if "ends_in" in row:
        made |= {"ends_on": (today + timedelta(days=row["ends_in"])).isoformat(), "notice_days": 30}
        made["renewal"] = row.get("renewal", "tacit")
    if row.get("visits"):
        code = row["services"][0]
        plan = {"plan_id": "monthly", "service_type_id": demo_id(f"service/{code}"), "description": "Visita preventiva"}
        made["visit_plan"] = [{**plan, "per_month": 1, "site_id": demo_id(f"site/{row['customer']}")}]
    return made


def _service(code: str, row: Row) -> dict[str, Any]:
    return {
        "service_type_id": demo_id(f"service/{code}"),
        "code": code,
        "name": data("company")["services"][code][0],
        "calendar": row.get("calendar", "24x7" if code in ALWAYS else "business"),
        "channels": ["portal", "phone", "email"],
        "targets": [
            {"priority": priority, "response_minutes": response * 60, "resolution_minutes": resolution * 60}
            for priority, (response, resolution) in HOURS.items()
        ],
        "included_quantity": row.get("included"),
        "unit": "hour",
        "overage_unit_price": row.get("beyond"),
        "evidence": ["signed_order", "photo", "portal_confirmation"],
    }


def _index(today: date) -> Step:
    """IPCA of the months past, invented: some tenths a month."""
    luck = Random(SEED)
    values = [
        {"month": month_first(today, -back).isoformat(), "percent": str(Decimal(luck.randint(18, 52)) / 100)}
        for back in range(34, 0, -1)
    ]
    payload = {"index": "ipca", "values": values, "source": "demonstração"}
    return Step("ipca", "contracts", "load_index_values", payload, STAFF, local(today - timedelta(days=1)))


def life(today: date, back: int) -> Iterator[Step]:
    """What happened to contracts before the month so many months ago was billed."""
    first = month_first(today, -back)
    for row in rows():
        key, state = row["key"], row.get("state")
        of = {"contract_id": demo_id(f"contract/{key}")}

        def step(name: str, command: str, at: datetime, of: Row = of, key: str = key, **payload: Any) -> Step:
            return Step(f"{name}/{key}", "contracts", command, of | payload, STAFF, at)

        anniversary = begun(row) and state not in ENDS and row["months"] - back == ADJUSTED_AFTER
        if anniversary and row.get("adjust", "done") == "done":
            yield step("adjust", "adjust_by_index", local(first, 7), effective_on=first.isoformat(), index="ipca")
        if back == ENDED_MONTHS_AGO and state == "terminated":
            told: Row = {"reason": "O cliente mudou de endereço.", "by": "customer", "right": "agreement"}
            yield step("end", "terminate_contract", local(last_day(today)), on=last_day(today).isoformat(), **told)
        if back == ENDED_MONTHS_AGO - 1 and state == "expired":
            yield step("end", "expire_contract", local(last_day(today) + timedelta(days=1), 0, 5))


def lately(today: date) -> Iterator[Step]:
    """What happened in the last weeks, after all was billed: an addendum amid a month, a rest, a notice."""
    for row in rows():
        key, of = row["key"], {"contract_id": demo_id(f"contract/{row['key']}")}
        if "amended" in row:
            day = month_first(today, -1).replace(day=15)
            payload = {
                **of, "effective_on": day.isoformat(), "terms": terms(row, today, row["amended"]),
                "reason": "Uma estação de trabalho a menos.",
            }  # fmt: skip
            yield Step(f"amend/{key}", "contracts", "amend_contract", payload, STAFF, local(day))
        if row.get("state") == RESTS:
            day = today - timedelta(days=2)
            rest = {"reason": "agreement", "on": day.isoformat(), "note": "Loja fechada para reforma."}
            yield Step(f"suspend/{key}", "contracts", "suspend_contract", of | rest, STAFF, local(day))
        if row.get("state") == LEAVES:
            day = today - timedelta(days=5)
            gone = {"by": "customer", "on": day.isoformat(), "last_day": (today + timedelta(days=40)).isoformat()}
            yield Step(
                f"leave/{key}",
                "contracts",
                "give_notice",
                of | gone | {"reason": "Vai mudar de casa."},
                STAFF,
                local(day),
            )
