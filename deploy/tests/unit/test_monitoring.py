"""Alerts and the Grafana dashboard name only metrics, and labels, that the processes really expose."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

from gateway.webhooks import metrics as of_webhooks
from services import metrics as of_services

DEPLOY = Path(__file__).parents[2]
ALERTS = DEPLOY / "prometheus" / "alerts.yml"
DASHBOARD = DEPLOY / "grafana" / "vigencia.json"
_METRIC = re.compile(r"\bvigencia_\w+")
EXPOSED_BY = (of_services, of_webhooks)
"""Loading them registers what they expose."""
_BY = re.compile(r"\bby \(([^)]*)\)")


def exposed() -> set[str]:
    """Names of samples: a counter's end in _total, a histogram has buckets, a sum and a count."""
    names: set[str] = set()
    for metric in REGISTRY.collect():
        match metric.type:
            case "counter":
                names.add(f"{metric.name}_total")
            case "histogram":
                names |= {f"{metric.name}_{part}" for part in ("bucket", "sum", "count")}
            case _:
                names.add(metric.name)
    return names


def labels() -> set[str]:
    collectors = list(REGISTRY._collector_to_names)
    return {label for one in collectors for label in getattr(one, "_labelnames", ())} | {"le", "instance", "job"}


def alert_expressions() -> Iterator[str]:
    for group in yaml.safe_load(ALERTS.read_text())["groups"]:
        yield from (rule["expr"] for rule in group["rules"])


def dashboard_expressions() -> Iterator[str]:
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))


@pytest.mark.parametrize("expressions", [alert_expressions, dashboard_expressions])
def test_what_is_watched_is_exposed(expressions: object) -> None:
    asked = list(expressions())  # type: ignore[operator]
    assert asked
    for expression in asked:
        assert set(_METRIC.findall(expression)) <= exposed(), expression
        for group in _BY.findall(expression):
            assert {label.strip() for label in group.split(",")} <= labels(), expression


def test_every_metric_that_tells_of_trouble_has_a_panel() -> None:
    shown = {name for expression in dashboard_expressions() for name in _METRIC.findall(expression)}
    watched = {name for expression in alert_expressions() for name in _METRIC.findall(expression)}
    assert watched <= shown


def test_panels_do_not_lie_over_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells
