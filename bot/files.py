"""Files behind an unguessable address: documents that a turn offers, and pictures that a messenger fetches.

The database keeps a hash of the address, and a body that nothing but the address opens.  No document is drawn
before somebody asks for it; the pictures are drawn already.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from bot.clock import Clock, millis, now
from bot.pages import file_token, hashed, seeded
from bot.seal import Broken, Seal
from bot.services.ports import Turn
from bot.services.vault import Vault
from dialogs.engine.letters import read_picture, write_picture
from dialogs.engine.lines import FILE, Line, Picture
from storage import files
from storage.base import Storage, Write

log = logging.getLogger(__name__)

#: How every such picture begins.
PNG = b"\x89PNG\r\n\x1a\n"
#: How long a document can be opened after it was offered.
KEPT_FOR = timedelta(days=30)
#: How long a picture can be fetched, from the first time that it is sent on a day.
HOSTED_FOR = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a document says, and the language that its chat speaks now."""

    picture: Picture
    language: str


def offered_files(lines: Sequence[Line], turn: Turn) -> tuple[list[Line], list[Write]]:
    """The lines with an address for each document they offer, and the writes that keep those."""
    found, writes = [], []
    for n, line in enumerate(lines):
        if any(option.url == FILE for option in line.options):
            if line.picture is None:
                raise ValueError("a document is offered of a line without a picture")
            seed = turn.derived(f"file {n}")
            writes.append(_kept(line.picture, file_token(turn.vault, seed), turn))
            line = seeded(line, FILE, seed)
        found.append(line)
    return found, writes


def _kept(picture: Picture, token: str, turn: Turn) -> Write:
    body = Seal(token).close(write_picture(picture).encode(), turn.chat)
    return files.keep(hashed(token), turn.chat, body, millis(turn.at + KEPT_FOR))


class Files:
    """Finds what was offered.  `language` tells what a chat speaks now."""

    def __init__(
        self,
        storage: Storage,
        language: Callable[[str], Awaitable[str]],
        vault: Vault,
        *,
        clock: Clock = now,
    ) -> None:
        self._storage, self._language, self._vault, self._clock = storage, language, vault, clock

    async def find(self, token: str) -> Kept | None:
        """What `token` opens; None when it was never offered, or is too old.  Raises `Unavailable`."""
        rows = await self._storage.read(files.one(hashed(token), millis(self._clock())))
        if not rows:
            return None
        chat, body = str(rows[0]["chat"]), rows[0]["body"]
        try:
            picture = read_picture(Seal(token).open(bytes(body), chat).decode())  # type: ignore[arg-type]
        except (Broken, KeyError, TypeError, ValueError):
            log.exception("a document cannot be read: chat=%s", chat)
            return None
        return Kept(picture, await self._language(chat))

    async def host(self, chat: str, png: bytes) -> str:
        """Keep a picture that is sent to a chat, and return what opens it.  Raises `Unavailable`.

        Once a day however often it is sent: what does not go out is tried again for hours.
        """
        at = self._clock()
        token = self._vault.derived("picture", chat, at.date().isoformat(), sha256(png).hexdigest())
        body, expires = Seal(token).close(png, chat), millis(at + HOSTED_FOR)
        await self._storage.commit([files.keep(hashed(token), chat, body, expires)])
        return token

    async def hosted(self, token: str) -> bytes | None:
        """The PNG that `token` opens, as often as it is asked for.  Raises `Unavailable`."""
        rows = await self._storage.read(files.one(hashed(token), millis(self._clock())))
        if not rows:
            return None
        try:
            png = Seal(token).open(bytes(rows[0]["body"]), str(rows[0]["chat"]))  # type: ignore[arg-type]
        except Broken:
            return None
        return png if png.startswith(PNG) else None
