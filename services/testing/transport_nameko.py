"""The echo service as nameko services ``echo`` and ``echo-feed``, with the smallest application that the rim can host.

python -m services.nameko_ext.run services.testing.transport_nameko
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.nameko_ext.service import nameko_service
from services.testing.transport_service import NAME, handlers
from services.transport.port import Handler


class EchoApp:
    def start(self) -> None: ...

    def stop(self) -> None: ...

    def handlers(self) -> Mapping[str, Handler]:
        return handlers()

    def health(self) -> Mapping[str, Any]:
        return {"reasons": []}


@dataclass(frozen=True)
class EchoComponent:
    name: str = NAME


EchoService, EchoFeedService = nameko_service(EchoComponent(), build=lambda _component, _transport: EchoApp())
