"""Billing runs: previewed, started, watched, resumed. They go on in the background, and outlive a crash."""

from __future__ import annotations

from typing import Any

from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, execute, new_id
from gateway.api.schemas import billing_runs as shapes
from gateway.api.schemas.common import Written

blp = Blueprint("billing runs", __name__, description="Billing runs, with their preview and their progress")


@blp.route("/billing/runs", methods=["POST"])
@blp.arguments(shapes.NewRun)
@blp.response(201, Written)
def start_billing_run(data: dict[str, Any]) -> Any:
    """Bill a month, or everything through a day, for all contracts or a selection. The answer's `id` is the run's.

    It goes on in the background; each contract is billed on its own. A contract that fails is named and tried again; what is
    billed already is not billed twice, so a second run issues nothing."""
    id_ = new_id("run")
    body, headers = execute("billing", "start_run", {**data, "run_id": id_}, made=id_)
    return body, 201, headers


@blp.route("/billing/runs", methods=["GET"])
@blp.arguments(shapes.RunsQuery, location="query")
@blp.response(200, shapes.Runs)
def list_billing_runs(args: dict[str, Any]) -> Any:
    """Runs, the latest first, each with its progress."""
    return ask("billing", "runs", **args)


@blp.route("/billing/runs/preview", methods=["POST"])
@blp.arguments(shapes.PreviewQuery)
@blp.response(200, shapes.Preview)
def preview_billing_run(data: dict[str, Any]) -> Any:
    """What a run would issue per contract, against the month before, with the differences explained; exceptions first.

    Nothing is written. What is held is listed with its reason."""
    return ask("billing", "run_preview", **data)


@blp.route("/billing/runs/<string:run_id>", methods=["GET"])
@blp.response(200, shapes.Run)
def get_billing_run(run_id: str) -> Any:
    """A run with its progress: contracts done and waiting, receivables, total, and who failed and why."""
    return ask("billing", "run", run_id=run_id)


@blp.route("/billing/runs/<string:run_id>/resume", methods=["POST"])
@blp.response(200, Written)
def resume_billing_run(run_id: str) -> Any:
    """Try again at once what failed. By itself it is tried again, too, later and later."""
    body, headers = execute("billing", "resume_run", {"run_id": run_id})
    return body, 200, headers
