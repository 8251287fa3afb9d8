"""What a subscriber counts, for Prometheus or whatever looks."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(slots=True)
class Metrics:
    """Counted since the start. ``behind``: events between the checkpoints and the heads when they were compared last."""

    events: int = 0
    duplicates: int = 0
    gaps: int = 0  # times that something was missing or did not fit, and the feed was asked
    fetched: int = 0  # events that came from the feed
    failures: int = 0  # times that the sink raised
    unreadable: int = 0
    reconnections: int = 0
    behind: int = 0

    def text(self, **labels: str) -> str:
        """In Prometheus' text format."""
        told = ",".join(f'{name}="{value}"' for name, value in labels.items())
        lines = []
        for field in fields(self):
            kind, suffix = ("gauge", "") if field.name == "behind" else ("counter", "_total")
            name = f"vigencia_subscriber_{field.name}{suffix}"
            lines += [f"# TYPE {name} {kind}", f"{name}{{{told}}} {getattr(self, field.name)}"]
        return "\n".join(lines) + "\n"
