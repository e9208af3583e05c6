"""Faults to order for the next calls of a method: refused, delayed, lost before or after they took effect."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tests.fakes.telegram.rules import Refusal


@dataclass(slots=True)
class Fault:
    """Happens to the next `times` calls of `method` (`*`: any), in `chat` when one is named."""

    method: str
    times: int = 1
    chat: int | None = None
    code: int = 0
    description: str = ""
    retry_after: int | None = None
    delay: float = 0
    drop: str = ""  # "before" or "after" the call took effect

    def fits(self, method: str, chat: object) -> bool:
        called = self.method == "*" or self.method.lower() == method.lower()
        return called and self.chat in (None, chat)

    async def before(self) -> None:
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.code:
            raise Refusal(self.code, self.description, self.retry_after)


class Faults:
    """The faults still to come; the first that fits is taken."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def take(self, method: str, chat: object) -> Fault | None:
        for fault in self.waiting:
            if fault.fits(method, chat):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None
