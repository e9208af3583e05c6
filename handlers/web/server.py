"""The web application: its routes, and what stands behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from aiohttp import web
from prometheus_client import REGISTRY, CollectorRegistry

from bot.demo_register import DemoPerson
from handlers.web.channel import now
from handlers.web.chat import ChatPages, Intake
from handlers.web.documents import DocumentDesk, DocumentPages
from handlers.web.files import FileNames
from handlers.web.forms import FormDesk, FormPages
from handlers.web.headers import security_headers
from handlers.web.health import Health, Probe
from handlers.web.history import History
from handlers.web.identity import Doorkeeper
from handlers.web.legal import LegalPages
from handlers.web.limits import RateLimit
from handlers.web.listeners import Listeners
from handlers.web.pages import HERE, Pages, Speak
from handlers.web.pay import PayDesk, PayPages
from handlers.web.sandbox import SandboxPage
from handlers.web.stream import POLL_SECONDS, Stream
from handlers.web.tickets import Tickets
from storage.base import Storage

LARGEST_BODY = 256 * 1024


def build_web(
    *,
    storage: Storage,
    intake: Intake,
    listeners: Listeners,
    speak: Speak,
    secret_key: bytes,
    public_url: str = "",
    demo: bool = False,
    probes: Mapping[str, Probe] | None = None,
    registry: CollectorRegistry = REGISTRY,
    clock: Callable[[], datetime] = now,
    limit: RateLimit | None = None,
    poll_seconds: float = POLL_SECONDS,
    forms: FormDesk | None = None,
    people: Sequence[DemoPerson] = (),
    payments: PayDesk | None = None,
    documents: DocumentDesk | None = None,
) -> web.Application:
    """The chat and the operators' pages; other channels add their hooks to the router.

    `listeners` is the one that the channel and the demo's phone notify.  `public_url` is where customers
    find the page: with https cookies are for https alone.  Without `forms` there are no one-time pages,
    without `documents` no PDF.
    `people` are those whom a visitor of the demo may be.
    """
    door, files, pages = (
        Doorkeeper(secret_key, public_url),
        FileNames(secret_key),
        Pages(speak, demo=demo, people=people),
    )
    history = History(storage, pages, files, clock, demo=demo)
    chat = ChatPages(storage, intake, listeners, door, history, pages, files, limit or RateLimit(), clock)
    stream = Stream(door, history, pages, listeners, poll_seconds)
    health = Health(probes or {}, registry)

    async def close_streams(app: web.Application) -> None:
        listeners.close()

    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_get("/", _to_chat)
    app.router.add_get("/chat", chat.show)
    app.router.add_post("/chat", chat.post)
    app.router.add_get("/chat/events", stream.serve)
    if documents is not None:
        DocumentPages(documents, pages, door).add_routes(app.router)
    app.router.add_get("/file/{token}", chat.picture)
    app.router.add_get("/healthz", health.alive)
    app.router.add_get("/readyz", health.ready)
    app.router.add_get("/metrics", health.metrics)
    LegalPages(pages).add_routes(app.router)
    if forms is not None:
        FormPages(forms, pages, door, Tickets(secret_key), clock).add_routes(app.router)
    if payments is not None:
        PayPages(payments, pages, door, Tickets(secret_key)).add_routes(app.router)
        if payments.sandbox is not None:
            SandboxPage(payments.sandbox, payments.say, pages, door).add_routes(app.router)
    app.router.add_static("/static", HERE / "static")
    app.on_response_prepare.append(security_headers(secure=door.secure))
    app.on_shutdown.append(close_streams)
    return app


async def _to_chat(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/chat")
