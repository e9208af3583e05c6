"""What the one-time pages carry with them, signed: the proof that our own page posts, and a receipt.

Nothing in a receipt is a secret or names a customer: it says which words to show when all is done.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
from dataclasses import astuple, dataclass

_NONCE = re.compile(r"[A-Za-z0-9_-]{22}")
_RECEIPT = re.compile(r"[A-Za-z0-9_-]+\.[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """A page that was taken: in which language, for which channel, and the message id of what is said."""

    language: str
    channel: str
    said: str


class Tickets:
    """Makes and reads them under the secret key."""

    def __init__(self, secret_key: bytes) -> None:
        self._key = secret_key

    def nonce(self, cookie: str) -> str:
        """The browser's own random value: the one it has, or a new one."""
        return cookie if _NONCE.fullmatch(cookie) else secrets.token_urlsafe(16)

    def csrf(self, token: str, nonce: str) -> str:
        """A token for the page of one form in one browser."""
        return f"{nonce}.{self._sign(b'form', token.encode() + b'.' + nonce.encode())}"

    def nonce_of(self, token: str, csrf: str) -> str | None:
        """The nonce that `csrf` was made with; None when it was not made here for this form."""
        nonce = csrf.partition(".")[0]
        return nonce if _NONCE.fullmatch(nonce) and _same(csrf, self.csrf(token, nonce)) else None

    def receipt(self, receipt: Receipt) -> str:
        body = base64.urlsafe_b64encode(json.dumps(astuple(receipt)).encode()).decode().rstrip("=")
        return f"{body}.{self._sign(b'receipt', body.encode())}"

    def read(self, signed: str) -> Receipt | None:
        """The receipt, or None when it was not written here."""
        body, _, signature = signed.partition(".")
        if not _RECEIPT.fullmatch(signed) or not _same(signature, self._sign(b"receipt", body.encode())):
            return None
        try:
            return Receipt(*json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
        except (binascii.Error, ValueError, TypeError):  # written by another version of the program
            return None

    def _sign(self, purpose: bytes, what: bytes) -> str:
        return hmac.new(self._key, purpose + b"\0" + what, hashlib.sha256).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogateescape"), other.encode())
