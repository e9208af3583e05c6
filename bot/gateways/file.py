"""A file instead of a gateway, one JSON object a line: `to`, `text`, and of e-mails `subject`."""

from __future__ import annotations

import asyncio
import fcntl
import json
import logging
import os
from pathlib import Path

from bot.channel import Later
from bot.gateways.carrier import Parcel, masked

log = logging.getLogger(__name__)


class File:
    """Appends, for processes side by side: a line is on the disk as a whole, or not at all."""

    keyed = False

    def __init__(self, path: Path) -> None:
        self._path = path

    async def carry(self, parcel: Parcel) -> None:
        try:
            await asyncio.to_thread(self._append, _line(parcel))
        except OSError as error:
            raise Later(f"{self._path}: {error.strerror}") from error
        log.info("%s to %s: written", parcel.kind, masked(parcel.to))

    async def close(self) -> None:
        """Nothing stays open."""

    def _append(self, line: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Codes are in it: for its owner alone.
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            _write(file, line)
        finally:
            os.close(file)


def _write(file: int, line: bytes) -> None:
    """All of the line, or nothing: half a line would spoil the next one.  Raises `OSError`."""
    end = os.fstat(file).st_size
    try:
        while line:
            line = line[os.write(file, line) :]
        os.fsync(file)
    except OSError:
        os.ftruncate(file, end)
        raise


def _line(parcel: Parcel) -> bytes:
    told = {"to": parcel.to}
    if parcel.kind == "email":
        told["subject"] = parcel.subject
    told["text"] = parcel.text
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"
