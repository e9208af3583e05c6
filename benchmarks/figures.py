"""Figures, and how several runs of them are shown: the median, and between what it lay."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from statistics import median, quantiles

#: What a benchmark measured in one run: a name with its unit, and the value.
Figures = Mapping[str, float]


def summary(runs: Sequence[Figures]) -> list[str]:
    """One line a figure."""
    return [_line(name, [run[name] for run in runs]) for name in runs[0]]


def _line(name: str, values: Sequence[float]) -> str:
    spread = f"   ({_short(min(values))} to {_short(max(values))})" if len(values) > 1 else ""
    return f"  {name:<58}{_short(median(values)):>10}{spread}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}" if value >= 10 else f"{value:,.2f}"


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """p50 and p99 in milliseconds."""
    cuts = quantiles(seconds, n=100)
    return cuts[49] * 1000, cuts[98] * 1000


def measure(target: str, folder: Path) -> Figures:
    """One run of `module:function`, with an empty folder to work in."""
    module, _colon, function = target.partition(":")
    run: Callable[[Path], Figures] = getattr(import_module(module), function)
    return run(folder)
