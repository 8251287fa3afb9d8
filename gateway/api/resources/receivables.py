"""Receivables with their explanation, and what becomes of them."""

from __future__ import annotations

from typing import Any

from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, listed
from gateway.api.exporting import exported
from gateway.api.owning import of_receivable
from gateway.api.schemas import money as shapes
from gateway.api.schemas.common import Document, Written, page_of

blp = Blueprint("receivables", __name__, description="Receivables: what is owed for one contract, each line explained")


@blp.route("/receivables", methods=["GET"])
@blp.arguments(shapes.ReceivablesQuery, location="query")
@blp.response(200, page_of(shapes.Receivable))
@exported
def list_receivables(args: dict[str, Any]) -> Any:
    """Receivables, the latest due day first."""
    return listed("receivables", args, customers=scope.only())


@blp.route("/receivables/<string:receivable_id>", methods=["GET"])
@blp.arguments(shapes.ReceivableQuery, location="query")
@blp.response(200, Document)
def get_receivable(args: dict[str, Any], receivable_id: str) -> Any:
    """A receivable with its lines. Each line's `explanation` answers "why this amount?": clause and version of the
    terms, period, day count, factor, quantity and where it comes from, unit price, rounding."""
    scope.of("receivable", receivable_id, lambda: ask("billing", "receivable", receivable_id=receivable_id))
    return ask("billing", "receivable", receivable_id=receivable_id, **args)


@blp.route("/receivables/<string:receivable_id>/dispute", methods=["POST"])
@blp.arguments(shapes.Dispute)
@blp.response(200, Written)
def dispute_receivable(data: dict[str, Any], receivable_id: str) -> Any:
    """It is contested, or some of its lines are: no late charges, reminders or default for these until that is
    resolved."""
    return of_receivable("dispute_receivable", data, receivable_id)


@blp.route("/receivables/<string:receivable_id>/resolve-dispute", methods=["POST"])
@blp.arguments(shapes.DisputeResolution)
@blp.response(200, Written)
def resolve_dispute(data: dict[str, Any], receivable_id: str) -> Any:
    """The dispute is settled: it is owed as it stands or, with `credit`, what was contested is credited."""
    return of_receivable("resolve_dispute", data, receivable_id)


@blp.route("/receivables/<string:receivable_id>/due-day", methods=["POST"])
@blp.arguments(shapes.NewDueDay)
@blp.response(200, Written)
def change_receivable_due_day(data: dict[str, Any], receivable_id: str) -> Any:
    """Give it another due day: late charges, reminders and the bank follow; the first one is kept. With `late_charges` it is
    a second copy («segunda via»): fine and interest until today are owed with it, and a boleto can be made again."""
    return of_receivable("change_receivable_due_day", data, receivable_id)


@blp.route("/receivables/<string:receivable_id>/write-off", methods=["POST"])
@blp.arguments(shapes.Reason)
@blp.response(200, Written)
def write_off_receivable(data: dict[str, Any], receivable_id: str) -> Any:
    """Give it up as lost."""
    return of_receivable("write_off_receivable", data, receivable_id)


@blp.route("/receivables/<string:receivable_id>/accrue-late-charges", methods=["POST"])
@blp.arguments(shapes.OnDay)
@blp.response(200, Written)
def accrue_late_charges(data: dict[str, Any], receivable_id: str) -> Any:
    """Add fine and interest until a day to what is owed."""
    return of_receivable("accrue_late_charges", data, receivable_id)


@blp.route("/receivables/<string:receivable_id>/cancel", methods=["POST"])
@blp.arguments(shapes.Cancellation)
@blp.response(200, Written)
def cancel_receivable(data: dict[str, Any], receivable_id: str) -> Any:
    """It was issued by mistake, and nothing was paid or credited of it. Its charges go back to the agenda, also held,
    or are dropped."""
    return of_receivable("cancel_receivable", data, receivable_id)


@blp.route("/receivables/<string:receivable_id>/nfse", methods=["POST"])
@blp.arguments(shapes.Nfse)
@blp.response(200, Written)
def note_nfse(data: dict[str, Any], receivable_id: str) -> Any:
    """Note the number of its electronic invoice (NFS-e), and where it can be seen."""
    return of_receivable("note_nfse", data, receivable_id)


@blp.route("/receivables/<string:receivable_id>/pix", methods=["GET"])
@blp.arguments(shapes.PixQuery, location="query")
@blp.response(200, Document)
def get_pix(args: dict[str, Any], receivable_id: str) -> Any:
    """The Pix code («copia e cola») of what it takes to pay it on a day, that day's late charges included."""
    scope.of("receivable", receivable_id, lambda: ask("billing", "receivable", receivable_id=receivable_id))
    return ask("billing", "pix", receivable_id=receivable_id, on=args.get("on"))
