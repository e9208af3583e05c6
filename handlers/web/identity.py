"""Who writes: a visitor is known by one random cookie, and a post is theirs when their own page made it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser, by its 256-bit token; only the hash of it ever leaves this module."""

    token: str

    @classmethod
    def new(cls) -> Visitor:
        return cls(secrets.token_urlsafe(32))

    @property
    def chat(self) -> str:
        return "web:" + hashlib.sha256(self.token.encode()).hexdigest()[:32]


class Doorkeeper:
    """Gives and reads the cookie, and tells posts of our own page from forged ones.

    `public_url` decides whether cookies are for https alone; without it the page is plain http.
    """

    def __init__(self, secret_key: bytes, public_url: str = "") -> None:
        self._key = secret_key
        self._public = urlsplit(public_url).netloc
        self.secure = public_url.startswith("https://")
        self.cookie = "__Host-chat" if self.secure else "chat"

    def visitor(self, request: web.Request) -> Visitor | None:
        token = request.cookies.get(self.cookie, "")
        return Visitor(token) if _TOKEN.fullmatch(token) else None

    def welcome(self, response: web.StreamResponse, visitor: Visitor) -> None:
        """Give the visitor their cookie, or make it last another year."""
        response.set_cookie(
            self.cookie,
            visitor.token,
            max_age=_A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=self.secure,
            path="/",
        )

    def csrf(self, visitor: Visitor) -> str:
        return hmac.new(self._key, b"csrf:" + visitor.token.encode(), hashlib.sha256).hexdigest()

    def made_by(self, visitor: Visitor, csrf: str) -> bool:
        return hmac.compare_digest(self.csrf(visitor).encode(), csrf.encode("utf-8", "surrogateescape"))

    def same_origin(self, request: web.Request) -> bool:
        """Whether the browser says that our own page sent this.

        A form of a page without referrer sends the origin `null`; then Sec-Fetch-Site speaks.
        """
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return False
        origin = request.headers.get("Origin", "null")
        return origin == "null" or urlsplit(origin).netloc in {request.host, self._public} - {""}
