"""The slow lane keeps its pace, and lets everybody else go first."""

from __future__ import annotations

import pytest

from bot.bulk import GLANCE, BulkLane


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def passed(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


async def test_messages_go_at_an_even_pace() -> None:
    time = Time()
    lane = BulkLane(lambda: False, rate=4, pause=time.pause, passed=time.passed)
    at = []
    for _message in range(9):
        await lane.place()
        at.append(time.now - 100)
    assert at == pytest.approx([n / 4 for n in range(9)])


async def test_several_at_once_take_the_room_of_several() -> None:
    time = Time()
    lane = BulkLane(lambda: False, rate=4, pause=time.pause, passed=time.passed)
    await lane.place(8)
    await lane.place()
    assert time.now - 100 == pytest.approx(2)


async def test_a_quiet_hour_saves_up_no_burst() -> None:
    time = Time()
    lane = BulkLane(lambda: False, rate=4, pause=time.pause, passed=time.passed)
    await lane.place()
    time.now += 3600
    await lane.place()
    await lane.place()
    assert time.now - 3700 == pytest.approx(0.25)


async def test_while_the_program_is_busy_nothing_goes() -> None:
    time = Time()
    lane = BulkLane(lambda: time.now < 105, rate=1000, pause=time.pause, passed=time.passed)
    await lane.place()
    assert 105 <= time.now <= 105 + GLANCE
