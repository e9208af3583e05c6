"""Who the tests' customers are, and what their conversations have left behind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pytest

from bot.forms_port import Refused
from bot.gateways.carrier import Parcel
from bot.gsm7 import in_gsm7
from bot.letters import LETTERS
from bot.seeding.picked import EXPIRED_ID, WITH_ACCOUNT
from bot.services.post import LetterName
from dialogs.engine.text import Leaf, Phrase, Text
from storage.base import Row
from storage.tables import Account
from tests.talk.customer import ARTA, Customer
from tests.talk.transcript import transcript
from tests.talk.words import SPEAKERS
from tests.talk.world import World

LANGUAGES = ("sq", "sr", "sr_Cyrl", "en")
in_every_language = pytest.mark.parametrize("language", LANGUAGES)

#: Has an account from the web site, with this address and phone.
DRITA = {
    "number": WITH_ACCOUNT.person.personal_number,
    "first_name": "Drita",
    "last_name": "Berisha",
    "code": "DFE 2044",
    "email": "demo1@example.com",
    "phone": "+383 44 000 001",
}
#: Has an identity card that is no longer valid from `EXPIRED_ID.person.id_valid_until` on.
BEKIM = {
    "number": EXPIRED_ID.person.personal_number,
    "first_name": "Bekim",
    "last_name": "Gashi",
    "code": "DGL 815",
    "email": "bekim@example.com",
    "phone": "+383 44 700 700",
}
#: In nobody's register, though the check digit is right.
NOBODY = {
    "number": "2222222225",
    "first_name": "Ymer",
    "last_name": "Panjohuri",
    "code": "DGJ 7777",
    "email": "ymer@example.com",
    "phone": "+383 44 800 800",
}


def e164(answers: Mapping[str, str]) -> str:
    """The phone as post goes there."""
    return answers["phone"].replace(" ", "")


async def is_open(customer: Customer) -> bool:
    """Whether some dialog waits for the customer."""
    return bool((await customer.conversation()).frames)


async def account_of(customer: Customer, answers: Mapping[str, str] = ARTA) -> Row | None:
    """What is kept of a person's account."""
    rows = await customer.world.rows(
        "select * from account where personal_number = :number", number=answers["number"]
    )
    return rows[0] if rows else None


async def kept(customer: Customer, column: str, answers: Mapping[str, str] = ARTA) -> object:
    """One thing that is kept in a person's account."""
    account = await account_of(customer, answers)
    assert account is not None
    return account[column]


async def refused(customer: Customer, **typed: str) -> dict[str, Text]:
    """What the page says of what was typed, by field; it stays open."""
    outcome = await customer.types(**typed)
    assert isinstance(outcome, Refused), outcome
    return {field: problem.text for field, problem in outcome.problems.items()}


def without(answers: Mapping[str, str], customer: Customer) -> str:
    """The conversation with the customer's own answers taken out of it."""
    text = transcript(customer.screen)
    for name, answer in answers.items():
        text = text.replace(answer, f"<{name}>")
    return text


async def places_of(customer: Customer, word: str, *, except_in: tuple[str, ...] = ()) -> list[str]:
    """The tables and columns of the database in which a word stands."""
    found = []
    for table in Account.metadata.sorted_tables:
        if table.name not in except_in:
            for row in await customer.world.rows(f"select * from {table.name}"):
                found += [f"{table.name}.{name}" for name, value in row.items() if word in str(value)]
    return found


def told(customer: Customer, text: Text, **values: int | str) -> bool:
    """Whether exactly this was said since the last move; `proof__left` stands for `proof.left`."""
    phrase = Phrase(text, {name.replace("__", "."): value for name, value in values.items()})
    return SPEAKERS[customer.language].plain(phrase) in customer.news


def letters(world: World, to: str, **values: date) -> list[LetterName]:
    """What has come to a phone or a mailbox, oldest first; `values` are what stands in it."""
    return [_letter(parcel, values) for parcel in world.post.to(to)]


def _letter(parcel: Parcel, values: dict[str, date]) -> LetterName:
    code = re.search(r"\d{6}", parcel.text)
    known: dict[str, Leaf] = {"code": code[0] if code else "", "minutes": 5, "day": date.min, **values}
    known |= {"meter": ARTA["code"], "who": ""}
    speaker = SPEAKERS[parcel.language]
    for name, letter in LETTERS.items():
        said = speaker.plain(Phrase(letter.sms if parcel.kind == "sms" else letter.subject, known))
        if said == parcel.subject or in_gsm7(said) == parcel.text:
            return name
    raise AssertionError(f"no letter of ours: {parcel}")
