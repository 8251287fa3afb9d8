"""A request's document and price: fields and their history, checklist, work and parts, links, the price and its acceptance."""

from __future__ import annotations

from typing import Any

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, local, new_id
from gateway.api.resources.requests import of_request, own_request
from gateway.api.schemas import request_documents as shapes
from gateway.api.schemas.common import Document, Written
from services.errors import Forbidden

blp = Blueprint("request_documents", __name__, description="Service requests: fields, price, work, links")


@blp.route("/requests/<string:request_id>/fields", methods=["GET"])
@blp.response(200, shapes.Fields)
def get_request_fields(request_id: str) -> Any:
    """Each field of the document: whose part it is, who filled it in and when, and what stood there before."""
    own_request(request_id, reading=True)
    audience = "customer" if scope.caller().is_customer else "provider"
    return ask("tickets", "request_fields", request_id=request_id, audience=audience)


@blp.route("/requests/<string:request_id>/fields", methods=["POST"])
@blp.arguments(shapes.Correction)
@blp.response(200, Written)
def correct_request_field(data: dict[str, Any], request_id: str) -> Any:
    """Another value for a field of the customer's part: by himself, or by staff, who then shows as its author.

    Another service type is covered in its own way: its price, if it has one, is offered and is to be accepted.
    """
    if scope.caller().is_customer:
        data = {name: value for name, value in data.items() if name != "override_reason"}
    return of_request("correct_field", data, request_id)


@blp.route("/requests/<string:request_id>/checklist", methods=["PUT"])
@blp.arguments(shapes.Checklist)
@blp.response(200, Written)
def set_request_checklist(data: dict[str, Any], request_id: str) -> Any:
    """What is to be done, all of it. Items that stay keep their marks."""
    return of_request("set_checklist", data, request_id)


@blp.route("/requests/<string:request_id>/checklist/check", methods=["POST"])
@blp.arguments(shapes.ItemMark)
@blp.response(200, Written)
def check_request_item(data: dict[str, Any], request_id: str) -> Any:
    """An item of the checklist is done, or is not after all."""
    return of_request("check_item", data, request_id)


@blp.route("/requests/<string:request_id>/work/<string:work_id>/correct", methods=["POST"])
@blp.arguments(shapes.QuantityCorrection)
@blp.response(200, Written)
def correct_work(data: dict[str, Any], request_id: str, work_id: str) -> Any:
    """The quantity of recorded work was another. What is left of the month follows, and so does what is charged."""
    return of_request("correct_work", {**data, "work_id": work_id}, request_id)


@blp.route("/requests/<string:request_id>/parts", methods=["POST"])
@blp.arguments(shapes.NewPart)
@blp.response(201, Written)
def use_part(data: dict[str, Any], request_id: str) -> Any:
    """A part or material was used. The contract's per-use line prices it (`line_id`); else it costs what an accepted offer says.

    One without a price is recorded, not charged, and says so.
    """
    sees_its_price(data)
    return of_request("record_part", data, request_id, made=("part_id", new_id("part")))


@blp.route("/requests/<string:request_id>/parts/<string:part_id>/correct", methods=["POST"])
@blp.arguments(shapes.PartCorrection)
@blp.response(200, Written)
def correct_part(data: dict[str, Any], request_id: str, part_id: str) -> Any:
    """The quantity of a part was another; 0: it was not used. Or it gets a price that it had not."""
    sees_its_price(data)
    return of_request("correct_part", {**data, "part_id": part_id}, request_id)


def sees_its_price(data: dict[str, Any]) -> None:
    """Who sees no prices gives none."""
    if data.get("unit_price") is not None and not scope.caller().sees_prices:
        raise Forbidden("request.staff-only")


@blp.route("/requests/<string:request_id>/links", methods=["POST"])
@blp.arguments(shapes.Link)
@blp.response(200, Written)
def link_request(data: dict[str, Any], request_id: str) -> Any:
    """It has to do with another request of the same customer; both show it."""
    return of_request("link_request", data, request_id)


@blp.route("/requests/<string:request_id>/links/remove", methods=["POST"])
@blp.arguments(shapes.Link)
@blp.response(200, Written)
def unlink_request(data: dict[str, Any], request_id: str) -> Any:
    """The two have nothing to do with each other."""
    return of_request("unlink_request", data, request_id)


@blp.route("/requests/<string:request_id>/duplicate", methods=["POST"])
@blp.arguments(shapes.Duplicate)
@blp.response(200, Written)
def mark_duplicate(data: dict[str, Any], request_id: str) -> Any:
    """The same was asked before: this request is closed and points to the original, and figures leave it out.

    Reopened, it is a duplicate no more.
    """
    return of_request("mark_duplicate", data, request_id)


@blp.route("/requests/<string:request_id>/price", methods=["POST"])
@blp.arguments(shapes.NewOffer)
@blp.response(200, Written)
def offer_price(data: dict[str, Any], request_id: str) -> Any:
    """Another price or ceiling than was offered so far. It needs a new acceptance; an accepted one holds meanwhile."""
    return of_request("offer_price", data, request_id)


@blp.route("/requests/<string:request_id>/price/waive", methods=["POST"])
@blp.arguments(shapes.Waiver)
@blp.response(200, Written)
def waive_price(data: dict[str, Any], request_id: str) -> Any:
    """It is done without a charge, with a reason. Work may begin."""
    return of_request("waive_price", data, request_id)


@blp.route("/requests/<string:request_id>/price/accept", methods=["POST"])
@blp.arguments(shapes.Acceptance)
@blp.response(200, Written)
def accept_price(data: dict[str, Any], request_id: str) -> Any:
    """A contact with the right to money or approval accepts the offer that he read, by name. Work may begin.

    `offer`, `price_text` and its `text_sha256` stand in the request's `price`.
    """
    return of_request("accept_price", data, request_id)


@blp.route("/requests/<string:request_id>/price/acceptances", methods=["POST"])
@blp.arguments(shapes.RecordedAcceptance)
@blp.response(200, Written)
def record_price_acceptance(data: dict[str, Any], request_id: str) -> Any:
    """The customer accepted outside the portal: who, and the attached document that proves it."""
    return of_request("accept_price", data, request_id)


@blp.route("/requests/<string:request_id>/price/decline", methods=["POST"])
@blp.arguments(shapes.Refusal)
@blp.response(200, Written)
def decline_price(data: dict[str, Any], request_id: str) -> Any:
    """The price is not accepted. The request waits for another offer, or is cancelled."""
    return of_request("decline_price", data, request_id)


@blp.route("/equipment/labels/<string:label>", methods=["GET"])
@blp.response(200, Document)
def find_equipment(label: str) -> Any:
    """The equipment that a QR label stands on, its site, and the customer's contracts in force."""
    return local("equipment_by_label", label=label, customers=scope.only())
