"""Viber asks for a welcome again when the answer was lost: it must be the same, whatever came between."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tests.fakes.viber import Callback
from tests.kill.on_viber import OnViber
from tests.kill.test_redelivery import running
from tests.kill.trial import STARTS, wait

OPENINGS = 6


def told(opening: Callback) -> bool:
    """Whether it was answered, if only for Viber to lose the answer."""
    return bool(opening.told)


async def test_who_was_welcomed_just_before_the_end_is_welcomed_with_the_same_words_again(
    tmp_path: Path, url: str
) -> None:
    async with OnViber() as network, running(tmp_path, url, network) as (program, ledger):
        await network.meet(program)
        viber = network.viber
        for n in range(OPENINGS):
            customer = viber.user(f"customer {n}", language="en")
            viber.drop("conversation_started", after=True)
            opening = customer.open()
            await viber.until(partial(told, opening), STARTS)
            await program.kill()
            await program.start()
            await wait(program, program.listens, STARTS)
            customer.say("qwzx")
        network.is_there(True)
        network.hurry()
        await wait(program, ledger.settled, STARTS)
        assert network.faults() == []
