"""The relay's sender when the connection goes before a batch was begun."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from services.errors import Unavailable
from services.transport.port import Outgoing
from services.transport.rabbit import sender as sending


class LosingLink:
    """Takes the work and loses the connection before it is done: links drop what they were given then."""

    def __init__(self, _url: str, _name: str, *, on_up: Callable[..., None], on_down: Callable[[], None]) -> None:
        self._on_down = on_down
        self.posted = 0

    def start(self) -> None: ...

    def post(self, _work: Callable[[], None]) -> bool:
        self.posted += 1
        self._on_down()
        return True


def test_a_batch_that_was_lost_before_it_began_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The relay hears at once that nothing was confirmed; it does not wait for the broker's patience to end."""
    monkeypatch.setattr(sending, "Link", LosingLink)
    sender: Any = sending.RabbitSender("amqp://", "contracts", patience=0.05)
    sender._ready.set()
    with pytest.raises(Unavailable):
        sender.send([Outgoing("contracts.0.contract.drafted", b"{}", "contracts.0.0", 0, 0)])
    assert sender._link.posted == 1  # nothing was given up for silence
