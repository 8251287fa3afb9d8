"""The running system over its HTTP interface, as an operator. Faults that pass are waited for; ids make that safe."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import httpx

from services.errors import VigenciaError, from_wire
from vigencia import resolving
from vigencia.console import Voice
from vigencia.demo import PROVIDER
from vigencia.exits import Exit, Failure
from vigencia.words import say, tell

API = "/api/v1"
PATIENCE_SECONDS = 60.0
SETTLE_SECONDS = 300.0
PAGE = 200
_PASSING = (502, 503, 504)


class Client:
    """Calls with the operator's token. Every command carries an ``Idempotency-Key``, so that asking again is safe."""

    def __init__(
        self,
        url: str,
        token: Callable[[], str],
        lang: str,
        *,
        patience: float = PATIENCE_SECONDS,
        where: Callable[[], str | None] = lambda: None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``where`` tells the address at which the system runs now: one that was started again may have another."""
        self.url = url.rstrip("/")
        self.lang = lang
        self._token = token
        self._where = where
        self._patience = patience
        self._sleep = sleep
        # Generous: a portion of an import or a month's billing is one request.
        self._http = httpx.Client(base_url=self.url, timeout=httpx.Timeout(300.0, connect=5.0), transport=transport)

    def close(self) -> None:
        self._http.close()

    # -- what the commands ask ----------------------------------------------------------------------------------

    def import_records(self, kind: str, records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        answer = self.post(f"{API}/imports/{kind}", {"records": list(records)})
        return list(answer["results"])

    def ensure_provider(self, voice: Voice, wanted: str | None = None) -> str:
        """Contracts need a provider company; where there is none yet, the demo's is registered, and told. Of several one
        must be named. Its id; empty where there is only one."""
        known = list(self.pages(f"{API}/providers"))
        if known or wanted is not None:
            return resolving.provider(known, wanted, self.lang)
        self.post(f"{API}/providers", PROVIDER, key="vigencia-first-provider")
        voice.warn(say("provider.registered", self.lang, name=PROVIDER["legal_name"]))
        return ""

    def contracts_named(self, references: Iterable[str], wanted: str | None = None) -> dict[str, list[str]]:
        """The ids of the contracts that each reference names, with one provider company or any."""
        provider_id = "" if wanted is None else resolving.provider(self.pages(f"{API}/providers"), wanted, self.lang)
        return resolving.contracts(self, references, provider_id)

    def services_coded(self, codes: Iterable[str]) -> dict[str, str]:
        """The catalogue's id of each code that it has."""
        wanted = set(codes)
        known = self.pages(f"{API}/service-types")
        return {row["code"]: row["service_type_id"] for row in known if row["code"] in wanted}

    def lives(self) -> bool:
        """Whether somebody answers at the address."""
        try:
            return self._http.get("/health/live", timeout=10.0).is_success
        except httpx.HTTPError:
            return False

    def health(self) -> dict[str, Any]:
        """The state of every part, whether all is ready or not."""
        return dict(self._request("GET", "/health", None, accept=(200, 503)))

    def operate(self, service: str, action: str, **payload: Any) -> Any:
        """An operator's action on one service (``services/operations.py``)."""
        return self.post(f"{API}/operations/{service}/{action}", payload)

    def settle(self, voice: Voice, seconds: float = SETTLE_SECONDS) -> None:
        """Wait until every feed is sent and every subscription has taken it; warn when that takes too long."""
        end = time.monotonic() + seconds
        told = False
        while busy := self.busy():
            if time.monotonic() > end:
                voice.warn(say("settling-failed", self.lang, seconds=round(seconds), what=", ".join(busy)))
                return
            if not told:
                voice.note("settling")
                told = True
            self._sleep(0.1)

    def busy(self) -> list[str]:
        """What is still under way: relays and subscriptions with something before them."""
        status = self.get(f"{API}/operations/lag")
        behind = [f"{name}: {count}" for name, count in status["lag"].items() if count]
        return [*behind, *(f"{name}: ?" for name in status.get("unknown") or ())]

    # -- calls ------------------------------------------------------------------------------------------------------

    def get(self, path: str, **params: Any) -> Any:
        return self._request("GET", path, None, params={k: v for k, v in params.items() if v is not None})

    def pages(self, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        """All items of a list, page by page."""
        after: str | None = None
        while True:
            page = self.get(path, limit=PAGE, after=after, **params)
            yield from page["items"]
            after = page.get("next")
            if after is None:
                return

    def post(self, path: str, body: dict[str, Any] | None = None, *, key: str | None = None) -> Any:
        return self._request("POST", path, body or {}, key=key or str(uuid.uuid4()))

    def _request(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        *,
        params: dict[str, Any] | None = None,
        key: str | None = None,
        accept: tuple[int, ...] = (),
    ) -> Any:
        end = time.monotonic() + self._patience
        pause = 0.1
        while True:
            headers = {"Authorization": f"Bearer {self._token()}", "Accept-Language": self.lang}
            if key:
                headers["Idempotency-Key"] = key
            try:
                response = self._http.request(method, path, json=body, params=params, headers=headers)
            except httpx.TransportError as error:
                reason = str(error) or type(error).__name__
                self._follow()
            else:
                if response.status_code not in _PASSING or response.status_code in accept:
                    return self._answer(response, accept)
                reason = f"{response.status_code}"
            if time.monotonic() + pause > end:
                raise Failure(Exit.FAILED, say("system.lost", self.lang, reason=reason))
            self._sleep(pause)
            pause = min(pause * 2, 5.0)

    def _follow(self) -> None:
        """Go on at the system's new address, if it has one."""
        if (url := self._where()) is not None and url.rstrip("/") != self.url:
            self.url = url.rstrip("/")
            self._http.base_url = httpx.URL(self.url)

    def _answer(self, response: httpx.Response, accept: tuple[int, ...]) -> Any:
        if response.is_success or response.status_code in accept:
            return response.json() if response.content else {}
        try:
            problem = response.json()
        except ValueError:
            problem = {}
        if isinstance(problem, dict) and problem.get("kind"):
            raise from_wire(problem)
        detail = problem.get("detail") or problem.get("title") if isinstance(problem, dict) else None
        raise Failure(
            Exit.USAGE if response.status_code in (400, 404, 422) else Exit.FAILED,
            say("system.answered", self.lang, status=response.status_code, detail=detail or response.text[:200]),
        )


def as_failure(error: VigenciaError, lang: str) -> Failure:
    """A typed error of the system as the end of a command: what was asked wrongly is a usage error."""
    usage = error.kind in ("refused", "invalid", "not-found", "forbidden")
    return Failure(Exit.USAGE if usage else Exit.FAILED, tell(error, lang))
