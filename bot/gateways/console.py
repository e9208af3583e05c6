"""No gateway at all: what would go out is printed, for whoever tries the program."""

from __future__ import annotations

import logging

from bot.gateways.carrier import Parcel, masked

log = logging.getLogger(__name__)


class Console:
    """`shows`: print the words to standard output.  Never to the log: they hold codes."""

    keyed = False

    def __init__(self, *, shows: bool) -> None:
        self._shows = shows

    async def carry(self, parcel: Parcel) -> None:
        log.info("%s to %s: no gateway is set", parcel.kind, masked(parcel.to))
        if self._shows:
            words = filter(None, (parcel.subject, parcel.text.strip()))
            print(f"{parcel.kind} to {parcel.to}", *words, sep="\n", end="\n\n", flush=True)

    async def close(self) -> None:
        """Nothing to close."""
