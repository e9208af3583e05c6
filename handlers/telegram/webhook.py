"""`ekesco webhook set|delete|info`: where Telegram delivers."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.telegram.api import BotApi
from handlers.telegram.ingress import ALLOWED

PATH = "/telegram"


@dataclass(frozen=True, slots=True)
class WebhookInfo:
    """What Telegram says of the webhook; without one `url` is empty."""

    url: str
    pending: int
    last_error: str = ""


async def set_webhook(api: BotApi, public_url: str, secret: str, connections: int = 40) -> str:
    """Have updates delivered to `public_url`, and return the full address.  What waits is kept.

    Raises ValueError without a secret, `ApiError` when Telegram does not like the address.
    """
    if not secret:
        raise ValueError("a webhook needs a secret: set EKESCO_TELEGRAM_SECRET")
    address = public_url.rstrip("/") + PATH
    asked = {"url": address, "secret_token": secret, "max_connections": connections}
    await api.call("setWebhook", asked | {"allowed_updates": list(ALLOWED)})
    return address


async def delete_webhook(api: BotApi) -> None:
    """Go back to polling.  What waits is kept."""
    await api.call("deleteWebhook")


async def webhook_info(api: BotApi) -> WebhookInfo:
    told = await api.call("getWebhookInfo")
    return WebhookInfo(told["url"], told["pending_update_count"], told.get("last_error_message", ""))
