"""One-time codes: sent sparingly, tried rarely, right once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.services import codes, throttle
from bot.services.codes import Expired, Locked, Right, Sent, TooMany, TooSoon, Way, Wrong
from bot.services.ports import Turn
from bot.services.post import LetterName, read_order
from bot.services.vault import Vault
from storage.base import Query, Row, Storage
from tests.services.turns import Turns, later

PHONE, OTHER_PHONE, EMAIL = "+38344123456", "+38345000111", "arta@example.com"
CHAT, ACCOUNT, PURPOSE = "web:arta", "account-1", "sign in"


class Desk(Turns):
    """Sends and checks codes as a dialog would."""

    async def send(
        self,
        at: datetime,
        chat: str = CHAT,
        to: str = PHONE,
        way: Way = Way.SMS,
        purpose: str = PURPOSE,
        subject: str = ACCOUNT,
    ) -> Sent | TooSoon | TooMany:
        return await self.take(chat, at, lambda turn: codes.send(turn, purpose, way, to, subject))

    async def sent(self, at: datetime, chat: str = CHAT, to: str = PHONE, purpose: str = PURPOSE) -> str:
        told = await self.send(at, chat, to, purpose=purpose)
        assert isinstance(told, Sent), told
        return told.challenge

    async def check(
        self, at: datetime, challenge: str, code: str, chat: str = CHAT, purpose: str = PURPOSE
    ) -> Right | Wrong | Expired | Locked:
        return await self.take(chat, at, lambda t: codes.check(t, challenge, code, ACCOUNT, purpose=purpose))

    def right(self, challenge: str) -> str:
        return self.vault.code(challenge)

    def wrong(self, challenge: str) -> str:
        return f"{(int(self.right(challenge)) + 1) % 1_000_000:06}"

    async def orders(self) -> Sequence[Row]:
        return await self.storage.read(Query("select * from outbox order by id"))


@pytest.fixture
def desk(storage: Storage) -> Desk:
    return Desk(storage)


async def test_a_code_goes_out_by_sms_and_is_right_once(desk: Desk) -> None:
    told = await desk.send(later())
    assert isinstance(told, Sent)
    assert (told.way, told.to_masked) == (Way.SMS, "+383•••456")
    assert await desk.check(later(minutes=1), told.challenge, desk.right(told.challenge)) == Right(
        Way.SMS, PHONE
    )
    assert await desk.check(later(minutes=2), told.challenge, desk.right(told.challenge)) == Expired()


async def test_a_code_goes_out_by_e_mail_where_no_sms_came(desk: Desk) -> None:
    await desk.sent(later())
    told = await desk.send(later(seconds=5), to=EMAIL, way=Way.EMAIL)
    assert isinstance(told, Sent)
    assert told.to_masked == "a•••@example.com"
    assert [row["kind"] for row in await desk.orders()] == ["sms", "email"]
    assert await desk.check(later(seconds=9), told.challenge, desk.right(told.challenge)) == Right(
        Way.EMAIL, EMAIL
    )


async def test_the_letter_brings_the_code_and_dies_with_it(desk: Desk) -> None:
    challenge = await desk.sent(later())
    (row,) = await desk.orders()
    order = read_order(str(row["body"]))
    assert (order.to, order.letter, order.challenge) == (PHONE, LetterName.CODE, challenge)
    assert order.expires == throttle.millis(later(minutes=5))


async def test_nothing_in_the_database_tells_the_code(desk: Desk) -> None:
    challenge = await desk.sent(later())
    await desk.check(later(seconds=1), challenge, desk.wrong(challenge))
    for table in ("challenge", "outbox", "throttle"):
        for row in await desk.storage.read(Query(f"select * from {table}")):
            assert desk.right(challenge) not in str(dict(row))


async def test_a_second_walk_of_a_turn_makes_the_same_code(desk: Desk) -> None:
    walks = [desk.begin(CHAT, later(), key="web 1") for _ in range(2)]
    first, second = [await codes.send(turn, PURPOSE, Way.SMS, PHONE, ACCOUNT) for turn in walks]
    assert first == second
    assert walks[0].writes == walks[1].writes


async def test_a_code_holds_for_five_minutes(desk: Desk) -> None:
    challenge = await desk.sent(later())
    assert await desk.check(later(minutes=5), challenge, desk.right(challenge)) == Expired()
    just = later(minutes=5) - timedelta(milliseconds=1)
    assert isinstance(await desk.check(just, challenge, desk.right(challenge)), Right)


async def test_a_code_is_good_for_its_chat_its_purpose_and_its_challenge_alone(desk: Desk) -> None:
    challenge = await desk.sent(later())
    code = desk.right(challenge)
    other = await desk.sent(later(), to=OTHER_PHONE)
    assert await desk.check(later(), challenge, code, chat="web:mallory") == Expired()
    assert await desk.check(later(), challenge, code, purpose="change password") == Expired()
    assert await desk.check(later(), "nothing", code) == Expired()
    assert isinstance(await desk.check(later(), other, code), Wrong)
    assert isinstance(await desk.check(later(), challenge, code), Right)


async def test_five_wrong_tries_use_a_code_up(desk: Desk) -> None:
    challenge = await desk.sent(later())
    told = [await desk.check(later(), challenge, desk.wrong(challenge)) for _ in range(5)]
    assert told == [Wrong(4), Wrong(3), Wrong(2), Wrong(1), Wrong(0)]
    assert await desk.check(later(), challenge, desk.right(challenge)) == Expired()


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\ud800", " 123456"])
async def test_what_is_no_code_is_a_wrong_one(desk: Desk, code: str) -> None:
    challenge = await desk.sent(later())
    assert await desk.check(later(), challenge, code) == Wrong(4)


async def test_ten_wrong_ones_in_a_row_lock_and_a_new_code_forgives_none(desk: Desk) -> None:
    first = await desk.sent(later())
    for _ in range(5):
        await desk.check(later(), first, desk.wrong(first))
    second = await desk.sent(later(minutes=1))
    for left in (4, 3, 2, 1):
        assert await desk.check(later(minutes=1), second, desk.wrong(second)) == Wrong(left)
    assert await desk.check(later(minutes=1), second, desk.wrong(second)) == Locked(15)
    assert await desk.send(later(minutes=2, seconds=1)) == TooMany(14)
    assert await desk.check(later(minutes=15), second, desk.right(second)) == Locked(1)
    third = await desk.sent(later(minutes=16))
    assert await desk.check(later(minutes=16), third, desk.wrong(third)) == Locked(30)


async def test_the_right_code_opens_nothing_while_it_is_locked(desk: Desk) -> None:
    codes_out = [await desk.sent(later(), chat=f"web:{n}", to=f"+3834412345{n}") for n in range(3)]
    for n in range(2):
        for _ in range(5):
            await desk.check(later(), codes_out[n], desk.wrong(codes_out[n]), chat=f"web:{n}")
    assert await desk.check(later(), codes_out[2], desk.right(codes_out[2]), chat="web:2") == Locked(15)


async def test_a_right_code_forgives_the_wrong_ones(desk: Desk) -> None:
    for minute in (0, 1, 2):
        challenge = await desk.sent(later(minutes=minute))
        for _ in range(4):
            assert isinstance(
                await desk.check(later(minutes=minute), challenge, desk.wrong(challenge)), Wrong
            )
        right = await desk.check(later(minutes=minute), challenge, desk.right(challenge))
        assert isinstance(right, Right)


async def test_the_next_code_goes_out_after_a_minute(desk: Desk) -> None:
    challenge = await desk.sent(later())
    assert await desk.send(later(seconds=15)) == TooSoon(challenge, 45)
    assert await desk.send(later(seconds=15), chat="web:other") == TooSoon("", 45)
    assert await desk.send(later(seconds=15), purpose="change password") == TooSoon("", 45)
    assert isinstance(await desk.send(later(seconds=60)), Sent)


async def test_three_an_hour_and_ten_a_day_go_to_one_phone(desk: Desk) -> None:
    sent = []
    for minute in range(24 * 60):
        told = await desk.send(later(minutes=minute), chat=f"web:{minute}")
        if isinstance(told, Sent):
            sent.append(minute)
    assert sent == [0, 1, 2, 60, 61, 62, 120, 121, 122, 180]
    assert await desk.send(later(hours=24) - timedelta(minutes=1), chat="web:x") == TooSoon("", 60)
    assert await desk.send(later(hours=4), chat="web:x") == TooMany(20 * 60)


async def test_five_an_hour_go_out_for_one_chat(desk: Desk) -> None:
    told = [await desk.send(later(minutes=n), to=f"+3834412345{n}", subject=str(n)) for n in range(6)]
    assert [isinstance(one, Sent) for one in told] == [True] * 5 + [False]
    assert told[5] == TooMany(55)
    assert isinstance(await desk.send(later(hours=1), to=OTHER_PHONE), Sent)


async def test_two_codes_in_one_turn_are_one_too_many(desk: Desk) -> None:
    async def twice(turn: Turn) -> object:
        await codes.send(turn, PURPOSE, Way.SMS, PHONE, ACCOUNT)
        return await codes.send(turn, PURPOSE, Way.SMS, PHONE, ACCOUNT)

    assert isinstance(await desk.take(CHAT, later(), twice), TooSoon)
    assert len(await desk.orders()) == 1


async def test_chats_that_ask_at_the_same_moment_get_one_code_between_them(desk: Desk) -> None:
    told = await asyncio.gather(*(desk.send(later(), chat=f"web:{n}") for n in range(6)))
    assert sum(isinstance(one, Sent) for one in told) == 1
    assert len(await desk.orders()) == 1


async def test_guesses_at_the_same_moment_are_five_at_most(desk: Desk) -> None:
    challenge = await desk.sent(later())
    told = await asyncio.gather(*(desk.check(later(), challenge, desk.wrong(challenge)) for _ in range(12)))
    assert sorted(one.left for one in told if isinstance(one, Wrong)) == [0, 1, 2, 3, 4]
    assert sum(isinstance(one, Expired) for one in told) == 7


async def test_the_right_code_typed_twice_at_the_same_moment_counts_once(desk: Desk) -> None:
    challenge = await desk.sent(later())
    told = await asyncio.gather(*(desk.check(later(), challenge, desk.right(challenge)) for _ in range(5)))
    assert sum(isinstance(one, Right) for one in told) == 1


async def test_a_code_made_before_the_key_changed_is_right_after_it(storage: Storage) -> None:
    before, after = Desk(storage, Vault("old")), Desk(storage, Vault("new", "old"))
    challenge = await before.sent(later())
    assert isinstance(await after.check(later(minutes=1), challenge, before.right(challenge)), Right)
    challenge = await before.sent(later(minutes=2))
    gone = Desk(storage, Vault("new"))
    assert isinstance(await gone.check(later(minutes=3), challenge, before.right(challenge)), Wrong)


async def test_who_has_no_account_meets_the_same_and_no_code_is_right(desk: Desk) -> None:
    async def pretend(at: datetime) -> Sent | TooSoon | TooMany:
        return await desk.take(CHAT, at, lambda t: codes.pretend(t, PURPOSE, Way.SMS, "x@y.com"))

    told = await pretend(later())
    assert isinstance(told, Sent)
    id = told.challenge

    async def check(code: str) -> object:
        return await desk.take(CHAT, later(), lambda t: codes.check(t, id, code, "x@y.com", purpose=PURPOSE))

    assert await pretend(later(seconds=15)) == TooSoon(id, 45)
    assert await desk.orders() == []
    assert [await check(desk.right(id)) for _ in range(6)] == [
        *map(Wrong, (4, 3, 2, 1, 0)),
        Expired(),
    ]
    assert isinstance(await pretend(later(minutes=1)), Sent)
    last = await pretend(later(minutes=2))
    assert isinstance(last, Sent)
    assert await pretend(later(minutes=3)) == TooMany(57, last.challenge)


@dataclass
class Attacker:
    """Guesses whenever a guess counts, from a new chat for every code, by SMS and e-mail."""

    desk: Desk
    guesses: list[datetime] = field(default_factory=list)
    chats: int = 0
    out: tuple[str, str] = ("", "")

    async def act(self, at: datetime) -> None:
        """All that can be done at this moment."""
        for way, to in ((Way.SMS, PHONE), (Way.EMAIL, EMAIL)):
            self.chats += 1
            told = await self.desk.send(at, f"web:{self.chats}", to, way)
            if isinstance(told, Sent):
                self.out = (f"web:{self.chats}", told.challenge)
            while await self._guess(at):
                pass

    async def _guess(self, at: datetime) -> bool:
        chat, challenge = self.out
        if not challenge:
            return False
        rows = await self.desk.storage.read(Query("select sum(tries) as n from challenge"))
        told = await self.desk.check(at, challenge, self.desk.wrong(challenge), chat)
        counted = await self.desk.storage.read(Query("select sum(tries) as n from challenge"))
        if counted[0]["n"] != rows[0]["n"]:
            self.guesses.append(at)
        return isinstance(told, Wrong)

    def most_in_a_day(self) -> int:
        """The busiest 24 hours."""
        day = timedelta(days=1)
        return max(sum(start <= at < start + day for at in self.guesses) for start in self.guesses)


def reckoned() -> int:
    """Tries in a day of somebody who makes each at the first moment it counts."""
    state, at_ms, tries = throttle.State(), 0, 0
    while at_ms < 24 * 3_600_000:
        state, tries = codes.LOCK.counted(state, at_ms), tries + 1
        at_ms += codes.LOCK.standing(state, at_ms).wait_seconds * 1000
    return tries


async def test_an_attacker_with_any_number_of_chats_guesses_a_code_with_less_than_1_in_10_000_a_day(
    desk: Desk,
) -> None:
    attacker = Attacker(desk)
    for minutes in range(0, 3 * 24 * 60, 5):
        await attacker.act(later(minutes=minutes))
    assert attacker.most_in_a_day() == reckoned() == 16
    assert attacker.most_in_a_day() / 1_000_000 < 1e-4


async def test_that_its_owner_signs_in_meanwhile_helps_an_attacker_little(desk: Desk) -> None:
    attacker = Attacker(desk)
    for minutes in range(0, 24 * 60, 5):
        await attacker.act(later(minutes=minutes))
        if minutes % (6 * 60) == 5 * 60:  # the owner, four times a day, from a chat that holds a code
            await desk.take(
                CHAT, later(minutes=minutes), lambda t: throttle.succeeded(t, codes.TRIED, ACCOUNT)
            )
    recipients, day = 2, 10
    assert 16 < attacker.most_in_a_day() <= recipients * day * codes.TRIES
    assert attacker.most_in_a_day() / 1_000_000 < 1e-4
