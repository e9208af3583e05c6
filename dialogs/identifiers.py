"""How people write who they are: numbers, names, addresses, codes from a message; and what a password needs.

What is kept has one spelling.  Whether it is true is a question for the register.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.services import identity
from bot.services.emails import normal_email
from bot.services.identity import CustomerCode
from bot.services.phones import REGIONS, Phone, PhoneProblem, grouped, read_phone
from bot.services.weaknesses import PATTERNS, Weakness
from dialogs.engine.pages import Rule
from dialogs.engine.steps import Bad, Reader
from dialogs.engine.text import Text, _, verbatim
from dialogs.numbers import folded

_LONGEST_NAME = 60
_NAME_MARKS = str.maketrans({**dict.fromkeys("’‘ʼ`´", "'"), **dict.fromkeys("‐‑‒–—−", "-")})
_NAME = re.compile(r"[^\W\d_]+(?:[' .-]{1,2}[^\W\d_]+)*\.?")
#: Said instead of an answer; nobody is called so.
_NO_NAME = re.compile("po|jo|ska|skam|s'?di|hajde|da|ne|nema|nemam|neznam|dobro|yes|no|ok|okay|none|nothing")
_SIX_DIGITS = re.compile(r"(?<![\w+])\d(?:[ .\-]{0,2}\d)*(?!\w)")


def _personal_number(text: str) -> str | Bad:
    number = identity.personal_number(text)
    return number or Bad(_("A personal number has exactly 10 digits. You find it on your ID card."))


def _customer_code(text: str) -> CustomerCode | Bad:
    code = identity.customer_code(text)
    return code or Bad(_("A customer code looks like DPR 6687. You find it at the top of every bill."))


def _person_name(text: str) -> str | Bad:
    name = " ".join(unicodedata.normalize("NFKC", text).translate(_NAME_MARKS).split())
    if not _is_name(name):
        return Bad(_("Please write the name in letters alone, as it is on the ID card."))
    return _capitalised(name) if name in (name.lower(), name.upper()) else name


def _is_name(name: str) -> bool:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME or _NO_NAME.fullmatch(folded(name)):
        return False
    return all(unicodedata.name(c, "").startswith(("LATIN", "CYRILLIC")) for c in name if c.isalpha())


def _capitalised(name: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda word: word[0][0].upper() + _lower(word[0][1:]), name)


def _lower(letters: str) -> str:
    return letters.lower().replace("i\u0307", "i")  # what Python makes of the Turkish İ


def _email(text: str) -> str | Bad:
    address = normal_email(text)
    return address or Bad(
        _("That is no e-mail address I can write to. It should look like name@example.com.")
    )


_PHONES: Mapping[PhoneProblem, Text] = {
    PhoneProblem.UNREADABLE: _(
        "Please write one mobile number, for example 044 123 456; one from abroad with its country code,"
        " like +41 79 123 45 67."
    ),
    PhoneProblem.ELSEWHERE: _(
        "I can send no messages to that country. Kosovo's numbers begin with +383 today, for example"
        " +383 44 123 456."
    ),
    PhoneProblem.NOT_MOBILE: _(
        "That is a landline, and I need to send you a message. Please give a mobile number."
    ),
}


def _one_time_code(text: str) -> str | Bad:
    digits = unicodedata.normalize("NFKC", text)
    found = {"".join(re.findall(r"\d", run)) for run in _SIX_DIGITS.findall(digits)}
    codes = [code for code in found if len(code) == 6]
    if len(codes) != 1:
        return Bad(_("The code has 6 digits. Please type it as it is in the message."))
    return "".join(str(unicodedata.digit(c)) for c in codes[0])


@dataclass(frozen=True, slots=True)
class ByEmail:
    """Whoever has this address, in lower case."""

    email: str

    def __str__(self) -> str:
        return self.email


LONGEST_NAME = 30


def _meter_name(text: str) -> str | Bad:
    name = " ".join(text.split())
    if not name.isprintable() or not any(map(str.isalpha, name)) or "<" in name or len(name) > LONGEST_NAME:
        return Bad(_("Please write a short name in letters, for example: Flat."))
    return name


@dataclass(frozen=True, slots=True)
class ByPhone:
    """Whoever has this number, in E.164."""

    phone: str

    def __str__(self) -> str:
        return self.phone


@dataclass(frozen=True, slots=True)
class ByPersonalNumber:
    """The person of this number."""

    number: str

    def __str__(self) -> str:
        return self.number


def _sign_in_name(text: str, regions: Collection[str]) -> ByEmail | ByPhone | ByPersonalNumber | Bad:
    if "@" in text:
        address = _email(text)
        return address if isinstance(address, Bad) else ByEmail(address)
    number, found = identity.personal_number(text), read_phone(text, regions)
    # Ten digits may be either; with a 0 in front a phone is likelier.
    if isinstance(found, Phone) and (number is None or number.startswith("0")):
        return ByPhone(found.e164)
    if number is not None:
        return ByPersonalNumber(number)
    return Bad(_("Please write your e-mail address, your phone number or your personal number."))


def phone_in(regions: Collection[str]) -> Reader[str]:
    """A mobile number of one of these regions, in E.164."""

    def read(text: str) -> str | Bad:
        found = read_phone(text, regions)
        return found.e164 if isinstance(found, Phone) else Bad(_PHONES[found])

    return Reader(read, show=lambda phone: verbatim(grouped(phone)), digits=True)


def sign_in_name_in(regions: Collection[str]) -> Reader[ByEmail | ByPhone | ByPersonalNumber]:
    """By what somebody signs in: an e-mail address, a mobile number of these regions, a personal number."""

    def read(text: str) -> ByEmail | ByPhone | ByPersonalNumber | Bad:
        return _sign_in_name(text, regions)

    return Reader(read, digits=True)


#: Ten digits; `bot.services.identity.doubtful` tells which to ask about once more.
personal_number: Reader[str] = Reader(_personal_number, digits=True)
#: A first or a last name, 60 letters at most, in Latin or Cyrillic.
person_name: Reader[str] = Reader(_person_name)
#: What a customer calls a place, 30 characters at most.
meter_name: Reader[str] = Reader(_meter_name)
#: DPR 6687, or its bare number, with which the district is to be asked.
customer_code: Reader[CustomerCode] = Reader(_customer_code, digits=True)
#: In lower case; `bot.services.emails.suggestion` knows slips of the finger.
email: Reader[str] = Reader(_email)
#: The six digits of a code that was sent, also out of the whole message.
one_time_code: Reader[str] = Reader(_one_time_code, digits=True)
phone: Reader[str] = phone_in(REGIONS)
sign_in_name: Reader[ByEmail | ByPhone | ByPersonalNumber] = sign_in_name_in(REGIONS)

#: What a new password must be, as its page ticks off while one types.
NEW_PASSWORD = (
    Rule(_("At least 8 characters"), PATTERNS[Weakness.TOO_SHORT]),
    Rule(_("A digit"), PATTERNS[Weakness.NO_DIGIT]),
    Rule(_("A capital letter"), PATTERNS[Weakness.NO_CAPITAL]),
)
#: What is said of a password that will not do.
WEAK: Mapping[Weakness, Text] = {
    Weakness.TOO_SHORT: _("Please choose a password of at least 8 characters."),
    Weakness.TOO_LONG: _("Please choose a password of at most 128 characters."),
    Weakness.NO_DIGIT: _("Please put at least one digit into the password."),
    Weakness.NO_CAPITAL: _("Please put at least one capital letter into the password."),
    Weakness.COMMON: _("This password is among the first that others would try. Please choose another one."),
    Weakness.PERSONAL: _(
        "The password must not contain your name, e-mail address, phone number or personal number."
    ),
    Weakness.KESCO: _("The password must not contain the name of the company."),
}
