"""Everything about one request, for those who look for what went wrong."""

from __future__ import annotations

from typing import Any

from gateway.api.blueprint import Blueprint
from gateway.api.calls import local, operate
from gateway.api.schemas.journeys import Journey
from gateway.journeys import journey
from services.codec import to_json_values

blp = Blueprint("journeys", __name__, description="Everything about one request, across all services")


@blp.route("/journeys/<string:reference>", methods=["GET"])
@blp.response(200, Journey)
def get_journey(reference: str) -> Any:
    """All that happened because of a request, or of one call: events of all services in the order of time, what was mailed,
    what waits for its time, what is parked or was refused.

    `reference`: a request's protocol or id, or a correlation id (`X-Correlation-Id`, `correlation_id` of a problem document,
    `X-Correlation-ID` of a mail, `correlation` of a log line). Personal data are left out.
    """
    return to_json_values(journey(reference, operate, local))
