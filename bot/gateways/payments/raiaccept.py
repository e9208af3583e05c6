"""RaiAccept, Raiffeisen's card page (https://docs.raiaccept.com/code-integration.html).

Its notifications carry no signature and are believed in nothing but the order they name.
"""

from __future__ import annotations

from urllib.parse import quote

from bot.gateways.payments.raiaccept_http import RaiAcceptHttp
from bot.gateways.payments.raiaccept_json import hinted, language_of, order_body, order_id, page_of, word_of
from bot.services.payment_port import Asked, Opened, Word

#: It takes no order without a mailbox; this one is nobody's, and stays so (RFC 2606).
NOBODY = "customer@ekesco.invalid"


class RaiAccept:
    """`email` stands for every customer's, whom it is not told about."""

    name = "raiaccept"

    def __init__(self, http: RaiAcceptHttp, email: str = "") -> None:
        self._http, self._email = http, email or NOBODY

    async def open(self, asked: Asked) -> Opened:
        """Two steps: an order whose second fails has no page, and nobody can pay it."""
        body = order_body(asked, self._email)
        async with self._http.patience():
            id = order_id(await self._http.post("/orders", body))
            language = language_of(asked.language)
            answer = await self._http.post(f"/orders/{quote(id)}/checkout?language={language}", body)
            return Opened(id, page_of(answer))

    async def ask(self, id: str) -> Word | None:
        async with self._http.patience():
            answer = await self._http.get(f"/orders/{quote(id, safe='')}")
        return None if answer is None else word_of(answer, id)

    def hinted(self, body: bytes) -> str:
        return hinted(body)

    async def close(self) -> None:
        await self._http.close()
