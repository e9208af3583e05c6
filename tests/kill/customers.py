"""Customers who know what they want, and wait for nobody.

They tick and untick appliances, write what nobody understands, finish the estimate and begin another.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from dialogs.estimate import TYPICAL
from tests.fakes.telegram import FakeTelegram, Shown

#: Where a tap is said to have come from while the answer to it is still on its way.
SOMEWHERE = Shown(1, "…")


class Ticker:
    """One customer.  `moves` are the taps (True) and words (False) so far, `updates` their numbers."""

    def __init__(self, telegram: FakeTelegram, number: int, chance: random.Random) -> None:
        self.chat = f"telegram:{number}"
        self.user = telegram.user(number, "en")
        self.moves: list[tuple[bool, str]] = []
        self.updates: list[int] = []
        self._pending = telegram.updates.pending
        self._chance = chance
        self._script = self._plan()
        self._next = next(self._script)

    def act(self) -> None:
        """Do the next thing, unless Telegram might deliver it before the last one: words and taps race."""
        tap, what = self._next
        before = zip(self.updates[-20:], self.moves[-20:], strict=True)
        if any(update in self._pending and tapped != tap for update, (tapped, _what) in before):
            return
        self.updates.append(self.user.tap_payload(what, SOMEWHERE) if tap else self.user.say(what))
        self.moves.append(self._next)
        self._next = next(self._script)

    def _plan(self) -> Iterator[tuple[bool, str]]:
        yield False, "/start"
        yield True, "1:=en"
        yield True, "2:=SKIP"
        prompt = 3
        while True:
            yield True, "start:EstimateBill"
            yield from self._choosing(prompt)
            yield True, f"{prompt}:done"
            yield True, f"{prompt + 1}:yes"
            prompt += 2

    def _choosing(self, prompt: int) -> Iterator[tuple[bool, str]]:
        ticked = set(TYPICAL)
        for key in self._chance.choices(TYPICAL, k=self._chance.randint(10, 40)):
            yield True, f"{prompt}:{'-' if key in ticked else '+'}{key}"
            ticked ^= {key}
            if self._chance.random() < 0.1:
                yield False, "qwzx qwzx"
