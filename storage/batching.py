"""A thread that takes everything waiting at one moment and does it in one go."""

from __future__ import annotations

import asyncio
import contextlib
from asyncio import Future
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

from storage.base import Unavailable

Job = TypeVar("Job")
Result = TypeVar("Result")
Work = Callable[[Sequence[Job]], Sequence[Result | Exception]]


class BatchingThread(Generic[Job, Result]):
    """`work` is given all waiting jobs and answers each with a result or the exception to raise.

    It runs in the thread alone, and must not raise itself.  Jobs come from one event loop, which
    is woken once a batch, however many jobs were in it.
    """

    def __init__(self, name: str, work: Work[Job, Result], last: Callable[[], None], most: int = 512) -> None:
        self._work, self._last, self._most = work, last, most
        self._waiting: SimpleQueue[tuple[Job, Future[Result]] | None] = SimpleQueue()
        self._closed = self._ended = False
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    async def ask(self, job: Job) -> Result:
        if self._closed:
            raise Unavailable("closed")
        future: Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.put((job, future))
        return await future

    async def close(self) -> None:
        """Finish what waits, then `last`."""
        if not self._closed:
            self._closed = True
            self._waiting.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        while not self._ended:
            if batch := self._take():
                self._do(batch)
        self._last()

    def _take(self) -> list[tuple[Job, Future[Result]]]:
        """Everything that waits at this moment, once there is something."""
        batch: list[tuple[Job, Future[Result]]] = []
        entry = self._waiting.get()
        while entry is not None:
            batch.append(entry)
            if len(batch) == self._most:
                return batch
            try:
                entry = self._waiting.get_nowait()
            except Empty:
                return batch
        self._ended = True
        return batch

    def _do(self, batch: Sequence[tuple[Job, Future[Result]]]) -> None:
        outcomes = self._work([job for job, _ in batch])
        futures = [future for _, future in batch]
        # A loop that is closed has nobody left who waits for an answer.
        with contextlib.suppress(RuntimeError):
            futures[0].get_loop().call_soon_threadsafe(_settle, futures, outcomes)


def _settle(futures: Sequence[Future[Result]], outcomes: Sequence[Result | Exception]) -> None:
    for future, outcome in zip(futures, outcomes, strict=True):
        if future.done():  # its caller was cancelled
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
