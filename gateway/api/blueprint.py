"""flask-smorest's blueprint, with the function's name as the operation's id, and with types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import flask_smorest
from marshmallow import Schema

F = TypeVar("F", bound=Callable[..., Any])


class Decorator(Protocol):
    """Gives back a function of the same type."""

    def __call__(self, function: F, /) -> F: ...


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    def route(self, rule: str, **options: Any) -> Decorator:
        register = super().route(rule, **options)

        def decorate(function: F) -> F:
            named: F = register(self.doc(operationId=function.__name__)(function))
            return named

        return decorate

    def arguments(self, schema: type[Schema], *, location: str = "json", **options: Any) -> Decorator:
        made: Decorator = super().arguments(schema, location=location, **options)
        return made

    def response(self, status: int, schema: type[Schema] | None = None, **options: Any) -> Decorator:
        made: Decorator = super().response(status, schema, **options)
        return made
