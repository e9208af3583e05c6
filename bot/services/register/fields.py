"""What may stand in a field of the utility's export.  Every reader raises `Wrong` with a reason.

A reason never repeats what names or reaches a person: it is shown, and may be kept in somebody's log.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from email_validator import EmailNotValidError, validate_email
from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_valid_number,
)
from phonenumbers import parse as parse_phone

from bot.services.identity import DISTRICTS
from bot.services.phones import HOME
from bot.services.rows import Row, Wrong

_PERSONAL_NUMBER = re.compile(r"[0-9]{10}")
_CUSTOMER_CODE = re.compile(rf"({'|'.join(DISTRICTS)})[ -]?0*([0-9]{{1,8}})")
_TARIFF_GROUP = re.compile(r"[0-9]{1,2}/[0-9]{1,2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PERIOD = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
_MONEY = re.compile(r"-?[0-9]{1,9}\.[0-9]{2}")
_READING = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,3})?")
#: What a server is prepared to reckon when somebody signs in; more than that is a trap.
_ARGON2ID = re.compile(
    r"\$argon2id\$v=19\$m=([0-9]{1,7}),t=([0-9]{1,2}),p=([0-9]{1,2})"
    r"\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}"
)
_MOST_KIB, _MOST_PASSES, _MOST_LANES = 262_144, 10, 16
_BCRYPT = re.compile(r"\$2[aby]\$(?:0[4-9]|1[0-5])\$[./A-Za-z0-9]{53}")


def words(row: Row, column: str, most: int = 200) -> str:
    """Text on one line, composed (NFC), so that "ë" is the same however it was typed."""
    text = unicodedata.normalize("NFC", row.text(column))
    if len(text) > most:
        raise Wrong(f"{column} has more than {most} characters")
    if not text.isprintable():
        raise Wrong(f"{column} has characters that cannot be shown")
    return text


def personal_number(row: Row) -> str:
    text = row.text("personal_number")
    if not _PERSONAL_NUMBER.fullmatch(text):
        raise Wrong("personal_number is not 10 digits")
    return text


def customer_code(text: str) -> str:
    """A district and up to 8 digits, as `DPR 6687`: spaces, hyphens and leading zeros aside."""
    match = _CUSTOMER_CODE.fullmatch(text.strip().upper())
    if match is None:
        raise Wrong(f"customer_code: '{text[:30]}' is not like DPR 6687")
    return f"{match[1]} {match[2]}"


def customer_codes(row: Row) -> tuple[str, ...]:
    """Any number of them, separated by `;`, each once and in their order."""
    parts = (part.strip() for part in row.values["customer_codes"].split(";"))
    return tuple(dict.fromkeys(customer_code(part) for part in parts if part))


def meter_number(row: Row) -> str:
    text = words(row, "meter_number")
    if not 5 <= len(text) <= 20:
        raise Wrong(f"meter_number: '{text[:30]}' does not have 5 to 20 characters")
    return text


def tariff_group(row: Row) -> str:
    text = row.text("tariff_group")
    if not _TARIFF_GROUP.fullmatch(text):
        raise Wrong(f"tariff_group: '{text[:30]}' is not like 4/02")
    return text


def day(row: Row, column: str) -> date:
    if not _DAY.fullmatch(row.text(column)):
        raise Wrong(f"{column}: '{row.text(column)[:30]}' is not a date like 2025-05-01")
    return row.day(column)


def period(row: Row) -> str:
    text = row.text("period")
    if not _PERIOD.fullmatch(text):
        raise Wrong(f"period: '{text[:30]}' is not a month like 2025-05")
    return text


def money(row: Row, column: str) -> Decimal:
    """Euros with two decimals; below zero where the utility owes."""
    text = row.text(column)
    if not _MONEY.fullmatch(text):
        raise Wrong(f"{column}: '{text[:30]}' is not an amount like 25.13")
    return Decimal(text) or Decimal("0.00")  # "-0.00" is nothing as well


def reading(row: Row, column: str) -> Decimal:
    """kWh on a meter's counter, or the constant it is multiplied by: up to three decimals."""
    text = row.text(column)
    if not _READING.fullmatch(text):
        raise Wrong(f"{column}: '{text[:30]}' is not a reading like 10482")
    return Decimal(text)


def email(row: Row) -> str:
    """The address in the one spelling in which the assistant looks for it (`bot.services.emails`)."""
    try:
        found = validate_email(row.text("email"), allow_smtputf8=False, check_deliverability=False)
    except EmailNotValidError:
        raise Wrong("email is not an address") from None
    return (found.ascii_email or found.normalized).lower()


def phone(row: Row) -> str:
    """The number as +38344123456 (E.164)."""
    try:
        found = parse_phone(row.text("phone"), HOME)
    except NumberParseException:
        raise Wrong("phone is not a phone number") from None
    if not is_valid_number(found):
        raise Wrong("phone is not a phone number")
    return format_number(found, PhoneNumberFormat.E164)


def password_hash(row: Row) -> str:
    """A hash of argon2id or bcrypt, with costs that a sign-in can bear."""
    text = row.text("password_hash")
    argon = _ARGON2ID.fullmatch(text)
    if argon is None and not _BCRYPT.fullmatch(text):
        raise Wrong("password_hash is neither argon2id nor bcrypt")
    if argon and not _bearable(*map(int, argon.groups())):
        raise Wrong("password_hash costs too much to check")
    return text


def _bearable(kib: int, passes: int, lanes: int) -> bool:
    return 8 * lanes <= kib <= _MOST_KIB and 1 <= passes <= _MOST_PASSES and 1 <= lanes <= _MOST_LANES
