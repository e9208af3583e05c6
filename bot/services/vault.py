"""What the secret key is good for in the services: names, codes and fingerprints that follow from it."""

from __future__ import annotations

import hashlib
import hmac


class Vault:
    """`keys` are today's secret key and, while it is being changed, the one before it."""

    def __init__(self, *keys: str) -> None:
        self._keys = tuple(key.encode() for key in keys)

    def derived(self, *parts: str) -> str:
        """256 bits in hex that follow from `parts` and today's key, and from nothing else."""
        return _derived(self._keys[0], parts)

    def all_derived(self, *parts: str) -> tuple[str, ...]:
        """The same under each key: what was made before the key changed still counts."""
        return tuple(_derived(key, parts) for key in self._keys)

    def code(self, challenge_id: str) -> str:
        """The one-time code of a challenge: six digits, under today's key."""
        return code_of(self.derived("code", challenge_id))

    def codes(self, challenge_id: str) -> tuple[str, ...]:
        """What the code of a challenge may be, under each key, today's first."""
        return tuple(map(code_of, self.all_derived("code", challenge_id)))


def code_of(derived: str) -> str:
    """Six digits from 64 of the derived bits; no code is likelier than another by more than 1 in 10¹³."""
    return f"{int(derived[:16], 16) % 1_000_000:06}"


def _derived(key: bytes, parts: tuple[str, ...]) -> str:
    # The lengths keep ("ab", "c") and ("a", "bc") apart.
    message = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (part.encode() for part in parts))
    return hmac.new(key, b"vault\0" + message, hashlib.sha256).hexdigest()
