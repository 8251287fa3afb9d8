"""An event as a subscriber sees it: the CloudEvents envelope, typed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vigencia_subscriber.errors import SubscriberError


class NotAnEnvelope(SubscriberError):
    """The message or row is no event of Vigência's."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """``stream`` and ``version``: the event's place in its story; ``partition`` and ``offset``: in the service's feed.

    ``data`` are JSON values: decimals are text, personal fields ``{"sealed", "person"}``. ``historical``: imported, nothing
    is to be done because of it. ``traceparent``: the W3C trace that it belongs to, or empty.
    """

    id: str
    type: str
    service: str
    stream: str
    version: int
    schema: int
    time: datetime  # UTC
    data: Mapping[str, Any]
    feed: str
    partition: int
    offset: int
    chain: str
    hash: str
    correlation: str = ""
    causation: str = ""
    actor: str = ""
    historical: bool = False
    traceparent: str = ""

    @classmethod
    def parse(cls, body: bytes | str) -> Envelope:
        """From a message's body. Raises ``NotAnEnvelope``."""
        try:
            return cls.of(json.loads(body))
        except ValueError as error:
            raise NotAnEnvelope(str(error)) from error

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Envelope:
        """From a decoded document. Raises ``NotAnEnvelope``."""
        try:
            return cls(
                id=document["id"],
                type=document["type"],
                service=document["source"].rpartition("/")[2],
                stream=document["subject"],
                version=int(document["streamversion"]),
                schema=int(document["dataschema"].rpartition(":")[2]),
                time=datetime.fromisoformat(document["time"]),
                data=document["data"],
                feed=document["feed"],
                partition=int(document["partition"]),
                offset=int(document["offset"]),
                chain=document["chain"],
                hash=document["hash"],
                correlation=document.get("correlationid", ""),
                causation=document.get("causationid", ""),
                actor=document.get("actor", ""),
                historical=bool(document.get("historical", False)),
                traceparent=document.get("traceparent", ""),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NotAnEnvelope(repr(error)) from error

    def follows(self, chain: str) -> bool:
        """Whether this event comes right after the history with that chain."""
        return self.chain == hashlib.sha256(f"{chain}{self.hash}".encode()).hexdigest()
