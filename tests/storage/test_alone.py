import asyncio
from pathlib import Path

import pytest

from storage.alone import InUse, alone


async def test_a_second_process_is_told_that_the_database_is_in_use(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    async with alone(url, 0):
        with pytest.raises(InUse, match="another ekesco"):
            async with alone(url, 0):
                pass
    async with alone(url, 0):
        pass


async def test_a_successor_waits_for_its_predecessor_to_end(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    inside, over = asyncio.Event(), asyncio.Event()

    async def predecessor() -> None:
        async with alone(url, 0):
            inside.set()
            await over.wait()

    running = asyncio.ensure_future(predecessor())
    await inside.wait()
    asyncio.get_running_loop().call_later(0.05, over.set)
    async with alone(url, 5):
        assert over.is_set()
    await running
