"""A code that cannot arrive is told of in the chat that waits for it, once, and nothing else is."""

from __future__ import annotations

import pytest

from bot.posts import Undelivered
from bot.services.post import EMAIL, SMS
from bot.undelivered import NO_EMAIL, NO_SMS, LetterEar, Undeliverable
from dialogs.engine.events import Noted
from dialogs.engine.steps import Ask, Bad, Dialog, End, Reader
from dialogs.engine.text import Phrase, Text, _, _l
from storage.base import Storage, Unavailable
from tests.bot.page_house import CHAT, START, PageHouse
from tests.engine.talk import book_of


def as_is(text: str) -> str | Bad:
    return text


class Prove(Dialog):
    title = _l("Prove it")
    code = Ask(Reader(as_is), _("Which code did you get?"))
    done = End(_("Thanks."), given=code)


@pytest.fixture
def house(storage: Storage) -> PageHouse:
    return PageHouse(storage, book_of(Prove))


async def tell(house: PageHouse, kind: str = SMS, challenge: str = "c1", key: str = "42") -> None:
    await Undeliverable(house.inbox).tell(Undelivered(key, CHAT, kind, challenge))
    await house.rest()


@pytest.mark.parametrize(("kind", "words"), [(SMS, NO_SMS), (EMAIL, NO_EMAIL)])
async def test_the_chat_is_told_and_asked_again(house: PageHouse, kind: str, words: Text) -> None:
    await house.opens(Prove)
    number = (await house.conversation()).asked
    await tell(house, kind)
    assert house.said(words)
    assert house.asks == "code"
    assert (await house.conversation()).asked == number + 1
    await house.hear({"say": "123456"})
    assert house.said(_("Thanks."))


async def test_however_often_it_is_told_it_is_said_once(house: PageHouse) -> None:
    await house.opens(Prove)
    for _again in range(3):
        await tell(house)
    assert len([line for line in house.lines if line.body and line.body[0].text == NO_SMS]) == 1


async def test_two_codes_that_do_not_arrive_are_told_of_twice(house: PageHouse) -> None:
    await house.opens(Prove)
    await tell(house, key="1")
    await tell(house, key="2")
    assert len([line for line in house.lines if line.body and line.body[0].text == NO_SMS]) == 2


async def test_of_other_letters_the_chat_need_not_know(house: PageHouse) -> None:
    await house.opens(Prove)
    said = len(house.posts)
    await tell(house, challenge="")
    assert len(house.posts) == said
    assert await house.rows("select * from inbox where channel = 'letters'") == []


async def test_who_has_gone_on_is_told_all_the_same_and_shown_no_menu(house: PageHouse) -> None:
    await house.opens(Prove, "123456")
    said = len(house.posts)
    await tell(house)
    (post,) = house.posts[said:]
    assert post.line is not None
    assert [phrase.text for phrase in post.line.body] == [NO_SMS]
    assert post.line.options == ()


async def test_nothing_is_acknowledged_before_it_is_kept() -> None:
    class Full:
        async def receive(self, *_args: object, **_more: object) -> None:
            raise Unavailable("full")

    with pytest.raises(Unavailable):
        await Undeliverable(Full()).tell(Undelivered("1", CHAT, SMS, "c1"))


def test_it_is_heard_as_something_to_know() -> None:
    assert LetterEar().hear(b'{"kind": "sms"}', START) == Noted(Phrase(NO_SMS), START)
    assert LetterEar().hear(b'{"kind": "email"}', START) == Noted(Phrase(NO_EMAIL), START)
