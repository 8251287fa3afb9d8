"""The tables of all read models of this service, for its migrations and tests."""

from __future__ import annotations

from sqlalchemy import MetaData

METADATA = MetaData()
