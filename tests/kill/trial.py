"""One trial: customers keep the program busy, it is ended and started again, and the books are compared."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests import databases
from tests.kill.customers import Ticker
from tests.kill.ledger import Ledger
from tests.kill.messenger import Messenger
from tests.kill.on_telegram import OnTelegram
from tests.kill.on_viber import OnViber
from tests.kill.program import Program

MODES = ("polling", "webhook", "viber")

#: Seconds that the program works before it is ended, at random between the two.
LIFE = (0.05, 1.5)
CUSTOMERS = 40
#: Customers who open their chat while the program is about to end, and seconds that it has left then.
NEWCOMERS, LEFT = 3, 0.1
#: Updates that wait outside at once: enough to keep the program busy, few enough to settle soon.
MOST_WAITING = 60
STARTS, SETTLES = 60.0, 90.0


@dataclass
class Result:
    """What came of a trial; `faults` is empty when nothing was lost, doubled or out of order."""

    ends: int = 0
    turns: int = 0
    late: int = 0  # of the turns, those whose message others had overtaken
    repeats: int = 0
    under_way: int = 0  # messages that had gone out unnoted when the program was killed
    slowest_stop: float = 0.0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.ends} ends, {self.turns} turns ({self.late} late), {len(self.faults)} faults, "
            f"{self.repeats} messages repeated of {self.under_way} under way, {self.seconds:.0f} s"
        )


def messenger(mode: str) -> Messenger:
    return OnViber() if mode == "viber" else OnTelegram(mode)


class Trial:
    """`mode` is one of `MODES`; all chance but the machine's own comes from `seed`."""

    def __init__(self, folder: Path, mode: str, seed: int) -> None:
        self._messenger = messenger(mode)
        self._folder = folder
        self._chance = random.Random(seed)
        self._customers: list[Ticker] = []
        self._result = Result()

    async def kills(self, number: int, report: Callable[[Result], None] = lambda _: None) -> Result:
        """SIGKILL, wherever the program is."""
        return await self._run(number, self._kill, report)

    async def stops(self, number: int, report: Callable[[Result], None] = lambda _: None) -> Result:
        """SIGTERM, after which it has ten seconds to end well."""
        return await self._run(number, self._stop, report)

    async def _run(
        self, number: int, end: Callable[[Program], Awaitable[None]], report: Callable[[Result], None]
    ) -> Result:
        began = time.monotonic()
        with databases.database() as url:
            await self._tried(url, number, end, report)
        self._result.seconds = time.monotonic() - began
        return self._result

    async def _tried(
        self,
        url: str,
        number: int,
        end: Callable[[Program], Awaitable[None]],
        report: Callable[[Result], None],
    ) -> None:
        async with self._messenger:
            program = Program(self._folder, url, self._messenger.settings)
            ledger = Ledger(url, self._messenger)
            self._join(CUSTOMERS)
            try:
                await self._start(program)
                await self._messenger.meet(program)
                busy = asyncio.create_task(self._keep_busy())
                for _ in range(number):
                    await self._live(program)
                    self._messenger.is_there(False)
                    await end(program)
                    ledger.ended(self._customers)
                    self._result.ends += 1
                    report(self._result)
                    await self._start(program)
                busy.cancel()
                self._messenger.hurry()
                await wait(program, self._all_have_written, SETTLES)
                await self._settle(program, ledger)
                await self._judge(ledger)
            finally:
                await program.kill()

    async def _start(self, program: Program) -> None:
        await program.start()
        await wait(program, program.listens, STARTS)
        self._messenger.is_there(True)

    def _join(self, number: int) -> list[Ticker]:
        first = 1 + len(self._customers)
        phones = (self._messenger.phone(n, hasty=n % 4 == 0) for n in range(first, first + number))
        joined = [Ticker(phone, self._chance) for phone in phones]
        self._customers += joined
        return joined

    async def _keep_busy(self) -> None:
        """Those who joined last have most to say."""
        while True:
            if self._messenger.waiting() < MOST_WAITING:
                for customer in self._chance.sample(self._customers[-CUSTOMERS:], 10):
                    customer.act()
            await asyncio.sleep(0.02)

    def _all_have_written(self) -> bool:
        """Who has only opened the chat is told the rest when they write."""
        silent = [customer for customer in self._customers if len(customer.moves) < 2]
        for customer in silent:
            customer.act()
        return not silent

    async def _live(self, program: Program) -> None:
        """Until its first effect, and a random while longer."""
        spoken = self._messenger.spoken()
        await wait(program, lambda: self._messenger.spoken() > spoken, STARTS)
        await asyncio.sleep(self._chance.uniform(*LIFE))
        for customer in self._join(NEWCOMERS):
            customer.act()
        await asyncio.sleep(self._chance.uniform(0, LEFT))

    async def _kill(self, program: Program) -> None:
        await program.kill()
        await asyncio.sleep(0.05)  # what it has sent is still taken in

    async def _stop(self, program: Program) -> None:
        began = time.monotonic()
        code = await program.stop(seconds=20)
        took = time.monotonic() - began
        self._result.slowest_stop = max(self._result.slowest_stop, took)
        if code != 0 or took > 10:
            self._result.faults.append(f"asked to stop, ended with {code} after {took:.1f} s")

    async def _settle(self, program: Program, ledger: Ledger) -> None:
        with suppress(TimeoutError):
            await wait(program, ledger.settled, SETTLES)

    async def _judge(self, ledger: Ledger) -> None:
        result = self._result
        result.faults += await ledger.faults(self._customers)
        result.turns = sum(len(customer.moves) for customer in self._customers)
        result.late, result.repeats = ledger.late, ledger.repeats
        result.under_way = ledger.under_way.total()


async def wait(program: Program, true: Callable[[], bool], seconds: float) -> None:
    """Until something is true of the outside world; fails when the program ends before."""
    async with asyncio.timeout(seconds):
        while not true():
            assert program.running(), program.log.read_text()[-2000:]
            await asyncio.sleep(0.02)
