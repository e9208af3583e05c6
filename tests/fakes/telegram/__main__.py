"""`python -m tests.fakes.telegram --port N`: the fake as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import contextlib

from tests.fakes.telegram.server import TOKEN, FakeTelegram


async def serve(port: int, token: str, lean: bool) -> None:
    async with FakeTelegram(token, lean, port) as fake:
        print(fake.url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.telegram")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--lean", action="store_true", help="skip the libraries' checks, for load")
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments.port, arguments.token, arguments.lean))


if __name__ == "__main__":
    main()
