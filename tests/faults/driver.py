"""Who gives the commands: retries with the same id until there is an answer, and remembers every answer."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.errors import Conflict, NotFound, OutcomeUnknown, Refused, Unavailable, VigenciaError
from services.testing.running import wait_for
from services.transport.port import Transport

PATIENCE = 90.0  # seconds that one command is tried
CALL_SECONDS = 5.0
PAUSE = 0.05  # seconds before a command is sent again


@dataclass(frozen=True)
class Accepted:
    """A command that was answered, so that it can be asked again."""

    service: str
    request: dict[str, Any]
    answer: dict[str, Any]


@dataclass
class Driver:
    """Sends commands and questions from any thread. ``faults`` counts what was retried, by kind."""

    transport: Transport
    call_seconds: float = CALL_SECONDS
    accepted: list[Accepted] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)

    def send(
        self, service: str, command: str, payload: dict[str, Any], *, id: str, actor: str, patient: bool = False
    ) -> dict[str, Any]:
        """``patient``: what it builds on may not have come to that service yet, so a refusal is asked again, too."""
        request = {"id": id, "command": command, "payload": payload, "actor": actor}
        answer: dict[str, Any] = self._insist(
            lambda: self.transport.call(service, "execute", request, timeout=self.call_seconds),
            f"{service}.{command}",
            (Refused, NotFound) if patient else (),
        )
        self.accepted.append(Accepted(service, request, answer))
        return answer

    def ask(self, service: str, query: str, **params: Any) -> Any:
        payload = {"query": query, "params": params, "actor": "user:driver"}
        call = lambda: self.transport.call(service, "ask", payload, timeout=self.call_seconds)  # noqa: E731
        return self._insist(call, f"{service}.{query}", (NotFound,))

    def operate(self, service: str, action: str, **payload: Any) -> Any:
        call = lambda: self.transport.call(service, "operate", {"action": action, **payload}, timeout=30)  # noqa: E731
        return self._insist(call, f"{service} {action}")

    def ask_again(self) -> list[str]:
        """Every accepted command once more, with its id: whose answer is another one now."""
        differences = []
        for each in list(self.accepted):
            call = lambda each=each: self.transport.call(each.service, "execute", each.request, timeout=30)  # noqa: E731
            if (now := self._insist(call, "again")) != each.answer:
                differences.append(f"{each.service} {each.request['command']}: {each.answer} → {now}")
        return differences

    def _insist(self, call: Callable[[], Any], what: str, patience: tuple[type[VigenciaError], ...] = ()) -> Any:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return call()
            except (Unavailable, OutcomeUnknown, *patience) as error:
                last: VigenciaError = error
            except Conflict as error:
                if error.code != "version-conflict":
                    raise
                last = error
            self.faults[last.kind] += 1
            if time.monotonic() > end:
                raise AssertionError(f"{what}: no answer in {PATIENCE} s, the last was {last!r}")
            time.sleep(PAUSE)


class Flow:
    """Commands flow from several threads for as long as the block lasts; what was begun is brought to its end.

    with Flow(driver, work) as flow:
        flow.more(30)       # wait until 30 more commands were answered
        …                   # the fault
        flow.more(30)
    """

    def __init__(self, driver: Driver, work: Callable[[Driver], None], threads: int = 4) -> None:
        self.driver, self._work = driver, work
        self._stop = threading.Event()
        self._errors: list[BaseException] = []
        self._threads = [threading.Thread(target=self._run, name=f"flow-{n}", daemon=True) for n in range(threads)]

    def __enter__(self) -> Flow:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE)
        if kind is None:
            self._check()
            assert not any(thread.is_alive() for thread in self._threads), "a journey does not come to its end"

    def more(self, commands: int, seconds: float = 60.0) -> None:
        before = len(self.driver.accepted)

        def done() -> bool:
            self._check()
            return len(self.driver.accepted) >= before + commands

        wait_for(done, f"{commands} more commands", seconds)

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._work(self.driver)
        except BaseException as error:
            self._errors.append(error)

    def _check(self) -> None:
        if self._errors:
            raise self._errors[0]
