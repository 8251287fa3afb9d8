"""Somebody who uses the system over HTTP: logs in, does things, and sees at once what he has done."""

from __future__ import annotations

import uuid
from types import TracebackType
from typing import Any

import httpx

API = "/api/v1"


class Problem(Exception):
    """The answer was a problem document."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.media_type = response.headers.get("Content-Type", "")
        self.language = response.headers.get("Content-Language", "")
        self.document: dict[str, Any] = response.json()
        super().__init__(f"{response.request.method} {response.request.url.path}: {self.status} {self.document}")


class Visitor:
    """A logged-in user. What he writes, his next read waits for (``X-Vigencia-Wait``)."""

    def __init__(self, url: str, login: tuple[str, str] | None = None, *, language: str = "pt-BR") -> None:
        self.http = httpx.Client(base_url=url, timeout=60.0, headers={"Accept-Language": language})
        self.seen = ""
        if login is not None:
            answer = self.http.post(f"{API}/session", json={"user": login[0], "password": login[1]})
            answer.raise_for_status()
            self.http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
            self.me: dict[str, Any] = answer.json()["user"]

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.http.close()

    def get(self, path: str, **params: Any) -> Any:
        """What is shown, including all that this visitor wrote."""
        asked = {**params, "wait": self.seen} if self.seen else params
        return self._answer(self.http.get(f"{API}/{path}", params=asked))

    def list(self, path: str, **params: Any) -> list[dict[str, Any]]:
        return list(self.get(path, **params)["items"])

    def post(self, path: str, key: str | None = None, **body: Any) -> dict[str, Any]:
        return self.write("POST", path, body, key)

    def write(self, method: str, path: str, body: dict[str, Any], key: str | None = None) -> dict[str, Any]:
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        response = self.http.request(method, f"{API}/{path}", json=body, headers=headers)
        answer: dict[str, Any] = self._answer(response)
        self.seen = response.headers.get("X-Vigencia-Wait", self.seen)
        return answer

    def make(self, path: str, **body: Any) -> str:
        """Make something; its id."""
        return str(self.post(path, **body)["id"])

    def status(self, method: str, path: str, body: dict[str, Any] | None = None) -> int:
        """Only how the system answers."""
        return self.http.request(method, f"{API}/{path}", json=body).status_code

    @staticmethod
    def _answer(response: httpx.Response) -> Any:
        if response.is_success:
            return response.json()
        raise Problem(response)
