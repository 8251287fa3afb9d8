"""One POST to somebody who may be slow, lie, or point at our own network: bounded in time and size, to a checked address.

A host is resolved here and connected to by the address that was judged, so that it cannot resolve to another one in
between. Redirects are not followed and no proxy is asked. Sockets are the standard library's: under the rim's patched
ones only the own green thread waits.
"""

from __future__ import annotations

import io
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException, HTTPResponse
from ipaddress import ip_address
from typing import Any

from gateway.webhooks.domain.addresses import Target, literal, permitted
from gateway.webhooks.settings import WebhookSettings

MOST_READ = 16 * 1024
MOST_KEPT = 500  # characters
USER_AGENT = "Vigencia-Webhooks/1"
Resolve = Callable[..., list[Any]]


@dataclass(frozen=True, slots=True)
class Answer:
    """``status``: None when there was none; ``error`` says why then. ``text``: the body's first characters."""

    status: int | None
    seconds: float
    error: str = ""
    text: str = ""
    retry_after: str | None = None


class Failed(Exception):
    """There is no answer; the text is one of the log's ``error`` codes."""


class Channel:
    """A connection to one endpoint, kept for the next delivery where the receiver keeps it. One delivery at a time."""

    def __init__(self, target: Target, settings: WebhookSettings, resolve: Resolve = socket.getaddrinfo) -> None:
        self._target, self._settings, self._resolve = target, settings, resolve
        self._sock: socket.socket | None = None

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Never raises for what a receiver does."""
        started = time.monotonic()
        deadline = started + self._settings.timeout
        try:
            response = self._exchange(self._request(body, headers), deadline)
        except Failed as failed:
            self.close()
            return Answer(None, time.monotonic() - started, str(failed))
        text = self._text(response)
        seconds = time.monotonic() - started
        return Answer(response.status, seconds, text=text, retry_after=response.getheader("Retry-After"))

    def close(self) -> None:
        sock, self._sock = self._sock, None
        if sock is not None:
            with suppress(OSError):
                sock.close()

    def _request(self, body: bytes, headers: Mapping[str, str]) -> bytes:
        fixed = {"Host": self._target.authority, "User-Agent": USER_AGENT, "Content-Length": str(len(body))}
        lines = [f"POST {self._target.path} HTTP/1.1", *(f"{k}: {v}" for k, v in {**fixed, **headers}.items())]
        return "\r\n".join([*lines, "", ""]).encode("ascii") + body

    def _exchange(self, request: bytes, deadline: float) -> HTTPResponse:
        """A kept connection may have ended meanwhile: then once more on a fresh one."""
        if self._sock is not None:
            try:
                return self._send(self._sock, request, deadline)
            except Failed as failed:
                self.close()
                if str(failed) != "closed":
                    raise
        self._sock = self._connected(deadline)
        return self._send(self._sock, request, deadline)

    @staticmethod
    def _send(sock: socket.socket, request: bytes, deadline: float) -> HTTPResponse:
        try:
            sock.settimeout(_left(deadline))
            sock.sendall(request)
            response = HTTPResponse(_Bounded(sock, deadline), method="POST")  # type: ignore[arg-type]
            response.begin()
        except TimeoutError:
            raise Failed("timeout") from None
        except (ConnectionError, ssl.SSLEOFError):
            raise Failed("closed") from None
        except (OSError, HTTPException, ValueError):
            raise Failed("not-http") from None
        return response

    def _connected(self, deadline: float) -> socket.socket:
        error = "address-refused"
        for family, address in self._addresses():
            try:
                sock = socket.socket(family, socket.SOCK_STREAM)
            except OSError:
                error = "unreachable"
                continue
            try:
                sock.settimeout(_left(deadline))
                sock.connect(address)
                if self._target.scheme == "http":
                    return sock
                sock.settimeout(_left(deadline))
                return _tls().wrap_socket(sock, server_hostname=self._target.host)
            except TimeoutError:
                error = "timeout"
            except ssl.SSLError:
                error = "tls"
            except (OSError, ValueError):
                error = "unreachable"
            sock.close()
        raise Failed(error)

    def _addresses(self) -> list[tuple[socket.AddressFamily, Any]]:
        """Those of the host's addresses at which an endpoint may be."""
        if self._target.scheme == "http" and not self._settings.http:
            raise Failed("https-demanded")
        try:
            found = self._resolve(self._target.host, self._target.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise Failed("unresolved") from None
        return [
            (family, place)
            for family, _, _, _, place in found
            if family in (socket.AF_INET, socket.AF_INET6)
            and permitted(ip_address(str(place[0]).partition("%")[0]), self._settings.allowed)
        ]

    def _text(self, response: HTTPResponse) -> str:
        """What is beyond the bounds is not waited for: the status was said already."""
        try:
            raw = response.read(MOST_READ)
        except (OSError, HTTPException, ValueError):
            raw = b""
        if not response.isclosed() or response.will_close:
            response.close()
            self.close()
        text = raw[: MOST_KEPT * 4].decode("utf-8", "replace")
        return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)[:MOST_KEPT]


def refusal(target: Target, settings: WebhookSettings) -> str | None:
    """Why an endpoint may not be at a URL, as far as the URL itself tells; None: it may."""
    if target.scheme == "http" and not settings.http:
        return "https-demanded"
    address = literal(target)
    return "address-refused" if address is not None and not permitted(address, settings.allowed) else None


@cache
def _tls() -> ssl.SSLContext:
    """Reading the system's authorities takes some milliseconds: once is enough."""
    return ssl.create_default_context()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Bounded:
    """What ``HTTPResponse`` wants of a socket: a file. Each of its reads ends at the deadline, however slowly bytes drip."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._raw = _Raw(sock, deadline)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._raw)


class _Raw(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock, self._deadline = sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(_left(self._deadline))
        return self._sock.recv_into(buffer)
