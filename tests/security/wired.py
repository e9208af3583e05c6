"""The program with its real ways out: SMS, e-mail and the register, each of them a strict fake."""

from __future__ import annotations

from collections.abc import Sequence

from bot.gateways.address import Address, parsed
from bot.gateways.carrier import Carrier, Parcel
from bot.gateways.http_json import HttpJson
from bot.gateways.registry.http import HttpRegistry
from bot.gateways.smtp import Smtp
from bot.mailing import Mailing
from bot.turn import Turns
from storage.base import Query, Row, Storage, Write
from tests.fakes.registry.server import TOKEN, FakeRegistry
from tests.fakes.sms import FakeGateway
from tests.fakes.smtp import FakeMailServer
from tests.talk.post import PostOffice
from tests.talk.world import World

#: Seconds that a fake which hangs is waited for.
PATIENCE = 0.3


class Noted:
    """A carrier, and a note of what it has carried."""

    def __init__(self, carrier: Carrier, post: PostOffice) -> None:
        self._carrier, self._post = carrier, post
        self.keyed = carrier.keyed

    async def carry(self, parcel: Parcel) -> None:
        await self._carrier.carry(parcel)
        await self._post.carry(parcel)

    async def close(self) -> None:
        await self._carrier.close()


class WiredWorld(World):
    """`World` around gateways that are met over the network."""

    def __init__(self, url: str, sms: FakeGateway, mail: FakeMailServer, register: FakeRegistry) -> None:
        self.outside = HttpRegistry(register.url, TOKEN, whole=PATIENCE)
        at: Address = parsed(f"smtp://127.0.0.1:{mail.port}", "EMAIL_URL")
        self._sms = HttpJson(sms.url, "KESCO", sms.token, whole=PATIENCE)
        self._mail = Smtp(at, "KESCO <no-reply@kesco.example>", "", patience=PATIENCE)
        super().__init__(url, "telegram")

    def _start(self) -> None:
        super()._start()
        mailing = self.delivery._mail
        assert isinstance(mailing, Mailing)
        carriers: dict[str, Carrier] = {"sms": self._sms, "email": self._mail}
        mailing.carriers = {kind: Noted(carrier, self.post) for kind, carrier in carriers.items()}

    def more_turns(self) -> Turns:
        self.registry = self.outside  # type: ignore[assignment]
        return super().more_turns()

    async def close(self) -> None:
        await self.outside.close()
        await self._sms.close()
        await super().close()


class Spoiling:
    """A database that is given no `column` where `spoils` writes: a mistake of ours, told in its words."""

    def __init__(self, inner: Storage) -> None:
        self._inner = inner
        self.spoils, self.column = "", ""

    async def read(self, query: Query) -> Sequence[Row]:
        return await self._inner.read(query)

    async def commit(self, writes: Sequence[Write]) -> Sequence[Sequence[Row]]:
        return await self._inner.commit([self._spoilt(write) for write in writes])

    async def close(self) -> None:
        await self._inner.close()

    def _spoilt(self, write: Write) -> Write:
        if not self.spoils or not write.sql.startswith(self.spoils):
            return write
        return Write(write.sql, {**write.params, self.column: None}, write.rows, write.guard)
