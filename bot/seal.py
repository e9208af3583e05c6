"""Seals what waits in the inbox or behind a link, so that a copy of the database shows nobody's words."""

from __future__ import annotations

import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class Broken(Exception):
    """Sealed under another key, or damaged."""


class Seal:
    """AES-256-GCM under a key derived from each of `secrets`: the first seals, all of them open.

    So a secret can be changed while updates sealed under the old one still wait.
    """

    def __init__(self, *secrets: str) -> None:
        self._ciphers = [AESGCM(sha256(b"inbox\0" + secret.encode()).digest()) for secret in secrets]

    def close(self, body: bytes, about: str) -> bytes:
        """`body` sealed together with what it is about, which must be the same to open it."""
        nonce = os.urandom(_NONCE)
        return nonce + self._ciphers[0].encrypt(nonce, body, about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """Raises `Broken`."""
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
            except InvalidTag:
                continue
        raise Broken(about)
