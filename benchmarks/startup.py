"""How long until the program answers, and what of it is importing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.figures import Figures
from tests.fakes.telegram import TOKEN

IMPORTS = ("bot.app", "handlers.telegram.run")


def start(folder: Path) -> Figures:
    return {
        "seconds until /healthz answers, an empty database": _until_healthy(folder, ""),
        "seconds until /healthz answers, the second time": _until_healthy(folder, ""),
        "seconds until /healthz answers, with Telegram": _until_healthy(folder, TOKEN),
        **{f"seconds to import {name}": _import(name) for name in IMPORTS},
    }


def _until_healthy(folder: Path, token: str) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "DATABASE_URL": f"sqlite:///{folder}/bench.db",
        "SECRET_KEY": "a-key",
        "PORT": str(port),
        "TELEGRAM_TOKEN": token,
        "TELEGRAM_API": "http://127.0.0.1:9",  # where nobody listens
    }
    environment = os.environ | {f"EKESCO_{name}": value for name, value in settings.items()}
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "demo"], env=environment, stderr=subprocess.DEVNULL
    ) as program:
        while not _healthy(port):
            assert program.poll() is None, "the program has ended"
            time.sleep(0.01)
        took = time.perf_counter() - began
        program.kill()
    return took


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def _import(name: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {name}"], check=True)
    return time.perf_counter() - began
