"""A small assistant that answers by a script, behind the real page and the real database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.channel import Arrival, Button, Image, Message, Span
from dialogs.engine.events import Arrived, Event, Said, Tapped
from dialogs.engine.lines import Tone
from handlers.web.channel import WebChannel
from storage import inbox
from storage.base import Storage, Unavailable, Write
from tests.web.picture import bars

APPLIANCES = {
    "fridge": "🧊 Frigorifer",
    "tv": "📺 Televizor",
    "washer": "🧺 Lavatriçe",
    "boiler": "🚿 Bojler",
    "stove": "🍳 Shporet",
    "ac": "❄️ Klimë",
}
BACK = Button("↩️ Kthehu", "9:back", tone=Tone.CONTROL)
HELP = Button("❓ Ndihmë", "9:help", tone=Tone.CONTROL)


def plain(text: str) -> Message:
    return Message((Span(text),))


WELCOME = Message(
    (Span("Mirë se vini te eKESCO!\n", True), Span("Në cilën gjuhë dëshironi të vazhdojmë?")),
    (
        (Button("Shqip", "lang:sq"), Button("Srpski", "lang:sr")),
        (Button("Српски", "lang:sr_Cyrl"), Button("English", "lang:en")),
    ),
    prompt=1,
)
MENU = Message(
    (Span("Si mund t'ju ndihmoj?"),),
    (
        (Button("💡 Vlerëso faturën", "2:estimate", tone=Tone.PRIMARY),),
        (Button("📱 Aplikacioni eKESCO", "2:app"), Button("🌐 Gjuha", "2:language")),
        (HELP,),
    ),
    prompt=2,
)
RESULT = Message(
    (
        Span("Vlerësimi për një muaj mesatar\n", True),
        Span(
            "Frigorifer  36 kWh · 2,81 €\nBojler  112 kWh · 8,05 €\nTelevizor  18 kWh · 1,40 €\n\n"
            "Tarifa fikse 2,32 €, TVSH 8 %\n"
        ),
        Span("Gjithsej 25,13 €", True),
        Span("\n\nÇmimet vlejnë nga 1 maj 2025. Më shumë te https://www.kesco-energy.com/tarifat."),
    ),
    (
        (Button("📊 Shfaq grafikun", "4:chart"), Button("✏️ Ndrysho një rresht", "4:change")),
        (Button("Fillo nga e para", "4:again", tone=Tone.DANGER),),
        (BACK, HELP),
    ),
    prompt=4,
)


def picking(chosen: frozenset[str]) -> Message:
    keys = [
        Button(
            f"{'✅' if name in chosen else '▫️'} {label}",
            f"3:{'-' if name in chosen else '+'}{name}",
            marked=name in chosen,
        )
        for name, label in APPLIANCES.items()
    ]
    rows = [tuple(keys[n : n + 2]) for n in range(0, len(keys), 2)]
    done = (Button(f"U krye ({len(chosen)})", "3:done", tone=Tone.PRIMARY),)
    return Message((Span("Cilat pajisje i përdorni?"),), (*rows, done, (BACK, HELP)), prompt=3)


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class Desk:
    """An intake whose turns are a script.

    `away` makes its database unreachable; while `ready` is not set it types and says nothing.
    `heard` and `arrivals` are what it was told.
    """

    storage: Storage
    channel: WebChannel
    away: bool = False
    ready: asyncio.Event = field(default_factory=_set)
    heard: list[Event] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    _turns: set[asyncio.Task[None]] = field(default_factory=set)
    _chosen: frozenset[str] = frozenset({"fridge", "tv"})
    _language: str = "sq"
    _last: str = ""

    async def receive(self, arrivals: Sequence[Arrival], also: Sequence[Write] = ()) -> None:
        if self.away:
            raise Unavailable("away")
        [arrival] = arrivals
        keep = inbox.receive(arrival.channel, arrival.key, arrival.chat, arrival.body, 0)
        new, *_ = await self.storage.commit([keep, *also])
        if new:
            self.arrivals.append(arrival)
            self._start(arrival)

    async def done(self) -> None:
        await asyncio.gather(*self._turns)

    def _start(self, arrival: Arrival) -> None:
        event = self.channel.hear(arrival.body, datetime.now(UTC))
        if event is None:
            return
        self.heard.append(event)
        turn = asyncio.create_task(self._turn(arrival.chat, event))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)

    async def _turn(self, chat: str, event: Event) -> None:
        if not self.ready.is_set():
            await self.channel.typing(chat)
        await self.ready.wait()
        match event:
            case Arrived(language=language):
                self._language = language
                await self._ask(chat, WELCOME)
            case Tapped(payload=payload) if payload.startswith("lang:"):
                self._language = payload.removeprefix("lang:")
                await self._strip(chat)
                await self._ask(chat, MENU)
            case Tapped(payload="2:estimate"):
                await self._strip(chat)
                await self._ask(chat, picking(self._chosen))
            case Tapped(payload="3:done"):
                await self._strip(chat)
                await self._ask(chat, RESULT)
            case Tapped(payload="4:chart"):
                await self._strip(chat)
                chart = Image(bars(), "Shtylla: bojleri 112 kWh, frigoriferi 36 kWh, televizori 18 kWh")
                await self._ask(chat, replace(RESULT, text=(Span("Ja grafiku."),), image=chart))
            case Tapped(payload=payload) if payload.startswith(("3:+", "3:-")):
                item = {payload[3:]}
                self._chosen = self._chosen | item if payload[2] == "+" else self._chosen - item
                await self.channel.edit(chat, self._last, picking(self._chosen), self._language)
            case Said(text="menu") | Tapped():
                await self._strip(chat)
                await self._ask(chat, MENU)
            case Said(text=text):
                await self.channel.send(chat, plain(f"Keni shkruar: {text}"), self._language)

    async def _ask(self, chat: str, message: Message) -> None:
        self._last = await self.channel.send(chat, message, self._language)

    async def _strip(self, chat: str) -> None:
        if self._last:
            await self.channel.strip(chat, self._last)
