"""A customer to write conversations with: what they do, and what stands on their screen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.channel import Arrival, Button
from bot.forms_port import Closed, Refused, Taken
from dialogs.engine.conversation import Conversation
from dialogs.engine.text import Phrase, Text
from storage.base import Unavailable
from tests.talk.channel import Screen, TalkChannel
from tests.talk.words import SPEAKERS, pattern
from tests.talk.world import World

#: Seconds between two moves of somebody who reads what they are told.
PACE = 5.0
#: A password that keeps all the rules.
PASSWORD = "Lule7deti"
#: What the demo's ordinary customer is asked to open an account, in its order, and answers.
ARTA = {
    "number": "1234567892",
    "first_name": "Arta",
    "last_name": "Krasniqi",
    "code": "DPR 6687",
    "email": "arta@example.com",
    "phone": "+383 44 123 456",
}
Label = str | Text | Phrase | None


class Customer:
    """One chat.  Every move waits until all that it led to has reached the screen."""

    def __init__(self, world: World, name: str = "1", channel: TalkChannel | None = None) -> None:
        self.world, self.channel = world, channel or world.channel
        self.chat = f"{self.channel.name}:{name}"
        self.moves = 0
        self._last_body = b"{}"

    # -- what the customer does ------------------------------------------------------------------------

    async def open(self, language: str = "sq", context: str = "") -> None:
        """`context` is what the link brings along that was followed."""
        how = f"opens the chat by a link ({language})" if context else f"opens the chat ({language})"
        await self._does({"open": language, "context": context} if context else {"open": language}, how)

    async def say(self, text: str) -> None:
        await self._does({"say": text}, text)

    async def tap(self, label: Label) -> None:
        """Press a button that is on the screen, named by its label or by what it brings back."""
        await self.press(self.button(label))

    async def press(self, button: Button) -> None:
        await self._does({"tap": button.payload}, f"[{button.label}]")

    async def forge(self, payload: str, *, perhaps_silent: bool = False) -> None:
        """A tap on a button that nobody ever saw."""
        await self._does(
            {"tap": payload}, f"[forged: {payload[:40]}]", silence=None if perhaps_silent else False
        )

    async def stays_silent(self, payload: str) -> None:
        """A tap that changes nothing, because it is so already."""
        await self._does({"tap": payload}, f"[{payload}]", silence=True)

    async def tap_old(self, label: Label) -> None:
        """Press a button of a message further up, whose buttons a slow client still shows."""
        gone = [b for b in self.screen.ever if b.payload not in self.payloads]
        await self._does({"tap": self._among(gone, label).payload}, f"[old: {label}]")

    async def tap_twice(self, label: Label) -> None:
        """A nervous finger: the second tap must change nothing and say nothing."""
        button = self.button(label)
        await self.press(button)
        heard = list(self.screen.news)
        await self._does({"tap": button.payload}, f"[{button.label}]", pace=0.5, silence=True)
        self.screen.news[:] = heard

    async def types(self, **typed: str) -> Taken | Refused | Closed:
        """Fill in the page whose button was shown last, and send it."""
        self.screen.news.clear()
        return await self.types_at(self.page(), **typed)

    async def types_at(self, token: str, **typed: str) -> Taken | Refused | Closed:
        outcome = await self.world.pages.submit(token, typed)
        self.screen.history.append(("does", f"sends the page, {self._told(outcome)}"))
        await self.world.settle()
        return outcome

    def _told(self, outcome: Taken | Refused | Closed) -> str:
        """What the page says of it."""
        match outcome:
            case Refused(opened=opened, problems=problems):
                speaker = SPEAKERS[opened.language]
                return f"which says: {' '.join(map(speaker.plain, problems.values()))}"
            case Closed(why=why):
                return f"which is closed: {why.value}"
        return "which takes it"

    def page(self) -> str:
        """The token of the page whose button was shown last."""
        urls = [button.url for row in self.pressable_rows for button in row if "/form/" in button.url]
        return urls[-1].rpartition("/")[2]

    async def enters_code(self) -> None:
        """Write the code that was sent last."""
        await self.say(self.world.post.code(self.chat))

    async def applies_for(self, language: str = "sq", **other: str) -> None:
        """To the page on which the password for a new account is chosen; `other` answers than `ARTA`'s."""
        await self.comes_in(language)
        await self.applies_again(**other)

    async def applies_again(self, **other: str) -> None:
        """The same from the main menu."""
        await self.tap("start:Register")
        await self.tap("=YES")
        for answer in (ARTA | other).values():
            await self.say(answer)

    async def chooses_password(self, password: str = PASSWORD) -> None:
        await self.types(password=password, again=password)

    async def gets_code(self, language: str = "sq", **other: str) -> None:
        """To the question for the code with which an account is opened."""
        await self.applies_for(language, **other)
        await self.chooses_password()
        await self.tap("yes")

    async def registers(self, language: str = "sq", **other: str) -> None:
        """To the end of opening an account, as the demo's ordinary customer."""
        await self.gets_code(language, **other)
        await self.enters_code()

    async def names_account(self, who: str, language: str = "sq") -> None:
        """To the page on which one signs in to an account."""
        await self.comes_in(language)
        await self.tap("start:SignIn")
        await self.say(who)

    async def signs_in(self, who: str, password: str = PASSWORD, language: str = "sq") -> None:
        """To the end of signing in."""
        await self.names_account(who, language)
        await self.types(password=password)
        await self.enters_code()

    async def send(self, kind: str = "sticker") -> None:
        await self._does({"sends": kind}, f"sends a {kind}")

    async def share_contact(self, phone: str, *, own: bool = True) -> None:
        await self._does({"phone": phone, "own": own}, f"shares {phone}")

    async def redeliver(self) -> None:
        """The channel brings the last update once more."""
        before = await self.conversation()
        self.screen.news.clear()
        await self._reach(self._last_body)
        assert not self.screen.news, self.screen.news
        assert await self.conversation() == before

    async def wait(self, **time: float) -> None:
        self.screen.news.clear()
        await self.world.wait(**time)

    async def restart(self) -> None:
        self.screen.news.clear()
        await self.world.restart()

    async def comes_in(self, language: str = "sq") -> None:
        """Through the welcome to the main menu."""
        await self.open(language)
        await self.tap(f"={language}")
        await self.tap("=SKIP")

    async def estimates(self, language: str = "sq") -> None:
        """To the result of a typical household."""
        await self.comes_in(language)
        await self.tap("start:EstimateBill")
        await self.tap("done")

    # -- what the customer sees ------------------------------------------------------------------------

    @property
    def screen(self) -> Screen:
        return self.channel.screen(self.chat)

    @property
    def sees(self) -> list[str]:
        return [shown.text for shown in self.screen.shown]

    @property
    def last(self) -> str:
        """The message last shown or changed."""
        return self.screen.news[-1] if self.screen.news else self.sees[-1]

    @property
    def news(self) -> str:
        """What was said since the last move."""
        return "\n\n".join(self.screen.news)

    @property
    def pressable(self) -> list[Button]:
        """The buttons on the screen, the newest message's last."""
        if not self.channel.capabilities.inline_keyboard:
            return list(self.screen.keyboard)
        return [button for shown in self.screen.shown for button in shown.buttons]

    @property
    def pressable_rows(self) -> list[tuple[Button, ...]]:
        """The rows of all messages, links included."""
        return [row for shown in self.screen.shown for row in shown.message.rows]

    @property
    def buttons(self) -> list[str]:
        return [button.label for button in self.pressable]

    @property
    def payloads(self) -> list[str]:
        return [button.payload for button in self.pressable if button.payload]

    def button(self, label: Label) -> Button:
        return self._among(self.pressable, label)

    def has(self, label: Label) -> bool:
        return any(self._is(button, label) for button in self.pressable)

    def hears(self, text: Text | None) -> bool:
        """Whether this was said since the last move, whatever stands in its placeholders."""
        return text is not None and bool(pattern(text, self.language).search(self.news))

    def reads(self, text: Text | None) -> bool:
        """Whether the message last shown or changed says this."""
        last = self.screen.news[-1] if self.screen.news else self.last
        return text is not None and bool(pattern(text, self.language).search(last))

    @property
    def language(self) -> str:
        return self._language

    _language = "sq"

    async def conversation(self) -> Conversation:
        return await self.world.conversation(self.chat)

    # -- how it gets there -----------------------------------------------------------------------------

    def _among(self, buttons: Sequence[Button], label: Label) -> Button:
        for button in reversed(buttons):
            if self._is(button, label):
                return button
        raise AssertionError(f"no button {label!r} among {[(b.label, b.payload) for b in buttons]}")

    def _is(self, button: Button, label: Label) -> bool:
        if isinstance(label, Text):
            return any(
                button.label[m.start() :] == m[0]
                for m in pattern(label, self.language).finditer(button.label)
            ) or bool(pattern(label, self.language).fullmatch(button.label))
        if isinstance(label, Phrase):
            label = SPEAKERS[self.language].plain(label)
        option = button.payload.partition(":")[2]
        return label in (button.label, button.payload, option) or button.label.endswith(f" {label}")

    async def _does(
        self, what: dict[str, Any], noted: str, *, pace: float = PACE, silence: bool | None = False
    ) -> None:
        self.moves += 1
        self.screen.news.clear()
        self.screen.history.append(("does", noted))
        self.world.at += timedelta(seconds=pace)
        self._last_body = json.dumps(what).encode()
        await self._reach(self._last_body)
        self._language = (await self.conversation()).language or self._language
        if self.chat not in self.channel.blocked and silence is not None:
            assert silence is not bool(self.screen.news), f"after {noted!r}: {self.screen.news}"

    async def arrive(self, body: bytes, key: str | None = None) -> None:
        """An update reaches the inbox, and nothing is waited for."""
        arrival = Arrival(self.channel.name, key or f"{self.chat}-{self.moves}", self.chat, body)
        while True:
            try:
                await self.world.inbox.receive([arrival])
                return
            except Unavailable:
                await self.world.pause(1.0)
                await asyncio.sleep(0)

    async def _reach(self, body: bytes) -> None:
        await self.arrive(body)
        await self.world.settle()
