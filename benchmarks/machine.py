"""On what it was measured."""

from __future__ import annotations

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("aiogram", "python-telegram-bot", "aiohttp", "uvloop", "pydantic", "sqlalchemy")


def described() -> list[str]:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return [
        f"{_model()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}, {platform.platform()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {libraries}",
    ]


def resident() -> int:
    """Bytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _model() -> str:
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text().splitlines() if cpus.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor()
