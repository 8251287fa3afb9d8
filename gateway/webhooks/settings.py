"""Settings of webhooks: ``VIGENCIA_WEBHOOK_…``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network

from environs import Env

from gateway.webhooks.domain.addresses import Network


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """``allowed``: networks besides the public ones (``VIGENCIA_WEBHOOK_ALLOW_NETWORKS``, separated by commas).
    ``http``: whether an endpoint may be without TLS. ``timeout``: seconds for one delivery, all in all. ``parallel``:
    streams delivered at a time to one endpoint. ``give_up``: how long is tried what fails. ``log``: how long it is kept."""

    allowed: tuple[Network, ...] = ()
    http: bool = False
    timeout: float = 15.0
    parallel: int = 8
    give_up: timedelta = timedelta(days=5)
    log: timedelta = timedelta(days=30)


def webhook_settings() -> WebhookSettings:
    """Raises ``ValueError`` for a network that is none."""
    env = Env()
    with env.prefixed("VIGENCIA_WEBHOOK_"):
        networks: list[str] = env.list("ALLOW_NETWORKS", [])
        return WebhookSettings(
            allowed=tuple(ip_network(each.strip()) for each in networks if each.strip()),
            http=env.bool("ALLOW_HTTP", False),
            timeout=env.float("TIMEOUT_SECONDS", 15.0),
            parallel=env.int("PARALLEL", 8),
            give_up=timedelta(days=env.float("GIVE_UP_DAYS", 5.0)),
            log=timedelta(days=env.float("LOG_DAYS", 30.0)),
        )
