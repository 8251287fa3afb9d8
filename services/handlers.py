"""What a service answers by RPC: commands, questions, batches, the operator's actions, and its feed.

Payloads (JSON values):
    execute  {"id", "command", "payload", "actor"?, "lang"?, "correlation"?, "at"?, "historical"?, "channel"?}
             → {"source", "stream", "version", "events"}
    ask      {"query", "params", "actor"?, "lang"?} → what the query answers
    batch    {"name", "records", "actor"?, "historical"?, "correlation"?, "channel"?} → [{"status", …}]
    operate  {"action", …}, see services/operations.py
    feed     {"partition", "after", "chain", "feed", "limit", "types"?}
             → {"feed", "diverged", "head", "events", "through", "chain"}; (through, chain) is the place after this answer,
             also where ``types`` left events out; with ``diverged``, the chain that is at ``after`` here, or null
    heads    {} → {"feed", "partitions": [{"partition", "offset", "chain"}]}
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select

from services import logs, metrics, operations, tracing
from services.application import Request
from services.codec import to_json_values
from services.errors import Invalid, OutcomeUnknown, VigenciaError
from services.store.database import typed
from services.store.events import Seen
from services.store.tables import feed_head
from services.transport.port import Handler

if TYPE_CHECKING:
    from services.runtime import App

MAX_FEED_LIMIT = 2000


class Handlers:
    """The RPC methods of one running service."""

    def __init__(self, app: App) -> None:
        self._app = app

    def table(self) -> Mapping[str, Handler]:
        methods: dict[str, Callable[[dict[str, Any], dict[str, str]], Any]] = {
            "execute": self._execute,
            "ask": self._ask,
            "batch": self._batch,
            "operate": self._operate,
            "feed": self._feed,
            "heads": self._heads,
        }
        return {name: self._measured(name, method) for name, method in methods.items()}

    def _measured(self, name: str, method: Callable[[dict[str, Any], dict[str, str]], Any]) -> Handler:
        service = self._app.component.name
        latency = metrics.RPC.labels(service, name)

        def handle(payload: dict[str, Any], headers: dict[str, str]) -> Any:
            started = time.perf_counter()
            try:
                with (
                    logs.bound(correlation=_correlation(payload, headers)),
                    _server_span(service, name, payload, headers),
                ):
                    return method(payload, headers)
            except Exception as error:
                fault = error if isinstance(error, VigenciaError) else typed(error)
                if fault is None:
                    raise
                if fault is not error and name == "operate":  # it may be several transactions, and some of them done
                    fault = OutcomeUnknown(fault.code, **fault.params)
                metrics.RPC_ERRORS.labels(service, name, fault.kind).inc()
                raise self._app.application.word(fault) from None
            finally:
                latency.observe(time.perf_counter() - started)

        return handle

    def _execute(self, payload: dict[str, Any], headers: dict[str, str]) -> Any:
        if not payload.get("id"):
            raise Invalid(problems=[{"path": "id", "code": "missing", "message": "a command needs an id"}])
        answer = self._app.application.execute(_request(payload, headers, payload.get("payload") or {}))
        return to_json_values(answer)

    def _ask(self, payload: dict[str, Any], headers: dict[str, str]) -> Any:
        request = _request({**payload, "command": payload.get("query", "")}, headers, {})
        return self._app.application.query(payload.get("query", ""), payload.get("params") or {}, request)

    def _batch(self, payload: dict[str, Any], headers: dict[str, str]) -> Any:
        request = _request({**payload, "command": payload.get("name", "")}, headers, {})
        return self._app.application.batch(payload.get("name", ""), payload.get("records") or [], request)

    def _operate(self, payload: dict[str, Any], headers: dict[str, str]) -> Any:
        return operations.operate(self._app, payload)

    def _feed(self, payload: dict[str, Any], headers: dict[str, str]) -> Any:
        partition, after = int(payload["partition"]), int(payload["after"])
        limit = min(int(payload.get("limit") or 500), MAX_FEED_LIMIT)
        store = self._app.application.store
        with self._app.database.read() as conn:
            # no chain given: somebody only looks, and has followed no history that could part from this one
            chain = payload.get("chain")
            reason = None if chain is None else store.diverged(conn, partition, after, chain, payload.get("feed"))
            if reason:
                found: list[bytes] = []
                place = Seen(after, store.chain_at(conn, partition, after))
            else:
                found, place = store.page(conn, partition, Seen(after, chain), limit, payload.get("types"))
            head = conn.execute(select(feed_head.c.offset).where(feed_head.c.partition == partition)).scalar()
        if head is None:
            raise Invalid(problems=[{"path": "partition", "code": "value", "message": f"no partition {partition}"}])
        events = [msgspec.Raw(body) for body in found]
        at = {"through": place.offset, "chain": place.chain}
        return {"feed": store.feed_id, "diverged": reason, "head": head, "events": events, **at}

    def _heads(self, payload: dict[str, Any], headers: dict[str, str]) -> Any:
        with self._app.database.read() as conn:
            return self._app.application.store.heads(conn)


def _correlation(payload: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    return str(payload.get("correlation") or headers.get("correlation") or payload.get("id") or "")


def _server_span(service: str, method: str, payload: Mapping[str, Any], headers: Mapping[str, str]) -> tracing.Span:
    parent = tracing.accepted(headers.get(tracing.TRACEPARENT))
    return tracing.span(service, tracing.call_name(method, payload), "server", parent=parent, rpc__method=method)


def _request(payload: Mapping[str, Any], headers: Mapping[str, str], body: Mapping[str, Any]) -> Request:
    deadline = headers.get("deadline")
    at = payload.get("at")
    return Request(
        id=str(payload.get("id") or ""),
        command=str(payload.get("command") or ""),
        payload=body,
        actor=str(payload.get("actor") or "anonymous"),
        lang=str(payload.get("lang") or "pt-BR"),
        correlation=str(payload.get("correlation") or ""),
        causation=str(payload.get("causation") or ""),
        historical=bool(payload.get("historical", False)),
        at=datetime.fromisoformat(at) if at else None,
        deadline=float(deadline) / 1000 if deadline else None,
        channel=str(payload.get("channel") or "")[:20],
    )
