"""One trial: customers keep the program busy, it is ended and started again, and the books are compared."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests import databases
from tests.fakes.telegram import FakeTelegram
from tests.kill.customers import Ticker
from tests.kill.ledger import Ledger
from tests.kill.program import SECRET, Program

#: Seconds that the program works before it is ended, at random between the two.
LIFE = (0.05, 1.5)
CUSTOMERS = 40
#: Updates that wait at Telegram at once: enough to keep the program busy, few enough to settle soon.
MOST_WAITING = 60
STARTS, SETTLES = 60.0, 90.0


@dataclass
class Result:
    """What came of a trial; `faults` is empty when nothing was lost, doubled or out of order."""

    ends: int = 0
    turns: int = 0
    repeats: int = 0
    under_way: int = 0  # messages that had gone out unnoted when the program was killed
    slowest_stop: float = 0.0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.ends} ends, {self.turns} turns, {len(self.faults)} faults, "
            f"{self.repeats} messages repeated of {self.under_way} under way, {self.seconds:.0f} s"
        )


class Trial:
    """`mode` is polling or webhook; all chance but the machine's own comes from `seed`."""

    def __init__(self, folder: Path, mode: str, seed: int) -> None:
        self.telegram = FakeTelegram(lean=True)
        self._folder, self._mode = folder, mode
        self._chance = random.Random(seed)
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
        async with self.telegram:
            program = Program(self._folder, url, self.telegram.url, self._mode)
            ledger = Ledger(url, self.telegram)
            customers = [Ticker(self.telegram, 1 + n, self._chance) for n in range(CUSTOMERS)]
            try:
                await self._open(program)
                busy = asyncio.create_task(self._keep_busy(customers))
                for _ in range(number):
                    await self._live(program)
                    await end(program)
                    self._result.faults += ledger.ended()
                    self._result.ends += 1
                    report(self._result)
                    await program.start()
                busy.cancel()
                await self._settle(program, ledger)
                await self._judge(ledger, customers)
            finally:
                await program.kill()

    async def _open(self, program: Program) -> None:
        await program.start()
        if self._mode == "webhook":
            await self.telegram.methods.call("setWebhook", {"url": program.hook, "secret_token": SECRET})

    async def _keep_busy(self, customers: Sequence[Ticker]) -> None:
        while True:
            if len(self.telegram.updates.pending) < MOST_WAITING:
                for customer in self._chance.sample(customers, 10):
                    customer.act()
            await asyncio.sleep(0.02)

    async def _live(self, program: Program) -> None:
        """Until its first effect, and a random while longer."""
        spoken = self._spoken()
        await wait(program, lambda: self._spoken() > spoken, STARTS)
        await asyncio.sleep(self._chance.uniform(*LIFE))

    def _spoken(self) -> int:
        return self.telegram.counts["sendMessage"] + self.telegram.counts["editMessageText"]

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

    async def _judge(self, ledger: Ledger, customers: Sequence[Ticker]) -> None:
        result = self._result
        result.faults += await ledger.faults(customers)
        result.turns = sum(len(customer.updates) for customer in customers)
        result.under_way = ledger.under_way.total()
        result.repeats = ledger.repeats()


async def wait(program: Program, true: Callable[[], bool], seconds: float) -> None:
    """Until something is true of the outside world; fails when the program ends before."""
    async with asyncio.timeout(seconds):
        while not true():
            assert program.running(), program.log.read_text()[-2000:]
            await asyncio.sleep(0.02)
