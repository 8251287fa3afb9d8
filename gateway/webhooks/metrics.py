"""Metrics of webhooks. Labels are few: never an endpoint's id."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

ATTEMPTS = Counter("vigencia_webhook_attempts_total", "Deliveries tried, by outcome", ["outcome"])
SECONDS = Histogram(
    "vigencia_webhook_seconds",
    "A delivery, from connecting to the answer",
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 15, 30),
)
ENDPOINTS = Gauge("vigencia_webhook_endpoints", "Endpoints by state: active, failing, paused", ["state"])
WAITING = Gauge("vigencia_webhook_waiting_streams", "Streams whose next event is tried again later")
STUCK = Gauge("vigencia_webhook_stuck_streams", "Streams that wait for a person's decision")
LAG = Gauge("vigencia_webhook_lag_events", "Offsets that active endpoints have before them, of all feeds")
