"""Filling a system with the demo company, whole even when it is interrupted: the day it began is kept beside the store."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from services.errors import Conflict, Refused, VigenciaError
from vigencia import demo as demo_data
from vigencia.words import say

if TYPE_CHECKING:
    from gateway.identity.users import UserStore

MARK = "demo.json"
TRIES = 5


class System(Protocol):
    """What the demo needs: a running composition, or a client of one."""

    def execute(self, service: str, command: str, payload: dict[str, Any], *, id: str, actor: str) -> Any: ...

    def settle(self, seconds: float = 60.0) -> None: ...

    def is_empty(self) -> bool: ...


def fill_when_empty(system: System, store: Path, note: Callable[[str], None] = lambda _: None) -> bool:
    """Fill an empty system, or one whose filling was interrupted. Whether the demo company is there."""
    mark = _read(store / MARK)
    if mark is None and not system.is_empty():
        return False
    if mark is not None and mark["done"]:
        return True
    today = date.fromisoformat(mark["today"]) if mark else datetime.now(demo_data.ZONE).date()
    _write(store / MARK, {"today": today.isoformat(), "done": False})
    fill(system, today, note)
    _write(store / MARK, {"today": today.isoformat(), "done": True})
    return True


def fill(system: System, today: date, note: Callable[[str], None] = lambda _: None) -> None:
    """Every command of the demo, phase by phase. A rule that says no to one of them is told, and the rest goes on."""
    for phase in demo_data.phases(today):
        for step in phase:
            try:
                _execute(system, step)
            except (Refused, Conflict) as error:
                note(f"{step.key}: {error}")
            except VigenciaError as error:
                raise RuntimeError(f"demo: {step.key}: {error}") from error
        system.settle()


def _execute(system: System, step: demo_data.Step) -> None:
    """Once more where somebody else was faster: deadlines that are due move the same requests meanwhile."""
    for attempt in range(TRIES):
        try:
            system.execute(step.service, step.command, step.payload, id=step.id, actor=step.actor)
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
USERS = (
    # login, name, roles, contact of the demo
    ("gerente", "Gerência", ("manager", "finance", "attendant"), None),
    ("financeiro", "Financeiro", ("finance",), None),
    ("atendente", "Atendimento", ("attendant",), None),
    ("tecnico", "Técnico", ("technician",), None),
    ("operador", "Operação", ("operator",), None),
    ("marina", "Marina Prado, Clínica Boa Vista", ("contact",), ("clinica", "marina")),
    ("joao", "João Lima, Clínica Boa Vista", ("contact",), ("clinica", "joao")),
    ("cecilia", "Cecília Rocha, Padaria Sol Nascente", ("contact",), ("padaria", "cecilia")),
    ("helena", "Maria Helena Souza", ("contact",), ("helena", "helena")),
)


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
    """The demo's people, made where they are missing, who may log in."""
    return [_demo_user(store, *each) for each in USERS]


def first_user(store: UserStore, var: Path) -> str | None:
    """Where the first administrator's password is found; None where there is no such user (any more)."""
    from gateway.wiring import FIRST_USER
    from services.settings import secret_place

    admin = store.by_login(FIRST_USER)
    return secret_place(var, FIRST_USER) if admin is not None and admin.active else None


def _demo_user(store: UserStore, login: str, name: str, roles: Sequence[str], contact: tuple[str, str] | None) -> Login:
    if store.by_login(login) is None:
        pairs = []
        if contact is not None:
            customer, person = contact
            ids = {"customer_id": f"customer/{customer}", "contact_id": f"contact/{person}"}
            pairs.append({field: demo_data.demo_id(name_) for field, name_ in ids.items()})
        store.put(login, name, roles, password=PASSWORD, contacts=pairs)
    return Login(login, PASSWORD, name)


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
