"""`python -m tests.fakes.viber --port N`: the fake as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import contextlib

from tests.fakes.viber.server import TOKEN, FakeViber

TICK = 0.1


async def serve(port: int, token: str, standing: bool) -> None:
    async with FakeViber(token, port) as fake:
        print(fake.url, flush=True)
        while not standing:
            await asyncio.sleep(TICK)
            await fake.advance(TICK, settle=False)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.viber")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--standing", action="store_true", help="let time pass only by /control/advance")
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments.port, arguments.token, arguments.standing))


if __name__ == "__main__":
    main()
