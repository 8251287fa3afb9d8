"""Filling a system with the demo company, whole even when it is interrupted: the day it began is kept beside the store."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from services.blobs import FolderBlobs
from services.errors import Conflict, Refused, VigenciaError
from vigencia import demo as demo_data
from vigencia.demo.desk import photo_of_work
from vigencia.words import say

if TYPE_CHECKING:
    from gateway.identity.users import UserStore

MARK = "demo.json"
TRIES = 5
HELD_SECONDS = 900.0


class System(Protocol):
    """What the demo needs: a running composition, or a client of one."""

    services: tuple[str, ...]

    def execute(
        self, service: str, command: str, payload: dict[str, Any], *, id: str, actor: str, at: datetime | None,
        historical: bool,
    ) -> Any: ...  # fmt: skip

    def batch(
        self,
        service: str,
        name: str,
        records: list[dict[str, Any]],
        *,
        actor: str,
        at: datetime | None,
        historical: bool,
    ) -> list[dict[str, Any]]: ...

    def ask(self, service: str, query: str, params: dict[str, Any]) -> Any: ...

    def operate(self, service: str, action: str, **payload: Any) -> Any: ...

    def settle(self, seconds: float = 60.0) -> None: ...

    def is_empty(self) -> bool: ...


def fill_when_empty(
    system: System, store: Path, note: Callable[[str], None] = lambda _: None, now: datetime | None = None
) -> bool:
    """Fill an empty system, or one whose filling was interrupted. Whether the demo company is there."""
    mark = _read(store / MARK)
    if mark is None and not system.is_empty():
        return False
    if mark is not None and mark["done"]:
        return True
    began = datetime.fromisoformat(mark["now"]) if mark else (now or datetime.now(UTC)).replace(microsecond=0)
    today = began.astimezone(demo_data.ZONE).date().isoformat()
    _write(store / MARK, {"today": today, "now": began.isoformat(), "done": False})
    FolderBlobs(store / "blobs").put(photo_of_work())
    fill(system, began, note)
    _write(store / MARK, {"today": today, "now": began.isoformat(), "done": True})
    return True


def fill(system: System, now: datetime, note: Callable[[str], None] = lambda _: None) -> None:
    """Every command of the demo. A rule that says no to one of them is told, and the rest goes on.

    Meanwhile nothing that is due runs by itself: what is past would overtake the commands that tell of it.
    """
    _hold(system, HELD_SECONDS)
    try:
        for step in demo_data.script(now, system.ask):
            if isinstance(step, demo_data.Settle):
                system.settle()
                continue
            try:
                _do(system, step, note)
            except (Refused, Conflict) as error:
                note(f"{step.key}: {error}")
            except VigenciaError as error:
                raise RuntimeError(f"demo: {step.key}: {error}") from error
    finally:
        _hold(system, 0)
    system.settle()


def _hold(system: System, seconds: float) -> None:
    for service in system.services:
        system.operate(service, "hold_due", seconds=seconds)


def _do(system: System, step: demo_data.Step, note: Callable[[str], None]) -> None:
    if step.action:
        system.operate(step.service, step.command, **step.payload)
    elif step.batch:
        given: dict[str, Any] = {"actor": step.actor, "at": step.at, "historical": step.historical}
        for record, answer in zip(
            step.payload["records"],
            system.batch(step.service, step.command, step.payload["records"], **given),
            strict=True,
        ):
            if answer.get("error"):
                note(f"{step.key}: {record['id']}: {answer['error']}")
    else:
        _execute(system, step)


def _execute(system: System, step: demo_data.Step) -> None:
    """Once more where somebody else was faster: policies move the same streams meanwhile."""
    for attempt in range(TRIES):
        try:
            given: dict[str, Any] = {"actor": step.actor, "at": step.at, "historical": step.historical}
            system.execute(step.service, step.command, step.payload, id=step.id, **given)
            return
        except Conflict as conflict:
            if conflict.code != "version-conflict" or attempt == TRIES - 1:
                raise
            time.sleep(0.05)


@dataclass(frozen=True)
class Login:
    """Who may log in, of the demo's invented people alone: no other password is told."""

    login: str
    password: str
    who: str


PASSWORD = "vigencia"  # of the demo's invented people alone
SHOWN = 5
"""So many of the staff, one of each role, and all customers are told at the start; the others have the same password."""


def ready_lines(url: str, store: Path, logins: Sequence[Login], admin: str | None, lang: str) -> list[str]:
    """What is said when all is up: addresses, who may log in, and where the first administrator's password stands."""
    lines = [say("ready", lang, url=url, store=store)]
    if logins or admin:
        lines.append(say("ready.logins", lang))
    lines += [say("ready.login", lang, login=each.login, password=each.password, who=each.who) for each in logins]
    if admin:
        lines.append(say("ready.admin", lang, place=admin))
    return [*lines, say("ready.end", lang)]


def demo_users(store: UserStore) -> list[Login]:
    """The demo's people, made where they are missing, who may log in; those who are told at the start."""
    staff, customers = demo_data.data("company")["staff"]["people"], demo_data.data("company")["customers"]["people"]
    for login, name, roles in staff:
        _demo_user(store, login, name, roles, [])
    for login, name, customer, contact in customers:
        _demo_user(store, login, name, ("contact",), _speaks_for(customer, contact))
    shown = [(login, name) for login, name, *_ in (*staff[:SHOWN], *customers)]
    return [Login(login, PASSWORD, name) for login, name in shown]


def _speaks_for(customer: str, contact: str) -> list[dict[str, str]]:
    """Whom a contact speaks for: an administrator for each of his condominiums."""
    speaks = [
        each["key"]
        for each in demo_data.data("customers")["customer"]
        if contact in [known[0] for known in each["contacts"]]
    ]
    return [
        {"customer_id": demo_data.demo_id(f"customer/{each}"), "contact_id": demo_data.demo_id(f"contact/{contact}")}
        for each in dict.fromkeys((customer, *speaks))
    ]


def first_user(store: UserStore, var: Path) -> str | None:
    """Where the first administrator's password is found; None where there is no such user (any more)."""
    from gateway.wiring import FIRST_USER
    from services.settings import secret_place

    admin = store.by_login(FIRST_USER)
    return secret_place(var, FIRST_USER) if admin is not None and admin.active else None


def _demo_user(store: UserStore, login: str, name: str, roles: Sequence[str], pairs: list[dict[str, str]]) -> None:
    if store.by_login(login) is None:
        store.put(login, name, roles, password=PASSWORD, contacts=pairs, user_id=demo_data.user_id(login))


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _write(path: Path, values: dict[str, Any]) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(values) + "\n", "utf-8")
    part.replace(path)
