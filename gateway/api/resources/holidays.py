"""Closed days: by law, and those of the company's own table. What changes late changes deadlines that were said."""

from __future__ import annotations

from typing import Any

from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, execute, new_id
from gateway.api.schemas import holidays as shapes
from gateway.api.schemas.common import Document, Written

blp = Blueprint("holidays", __name__, description="Closed days: by law, and the company's own table")


@blp.route("/holidays", methods=["GET"])
@blp.arguments(shapes.HolidaysQuery, location="query")
@blp.response(200, Document)
def list_holidays(args: dict[str, Any]) -> Any:
    """The company's own table; with `year` every closed day of it: national, of a state, optional, the company's own."""
    return ask("contracts", "holidays", **args)


@blp.route("/holidays", methods=["POST"])
@blp.arguments(shapes.NewHoliday)
@blp.response(201, Written)
def add_holiday(data: dict[str, Any]) -> Any:
    """Enter a closed day. Deadlines of open requests that it touches are computed again; the former ones stay visible."""
    id_ = new_id("holiday")
    body, headers = execute("contracts", "add_holiday", {**data, "holiday_id": id_}, made=id_)
    return body, 201, headers


@blp.route("/holidays/<string:holiday_id>/remove", methods=["POST"])
@blp.arguments(shapes.HolidayRemoval)
@blp.response(200, Written)
def remove_holiday(data: dict[str, Any], holiday_id: str) -> Any:
    """Take a closed day off the table, from a day on or altogether. Deadlines are computed again."""
    body, headers = execute("contracts", "remove_holiday", {**data, "holiday_id": holiday_id})
    return body, 200, headers
