"""`python -m benchmarks`: every figure is the median of several runs, each in a process of its own."""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.figures import Figures, measure, summary
from benchmarks.machine import described

#: Module and function; imported in the process that runs it, because memory and imports are measured too.
BENCHMARKS = {
    "turns": "benchmarks.turns:committed",
    "rendered": "benchmarks.turns:silent",
    "delivered": "benchmarks.turns:delivered",
    "peer": "benchmarks.peer:conversation_handler",
    "commits": "benchmarks.commits:durable",
    "memory": "benchmarks.memory:conversations_kept",
    "startup": "benchmarks.startup:start",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--only", choices=sorted(BENCHMARKS), action="append", default=[])
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    print("\n".join(described()))
    for name in asked.only or BENCHMARKS:
        print(f"{name} (median of {asked.runs}, least to most)", flush=True)
        print("\n".join(summary([measured(name) for _ in range(asked.runs)])), flush=True)


def measured(name: str) -> Figures:
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawning) as pool, tempfile.TemporaryDirectory() as folder:
        return pool.submit(measure, BENCHMARKS[name], Path(folder)).result()


if __name__ == "__main__":
    main()
