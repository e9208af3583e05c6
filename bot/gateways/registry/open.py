"""From the setting REGISTRY_URL to the register behind it."""

from __future__ import annotations

from typing import Protocol

from bot.gateways.registry.local import LocalRegistry
from bot.services.ports import Registry
from storage.base import Storage


class OpenRegistry(Registry, Protocol):
    """A register that may hold connections open."""

    async def close(self) -> None: ...


def open_registry(url: str, storage: Storage, token: str = "") -> OpenRegistry:
    """`local:` (tables filled by `import`) or the address of the utility's server.

    Raises ValueError for any other URL.
    """
    if url == "local:":
        return LocalRegistry(storage)
    raise ValueError("REGISTRY_URL must be local: or https://…")
