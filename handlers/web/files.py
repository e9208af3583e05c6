"""Names of pictures that nobody can guess: the message's id and an expiry, signed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct

_FORM = struct.Struct(">QI")
_SIGNATURE = 20
_DAY = 24 * 3600


class FileNames:
    """Makes and reads the `{token}` of `/file/{token}`."""

    def __init__(self, secret_key: bytes) -> None:
        self._key = secret_key

    def name(self, message: int, now: float) -> str:
        """A token good for one to two days; the same all day, so that a browser can keep the picture."""
        expires = (int(now) // _DAY + 2) * _DAY
        packed = _FORM.pack(message, expires)
        return base64.urlsafe_b64encode(packed + self._sign(packed)).decode()

    def message(self, token: str, now: float) -> int | None:
        """The message whose picture is meant, or None when the token is forged or too old."""
        try:
            raw = base64.urlsafe_b64decode(token.encode())
        except (binascii.Error, ValueError):
            return None
        packed, signature = raw[: _FORM.size], raw[_FORM.size :]
        if len(packed) < _FORM.size or not hmac.compare_digest(signature, self._sign(packed)):
            return None
        message, expires = _FORM.unpack(packed)
        return int(message) if now < expires else None

    def _sign(self, packed: bytes) -> bytes:
        return hmac.new(self._key, b"file:" + packed, hashlib.sha256).digest()[:_SIGNATURE]
