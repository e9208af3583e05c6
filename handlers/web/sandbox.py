"""The card page of the sandbox provider: cards to choose from instead of a number to type."""

from __future__ import annotations

from aiohttp import web

from bot.gateways.payments.sandbox import CODE, Card, Sandbox, SandboxOrder
from dialogs.engine.text import Phrase, _
from handlers.web.forms import BadPost, Say, read_fields
from handlers.web.identity import Doorkeeper
from handlers.web.languages import page_language
from handlers.web.pages import Pages

CARDS = {
    Card.GOOD: _("A card that pays"),
    Card.SECURE: _("A card that asks for a code"),
    Card.DECLINED: _("A card that is declined"),
    Card.SLOW: _("A card whose bank is slow"),
    Card.REPEATED: _("A card whose bank confirms three times"),
}
AMOUNT = _("{amount:money}")
ASKED = _("The code from your bank (here it is {code})")


class SandboxPage:
    """Serves /sandbox."""

    def __init__(self, sandbox: Sandbox, say: Say, pages: Pages, door: Doorkeeper) -> None:
        self._sandbox, self._say, self._pages, self._door = sandbox, say, pages, door

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/sandbox/{id}", self.show)
        router.add_post("/sandbox/{id}", self.take)

    async def show(self, request: web.Request) -> web.Response:
        return self._page(await self._order(request))

    async def take(self, request: web.Request) -> web.Response:
        order = await self._order(request)
        try:
            fields = await read_fields(request)
            card = Card(fields["card"]) if "card" in fields else None
        except (BadPost, ValueError):
            raise web.HTTPBadRequest from None
        if not self._door.same_origin(request):
            raise web.HTTPForbidden
        if card is Card.SECURE and fields.get("code", "") != CODE:
            return self._page(order, asks=True, wrong="code" in fields)
        await (self._sandbox.use(order, card) if card else self._sandbox.leave(order))
        return web.Response(status=303, headers={"Location": order.back_url})

    async def _order(self, request: web.Request) -> SandboxOrder:
        order = await self._sandbox.look(request.match_info["id"])
        if order is None:
            raise web.HTTPNotFound
        return order

    def _page(self, order: SandboxOrder, *, asks: bool = False, wrong: bool = False) -> web.Response:
        language = page_language(order.language)
        cards = [(card.value, self._say(language.code, Phrase(words))) for card, words in CARDS.items()]
        html = self._pages.page(
            "sandbox.html",
            language,
            order=order,
            amount=self._say(language.code, Phrase(AMOUNT, {"amount": order.amount})),
            cards=cards,
            asks=asks,
            wrong=wrong,
            asked=self._say(language.code, Phrase(ASKED, {"code": CODE})),
        )
        return web.Response(text=html, content_type="text/html", charset="utf-8")
