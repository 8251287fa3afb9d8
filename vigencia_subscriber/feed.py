"""A service's feed over HTTP: what RabbitMQ pushed can be proved and completed here. Standard library only."""

from __future__ import annotations

import gzip
import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vigencia_subscriber.envelope import Envelope
from vigencia_subscriber.errors import Diverged, FeedAway, NotAllowed, SubscriberError

LONGEST_WAIT = 30.0


@dataclass(frozen=True, slots=True)
class Page:
    """``through`` and ``chain``: the place after it. ``head``: the partition's last offset."""

    feed: str
    events: tuple[Envelope, ...]
    through: int
    chain: str
    head: int


class Feed:
    """``url``: the gateway's address; ``key``: an API key with the scope ``feed:<service>``. Safe for several threads."""

    def __init__(self, url: str, key: str, *, timeout: float = 20.0) -> None:
        self._url, self._key, self._timeout = url.rstrip("/"), key, timeout

    def page(
        self,
        service: str,
        partition: int,
        after: int,
        chain: str,
        feed: str | None,
        *,
        limit: int = 500,
        wait: float = 0.0,
    ) -> Page:
        """Events after a place; with ``wait`` it takes up to so many seconds until there are some. Raises ``Diverged``."""
        place: dict[str, Any] = {"partition": partition, "after": after, "chain": chain, "limit": limit}
        asked = place | ({"feed": feed} if feed else {}) | ({"wait": min(wait, LONGEST_WAIT)} if wait else {})
        told = self._get(f"/api/v1/feeds/{service}?{urllib.parse.urlencode(asked)}", self._timeout + wait)
        events = tuple(Envelope.of(each) for each in told["events"])
        return Page(told["feed"], events, int(told["through"]), told["chain"], int(told["head"]))

    def heads(self, service: str) -> dict[int, int]:
        """Partition → last offset."""
        told = self._get(f"/api/v1/feeds/{service}/heads", self._timeout)
        return {int(each["partition"]): int(each["offset"]) for each in told["partitions"]}

    def catalogue(self) -> Mapping[str, Any]:
        """The AsyncAPI document."""
        found: Mapping[str, Any] = self._get("/api/asyncapi.json", self._timeout)
        return found

    def _get(self, path: str, timeout: float) -> Any:
        headers = {"Authorization": f"Bearer {self._key}", "Accept-Encoding": "gzip", "Accept-Language": "en"}
        try:
            with urllib.request.urlopen(
                urllib.request.Request(self._url + path, headers=headers), timeout=timeout
            ) as answer:
                body = answer.read()
                packed = answer.headers.get("Content-Encoding") == "gzip"
                return json.loads(gzip.decompress(body) if packed else body)
        except urllib.error.HTTPError as error:
            raise _typed(error) from error
        except (OSError, http.client.HTTPException, EOFError, ValueError) as error:
            raise FeedAway(f"{self._url}: {error!r}") from error


def _typed(error: urllib.error.HTTPError) -> SubscriberError:
    try:
        told = json.loads(error.read())
        code, detail = str(told.get("code", "")), str(told.get("detail", ""))
    except (OSError, http.client.HTTPException, ValueError, AttributeError):
        code, detail = "", ""
    if code == "feed.diverged":
        return Diverged(detail)
    if error.code in (401, 403):
        return NotAllowed(detail or str(error))
    if error.code >= 500 or error.code in (408, 429):
        return FeedAway(f"{error.code} {detail}")
    return SubscriberError(f"{error.code} {code} {detail}")
