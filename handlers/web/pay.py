"""The payment page: what is paid, and the way to the card page.  The link is the key; GET changes nothing.

Whether something is paid is the provider's word alone: who comes back from the card page reads "checking".
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from aiohttp import web

from bot.gateways.payments.sandbox import Sandbox
from bot.pay_port import Leave, Payable, Payments, Standing
from bot.services.ports import Away
from dialogs.engine.text import Leaf, Phrase, Text, _
from handlers.web.forms import BadPost, Say, read_fields
from handlers.web.identity import Doorkeeper
from handlers.web.languages import page_language, preferred
from handlers.web.limits import RateLimit
from handlers.web.pages import Pages
from handlers.web.tickets import Tickets
from storage.base import Unavailable

LARGEST_CALLBACK = 256 * 1024
POSTS_A_MINUTE = 20
#: A provider that is sent away comes again, and the job asks in any case.
CALLBACKS_A_MINUTE = 600
_TOKEN = re.compile(r"[0-9a-f]{64}")

TITLES = {
    Standing.OPEN: _("Your payment"),
    Standing.CHECKING: _("The payment is being checked"),
    Standing.PAID: _("It is paid"),
    Standing.RETURNED: _("The money was given back"),
    Standing.DECLINED: _("The card was not accepted"),
    Standing.SETTLED: _("This is paid already"),
    Standing.OVER: _("This link has expired"),
    Standing.UNKNOWN: _("There is no such payment"),
}
LEADS = {
    Standing.OPEN: _("You pay with your card on the page of the bank. KESCO never sees its number."),
    Standing.CHECKING: _(
        "As soon as the bank confirms it, the chat says so by itself. If you have not paid yet, go on."
    ),
    Standing.PAID: _("Thank you! The receipt is in the chat."),
    Standing.RETURNED: _(
        "It goes to the card it came from. If something is to be paid, ask for a new link in the chat."
    ),
    Standing.DECLINED: _("Nothing was taken. Try again, or use another card."),
    Standing.SETTLED: _("It was paid in another way meanwhile. If something is left, ask for a new link."),
    Standing.OVER: _("Nothing was taken. Ask for a new link in the chat."),
    Standing.UNKNOWN: _("Please open the link in the chat once more, or ask for a new one there."),
}
#: It may have been paid: who comes back from the card page reads this, too.
AWAY = _(
    "The bank cannot be reached just now. Please try again in a minute. If you have paid already, the chat "
    "says so as soon as the bank confirms it; then do not pay again."
)
TOO_OFTEN = _("That was often. Please wait a minute and try again.")
NOT_OURS = _("Please press the button once more.")
_STATUS = {Standing.UNKNOWN: 404, Standing.OVER: 410}


@dataclass(frozen=True, slots=True)
class PayDesk:
    """What the pages need of the program; `sandbox` where it takes the cards.

    `calls_a_minute` is how often a provider may call back.
    """

    payments: Payments
    say: Say
    public_url: str
    sandbox: Sandbox | None = None
    calls_a_minute: int = CALLBACKS_A_MINUTE


class PayPages:
    """Serves /pay, /payments and the sandbox's page."""

    def __init__(self, desk: PayDesk, pages: Pages, door: Doorkeeper, tickets: Tickets) -> None:
        self._desk, self._pages, self._door, self._tickets = desk, pages, door, tickets
        self._posts = RateLimit(POSTS_A_MINUTE, 60.0)
        self._calls = RateLimit(desk.calls_a_minute, 60.0)
        self._cookie = "__Host-pay" if door.secure else "pay"

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/pay/{token}", self.show)
        router.add_post("/pay/{token}", self.take)
        router.add_post("/payments/{provider}", self.called_back)

    async def show(self, request: web.Request) -> web.Response:
        """As often as it is asked for: messengers fetch links before anybody sees them."""
        token = request.match_info["token"]
        if not _TOKEN.fullmatch(token):
            return self._page(request, Payable(Standing.UNKNOWN))
        try:
            return self._page(request, await self._desk.payments.look(token))
        except Unavailable:
            return self._page(request, Payable(Standing.OPEN), AWAY, status=503)

    async def take(self, request: web.Request) -> web.Response:
        """To the card page, or ask how it went there."""
        token = request.match_info["token"]
        if not _TOKEN.fullmatch(token):
            return self._page(request, Payable(Standing.UNKNOWN))
        payments = self._desk.payments
        try:
            fields = await read_fields(request)
            if not self._is_ours(request, token, fields.get("csrf", "")):
                return self._page(request, await payments.look(token), NOT_OURS, status=403)
            if not self._posts.allows(hashlib.sha256(token.encode()).hexdigest()):
                return self._page(request, await payments.look(token), TOO_OFTEN, status=429)
            if fields.get("does") == "check":
                await payments.check(token)
                return self._back(request)
            found = await payments.pay(token, f"{self._desk.public_url}/pay/{token}?back=1")
        except (BadPost, web.HTTPRequestEntityTooLarge):
            return self._page(request, Payable(Standing.UNKNOWN), NOT_OURS, status=400)
        except (Away, Unavailable):
            return self._page(request, await self._looked(token), AWAY, status=503)
        return self._leave(found) if isinstance(found, Leave) else self._page(request, found)

    async def called_back(self, request: web.Request) -> web.Response:
        """2xx once its effect is committed; 503 has the provider call again."""
        if not self._calls.allows(request.match_info["provider"]):
            return web.Response(status=429, headers={"Retry-After": "60"})
        body = await request.clone(client_max_size=LARGEST_CALLBACK).read()
        try:
            known = await self._desk.payments.called_back(request.match_info["provider"], body)
        except (Away, Unavailable):
            return web.Response(status=503, headers={"Retry-After": "30"})
        return web.Response(status=200 if known else 404)

    async def _looked(self, token: str) -> Payable:
        try:
            return await self._desk.payments.look(token)
        except Unavailable:
            return Payable(Standing.OPEN)

    def _back(self, request: web.Request) -> web.Response:
        token, again = request.match_info["token"], min(_times_back(request) + 1, 99)
        return web.Response(status=303, headers={"Location": f"/pay/{token}?back={again}"})

    def _leave(self, leave: Leave) -> web.Response:
        """A page of its own: browsers follow no redirect of a form to another site under our policy."""
        language = page_language(leave.language)
        return _html(self._pages.page("pay_leaving.html", language, address=leave.page))

    def _is_ours(self, request: web.Request, token: str, csrf: str) -> bool:
        nonce = self._tickets.nonce_of(token, csrf)
        return (
            nonce is not None
            and request.cookies.get(self._cookie) == nonce
            and self._door.same_origin(request)
        )

    def _page(
        self, request: web.Request, payable: Payable, problem: Text | None = None, status: int = 0
    ) -> web.Response:
        token = request.match_info["token"]
        nonce = self._tickets.nonce(request.cookies.get(self._cookie, ""))
        known = payable.language or preferred(request.headers.get("Accept-Language", ""))
        language = page_language(known)

        def say(text: Text, **values: Leaf) -> str:
            return self._desk.say(language.code, Phrase(text, values))

        page = self._pages.page(
            "pay.html",
            language,
            say=say,
            words=_WORDS,
            payable=payable,
            standing=payable.standing.value,
            title=say(TITLES[payable.standing]),
            lead=say(LEADS[payable.standing]),
            problem=say(problem) if problem else "",
            csrf=self._tickets.csrf(token, nonce),
            back=_times_back(request),
        )
        response = _html(page, status or _STATUS.get(payable.standing, 200))
        response.set_cookie(
            self._cookie,
            nonce,
            max_age=3600,
            httponly=True,
            samesite="Lax",
            secure=self._door.secure,
            path="/",
        )
        return response


_WORDS = {
    "month": _("{code}, bill for {month:month}"),
    "bill": _("{code}, bill {number}"),
    "balance": _("{code}, account balance"),
    "due": _("to be paid by {day:date}"),
    "amount": _("{amount:money}"),
    "pay": _("Pay {amount:money} by card"),
    "until": _("The link works until {day:date}."),
    "reference": _("Number of this payment: {reference}"),
}


def _times_back(request: web.Request) -> int:
    """How often the page was shown since the customer came back from the card page; 0: they have not."""
    told = request.query.get("back", "")
    return int(told) if re.fullmatch(r"[0-9]{1,2}", told) else 0


def _html(html: str, status: int = 200) -> web.Response:
    return web.Response(text=html, content_type="text/html", charset="utf-8", status=status)
