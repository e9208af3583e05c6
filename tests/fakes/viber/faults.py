"""Faults to order, for requests of the bot and for Viber's own callbacks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass


@dataclass(slots=True)
class Fault:
    """Happens to the next `times` requests of `method` (`*`: any), for `user` when an id is named.

    `status` (1 to 24) or `http` (500 …) is answered in place of doing it.  `drop` cuts the line "before" or
    "after" it took effect.  With a `gate` the line stays open, at that very point, until the gate is set or
    the client gives up; without `drop` the request then goes on as if nothing had been.

    `method` may also be an event: then it is the callback that does not arrive ("before"), or arrives while
    the bot's answer is lost ("after").
    """

    method: str
    times: int = 1
    user: str | None = None
    status: int = 0
    http: int = 0
    drop: str = ""
    gate: asyncio.Event | None = None

    def fits(self, method: str, users: list[str]) -> bool:
        return self.method in ("*", method) and (self.user is None or self.user in users)


class Faults:
    """The faults still to come; the first that fits is taken."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def take(self, method: str, users: list[str]) -> Fault | None:
        for fault in self.waiting:
            if fault.fits(method, users):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None
