"""Two servers, one to log in and one for orders; the card page is what tests do with an order."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from aiohttp import ClientSession, web
from pydantic import ValidationError

from tests.fakes.raiaccept.schema import LANGUAGES, Login, Order, parsed

USER, PASSWORD = "kesco@example.com", "Kanarinë 7/?#"
#: Seconds that a token of the real one lasts.
TOKEN_LASTS = 299

#: Where a status may lead.
_LEADS = {
    "DRAFT": {"CHECKOUT"},
    "CHECKOUT": {"PAID", "FAILED", "CANCELED", "ABANDONED"},
    "PAID": {"PARTIALLY_REFUNDED", "FULLY_REFUNDED"},
    "PARTIALLY_REFUNDED": {"PARTIALLY_REFUNDED", "FULLY_REFUNDED"},
}

Handler = Callable[[web.Request], Awaitable[web.Response]]
#: A status; the bytes of a body; or `hang`, `cut`, and `take and hang`, `take and cut` after it was done.
Fault = int | bytes | str


@dataclass
class Book:
    """One order as the bank holds it.  `says` is what its answers claim of the invoice instead."""

    id: str
    order: Order
    status: str = "DRAFT"
    page: str = ""
    language: str = ""
    charged: Decimal = Decimal(0)
    says: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hook:
    """A notification as it stood when something happened: posted as often, and as late, as a test says."""

    url: str
    body: bytes


class FakeRaiAccept:
    """`faults` are of the requests to come, by `login`, `orders`, `checkout` and `order`; `always` of all.

    `violations` is what it was sent and must not be: a test expects nothing.  `passed` is its clock, in
    seconds.
    """

    def __init__(self, *, passed: Callable[[], float] = time.monotonic, lasts: int = TOKEN_LASTS) -> None:
        self.passed, self.lasts = passed, lasts
        self.books: dict[str, Book] = {}
        self.hooks: list[Hook] = []
        self.faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self.always: Fault | None = None
        self.violations: list[str] = []
        self.asked: list[str] = []
        self.sent: list[bytes] = []
        self.tokens: dict[str, float] = {}
        self.elsewhere = ""
        self.api = self.auth = ""
        self._over = asyncio.Event()

    @property
    def setting(self) -> str:
        """What `PAYMENTS_URL` must be to reach it, without the password."""
        api, auth = (base.removeprefix("http://") for base in (self.api, self.auth))
        return f"raiaccept+http://{USER.replace('@', '%40')}@{api}?auth={auth}"

    async def __aenter__(self) -> Self:
        self._runners: list[web.AppRunner] = []
        self.api = await self._serve(
            web.post("/orders", self._does("orders", self._make)),
            web.post("/orders/{id}/checkout", self._does("checkout", self._check_out)),
            web.get("/orders/{id}", self._does("order", self._tell)),
        )
        self.auth = await self._serve(web.post("/auth/api/login", self._does("login", self._log_in)))
        self._outside = ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        await self._outside.close()
        for runner in self._runners:
            await runner.cleanup()

    async def _serve(self, *routes: web.RouteDef) -> str:
        app = web.Application()
        app.add_routes(routes)
        app.router.add_route("*", "/{rest:.*}", self._nothing)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._runners.append(runner)
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    # -- what a customer does on its page, and what the bank does ----------------------------------------

    def at(self, page: str) -> Book:
        """The order whose card page that address is."""
        return next(book for book in self.books.values() if book.page == page)

    def turn(self, book: Book, status: str) -> Hook:
        """PAID by a good card, FAILED by a declined one, CANCELED, ABANDONED, or given back."""
        if status not in _LEADS.get(book.status, ()):
            raise ValueError(f"{book.status} does not lead to {status}")
        book.status = status
        if status == "PAID":
            book.charged += book.order.invoice.amount
        hook = Hook(book.order.urls.notificationUrl, self._notification(book))
        self.hooks.append(hook)
        return hook

    async def post(self, hook: Hook, body: bytes | None = None) -> int:
        """Deliver a notification, or whatever somebody else may send there; the status it was answered."""
        headers = {"Content-Type": "application/json"}
        data = hook.body if body is None else body
        async with self._outside.post(hook.url, data=data, headers=headers) as answer:
            return answer.status

    # -- what it answers ---------------------------------------------------------------------------------

    def _does(self, what: str, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            self.asked.append(what)
            self.sent.append(await request.read())
            waiting = self.faults[what]
            fault = waiting.popleft() if waiting else self.always
            if fault is not None:
                return await self._faulty(request, fault, handler)
            return await handler(request)

        return handle

    async def _faulty(self, request: web.Request, fault: Fault, handler: Handler) -> web.StreamResponse:
        match fault:
            case int(status):
                headers = {"Location": self.elsewhere} if 300 <= status < 400 else {}
                return web.json_response({"traceId": "t", "errors": []}, status=status, headers=headers)
            case bytes(body):
                return web.Response(body=body, content_type="application/json")
        if fault.startswith("take"):
            await handler(request)
        if fault.endswith("hang"):
            await self._over.wait()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def _log_in(self, request: web.Request) -> web.Response:
        try:
            login = Login.model_validate(parsed(await request.read()))
        except ValueError as error:
            return self._violated(f"login: {_told(error)}")
        if (login.username, login.password) != (USER, PASSWORD):
            return web.json_response({"code": "AUTH_INVALID_CREDENTIALS"}, status=401)
        token = uuid.uuid4().hex
        self.tokens[token] = self.passed() + self.lasts
        return web.json_response(
            {
                "accessToken": token,
                "accessTokenExpiresIn": self.lasts,
                "refreshToken": uuid.uuid4().hex,
                "refreshTokenExpiresIn": 86399,
                "isProduction": False,
            }
        )

    async def _make(self, request: web.Request) -> web.Response:
        if not self._knows(request):
            return web.Response(status=401)
        order = await self._order(request)
        if isinstance(order, web.Response):
            return order
        reference = order.invoice.merchantOrderReference
        if any(book.order.invoice.merchantOrderReference == reference for book in self.books.values()):
            return self._violated(f"the reference {reference} was used before")
        book = Book(f"D-001-ORD-{uuid.uuid4()}", order)
        self.books[book.id] = book
        return web.json_response({"orderIdentification": book.id, "isProduction": False}, status=201)

    async def _check_out(self, request: web.Request) -> web.Response:
        if not self._knows(request):
            return web.Response(status=401)
        order = await self._order(request)
        if isinstance(order, web.Response):
            return order
        book = self.books.get(request.match_info["id"])
        if book is None or [*request.query] != ["language"] or request.query["language"] not in LANGUAGES:
            return self._violated(f"checkout of {request.rel_url}")
        if order != book.order or book.status != "DRAFT":
            return self._violated("checkout of another order than was made, or twice")
        book.status, book.language = "CHECKOUT", request.query["language"]
        book.page = f"{self.api}/card/{uuid.uuid4().hex}"
        return web.json_response({"sessionId": uuid.uuid4().hex, "paymentRedirectURL": book.page})

    async def _tell(self, request: web.Request) -> web.Response:
        if not self._knows(request):
            return web.Response(status=401)
        if request.query or await request.read():
            return self._violated("a question with a query or a body")
        book = self.books.get(request.match_info["id"])
        if book is None:
            return web.json_response({"errors": ["no such order"]}, status=404)
        return web.Response(body=self._details(book), content_type="application/json")

    async def _nothing(self, request: web.Request) -> web.Response:
        return self._violated(f"{request.method} {request.path}")

    # -- what it checks and writes -----------------------------------------------------------------------

    def _knows(self, request: web.Request) -> bool:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or token not in self.tokens:
            self.violations.append("a question without a token of its login")
        return kind == "Bearer" and self.tokens.get(token, 0.0) > self.passed()

    async def _order(self, request: web.Request) -> Order | web.Response:
        if request.content_type != "application/json":
            return self._violated("an order that is not JSON")
        try:
            return Order.model_validate(parsed(await request.read()))
        except ValueError as error:
            return self._violated(f"order: {_told(error)}")

    def _violated(self, what: str) -> web.Response:
        self.violations.append(what)
        return web.json_response({"traceId": "t", "status": 400, "errors": [what]}, status=400)

    def _shown(self, book: Book) -> dict[str, Any]:
        order = book.order.model_dump()
        for item in order["invoice"]["items"]:
            item["price"] = f"@{item['price']}@"
        order["invoice"]["amount"] = f"@{order['invoice']['amount']}@"
        order["invoice"] |= book.says
        order["callbackUrls"] = order.pop("urls")
        return {"orderIdentification": book.id, "status": book.status, "isProduction": False, **order}

    def _details(self, book: Book) -> bytes:
        return _unquoted(json.dumps(self._shown(book)))

    def _notification(self, book: Book) -> bytes:
        """As the real one nests it; a declined card leaves no card."""
        transaction = {
            "transactionId": f"D-001-TX-{uuid.uuid4()}",
            "transactionType": "PURCHASE",
            "status": "SUCCESS" if book.status == "PAID" else "FAILED",
            "statusCode": "0000" if book.status == "PAID" else "1101",
            "transactionAmount": f"@{book.order.invoice.amount}@",
            "transactionCurrency": book.order.invoice.currency,
        }
        whole = {"transaction": transaction, "order": self._shown(book), "merchant": {}, "card": None}
        return _unquoted(json.dumps(whole))


def _unquoted(text: str) -> bytes:
    """Numbers with all their decimals, as `json` would not write them."""
    return text.replace('"@', "").replace('@"', "").encode()


def _told(error: ValueError) -> str:
    """What is wrong and where, without the values."""
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
