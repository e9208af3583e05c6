import logging

import pytest

from bot.chains import Chains


async def test_what_fails_ends_itself_and_not_what_stands_behind_it(caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []

    async def work(key: str, item: int) -> None:
        if item == 1:
            raise ValueError("spoilt")
        done.append(item)

    chains = Chains(work)
    for item in range(4):
        chains.add("ana", item)
    with caplog.at_level(logging.CRITICAL):
        assert await chains.drain(1)
    assert done == [0, 2, 3]
