import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from storage.alone import InUse, alone
from storage.base import Query
from storage.claim import Claim
from storage.open import open_storage
from tests import databases
from tests.storage.wire import Wire


async def test_a_second_process_is_told_that_the_database_is_in_use(url: str) -> None:
    async with alone(url, 0):
        with pytest.raises(InUse, match="another ekesco"):
            async with alone(url, 0):
                pass
    async with alone(url, 0):
        pass


async def test_a_successor_waits_for_its_predecessor_to_end(url: str) -> None:
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


async def test_nobody_reads_a_password_in_what_is_said_of_a_database() -> None:
    with databases.database("postgresql") as url:
        secret = f"{url}{'&' if '?' in url else '?'}password=secret"
        async with alone(url, 0):
            with pytest.raises(InUse) as caught:
                async with alone(secret, 0):
                    pass
    assert "secret" not in str(caught.value)
    assert urlsplit(url).path in str(caught.value)


@pytest_asyncio.fixture
async def wire() -> AsyncIterator[Wire]:
    with databases.database("postgresql") as url:
        async with Wire(url) as wire:
            yield wire


async def held(url: str) -> None:
    """Until somebody holds the database."""
    storage = open_storage(url)
    locks = Query(
        "select 1 as one from pg_locks where locktype = 'advisory'"
        " and database = (select oid from pg_database where datname = current_database())"
    )
    async with asyncio.timeout(5):
        while not await storage.read(locks):
            pass
    await storage.close()


async def test_a_claim_outlives_a_server_that_is_away(wire: Wire) -> None:
    paused = asyncio.Queue[float]()
    claim = Claim(wire.url, pause=paused.put)
    assert await claim.take()
    losing = asyncio.ensure_future(claim.lost())
    await paused.get()
    await wire.refuse()
    while not paused.empty():
        paused.get_nowait()
    async with asyncio.timeout(10):
        for _ in range(3):
            await paused.get()
    await wire.mend()
    await held(wire.far)
    other = Claim(wire.far)
    assert not await other.take()
    await other.close()
    assert not losing.done()
    losing.cancel()
    await asyncio.gather(losing, return_exceptions=True)
    await claim.close()


async def test_who_lost_the_claim_to_another_process_ends_what_it_does(wire: Wire) -> None:
    at_work, ended_well = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with alone(wire.url, 0):
            at_work.set()
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                await asyncio.sleep(0)
                ended_well.set()

    working = asyncio.ensure_future(first())
    await at_work.wait()
    other = Claim(wire.far)
    async with asyncio.timeout(5):
        while not await other.take():
            wire.cut()
            await asyncio.sleep(0)
    await asyncio.wait([working], timeout=10)
    assert isinstance(working.exception(), InUse)
    assert ended_well.is_set()
    await other.close()


async def test_a_connection_that_broke_on_our_side_alone_is_not_in_our_own_way(wire: Wire) -> None:
    paused = asyncio.Queue[float]()
    claim = Claim(wire.url, pause=paused.put)
    assert await claim.take()
    losing = asyncio.ensure_future(claim.lost())
    await paused.get()
    wire.cut_near()
    async with asyncio.timeout(10):
        for _ in range(3):
            await paused.get()
    assert not losing.done()
    losing.cancel()
    await asyncio.gather(losing, return_exceptions=True)
    await claim.close()
