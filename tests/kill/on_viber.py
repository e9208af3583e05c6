"""Customers on Viber, which tries again for an hour what was not answered; newer messages may overtake it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any, Self

from dialogs.engine.lines import Line
from handlers.render import render
from handlers.viber import render as viber
from handlers.viber.capabilities import VIBER
from handlers.viber.ingress import EVENTS
from handlers.viber.models import Sender, as_json
from handlers.viber.words import key_words
from locales.speaker import Speaker
from tests.fakes.viber import PHONE, Callback, FakeViber
from tests.kill.messenger import Deed, Move, Moves, Read
from tests.kill.program import Program

NAME = "KESCO"
ENGLISH = Speaker("en", strict=True)
LOOK = viber.Look(Sender(name=NAME), key_words(ENGLISH), PHONE.api_version)
#: Viber's clock goes so much faster than ours, but only while the program is there: a start takes as long
#: as it takes, and would use up Viber's patience.
PACE, TICK = 20.0, 0.02
#: Seconds that pass at once when nobody does anything new.
LEAP = 60.0


class OnViber:
    #: Viber changes no message: what would do so comes as a new one.
    arrives = ("line", "edit")

    def __init__(self) -> None:
        self.viber = FakeViber()
        self._there = asyncio.Event()
        self._flies = False
        self._told: list[Callback] = []
        self._looked_at = {"callbacks": 0, "calls": 0}
        self._spoken = 0

    async def __aenter__(self) -> Self:
        await self.viber.__aenter__()
        self._time = asyncio.create_task(self._pass_time())
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._time.cancel()
        await asyncio.gather(self._time, return_exceptions=True)
        await self.viber.__aexit__(*exc)

    def settings(self, at: str) -> dict[str, str]:
        return {
            "PUBLIC_URL": at,
            "VIBER_TOKEN": self.viber.token,
            "VIBER_API": self.viber.url,
            "VIBER_NAME": NAME,
        }

    async def meet(self, program: Program) -> None:
        hook = {"url": f"{program.at}/viber", "event_types": list(EVENTS)}
        await self.viber.methods.call("set_webhook", hook, [])

    def phone(self, number: int, *, hasty: bool) -> ViberPhone:
        return ViberPhone(self.viber, number, hasty)

    def is_there(self, yes: bool) -> None:
        (self._there.set if yes else self._there.clear)()

    def hurry(self) -> None:
        self._flies = True

    def waiting(self) -> int:
        return sum(callback.event in ("message", "conversation_started") for callback in self._open())

    def is_quiet(self) -> bool:
        return not self._open()

    def spoken(self) -> int:
        calls = self.viber.calls
        fresh = calls[self._looked_at["calls"] :]
        self._looked_at["calls"] = len(calls)
        self._spoken += sum(call.method == "send_message" and call.status == 0 for call in fresh)
        return self._spoken

    def look(self, line: Line) -> str:
        (message,) = viber.render(render(line, ENGLISH, VIBER), LOOK)
        return _look(as_json(message))

    def promised(self, chat: str, read: Read) -> list[str]:
        """The welcome, which is kept before Viber has it."""
        kept = read("select welcome from viber_chat where chat = $1 and welcome <> ''", chat)
        return [_look(json.loads(welcome)) for (welcome,) in kept]

    def faults(self) -> list[str]:
        log = self.viber.callbacks.log
        lost = (each for each in log if each.lost)
        cold = (each for each in log if each.event == "conversation_started" and not each.told[-1])
        return [
            *self.viber.violations,
            *(f"{each.user}: {each.event} was given up" for each in lost),
            *(f"{each.user}: opened the chat, and was not welcomed" for each in cold),
        ]

    def _open(self) -> Sequence[Callback]:
        """What the program has not confirmed, receipts as well."""
        log = self.viber.callbacks.log
        fresh = log[self._looked_at["callbacks"] :]
        self._looked_at["callbacks"] = len(log)
        self._told = [each for each in (*self._told, *fresh) if not (each.taken or each.lost)]
        return self._told

    async def _pass_time(self) -> None:
        while True:
            await self._there.wait()
            await asyncio.sleep(TICK)
            if self._flies:
                await self.viber.advance(LEAP)  # and nothing gets late by it
            else:
                await self.viber.advance(TICK * PACE, settle=False)


class ViberPhone:
    """Who is not `hasty` does nothing before what they did last has arrived."""

    def __init__(self, network: FakeViber, number: int, hasty: bool) -> None:
        self._user = network.user(f"customer {number}", f"Customer {number}", "en")
        self.chat = f"viber:{self._user.id}"
        self._hasty = hasty
        self._under_way: list[tuple[Move, Callback]] = []

    def may(self, move: Move, moves: Moves) -> bool:
        self._under_way = [(done, callback) for done, callback in self._under_way if not callback.taken]
        if self._hasty and move.hurried:
            return all(done.hurried for done, _callback in self._under_way)
        return not self._under_way

    def do(self, move: Move) -> str:
        callback = self._done(move)
        self._under_way.append((move, callback))
        return f"{callback.event}:{callback.token}:{callback.user}"

    def is_ordered(self, move: Move) -> bool:
        """Whoever opens a chat says nothing that could be out of date."""
        return move.deed is not Deed.OPEN

    def got(self) -> Sequence[str]:
        return [_look(message.params) for message in self._user.heard]

    def shows(self, prompt: int, payloads: frozenset[str]) -> bool:
        return True  # the look of a message has its keyboard, and so its marks

    def _done(self, move: Move) -> Callback:
        match move.deed:
            case Deed.OPEN:
                return self._user.open()
            case Deed.TAP:
                return self._user.say(f"~1|{move.what}")
            case Deed.SAY:
                return self._user.say(move.what)


def _look(params: dict[str, Any]) -> str:
    keys = [(key["Text"], key["ActionBody"]) for key in params["keyboard"]["Buttons"]]
    return json.dumps([params["text"], keys], ensure_ascii=False)
