"""given([...]).when(command).then([...]) for deciders, without I/O.

spec = DeciderSpec(account.DECIDER)
spec.given(opened).when(RecordPayment(...)).then(PaymentReceived(...), Settled(...))
spec.given(opened, settled).when(RecordPayment(...)).then_refused("receivable.not-open", status="settled")
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from services.decider import Decider
from services.errors import Refused


@dataclass(frozen=True)
class DeciderSpec:
    decider: Decider[Any, Any, Any]
    history: tuple[Any, ...] = ()
    commanded: tuple[Any, ...] = field(default=())

    def given(self, *events: Any) -> DeciderSpec:
        """The events that happened before."""
        return DeciderSpec(self.decider, (*self.history, *events))

    def when(self, *commands: Any) -> DeciderSpec:
        """The commands to decide; all but the last must succeed and their events become history."""
        return DeciderSpec(self.decider, self.history, (*self.commanded, *commands))

    def then(self, *expected: Any) -> DeciderSpec:
        """The last command gives exactly these events, in this order; returns the spec with them as history."""
        events = self.events()
        assert events == list(expected), f"expected {list(expected)!r}\n     got {events!r}"
        return DeciderSpec(self.decider, (*self._before_last(), *events))

    def then_nothing(self) -> DeciderSpec:
        """The last command changes nothing."""
        return self.then()

    def then_refused(self, code: str, /, **params: Any) -> None:
        """The last command is refused with this code, and with at least these parameters."""
        refused: Refused | None = None
        events: list[Any] = []
        try:
            events = self.events()
        except Refused as error:
            refused = error
        assert refused is not None, f"expected refusal {code}, got {events!r}"
        assert refused.code == code, f"expected refusal {code}, got {refused}"
        got = {key: refused.params.get(key) for key in params}
        assert got == params, f"expected {params!r}, got {refused.params!r}"

    def events(self) -> list[Any]:
        """What the last command decides."""
        history = self._before_last()
        return list(self.decider.decide(self.commanded[-1], self.decider.fold(history)))

    def state(self) -> Any:
        """The state after the history and all commands."""
        history = self._before_last()
        if self.commanded:
            history = (*history, *self.decider.decide(self.commanded[-1], self.decider.fold(history)))
        return self.decider.fold(history)

    def _before_last(self) -> tuple[Any, ...]:
        history = self.history
        for each in self.commanded[:-1]:
            history = (*history, *self.decider.decide(each, self.decider.fold(history)))
        return history
