"""Whether an event's data fit the catalogue (AsyncAPI) of the system that sends them. Needs jsonschema."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from jsonschema import Draft202012Validator

from vigencia_subscriber.envelope import Envelope
from vigencia_subscriber.errors import DoesNotFit


class Catalogue:
    """``Catalogue(feed.catalogue)``: asked when it is first needed, and again when an unknown type or version comes.

    What the catalogue does not know even then is a newer release's: it passes.
    """

    def __init__(self, ask: Callable[[], Mapping[str, Any]]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._validators: dict[tuple[str, int], Draft202012Validator] = {}
        self._unknown: set[tuple[str, int]] = set()

    def __call__(self, event: Envelope) -> None:
        """Raises ``DoesNotFit``."""
        validator = self._validator(event.type, event.schema)
        if validator is None:
            return
        problem = next(iter(validator.iter_errors(dict(event.data))), None)
        if problem is not None:
            place = ".".join(map(str, problem.path))
            raise DoesNotFit(f"{event.id} ({event.type} v{event.schema}) {place}: {problem.message}")

    def _validator(self, kind: str, version: int) -> Draft202012Validator | None:
        with self._lock:
            key = (kind, version)
            if key not in self._validators and key not in self._unknown:
                self._validators |= _validators(self._ask())
                if key not in self._validators:
                    self._unknown.add(key)
            return self._validators.get(key)


def _validators(document: Mapping[str, Any]) -> dict[tuple[str, int], Draft202012Validator]:
    components = {"components": {"schemas": document["components"]["schemas"]}}
    found = {}
    for kind, message in document["components"]["messages"].items():
        schema = {"$ref": f"#/components/schemas/{kind}.v{message['x-version']}", **components}
        for version in message["x-versions"]:
            found[(kind, int(version))] = Draft202012Validator(schema)
    return found
