"""What RaiAccept is sent and what it answers, field by field, strictly: as expected, or not believed.

Field names, patterns and lengths are those of its order API (trapi.raiaccept.com, OrderInput) and of the
clients published for it.  Money is `Decimal` on the way out and in; there is no float anywhere between.
"""

from __future__ import annotations

import json
import logging
import re
from decimal import Decimal, InvalidOperation
from typing import Any, TypeGuard

from bot.gateways.address import parsed
from bot.services.payment_port import EURO, Asked, BadOrder, Fate, Word
from bot.services.ports import Away

log = logging.getLogger(__name__)

CENT = Decimal("0.01")
#: What an order's id may be, so that it can stand in an address as it is.
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_LONGEST_REFERENCE, _LONGEST_PAGE = 150, 2000
#: Euros; what is larger is a fault of somebody's.
_LARGEST = Decimal(10) ** 9

#: Its page speaks no Cyrillic; its code of Albanian is the country's, not the language's.
_LANGUAGES = {"sq": "al", "sr": "sr", "sr_Cyrl": "sr", "en": "en"}

_FATES = {
    "DRAFT": Fate.OPEN,
    "CHECKOUT": Fate.OPEN,
    "PAID": Fate.PAID,
    "PARTIALLY_REFUNDED": Fate.REDUCED,
    "FULLY_REFUNDED": Fate.REFUNDED,
    "FAILED": Fate.FAILED,
    "CANCELED": Fate.CANCELED,
    "ABANDONED": Fate.ABANDONED,
}


def language_of(code: str) -> str:
    return _LANGUAGES.get(code, "en")


def order_body(asked: Asked, email: str) -> str:
    """The JSON of an order.

    The consumer in it is nobody: the card page asks its holder itself for what the bank must know, and who
    has which bill is not the bank's business.
    """
    return written(
        {
            "consumer": {"firstName": "KESCO", "lastName": "Customer", "email": email, "mobilePhone": ""},
            "invoice": {
                "amount": money(asked.amount),
                "currency": EURO,
                "description": asked.description,
                "merchantOrderReference": asked.reference,
                "items": [
                    {"description": asked.description, "numberOfItems": 1, "price": money(asked.amount)}
                ],
            },
            "paymentMethodPreference": "CARD",
            # The page a customer comes back to says what the provider says when it is asked.
            "urls": {
                "successUrl": asked.back_url,
                "failUrl": asked.back_url,
                "cancelUrl": asked.back_url,
                "notificationUrl": asked.notify_url,
            },
        }
    )


def written(value: Any) -> str:
    """The JSON of dicts, lists, strings, whole numbers and Decimals; these digit by digit."""
    match value:
        case dict():
            return "{" + ", ".join(f"{json.dumps(k)}: {written(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(written, value)) + "]"
        case Decimal():
            return f"{value:f}"
        case _:
            return json.dumps(value)


def read(body: bytes) -> dict[str, Any]:
    """The object that a body is.  Raises ValueError."""
    try:
        found = json.loads(body, parse_float=Decimal, parse_constant=_refuse)
    except (RecursionError, InvalidOperation):  # of an exponent that no Decimal has
        raise ValueError("too deep, or too large a number") from None
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def money(value: object) -> Decimal:
    """A finite number with at most two decimals, in cents' precision.  Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("no number")
    amount = Decimal(value)
    if not amount.is_finite() or not -_LARGEST < amount < _LARGEST:
        raise ValueError("no amount")
    try:
        exact = amount.quantize(CENT)
    except InvalidOperation:
        raise ValueError("too many digits") from None
    if exact != amount:
        raise ValueError("parts of a cent")
    return exact


def order_id(answer: dict[str, Any]) -> str:
    """Raises `BadOrder`."""
    id = answer.get("orderIdentification")
    if not _is_id(id):
        raise BadOrder("RaiAccept made an order without a usable id")
    return id


def page_of(answer: dict[str, Any]) -> str:
    """The card page: over https, or on this machine.  Raises `BadOrder`."""
    page = answer.get("paymentRedirectURL")
    if not _is_text(page, _LONGEST_PAGE) or " " in page:
        raise BadOrder("RaiAccept gave no page")
    try:
        address = parsed(page, "its page")
    except ValueError:
        raise BadOrder("RaiAccept gave a page that is no address") from None
    if address.scheme != "https" and not (address.scheme == "http" and address.is_loopback):
        raise BadOrder("RaiAccept gave a page that is not https")
    return page


def word_of(answer: dict[str, Any], id: str) -> Word:
    """What it says of the order `id`.  Raises `BadOrder`.

    A status that is not known counts as open and is told loudly: it changes nothing, and the order is asked
    about again until it says something that is.
    """
    if answer.get("orderIdentification") != id:
        raise BadOrder("RaiAccept answered on another order")
    invoice, status = answer.get("invoice"), answer.get("status")
    if not isinstance(invoice, dict) or not _is_text(status, 40):
        raise BadOrder("RaiAccept's order has no invoice or no status")
    reference, currency = invoice.get("merchantOrderReference"), invoice.get("currency")
    if not _is_text(reference, _LONGEST_REFERENCE) or not _is_text(currency, 10):
        raise BadOrder("RaiAccept's order has no reference or no currency")
    try:
        amount = money(invoice.get("amount"))
    except ValueError as error:
        raise BadOrder(f"RaiAccept's order has an amount that is not believed: {error}") from None
    if status not in _FATES:
        log.error("RaiAccept says a status that is not known: order=%s status=%s", id, status)
    return Word(id, reference, amount, currency, _FATES.get(status, Fate.OPEN))


def hinted(body: bytes) -> str:
    """The order that a notification is about, "" for none; anybody may have sent it."""
    try:
        told = read(body)
    except ValueError:
        return ""
    order = told.get("order")
    id = (order if isinstance(order, dict) else told).get("orderIdentification")
    return id if _is_id(id) else ""


def token_of(answer: dict[str, Any]) -> tuple[str, float]:
    """A login's bearer token, and for how many seconds it may be used.  Raises `Away`."""
    token, seconds = answer.get("accessToken"), answer.get("accessTokenExpiresIn")
    if not _is_text(token, 16_000) or not token.isascii() or " " in token:
        raise Away("RaiAccept's login gave no token")
    if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds <= 0:
        raise Away("RaiAccept's login does not say how long it lasts")
    return token, float(min(seconds, 86_400))


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _is_id(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _is_text(value: object, most: int) -> TypeGuard[str]:
    """Neither control characters nor halves of a character: what may be stored and logged."""
    return isinstance(value, str) and 0 < len(value) <= most and value.isprintable()
