"""The program as an operator runs it, in a process that can be killed.

Its libraries take seconds to import, so processes are forked from one that has imported them and no more.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

IMPORTED = [
    "bot.app",
    "bot.cli",
    "bot.settings",
    "handlers.telegram.run",
    "handlers.telegram.words",
    "handlers.viber.run",
    "handlers.viber.words",
    "uvloop",
]


class Program:
    """`ekesco run` on one database, its log in `folder`, again and again on the same port.

    `settings` are the messenger's, who is told the program's address.
    """

    def __init__(self, folder: Path, url: str, settings: Callable[[str], Mapping[str, str]]) -> None:
        self.log = folder / "ekesco.log"
        self._port = _free_port()
        self.at = f"http://127.0.0.1:{self._port}"
        self._settings = {
            "DATABASE_URL": url,
            "SECRET_KEY": "a-key-that-seals-what-waits-in-the-inbox",
            "PORT": str(self._port),
            **settings(self.at),
        }
        self._nursery = multiprocessing.get_context("forkserver")
        # Every process also imports what this one was started as, `python -m pytest` for one.
        main = sys.modules["__main__"].__spec__
        self._nursery.set_forkserver_preload([*IMPORTED, *([main.name] if main else [])])

    async def start(self) -> None:
        settings = {f"EKESCO_{name}": value for name, value in self._settings.items()}
        self._process = self._nursery.Process(target=_run, args=(settings, self.log), daemon=True)
        await asyncio.to_thread(self._process.start)

    async def kill(self) -> None:
        """At once, wherever it is."""
        self._process.kill()
        await asyncio.to_thread(self._process.join)

    async def stop(self, seconds: float) -> int | None:
        """Ask it to stop, as a service manager does; its exit code, None when it did not within `seconds`."""
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGTERM)
        await asyncio.to_thread(self._process.join, seconds)
        return self._process.exitcode

    def running(self) -> bool:
        return self._process.exitcode is None

    def listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
        except OSError:
            return False
        return True


def _run(settings: dict[str, str], log: Path) -> None:
    with log.open("ab") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())
    os.environ.update(settings)
    sys.argv = ["ekesco", "run"]
    from bot.cli import main

    main()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
