"""A gateway's URL in its parts.  What goes wrong with it is said without its secrets."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit, urlunsplit

from bot.gateways.carrier import BadGateway


@dataclass(frozen=True, slots=True)
class Address:
    """`url` is without user and password; `port` is None when the URL names none."""

    scheme: str
    url: str
    host: str
    port: int | None
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine, to which nobody listens on the way."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


def parsed(url: str, name: str) -> Address:
    """The URL of the setting `name`.  Raises `BadGateway`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadGateway(f"{name} is not a URL") from None
    if not host:
        raise BadGateway(f"{name} names no host")
    place = f"[{host}]" if ":" in host else host
    place += f":{port}" if port is not None else ""
    return Address(
        scheme=parts.scheme,
        url=urlunsplit((parts.scheme, place, parts.path or "/", parts.query, "")),
        host=host,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
