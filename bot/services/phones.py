"""Phone numbers as people write them, kept as E.164; and what may be shown of a number or an address.

Only mobile numbers of some regions are taken: they get our SMS, and each costs money.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

#: Where a number without a country code is from.
HOME = "XK"
#: Kosovo, its neighbours, and where most of those live who have left.
REGIONS = ("XK", "RS", "AL", "MK", "ME", "DE", "CH", "AT")

_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
#: One number, however it is grouped; words may stand beside it, a second number may not.
_RUN = re.compile(r"\+?\d(?:[\s().\-/]*\d)*")
_DASHES = re.compile(r"[‐‑‒–—−]")
_HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Phone:
    """A mobile number: `e164` like +38344123456, `region` like XK."""

    e164: str
    region: str


class PhoneProblem(Enum):
    """Why a text is no number that we can write to."""

    UNREADABLE = auto()
    ELSEWHERE = auto()  # of a region we send nothing to; Kosovo's old +377 44 is Monaco's today
    NOT_MOBILE = auto()


def read_phone(text: str, regions: Collection[str] = REGIONS) -> Phone | PhoneProblem:
    """The one mobile number in a text, in digits of any script, local or with its country code."""
    runs = _RUN.findall(_DASHES.sub("-", unicodedata.normalize("NFKC", text)))
    number = _number(runs[0]) if len(runs) == 1 else None
    if number is None:
        return PhoneProblem.UNREADABLE
    region = phonenumbers.region_code_for_number(number)
    if region is None:
        ours = {phonenumbers.country_code_for_region(region) for region in regions}
        return PhoneProblem.UNREADABLE if number.country_code in ours else PhoneProblem.ELSEWHERE
    if region not in regions:
        return PhoneProblem.ELSEWHERE
    if not phonenumbers.is_valid_number(number):  # a digit too few makes no landline of a mobile number
        return PhoneProblem.UNREADABLE
    if not _is_mobile(number):
        return PhoneProblem.NOT_MOBILE
    return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), region)


def _number(written: str) -> PhoneNumber | None:
    """With a country code, any number; else a valid one, where the plus may have been left out."""
    digits = "".join(str(unicodedata.digit(c)) for c in written if c.isdigit())
    if written.startswith("+"):
        return _parsed(f"+{digits}")
    if digits.startswith("00"):
        return _parsed(f"+{digits[2:]}")
    found = [n for n in map(_parsed, (digits, f"+{digits}")) if n and phonenumbers.is_valid_number(n)]
    return next(filter(_is_mobile, found), found[0] if found else None)


def _parsed(digits: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(digits, HOME)
    except NumberParseException:
        return None


def _is_mobile(number: PhoneNumber) -> bool:
    return phonenumbers.number_type(number) in _MOBILE


def grouped(phone: str) -> str:
    """A number as people read it: +383 44 123 456."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(phone), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:  # what is no number is shown as it is
        return phone


def masked(phone: str) -> str:
    """What may be shown of a number: +383•••456."""
    try:
        code = f"+{phonenumbers.parse(phone).country_code}"
    except NumberParseException:  # what is no number shows nothing of itself
        return _HIDDEN
    return f"{code}{_HIDDEN}{phone[-3:]}"


def masked_email(address: str) -> str:
    """What may be shown of an address: a•••@example.com."""
    local, at, domain = address.rpartition("@")
    shown = local[0] if len(local) > 2 else ""
    return f"{shown}{_HIDDEN}{at}{domain}" if at else _HIDDEN
