"""Column types that read back exactly what was written, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import BigInteger, DateTime, Dialect, Numeric, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

_SCALE = 4


class Money(TypeDecorator[Decimal]):
    """An exact amount with up to four decimals: NUMERIC(20, 4) in PostgreSQL, ten-thousandths as an integer in SQLite.

    SQLite has no decimal type; integers keep amounts exact and sortable, and ``SUM`` over them stays exact.
    """

    impl = Numeric(20, _SCALE)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(20, _SCALE))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        amount = value if isinstance(value, Decimal) else Decimal(str(value))
        return int(amount.scaleb(_SCALE)) if dialect.name == "sqlite" else amount

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        exact = Decimal(value).scaleb(-_SCALE) if dialect.name == "sqlite" else Decimal(value)
        cents = exact.quantize(Decimal("0.01"))
        return cents if cents == exact else exact.normalize()


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Naive values are refused: an instant without a zone is a bug."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
        if instant.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {instant!r}")
        utc = instant.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return instant


class JsonText(TypeDecorator[Any]):
    """JSON values kept as text: the bytes stay as written (JSONB rewrites numbers and the order of keys)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else msgspec.json.decode(value)
