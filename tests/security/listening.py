"""A database that notes what it is asked, around one that answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storage.base import Query, Row, Storage, Write


class Listening:
    """`heard` are the statements, in order, without what stood in their parameters."""

    def __init__(self, inner: Storage) -> None:
        self._inner = inner
        self.heard: list[str] = []

    async def read(self, query: Query) -> Sequence[Row]:
        self.heard.append(_named(query.sql))
        return await self._inner.read(query)

    async def commit(self, writes: Sequence[Write]) -> Sequence[Sequence[Row]]:
        self.heard += [_named(write.sql) for write in writes]
        return await self._inner.commit(writes)

    async def close(self) -> None:
        await self._inner.close()


def _named(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip()
