"""Parcels that tests send."""

from __future__ import annotations

from bot.gateways.carrier import Parcel

CODE = "KESCO: your code is 123456."


def an_sms(number: int = 1, *, to: str = "+38344123456", text: str = CODE) -> Parcel:
    return Parcel("sms", "web:ana", to, "", text, "en", f"ekesco-{number}")


def an_email(
    number: int = 1,
    *,
    to: str = "ana@example.com",
    subject: str = "Your code from KESCO",
    text: str = "Your code is 123456.\n",
    language: str = "en",
) -> Parcel:
    return Parcel("email", "web:ana", to, subject, text, language, f"ekesco-{number}")
