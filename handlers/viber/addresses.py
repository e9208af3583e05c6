"""Addresses between Viber and us: of the bot, of our pages, and those that pressed buttons say."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

#: Begin the addresses that open a chat of ours with a word of its own.
_INVITATIONS = ("https://t.me/", "viber://pa?")
#: Pages of ours, wherever we were found when their buttons were sent.
_FORMER = re.compile(r"https?://[^/\s]+/(?:form|file|pay)/[0-9a-f]{64}(?:\.png)?", re.ASCII)
_HERE = ("127.0.0.1", "localhost", "::1")


def fits(url: str) -> bool:
    """Whether Viber can call or fetch there: https, and on this machine alone http, for trying out."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)


def deep_link(uri: str) -> str:
    """The address that opens the chat, on a phone with Viber."""
    return f"viber://pa?chatURI={uri}"


def invitation(uri: str) -> str:
    """The same, up to the word that it brings along."""
    return f"{deep_link(uri)}&context=" if uri else ""


def is_former(text: str) -> bool:
    """Whether a button of ours may have said it before our public address was another one."""
    return _FORMER.fullmatch(text) is not None


class Offered:
    """Knows the addresses that buttons of ours open: our own pages, and `named` ones of others."""

    def __init__(self, public_url: str, named: frozenset[str] = frozenset()) -> None:
        self._ours, self._named = f"{public_url.rstrip('/')}/", named

    def __call__(self, text: str) -> bool:
        return (text.startswith((self._ours, *_INVITATIONS)) and " " not in text) or text in self._named
