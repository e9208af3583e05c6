"""The way of e-mails, by its URL: `console:`, `file:PATH`, `https://…`, `smtp://…` or `smtps://…`."""

from __future__ import annotations

from bot.gateways.address import parsed
from bot.gateways.carrier import Carrier
from bot.gateways.sms import http, local
from bot.gateways.smtp import Smtp, expect_mailbox

NAME = "EKESCO_EMAIL_URL"


def open_email(url: str, sender: str, password: str = "", *, shows: bool = True) -> Carrier:
    """`sender` like `KESCO <no-reply@example.com>`; `password` may stand in the URL's user part instead.

    `shows`: `console:` prints the words.  Raises `BadGateway`.
    """
    carrier = local(url, NAME, shows=shows)
    if carrier is not None:
        return carrier
    expect_mailbox(sender)
    if url.startswith(("smtp://", "smtps://")):
        return Smtp(parsed(url, NAME), sender, password)
    return http(url, NAME, sender, password)
