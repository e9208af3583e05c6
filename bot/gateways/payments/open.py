"""From the setting PAYMENTS_URL to the provider behind it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from bot.clock import Clock, now
from bot.gateways.address import Address, parsed
from bot.gateways.payments.sandbox import Sandbox
from bot.services.payment_port import PaymentProvider
from storage.base import Storage

NAME = "PAYMENTS_URL"
#: The schemes of RaiAccept, and over which its two servers are reached.
_OVER = {"raiaccept": "https", "raiaccept+http": "http"}
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)


def open_payments(
    url: str, storage: Storage, sandbox_page: str, password: str = "", *, clock: Clock = now
) -> PaymentProvider:
    """`sandbox:` (no bank, its page is `sandbox_page`), or RaiAccept's two servers in one address.

    raiaccept://USER:PASSWORD@trapi.raiaccept.com?auth=auth.raiaccept.com&email=payments@example.com: without
    `auth` the same server logs in; `password` may stand apart; `raiaccept+http://` is for this machine
    alone.  Raises ValueError for any other URL, without repeating it.
    """
    if url == "sandbox:":
        return Sandbox(storage, sandbox_page, clock=clock)
    address = parsed(url, NAME)
    if address.scheme not in _OVER:
        raise ValueError(f"{NAME} must be sandbox: or raiaccept://USER:PASSWORD@HOST?auth=HOST")
    told = _told(url)
    auth = parsed(f"{address.scheme}://{told.get('auth') or urlsplit(address.url).netloc}", f"{NAME}'s auth")
    password = address.password or password
    _check(address, auth, password, told.get("email", ""))
    from bot.gateways.payments.raiaccept import RaiAccept
    from bot.gateways.payments.raiaccept_http import RaiAcceptHttp

    return RaiAccept(
        RaiAcceptHttp(_base(address), _base(auth), address.user, password), told.get("email", "")
    )


def _told(url: str) -> dict[str, str]:
    """What stands behind the address."""
    try:
        pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True, strict_parsing="?" in url)
    except ValueError:
        pairs = [("", "")]
    told = dict(pairs)
    if len(told) != len(pairs) or not told.keys() <= {"auth", "email"}:
        raise ValueError(
            f"{NAME} may say auth=HOST and email=MAILBOX behind its host, each once, and no more"
        )
    return told


def _check(api: Address, auth: Address, password: str, email: str) -> None:
    if auth.user or auth.password or "?" in auth.url:
        raise ValueError(f"{NAME}'s auth is a host, perhaps with a port and a path")
    if not api.user or not password:
        raise ValueError(f"{NAME} needs a user, and a password there or in PAYMENTS_PASSWORD")
    if _OVER[api.scheme] == "http" and not (api.is_loopback and auth.is_loopback):
        raise ValueError(f"{NAME} may be raiaccept+http:// on this machine alone")
    if email and not _EMAIL.fullmatch(email):
        raise ValueError(f"{NAME}'s email is no mailbox")


def _base(address: Address) -> str:
    parts = urlsplit(address.url)
    return f"{_OVER[address.scheme]}://{parts.netloc}{parts.path}".rstrip("/")
