"""What RaiAccept takes: every field named and required, no other allowed, nothing guessed.

Patterns and lengths are its order API's, written down here a second time on purpose.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

LANGUAGES = ("en", "de", "fr", "cs", "sk", "sr", "al", "ro", "pl", "hr")

# `\p{L}` is not known to every engine of patterns: letters as far as our customers write them.
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-zÀ-ž`' .-]+$", max_length=127)]
Email = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+)*"
        r"@([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$"
    ),
]
Phone = Annotated[str, StringConstraints(pattern=r"^$|^(\+|00)[1-9]\d{1,3}\d{6,11}$|^\d{8,16}$")]
Reference = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_-]{1,150}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=500)]
Amount = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2, allow_inf_nan=False)]


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Product(Strict):
    name: Words
    version: Words
    vendor: Words


class Context(Strict):
    type: Literal["CODE"]
    data: Product


class Login(Strict):
    username: Words
    password: Words
    integrationContext: Context


class Consumer(Strict):
    firstName: Name
    lastName: Name
    email: Email
    mobilePhone: Phone


class Item(Strict):
    description: Words
    numberOfItems: Annotated[int, Field(ge=1)]
    price: Amount


class Invoice(Strict):
    amount: Amount
    currency: Literal["EUR", "RSD"]
    description: Words
    merchantOrderReference: Reference
    items: Annotated[list[Item], Field(min_length=1)]

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if sum(item.price * item.numberOfItems for item in self.items) != self.amount:
            raise ValueError("the items are not the amount")
        return self


class Urls(Strict):
    successUrl: Address
    failUrl: Address
    cancelUrl: Address
    notificationUrl: Address


class Order(Strict):
    consumer: Consumer
    invoice: Invoice
    paymentMethodPreference: Literal["CARD", "GOOGLE_PAY", "APPLE_PAY"]
    urls: Urls


def parsed(body: bytes) -> Any:
    """JSON whose numbers are kept as they were written; each number with a point shows two decimals."""
    return json.loads(body, parse_float=_two_decimals)


def _two_decimals(written: str) -> Decimal:
    number = Decimal(written)
    if number.as_tuple().exponent != -2:
        raise ValueError(f"{written} is not written in euros and cents")
    return number
