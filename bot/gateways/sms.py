"""The way of SMS, by its URL: `console:`, `file:PATH` or the `https://…` of a JSON gateway."""

from __future__ import annotations

from pathlib import Path

from bot.gateways.address import Address, parsed
from bot.gateways.carrier import BadGateway, Carrier
from bot.gateways.console import Console
from bot.gateways.file import File
from bot.gateways.http_json import HttpJson


def open_sms(url: str, sender: str, token: str = "", *, shows: bool = True) -> Carrier:
    """`sender` is what phones show; `token` may stand in the URL's user part instead.

    `shows`: `console:` prints the words.  Raises `BadGateway`.
    """
    if len(sender) > 11 or not sender.isascii() or not sender:
        raise BadGateway("EKESCO_SMS_SENDER must be 1 to 11 letters or digits")
    return local(url, "EKESCO_SMS_URL", shows=shows) or http(url, "EKESCO_SMS_URL", sender, token)


def local(url: str, name: str, *, shows: bool) -> Carrier | None:
    """What needs no network; None for another URL."""
    if url == "console:":
        return Console(shows=shows)
    scheme, _, path = url.partition(":")
    if scheme != "file":
        return None
    # Both file:var/sms.jsonl and file:///var/sms.jsonl.
    path = path.removeprefix("//")
    if not path:
        raise BadGateway(f"{name} names no file")
    return File(Path(path))


def http(url: str, name: str, sender: str, token: str) -> Carrier:
    address = parsed(url, name)
    _expect_https(address, name)
    return HttpJson(address.url, sender, token or address.password or address.user)


def _expect_https(address: Address, name: str) -> None:
    if address.scheme not in ("http", "https"):
        raise BadGateway(f"{name}: there is no gateway for {address.scheme}:")
    if address.scheme == "http" and not address.is_loopback:
        raise BadGateway(f"{name}: codes leave the house by https alone")
