"""`python -m tests.kill --kills 1000 --mode polling`; `--stops 100` asks politely instead."""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
import tempfile
from pathlib import Path

from tests.kill.trial import MODES, Result, Trial


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.kill")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--stops", type=int, default=0)
    parser.add_argument("--mode", choices=MODES, default="polling")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    # Requests that are cut off by a kill are what this is about.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder), asked.mode, asked.seed)
        wanted = trial.stops(asked.stops, _report) if asked.stops else trial.kills(asked.kills or 50, _report)
        result = asyncio.run(wanted)
    print(f"{asked.mode}: {result}")
    print("\n".join(result.faults[:50]))
    sys.exit(bool(result.faults))


def _report(result: Result) -> None:
    if result.ends % 50 == 0 or result.faults:
        print(f"{result.ends} ends, {len(result.faults)} faults", flush=True)


if __name__ == "__main__":
    main()
