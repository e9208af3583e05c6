"""A customer of the demo who talks to the program on Viber, and the steps that their conversations share."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from bot.demo_register import DemoPerson, demo_people
from dialogs.engine.text import Leaf, Phrase, Text, _l
from dialogs.passwords import CHOOSE, PASSWORD
from dialogs.register import Consent, Register
from dialogs.tongue import LANGUAGES
from dialogs.welcome import Onward, Welcome
from tests.fakes.viber import FakeViber, Shown
from tests.talk.words import SPEAKERS
from tests.viber.program import PUBLIC, Label, Program, Visitor, running
from tests.viber.transcript import transcript

ARTA, _DJORDJE, GEZIM, *_OTHERS = demo_people()
ADDRESS = "arta@example.com"
NEW_PASSWORD = {PASSWORD: "Bli7 e gjelbër", "again": "Bli7 e gjelbër"}
SHARE = _l("Share my number")
#: When the conversations begin: after the demo's newest bills, and ten days before they are due.
BEGIN = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
#: Seconds between two deeds of somebody who reads what they are told.
PACE = 5.0

in_every_language = pytest.mark.parametrize("language", ["sq", "sr", "en"])
in_every_script = pytest.mark.parametrize("language", ["sq", "sr", "sr_Cyrl", "en"])

Start = Callable[[], AbstractAsyncContextManager[Program]]


def text_of(step: object) -> Text:
    text = getattr(step, "text", None)
    assert isinstance(text, Text)
    return text


def size(png: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.format == "PNG"
        return picture.size


class Customer(Visitor):
    """One chat.  The program and Viber go by one clock, which the customer's deeds move."""

    def __init__(self, start: Start, program: Program, language: str, stack: AsyncExitStack) -> None:
        super().__init__(program, program.fake.user(language=language.replace("_", "-")), language)
        self._start, self._stack = start, stack
        self._beside: defaultdict[int, list[str]] = defaultdict(list)

    @property
    def program(self) -> Program:
        return self._program

    @property
    def transcript(self) -> str:
        return transcript(self.phone.chat, self._beside)

    def notes(self, deed: str) -> None:
        """Something was done that the chat does not show."""
        self._beside[len(self.phone.chat)].append(deed)

    async def does(self, act: Callable[[], object], answer: Text | None = None) -> Shown:
        self.program.fake.clock.time += PACE
        return await super().does(act, answer)

    async def presses_old(self, label: Label, shown: Shown, answer: Text | None = None) -> Shown:
        """A key of an earlier keyboard, which a slow phone still shows."""
        (key,) = self.keys(label, shown)
        return await self.does(lambda: self.phone.press(key, on=shown), answer)

    async def restarts(self) -> None:
        """The program ends, and another one takes up the same database."""
        await self._stack.aclose()
        self._program = await self._stack.enter_async_context(self._start())
        self.notes("(the program was restarted)")

    # -- what they see -------------------------------------------------------------------------------------

    def said(self, text: Text, **values: Leaf) -> str:
        """How the text reads in their language."""
        return SPEAKERS[self.language].plain(Phrase(text, values))

    def sees(self, words: str) -> bool:
        """Whether the words stand in what was said since their last deed."""
        return any(words in news for news in self.news)

    def has(self, label: Label) -> bool:
        return bool(self.keys(label))

    # -- pages and pictures --------------------------------------------------------------------------------

    async def opens_page(self, label: Label) -> str:
        """Press a key that opens a page of ours: its address."""
        before = len(self.phone.opened)
        await self.presses(label)
        self.notes(f"[{self.key(label)}]")
        (address,) = self.phone.opened[before:]
        assert address.startswith(f"{PUBLIC}/"), address
        return address

    async def loads_picture(self) -> bytes:
        """The newest picture in the chat, as Viber fetches it from us."""
        pictures = [shown for shown in self.phone.heard if shown.type == "picture"]
        body, kind = await self.program.fetch(pictures[-1].media)
        assert kind == "image/png"
        return body

    # -- steps that conversations share --------------------------------------------------------------------

    async def comes_in(self) -> None:
        """By a deep link, through the welcome, to the main menu."""
        await self.opens()
        await self.presses(dict(LANGUAGES)[self.language], text_of(Welcome.what))
        await self.presses(Onward.SKIP.label, text_of(Welcome.ready))

    async def applies(self, person: DemoPerson = ARTA) -> None:
        """From the main menu to the question for the phone, with everything typed."""
        await self.presses(Register.title, text_of(Register.consent))
        await self.presses(Consent.YES.label, text_of(Register.number))
        await self.says(person.personal_number, text_of(Register.first_name))
        await self.says(person.first_name, text_of(Register.last_name))
        await self.says(person.last_name, text_of(Register.code))
        await self.says(person.customer_code, text_of(Register.email))
        await self.says(ADDRESS, text_of(Register.phone))

    async def chooses_password(self) -> None:
        """On the page, to the summary in the chat."""
        page = await self.opens_page(CHOOSE)
        self.listens()
        status, location = await self.program.fill_in(page, NEW_PASSWORD)
        assert (status, location.startswith("/form/done/")) == (303, True), location
        await self.program.settle()

    async def proves(self) -> None:
        """From the summary to the open account, with the code of the SMS."""
        await self.presses(Register.summary.confirm, text_of(Register.proof))
        await self.says(await self.program.code(), text_of(Register.done))

    async def registers(self, person: DemoPerson = ARTA) -> None:
        """From nothing to the menu of somebody with an account."""
        await self.comes_in()
        await self.applies(person)
        await self.presses(SHARE, text_of(Register.password))
        await self.chooses_password()
        await self.proves()


@asynccontextmanager
async def talking(url: str, fake: FakeViber, folder: Path, language: str) -> AsyncIterator[Customer]:
    """Somebody who has not written yet, and the program, until it is left."""
    fake.clock.time = BEGIN.timestamp()

    def start() -> AbstractAsyncContextManager[Program]:
        return running(url, fake, folder, lambda: datetime.fromtimestamp(fake.clock.time, UTC))

    async with AsyncExitStack() as stack:
        program = await stack.enter_async_context(start())
        yield Customer(start, program, language, stack)
