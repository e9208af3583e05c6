"""From the setting REGISTRY_URL to the register behind it."""

from __future__ import annotations

from typing import Protocol

from bot.gateways.address import parsed
from bot.gateways.registry.local import LocalRegistry
from bot.services.ports import Registry
from storage.base import Storage


class OpenRegistry(Registry, Protocol):
    """A register that may hold connections open."""

    async def close(self) -> None: ...


def open_registry(url: str, storage: Storage, token: str = "") -> OpenRegistry:
    """`local:` (tables filled by `import`), or the address of the utility's server.

    The server's token may stand in the address (https://TOKEN@host/path) or be `token`; plain http is for
    this machine alone.  Raises ValueError for any other URL, without repeating it.
    """
    if url == "local:":
        return LocalRegistry(storage)
    address = parsed(url, "REGISTRY_URL")
    if address.scheme != "https" and not (address.scheme == "http" and address.is_loopback):
        raise ValueError("REGISTRY_URL must be local: or https://… (http:// on this machine alone)")
    if "?" in address.url:
        raise ValueError("REGISTRY_URL may have a path, and nothing behind it")
    from bot.gateways.registry.http import HttpRegistry

    return HttpRegistry(address.url, address.user or token)
