"""The table of a run, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.measure import Figure, Spread


def table(figures: Sequence[Figure], machine: dict[str, Any]) -> str:
    lines = [
        "| what | ours: median (min … max) | against | theirs: median (min … max) | ratio (min … max) | aim | |",
        "|---|---|---|---|---|---|---|",
    ]
    for figure in figures:
        ratio = "" if figure.ratio is None else _spread(figure.ratio, "")
        theirs = "" if figure.theirs is None else _spread(figure.theirs, "")
        aim = "" if figure.aim is None else figure.aim.text
        mark = {True: "reached", False: "**missed**", None: ""}[figure.reached]
        ours = _spread(figure.ours, f" {figure.unit}")
        lines.append(f"| {figure.name} | {ours} | {figure.against} | {theirs} | {ratio} | {aim} | {mark} |")
    notes = [f"* {figure.name}: {figure.note}" for figure in figures if figure.note]
    return "\n".join([*lines, "", *notes, *([""] if notes else []), describe(machine)])


def describe(machine: dict[str, Any]) -> str:
    parts = [
        f"{machine['cores']} cores ({machine['processor']}), {machine['memory_gib']} GiB of memory, {machine['system']}",
        machine["python"],
        *(f"PostgreSQL {machine['postgresql']} (durable: fsync on; a small write reaches the disk in {machine['fsync_ms']} ms)"
          for _ in range("postgresql" in machine)),
        *(f"RabbitMQ {machine['rabbitmq']}" for _ in range("rabbitmq" in machine)),
        ", ".join(f"{name} {number}" for name, number in machine["packages"].items()),
        f"load average {machine['load_average']:.1f} at the end, {machine['at']}",
    ]  # fmt: skip
    return "; ".join(parts) + "."


def _spread(spread: Spread, unit: str) -> str:
    if spread.min == spread.max:
        return f"{_number(spread.median)}{unit}"
    return f"{_number(spread.median)}{unit} ({_number(spread.min)} … {_number(spread.max)})"


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
