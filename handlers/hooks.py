"""What `ekesco webhook` asks of a channel that is called by its messenger."""

from __future__ import annotations

from typing import Protocol


class HookError(Exception):
    """The messenger refused or could not be reached; says why in one sentence, without a secret."""


class Hook(Protocol):
    """Every method returns what to print, and raises `HookError` or ValueError."""

    async def set(self) -> str: ...

    async def delete(self) -> str: ...

    async def info(self) -> str: ...
