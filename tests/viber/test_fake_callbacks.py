"""Our Viber calls as the real one does: signed, again and again for an hour, and not always in order."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json

from tests.fakes.viber import TOKEN, FakeViber
from tests.viber.bot import Answer, Bot, message

BROKEN = Answer(503)


async def test_callbacks_are_signed_over_their_raw_bytes(fake: FakeViber, bot: Bot) -> None:
    fake.user(name="Blerë").say("tung ë")
    await fake.settled()
    for post in bot.posts:
        expected = hmac.new(TOKEN.encode(), post.body, hashlib.sha256).hexdigest()
        assert post.header == post.sig == expected
    assert "Blerë".encode() in bot.posts[-1].body
    await fake.post_raw(b"{}", signed="0")
    assert (bot.posts[-1].body, bot.posts[-1].header, bot.posts[-1].sig) == (b"{}", "0", "0")


async def test_events_have_a_time_and_a_token_of_64_bits(fake: FakeViber, bot: Bot) -> None:
    for text in "abc":
        fake.user().say(text)
    await fake.settled()
    told = bot.events("message")
    stamps = [each["timestamp"] for each in told]
    assert stamps == sorted(set(stamps))
    assert stamps[0] // 1000 == int(fake.clock.time)
    tokens = {each["message_token"] for each in told}
    assert len(tokens) == 3
    assert all(2**53 < token < 2**63 for token in tokens)
    assert told[0]["chat_hostname"]


async def test_a_callback_that_is_not_taken_comes_again_for_an_hour(fake: FakeViber, bot: Bot) -> None:
    bot.answers.extend([BROKEN] * 99)
    callback = fake.user().say("tung")
    await fake.settled()
    came = []
    for second in (0, 9, 1, 49, 1, 240, 299, 1, 300):
        await fake.advance(second)
        came.append(callback.attempts)
    assert came == [1, 1, 2, 2, 3, 4, 4, 5, 6]
    assert len({post.body for post in bot.posts[1:]}) == 1
    await fake.advance(2699)
    assert not callback.lost
    await fake.advance(1)
    assert (callback.attempts, callback.lost) == (15, True)
    await fake.advance(7200)
    assert callback.attempts == 15


async def test_a_retry_arrives_after_newer_messages(fake: FakeViber, bot: Bot) -> None:
    bot.answers.append(BROKEN)
    first, second = fake.user().say("a"), fake.user().say("b")
    await fake.advance(10)
    assert [each["message"]["text"] for each in bot.events("message")] == ["a", "b", "a"]
    assert (first.taken, first.attempts, second.attempts) == (True, 2, 1)


async def test_a_bot_that_is_away_hears_it_later(fake: FakeViber, bot: Bot) -> None:
    fake.drop("message", times=2)
    callback = fake.user().say("a")
    await fake.advance(10)
    assert not bot.events("message")
    await fake.advance(50)
    assert (callback.attempts, callback.taken, len(bot.events("message"))) == (3, True, 1)
    await bot.away()
    callback = fake.user().say("b")
    await fake.advance(600)
    assert (callback.attempts, callback.taken) == (5, False)


async def test_a_lost_answer_brings_a_duplicate_and_the_welcome_is_shown_once(
    fake: FakeViber, bot: Bot
) -> None:
    bot.answers.extend([Answer(body=json.dumps(message(text="Mirë se erdhët")).encode())] * 3)
    fake.drop("conversation_started", after=True)
    arta = fake.user()
    callback = arta.open()
    await fake.settled()
    assert (arta.texts, callback.taken) == ([], False)
    await fake.advance(10)
    fake.callbacks.repeat(callback)
    await fake.settled()
    assert (arta.texts, callback.attempts) == (["Mirë se erdhët"], 3)


async def test_another_welcome_on_a_retry_is_noticed(fake: FakeViber, bot: Bot) -> None:
    bot.answers.extend(Answer(body=json.dumps(message(text=text)).encode()) for text in "aab")
    fake.drop("conversation_started", after=True, times=2)
    fake.user().open()
    await fake.advance(10)
    assert fake.violations == []
    await fake.advance(50)
    assert fake.violations.pop() == "conversation_started: a retry was given another welcome"


async def test_an_answer_after_five_seconds_is_too_late(fake: FakeViber, bot: Bot) -> None:
    bot.gate = asyncio.Event()
    bot.came.clear()
    callback = fake.user().say("a")
    newer = fake.user().say("b")
    await bot.came.wait()
    await fake.advance(4, settle=False)
    assert len(bot.posts) == 2
    await fake.advance(1, settle=False)
    bot.gate.set()
    await fake.settled()
    assert (callback.taken, newer.taken) == (False, True)
    await fake.advance(5)
    assert (callback.taken, callback.attempts) == (True, 2)


async def test_callbacks_can_be_doubled_and_told_again(fake: FakeViber, bot: Bot) -> None:
    fake.callbacks.copies = 2
    callback = fake.user().say("a")
    await fake.settled()
    fake.callbacks.copies = 1
    fake.callbacks.repeat(callback)
    await fake.settled()
    assert len({post.body for post in bot.posts[1:]}) == 1
    assert len(bot.events("message")) == 3
    assert len(fake.user().chat) == 1


async def test_what_was_taken_once_is_not_tried_again(fake: FakeViber, bot: Bot) -> None:
    bot.answers.extend([BROKEN, Answer(), BROKEN])
    fake.callbacks.copies = 2
    callback = fake.user().say("a")
    await fake.settled()
    fake.callbacks.repeat(callback)
    await fake.advance(3600)
    assert (callback.attempts, len(bot.events("message"))) == (4, 4)
    bot.answers.extend([BROKEN, BROKEN])
    fake.callbacks.repeat(callback)
    await fake.settled()
    assert not callback.lost


async def test_callbacks_can_be_put_in_another_order(fake: FakeViber, bot: Bot) -> None:
    fake.callbacks.hold()
    first, _, third = (fake.user().say(text) for text in "abc")
    await fake.settled()
    assert not bot.events("message")
    fake.callbacks.release([third, first])
    await fake.settled()
    assert [each["message"]["text"] for each in bot.events("message")] == ["c", "a", "b"]


async def test_events_of_tomorrow_can_be_told(fake: FakeViber, bot: Bot) -> None:
    callback = fake.tell("a_thing_of_tomorrow", {"colour": "red"})
    await fake.settled()
    assert bot.events("a_thing_of_tomorrow")[0]["colour"] == "red"
    assert callback.taken
