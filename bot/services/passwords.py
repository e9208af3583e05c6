"""Passwords: how they are kept, and whether one is right.  None is stored, shown or logged.

Kept as argon2id over an HMAC under a key that is not in the database (a pepper), so that a copy of the
database alone is worth nothing to whoever guesses.  Hashes that come from the web site are plain argon2id or
bcrypt: they hold until their owner signs in, and are then made anew.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import re
import time
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import bcrypt
from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

log = logging.getLogger(__name__)

T = TypeVar("T")

#: OWASP's least for argon2id: 19 MiB, two rounds, one lane; some 40 ms on a small server.
_MEMORY_KIB, _ROUNDS, _LANES = 19456, 2, 1
#: Hashes at once: more would take the memory and the processors from everybody's turns.
_AT_ONCE = 2
#: Seconds that a comparison takes, as hashes from the web site need them: they are slower than ours, and
#: where a wrong password took longer, somebody would have an account.
EVEN_SECONDS = 0.3
#: Our own: the pepper's name in front of what argon2 writes.
_OURS = re.compile(r"pepper:([0-9a-f]{8})(\$argon2id\$.+)")
_BCRYPT = re.compile(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}")
#: What a hash from the web site may cost us at most: 256 MiB, ten rounds, eight lanes; 2¹⁴ rounds of bcrypt.
_MOST_MEMORY_KIB, _MOST_ROUNDS, _MOST_LANES, _MOST_COST = 262_144, 10, 8, 14
#: Compared with in vain where there is nothing to compare with.
_NOBODYS = f"$argon2id$v=19$m={_MEMORY_KIB},t={_ROUNDS},p={_LANES}$bm9ib2R5J3Mgc2FsdC4$" + "A" * 43


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a password is right, and whether it is to be hashed anew now that it is known."""

    ok: bool
    rehash: bool = False


class Passwords:
    """Hashes and compares, two at once at most and never on the event loop."""

    def __init__(self, *peppers: str, even_seconds: float = 0.0) -> None:
        """Keys that are not in the database, today's first: `vault.all_derived("password")`.

        A password that was last hashed under a key that is given up is lost: its owner needs a new one.
        No comparison is over before `even_seconds`: what it took tells nothing of what it was compared with.
        """
        self._peppers = {_name(pepper): pepper.encode() for pepper in peppers}
        self._today = _name(peppers[0])
        self._even_seconds = even_seconds
        self._argon2 = PasswordHasher(_ROUNDS, _MEMORY_KIB, _LANES, type=Type.ID)
        # Threads of our own, and not a semaphore: who stops waiting for a hash does not stop the hash.
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="passwords")

    async def hash(self, password: str) -> str:
        """What to keep of a password.  Its salt is random: of two walks of a turn only one is committed."""
        return await self._apart(lambda: self._hashed(password))

    async def verify(self, stored: str, password: str) -> Verdict:
        """Whether this is the password.  It is never that of something that is no hash we can read."""
        return await self._evenly(lambda: self._verdict(stored, password))

    async def waste(self, password: str) -> None:
        """Take as long as `verify`, for somebody who has no account."""
        await self._evenly(lambda: self._wasted(password))

    async def _evenly(self, compare: Callable[[], Verdict]) -> Verdict:
        verdict, took = await self._apart(lambda: _timed(compare))
        await asyncio.sleep(max(0.0, self._even_seconds - took))
        return verdict

    async def _apart(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _hashed(self, password: str) -> str:
        return f"pepper:{self._today}{self._argon2.hash(self._peppered(self._today, password))}"

    def _verdict(self, stored: str, password: str) -> Verdict:
        ours = _OURS.fullmatch(stored)
        if ours is None and importable(stored):
            ok = any(_is_imported(stored, spelled) for spelled in _as_typed(password))
            return Verdict(ok, rehash=ok)
        if ours is None or ours[1] not in self._peppers:
            log.error("a password cannot be compared: its hash is damaged, or its key was given up")
            return self._wasted(password)
        ok = _is_argon2(ours[2], self._peppered(ours[1], password))
        return Verdict(ok, rehash=ok and (ours[1] != self._today or self._argon2.check_needs_rehash(ours[2])))

    def _wasted(self, password: str) -> Verdict:
        _is_argon2(_NOBODYS, self._peppered(self._today, password))
        return Verdict(False)

    def _peppered(self, pepper: str, password: str) -> bytes:
        """Of one length, and without zero bytes, whatever the password is."""
        message = _bytes(unicodedata.normalize("NFKC", password))
        return hmac.new(self._peppers[pepper], message, hashlib.sha256).hexdigest().encode()


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    """What it returned, and how many seconds it worked; waiting for a thread is the same for everybody."""
    began = time.monotonic()
    return work(), time.monotonic() - began


def importable(stored: str) -> bool:
    """Whether this is a hash of the web site that we can compare with, at a price we want to pay."""
    if cost := _BCRYPT.fullmatch(stored):
        return 4 <= int(cost[1]) <= _MOST_COST
    try:
        made = extract_parameters(stored)
    except InvalidHashError:
        return False
    within = made.memory_cost <= _MOST_MEMORY_KIB and made.time_cost <= _MOST_ROUNDS
    return made.type is Type.ID and within and made.parallelism <= _MOST_LANES


def _is_imported(stored: str, password: str) -> bool:
    """As the web site compared: without a pepper, and with bcrypt's habits.

    bcrypt looks at 72 bytes, and every implementation in C at what stands before the first zero byte.  A
    longer password that is right is hashed anew in full.
    """
    if _BCRYPT.fullmatch(stored):
        return bcrypt.checkpw(_bytes(password).partition(b"\0")[0][:72], stored.encode())
    return _is_argon2(stored, _bytes(password))


def _is_argon2(stored: str, password: bytes) -> bool:
    try:
        return _COMPARES.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


#: Takes its parameters from the hash it compares with.
_COMPARES = PasswordHasher()


def _as_typed(password: str) -> tuple[str, ...]:
    """The spellings that a web site may have hashed: as it is, composed, and as we spell it ourselves."""
    forms = (password, *(unicodedata.normalize(form, password) for form in ("NFC", "NFKC")))
    return tuple(dict.fromkeys(forms))


def _bytes(text: str) -> bytes:
    # Half a pair of surrogates is no text, but it can be sent, and must not be an error of ours.
    return text.encode("utf-8", "surrogatepass")


def _name(pepper: str) -> str:
    """A name for a key that tells nothing of it."""
    return hashlib.sha256(b"name of a pepper\0" + pepper.encode()).hexdigest()[:8]
