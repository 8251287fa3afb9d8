"""flask-smorest's blueprint, with the function's name as the operation's id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask_smorest


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    def route(self, rule: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        register = super().route(rule, **options)

        def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
            named: Callable[..., Any] = register(self.doc(operationId=function.__name__)(function))
            return named

        return decorate
