"""Customers who know what they want, and do not wait for answers.

They tick and untick appliances, write what nobody understands, finish the estimate and begin another.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from dialogs.estimate import TYPICAL
from tests.kill.messenger import Deed, Move, Phone


class Ticker:
    """One customer.  `moves` are what they have done so far, by the keys of the updates that it was."""

    def __init__(self, phone: Phone, chance: random.Random) -> None:
        self.phone, self.chat = phone, phone.chat
        self.moves: dict[str, Move] = {}
        self._chance = chance
        self._script = self._plan()
        self._next = next(self._script)

    def act(self) -> None:
        """Do the next thing, unless its time has not come."""
        if self.phone.may(self._next, self.moves):
            self.moves[self.phone.do(self._next)] = self._next
            self._next = next(self._script)

    def _plan(self) -> Iterator[Move]:
        yield Move(Deed.OPEN)
        yield Move(Deed.TAP, "1:=en")
        yield Move(Deed.TAP, "2:=SKIP")
        prompt = 3
        while True:
            yield Move(Deed.TAP, "start:EstimateBill")
            yield from self._choosing(prompt)
            yield Move(Deed.TAP, f"{prompt}:done")
            yield Move(Deed.TAP, f"{prompt + 1}:yes")
            prompt += 2

    def _choosing(self, prompt: int) -> Iterator[Move]:
        ticked = set(TYPICAL)
        for key in self._chance.choices(TYPICAL, k=self._chance.randint(10, 40)):
            yield Move(Deed.TAP, f"{prompt}:{'-' if key in ticked else '+'}{key}", hurried=True)
            ticked ^= {key}
            if self._chance.random() < 0.1:
                yield Move(Deed.SAY, "qwzx qwzx", hurried=True)
