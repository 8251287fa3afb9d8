"""What travels: recorded events, the CloudEvents envelope of the feed, and what a fold or policy is given.

The envelope is a CloudEvents 1.0 JSON document with the extensions feed, partition, offset, chain, hash,
streamversion, correlationid, causationid, actor, historical, depth and, where somebody traced, traceparent (the distributed
tracing extension). ``subject`` is the stream.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32

import msgspec

from services.codec import iso

_encode = msgspec.json.Encoder().encode
ORIGIN = -1
"""The offset before the first event of a feed."""


@dataclass(frozen=True, slots=True)
class Meta:
    """Who and why: the same for all events of one command. ``depth`` counts policies between the first cause and here."""

    command: str
    correlation: str
    causation: str
    actor: str
    historical: bool = False
    depth: int = 0
    channel: str | msgspec.UnsetType = msgspec.UNSET  # by which way it came: portal, console, api …; where known
    traceparent: str | msgspec.UnsetType = msgspec.UNSET  # W3C; only where somebody traced

    def to_text(self) -> str:
        return _encode(self).decode()


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it stands in a stream. ``data`` is the stored (sealed) text, ``readable`` its open JSON values."""

    stream: str
    version: int
    type: str
    schema: int
    data: str
    meta: Meta
    at: datetime  # UTC
    hash: str
    readable: dict[str, Any] | None = None

    @property
    def id(self) -> str:
        return f"{self.stream}@{self.version}"


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a fold or a policy is given. ``data`` are JSON values: decimals, dates and instants are still strings."""

    id: str
    source: str
    type: str
    schema: int
    stream: str
    version: int
    at: datetime  # UTC
    data: Mapping[str, Any]
    correlation: str
    causation: str
    actor: str
    historical: bool
    depth: int
    partition: int = 0
    offset: int = ORIGIN
    traceparent: str = ""


class Envelope(msgspec.Struct, frozen=True):
    """The wire form, as a subscriber reads it."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    dataschema: str
    data: dict[str, Any]
    feed: str
    partition: int
    offset: int
    chain: str
    hash: str
    streamversion: int
    correlationid: str = ""
    causationid: str = ""
    actor: str = ""
    historical: bool = False
    depth: int = 0
    traceparent: str = ""

    @property
    def service(self) -> str:
        return self.source.rsplit("/", 1)[-1]

    def incoming(self, data: dict[str, Any] | None = None) -> Incoming:
        return Incoming(
            id=self.id,
            source=self.service,
            type=self.type,
            schema=int(self.dataschema.rsplit(":", 1)[-1]),
            stream=self.subject,
            version=self.streamversion,
            at=self.time,
            data=self.data if data is None else data,
            correlation=self.correlationid,
            causation=self.causationid,
            actor=self.actor,
            historical=self.historical,
            depth=self.depth,
            partition=self.partition,
            offset=self.offset,
            traceparent=self.traceparent,
        )


_envelope_decoder = msgspec.json.Decoder(Envelope)


def parse_envelope(body: bytes | str) -> Envelope:
    """Raises ``msgspec.MsgspecError`` for what is no envelope."""
    return _envelope_decoder.decode(body)


def envelope_json(envelope: Envelope) -> str:
    return _encode(envelope).decode()


class _Head(msgspec.Struct):
    """The envelope but for its data, in the order in which it is written."""

    id: str
    source: str
    type: str
    subject: str
    time: str
    dataschema: str
    feed: str
    partition: int
    offset: int
    chain: str
    hash: str
    streamversion: int
    correlationid: str
    causationid: str
    actor: str
    historical: bool
    depth: int
    traceparent: str | msgspec.UnsetType = msgspec.UNSET
    specversion: str = "1.0"
    datacontenttype: str = "application/json"


def envelope_bytes(service: str, feed: str, partition: int, offset: int, chain: str, event: Recorded) -> bytes:
    """The envelope as bytes. The event's data are JSON text and go in as they stand."""
    meta = event.meta
    head = _Head(
        event.id,
        f"/vigencia/{service}",
        event.type,
        event.stream,
        iso(event.at),
        f"urn:vigencia:{event.type}:{event.schema}",
        feed,
        partition,
        offset,
        chain,
        event.hash,
        event.version,
        meta.correlation,
        meta.causation,
        meta.actor,
        meta.historical,
        meta.depth,
        meta.traceparent,
    )
    return _encode(head)[:-1] + b',"data":' + event.data.encode() + b"}"


class _Traced(msgspec.Struct):
    traceparent: str = ""


_traced_decoder = msgspec.json.Decoder(_Traced)


def traceparent_in(body: bytes) -> str:
    """An envelope's traceparent; empty: it has none."""
    return _traced_decoder.decode(body).traceparent


def routing_key(service: str, partition: int, type_name: str) -> str:
    """``<service>.<partition>.<aggregate>.<event>``, for example ``contracts.0.contract.activated``."""
    return f"{service}.{partition}.{type_name.split('.', 1)[-1]}"


def partition_of(stream: str, partitions: int) -> int:
    return crc32(stream.encode()) % partitions
