"""`ekesco webhook set|delete|info viber`: where Viber calls, and the link by which customers find us."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.viber.api import ViberApi
from handlers.viber.ingress import EVENTS, PATH


@dataclass(frozen=True, slots=True)
class Found:
    """The bot as Viber knows it; `url` is where it calls, "" for nowhere."""

    name: str
    url: str
    link: str


async def set_webhook(api: ViberApi, public_url: str) -> Found:
    """Have Viber call `public_url`, which must answer while we wait.

    Raises ValueError for an address that Viber cannot call, and what `ViberApi` raises.
    """
    if not public_url.startswith("https://"):
        raise ValueError("Viber calls https addresses alone: set EKESCO_PUBLIC_URL")
    await api.set_webhook(public_url.rstrip("/") + PATH, EVENTS)
    return await info(api)


async def delete_webhook(api: ViberApi) -> None:
    """Viber calls no more, and keeps nothing for later."""
    await api.set_webhook("", ())


async def info(api: ViberApi) -> Found:
    account = await api.account()
    return Found(account.name, account.webhook, deep_link(account.uri))


def deep_link(uri: str, context: str = "") -> str:
    """The address that opens the chat, on a phone with Viber."""
    return f"viber://pa?chatURI={uri}" + (f"&context={context}" if context else "")
