"""Customers on Telegram, which holds an update back until it is confirmed, and changes messages in place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from typing import Self

from dialogs.engine.lines import Line
from handlers.render import render
from handlers.telegram.capabilities import TELEGRAM
from handlers.telegram.render import pieces
from locales.speaker import Speaker
from tests.fakes.telegram import TOKEN, FakeTelegram, Shown
from tests.kill.messenger import Deed, Move, Moves, Read
from tests.kill.program import Program

SECRET = "a-secret-between-telegram-and-us"
ENGLISH = Speaker("en", strict=True)
#: Where a tap is said to have come from while the answer to it is still on its way.
SOMEWHERE = Shown(1, "…")


class OnTelegram:
    """`mode` is polling or webhook."""

    arrives = ("line",)

    def __init__(self, mode: str) -> None:
        self.telegram = FakeTelegram(lean=True)
        self._mode = mode
        self._got: dict[int, list[str]] = defaultdict(list)
        self._looked_at = 0

    async def __aenter__(self) -> Self:
        await self.telegram.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.telegram.__aexit__(*exc)

    def settings(self, at: str) -> dict[str, str]:
        return {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API": self.telegram.url,
            "TELEGRAM_MODE": self._mode,
            "TELEGRAM_SECRET": SECRET,
        }

    async def meet(self, program: Program) -> None:
        if self._mode == "webhook":
            hook = {"url": f"{program.at}/telegram", "secret_token": SECRET}
            await self.telegram.methods.call("setWebhook", hook)

    def phone(self, number: int, *, hasty: bool) -> TelegramPhone:
        return TelegramPhone(self, number)

    def is_there(self, yes: bool) -> None:
        """Telegram finds out by itself."""

    def hurry(self) -> None:
        """It never waits for long."""

    def waiting(self) -> int:
        return len(self.telegram.updates.pending)

    def is_quiet(self) -> bool:
        return not self.telegram.updates.pending

    def spoken(self) -> int:
        return self.telegram.counts["sendMessage"] + self.telegram.counts["editMessageText"]

    def look(self, line: Line) -> str:
        return pieces(render(line, ENGLISH, TELEGRAM))[0].html

    def promised(self, chat: str, read: Read) -> list[str]:
        return []

    def faults(self) -> list[str]:
        return []

    def got(self, number: int) -> Sequence[str]:
        """The texts of the messages that came new to a chat; edits have changed them since."""
        calls = self.telegram.calls
        for call in calls[self._looked_at :]:
            if call.method == "sendMessage" and call.code == 200:
                self._got[call.params["chat_id"]].append(call.params["text"])
        self._looked_at = len(calls)
        return self._got[number]


class TelegramPhone:
    def __init__(self, network: OnTelegram, number: int) -> None:
        self.chat = f"telegram:{number}"
        self._network, self._number = network, number
        self._user = network.telegram.user(number, "en")

    def may(self, move: Move, moves: Moves) -> bool:
        """Not while Telegram might deliver it before the last one: words and taps race."""
        pending, tap = self._network.telegram.updates.pending, move.deed is Deed.TAP
        before = islice(reversed(list(moves.items())), 20)
        return not any(int(key) in pending and (last.deed is Deed.TAP) != tap for key, last in before)

    def do(self, move: Move) -> str:
        match move.deed:
            case Deed.OPEN:
                return str(self._user.say("/start"))
            case Deed.TAP:
                return str(self._user.tap_payload(move.what, SOMEWHERE))
            case Deed.SAY:
                return str(self._user.say(move.what))

    def is_ordered(self, move: Move) -> bool:
        return True

    def got(self) -> Sequence[str]:
        return self._network.got(self._number)

    def shows(self, prompt: int, payloads: frozenset[str]) -> bool:
        boxes = [message.buttons for message in self._user.heard if len(message.buttons) > 10]
        shown = {button["callback_data"] for button in boxes[-1]} if boxes else set()
        return payloads == {each for each in shown if each.startswith(f"{prompt}:-")}
