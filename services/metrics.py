"""Prometheus metrics that every service has. Labels are few and bounded: never an id."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SUBSCRIPTION = ("service", "subscription", "source", "partition")  # each partition has a reader and a place of its own

COMMANDS = Counter("vigencia_commands_total", "Commands by outcome", ["service", "command", "outcome"])
APPEND = Histogram("vigencia_append_seconds", "A command from load to commit", ["service"], buckets=_FAST)
EVENTS = Counter("vigencia_events_appended_total", "Events appended", ["service"])
RPC = Histogram("vigencia_rpc_seconds", "RPC served, by method", ["service", "method"], buckets=_FAST)
RPC_ERRORS = Counter("vigencia_rpc_errors_total", "RPC errors served, by kind", ["service", "method", "kind"])
RELAY_PUBLISHED = Counter("vigencia_relay_published_total", "Events confirmed by the broker", ["service"])
RELAY_LAG_EVENTS = Gauge("vigencia_relay_lag_events", "Events not yet confirmed by the broker", ["service"])
RELAY_LAG_SECONDS = Gauge("vigencia_relay_lag_seconds", "Age of the oldest event not yet confirmed", ["service"])
APPLIED = Counter("vigencia_subscription_events_total", "Events applied", ["service", "subscription"])
LAG_EVENTS = Gauge("vigencia_subscription_lag_events", "Events behind the source's heads", _SUBSCRIPTION)
LAG_SECONDS = Gauge(
    "vigencia_subscription_lag_seconds",
    "Age of the last applied event while behind",
    _SUBSCRIPTION,
)
SUBSCRIPTION_UP = Gauge("vigencia_subscription_running", "1 running, 0 stopped or diverged", _SUBSCRIPTION)
PARKED = Gauge("vigencia_parked_events", "Parked events", ["service", "subscription"])
GAPS = Counter("vigencia_subscription_gaps_total", "Gaps filled from the feed", ["service", "subscription"])
REFUSALS = Counter(
    "vigencia_policy_refusals_total", "Policies' commands that a rule refused", ["service", "policy", "code"]
)
DUE_DONE = Counter("vigencia_due_done_total", "Due commands run", ["service", "outcome"])
DUE_LAG = Gauge("vigencia_due_lag_seconds", "Age of the oldest due command not yet run", ["service"])
