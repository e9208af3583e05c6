"""One-time pages: for one question of one chat, once, for a while; what is typed there is kept nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.forms import DIFFERENT, EMPTY, OUT_OF_REACH, PageEar
from bot.forms_port import Closed, FormFile, Opened, Refused, Taken, Why
from bot.pages import OPEN_FOR, hashed
from bot.services import throttle
from bot.services.ports import Away, Turn
from bot.services.throttle import Window
from bot.services.vault import Vault
from dialogs.engine.advance import TOO_LATE, TYPED_SECRET
from dialogs.engine.events import Came
from dialogs.engine.pages import Field, FieldKind, Page, Rule
from dialogs.engine.steps import Ask, Bad, Dialog, End, Form, Reader, Refuse
from dialogs.engine.text import Phrase, Text, _, _l
from storage import secrets_kept
from storage.base import Storage, Unavailable
from tests.bot.page_house import CHAT, START, PageHouse
from tests.engine.talk import Weather, book_of

SECRET = "Lule7deti"
MOST = Window(((3, timedelta(days=1)),))


def as_is(text: str) -> str | Bad:
    return text


WORDS: Reader[str] = Reader(as_is)


@dataclass(frozen=True)
class Kept:
    ref: str


@dataclass(frozen=True)
class Inner:
    n: int


@dataclass(frozen=True)
class Weak:
    why: str
    inner: Inner = Inner(0)


@dataclass(frozen=True)
class Often:
    pass


@dataclass(frozen=True)
class Several:
    """Has a sentence for each of its reasons."""

    word: str


ASKED: list[str] = []


@pytest.fixture(autouse=True)
def nobody_asked() -> None:
    ASKED.clear()


async def keep(turn: Turn, typed: Mapping[str, str], who: str) -> Kept | Weak | Often | Several:
    """Keeps what is long enough.  Some words stand for what can befall a service."""
    ASKED.append(who)
    words = typed["password"]
    if words == "Away1234":
        turn.write(secrets_kept.keep("half", turn.chat, "half", 10**15))
        raise Away("nobody there")
    if words == "Slow1234":
        raise TimeoutError
    if words == "Wrong1234":
        turn.write(secrets_kept.keep("half", turn.chat, "half", 10**15))
        raise ZeroDivisionError
    if words == "Twice1234":
        return Several("twice")
    standing = await throttle.look(turn, "weak", turn.chat, MOST)
    if not standing.allowed:
        return Often()
    if words.startswith("Weak"):
        await throttle.hit(turn, "weak", turn.chat, MOST)
        return Weak("it is weak", Inner(len(words)))
    kept = Kept(turn.derived("secret"))
    turn.write(secrets_kept.keep(kept.ref, turn.chat, "a hash", 10**15))
    return kept


PAGE = Page(
    name="password",
    title=_("A password"),
    lead=_("Here."),
    submit=_l("Keep it"),
    done=_("Kept."),
    fields=(
        Field(
            "password",
            _l("Password"),
            FieldKind.NEW_PASSWORD,
            rules=(Rule(_("Eight characters"), r"^.{8,}$"), Rule(_("A digit"), r"\d")),
        ),
        Field("again", _l("Again"), FieldKind.NEW_PASSWORD, same_as="password"),
    ),
)
NO = _("No, {why}: {inner.n} letters.")
TOO_OFTEN = _("That was too often.")
REASONS = {"twice": _("Not twice."), "never": _("Never.")}


def reason(several: Several) -> Text:
    return REASONS[several.word]


class Join(Dialog):
    title = _l("Join us")
    who = Ask(WORDS, _("Who are you?"))
    secret = Form(
        PAGE,
        _("Now a password."),
        keep,
        who,
        refuses={Weak: Refuse(NO, "password"), Often: Refuse(TOO_OFTEN), Several: Refuse(reason, "again")},
        button=_l("Choose it"),
        given=who,
    )
    more = Ask(WORDS, _("Anything else?"), given=secret)
    done = End(_("Welcome."), given=more)


class Moved(Dialog):
    """As a deploy leaves it: without a page."""

    title = _l("Join us")
    who = Ask(WORDS, _("Who are you?"))
    more = Ask(WORDS, _("Anything else?"), given=who)
    done = End(_("Welcome."), given=more)


Moved.__name__ = "Join"

FILE = Page(
    name="file", title=_("Your file"), lead=_("Here."), submit=_l("Save"), done=_("Saved."), saves="mine.json"
)


@dataclass(frozen=True)
class Given:
    pass


@dataclass(frozen=True)
class NotYours:
    pass


async def give(turn: Turn, typed: Mapping[str, str], who: str) -> Given | NotYours:
    turn.saved.append(b"{}")
    turn.saved.append(f'{{"who": "{who}"}}'.encode())
    return NotYours() if who == "Nobody" else Given()


class Export(Dialog):
    title = _l("Give me my file")
    who = Ask(WORDS, _("Who are you?"))
    file = Form(
        FILE, _("Save it."), give, who, refuses={NotYours: Refuse(_("Not yours."))}, button=_l("Open it")
    )
    done = End(_("There it is."), given=file)


@pytest.fixture
def house(storage: Storage) -> PageHouse:
    return PageHouse(storage, book_of(Join, Export))


async def at_page(house: PageHouse, who: str = "Ana", chat: str = CHAT) -> str:
    await house.opens(Join, who, chat=chat)
    assert house.asks == "secret"
    return house.token()


async def sent(house: PageHouse, token: str, words: str = SECRET) -> Taken | Refused | Closed:
    return await house.submit(token, password=words, again=words)


# -- opening -------------------------------------------------------------------------------------------


async def test_a_page_is_opened_as_often_as_one_likes_and_changes_nothing(house: PageHouse) -> None:
    token = await at_page(house)
    before = await house.rows("select * from form"), await house.conversation()
    for _again in range(3):
        assert await house.open(token) == Opened(PAGE, "en", "telegram", "", house.at + OPEN_FOR)
    assert (await house.rows("select * from form"), await house.conversation()) == before
    assert isinstance(await sent(house, token), Taken)


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "' or 1=1 --", "дфк", "😀" * 50])
async def test_a_token_that_nobody_gave_out_opens_nothing(house: PageHouse, token: str) -> None:
    await at_page(house)
    assert await house.open(token) == Closed(Why.UNKNOWN)
    assert await sent(house, token) == Closed(Why.UNKNOWN)


async def test_the_hash_of_a_token_is_no_token(house: PageHouse) -> None:
    token = await at_page(house)
    assert await house.open(hashed(token)) == Closed(Why.UNKNOWN)


async def test_a_page_is_open_for_ten_minutes_and_not_a_moment_longer(house: PageHouse) -> None:
    token = await at_page(house)
    shown = house.at
    house.at = shown + OPEN_FOR - timedelta(milliseconds=1)
    assert isinstance(await house.open(token), Opened)
    house.at = shown + OPEN_FOR
    assert await house.open(token) == Closed(Why.EXPIRED, "en")
    assert await sent(house, token) == Closed(Why.EXPIRED, "en")
    assert ASKED == []


async def test_a_new_page_comes_with_whatever_is_said_after_the_old_one_expired(house: PageHouse) -> None:
    token = await at_page(house)
    house.at += timedelta(hours=1)
    await house.hear({"say": "where is it?"})
    assert house.said(TYPED_SECRET)
    assert house.token() != token
    assert await house.open(token) == Closed(Why.EXPIRED, "en")
    assert isinstance(await sent(house, house.token()), Taken)


async def test_an_expired_page_cannot_be_used_though_it_was_opened_in_time(house: PageHouse) -> None:
    token = await at_page(house)
    assert isinstance(await house.open(token), Opened)
    house.at += OPEN_FOR
    assert await sent(house, token) == Closed(Why.EXPIRED, "en")


async def test_the_page_says_in_the_chats_language_that_it_is_closed(house: PageHouse) -> None:
    token = await at_page(house)
    await house.hear({"tap": "lang:sq"})
    house.at += OPEN_FOR
    assert await house.open(token) == Closed(Why.EXPIRED, "sq")


# -- taking --------------------------------------------------------------------------------------------


async def test_what_was_taken_reaches_the_conversation_which_goes_on_by_itself(house: PageHouse) -> None:
    token = await at_page(house)
    assert await sent(house, token) == Taken("en", PAGE, "telegram")
    assert house.asks == "more"
    kept = await house.told("secret")
    assert isinstance(kept, Kept)
    (row,) = await house.rows("select ref, chat, body from secret")
    assert dict(row) == {"ref": kept.ref, "chat": CHAT, "body": "a hash"}


async def test_a_page_is_used_once(house: PageHouse) -> None:
    token = await at_page(house)
    await sent(house, token)
    assert await house.open(token) == Closed(Why.USED, "en")
    assert await sent(house, token) == Closed(Why.USED, "en")
    house.at += OPEN_FOR
    assert await house.open(token) == Closed(Why.USED, "en")
    assert len(ASKED) == 1


async def test_of_two_that_send_it_at_once_one_is_taken(house: PageHouse) -> None:
    token = await at_page(house)
    told = await asyncio.gather(*(sent(house, token) for _ in range(4)))
    assert sorted(type(one).__name__ for one in told) == ["Closed", "Closed", "Closed", "Taken"]
    assert {one.why for one in told if isinstance(one, Closed)} == {Why.USED}
    assert len(await house.rows("select ref from secret")) == 1
    assert house.asks == "more"


async def test_what_was_typed_is_kept_nowhere(house: PageHouse) -> None:
    token = await at_page(house)
    await house.submit(token, password="Weak" + SECRET, again="Weak" + SECRET)
    await house.submit(token, password=SECRET + "1", again=SECRET + "2")
    await sent(house, token)
    assert await house.holds("Ana") == ["conversation"]
    assert await house.holds(SECRET) == []
    assert await house.holds(token) == []


async def test_the_answer_waits_sealed_until_its_turn(house: PageHouse) -> None:
    token = await at_page(house)
    house.dies_before_the_turn()
    assert isinstance(await sent(house, token), Taken)
    (row,) = await house.rows("select body from inbox where state <> 'done'")
    assert b"ref" not in bytes(row["body"] or b"")  # type: ignore[arg-type]
    house.deploy(house.book)
    assert house.asks == "secret"
    assert await house.inbox.recover() == 1
    await house.rest()
    assert house.asks == "more"


async def test_a_page_is_for_who_its_chat_belongs_to(house: PageHouse) -> None:
    token = await at_page(house)
    told = await house.submit(token, viewer="telegram:besa", password=SECRET, again=SECRET)
    assert told == Closed(Why.FOREIGN, "en")
    assert ASKED == []
    told = await house.submit(token, viewer="telegram:besa", password="", again="")
    assert told == Closed(Why.FOREIGN, "en")
    assert isinstance(await house.submit(token, viewer=CHAT, password=SECRET, again=SECRET), Taken)


async def test_two_chats_have_pages_of_their_own(house: PageHouse) -> None:
    ana, besa = await at_page(house), await at_page(house, "Besa", "telegram:besa")
    assert ana != besa
    await sent(house, besa)
    assert ASKED == ["Besa"]
    assert await house.told("secret") is None
    assert isinstance(await house.told("secret", "telegram:besa"), Kept)
    assert isinstance(await house.open(ana), Opened)


# -- when the question is another one ------------------------------------------------------------------


async def test_a_page_whose_question_was_left_cannot_be_used_until_it_is_asked_again(
    house: PageHouse,
) -> None:
    token = await at_page(house)
    await house.press("back")
    assert await house.open(token) == Closed(Why.MOVED_ON, "en")
    assert await sent(house, token) == Closed(Why.MOVED_ON, "en")
    await house.hear({"say": "Besa"})
    assert isinstance(await sent(house, token), Taken)
    assert ASKED == ["Besa"]


async def test_a_page_of_a_dialog_that_was_cancelled_cannot_be_used(house: PageHouse) -> None:
    token = await at_page(house)
    await house.press("cancel")
    assert await sent(house, token) == Closed(Why.MOVED_ON, "en")
    assert await house.rows("select * from secret") == []


async def test_a_page_of_a_parked_dialog_can_be_used_and_brings_it_back(house: PageHouse) -> None:
    token = await at_page(house)
    await house.hear({"tap": "start:Export"})
    assert house.asks == "who"
    assert isinstance(await sent(house, token), Taken)
    assert house.asks == "more"
    assert [frame.dialog for frame in (await house.conversation()).frames] == ["Export", "Join"]


async def test_a_page_that_a_deploy_took_away_cannot_be_used(house: PageHouse) -> None:
    token = await at_page(house)
    house.deploy(book_of(Moved))
    assert await house.open(token) == Closed(Why.MOVED_ON, "en")
    assert await sent(house, token) == Closed(Why.MOVED_ON, "en")
    house.deploy(book_of(Export))
    assert await house.open(token) == Closed(Why.MOVED_ON, "en")


async def test_an_answer_that_a_deploy_overtakes_is_told_of_and_the_new_question_asked(
    house: PageHouse,
) -> None:
    token = await at_page(house)
    house.dies_before_the_turn()
    await sent(house, token)
    house.deploy(book_of(Moved))
    await house.inbox.recover()
    await house.rest()
    assert house.said(TOO_LATE)
    assert house.asks == "more"
    assert await house.rows("select * from inbox where state <> 'done'") == []


async def test_a_question_that_is_cancelled_before_the_answer_is_taken_up_wins(house: PageHouse) -> None:
    token = await at_page(house)
    house.dies_before_the_turn()
    await sent(house, token)
    await house.press("cancel")
    await house.inbox.recover()
    await house.rest()
    assert house.said(TOO_LATE)
    assert (await house.conversation()).frames == ()


@pytest.mark.parametrize(
    "body",
    [
        b'{"question": "Join/gone", "value": {"$": "Kept", "ref": "x"}}',
        b'{"question": "Gone/secret", "value": {"$": "Kept", "ref": "x"}}',
        b'{"question": "Join/secret", "value": {"$": "Weak", "why": "x"}}',
        b'{"question": "Join/secret", "value": {"$": "Kept", "reference": "x"}}',
        b'{"question": "", "value": null}',
    ],
)
def test_an_answer_that_no_step_can_read_any_more_is_for_no_question(body: bytes) -> None:
    assert PageEar(book_of(Join)).hear(body, START) == Came("", None, START)


def test_an_answer_is_read_by_the_step_that_it_is_for() -> None:
    body = b'{"question": "Join/secret", "value": {"$": "Kept", "ref": "x"}}'
    assert PageEar(book_of(Join)).hear(body, START) == Came("Join/secret", Kept("x"), START)


# -- refusing ------------------------------------------------------------------------------------------


def problems(told: object) -> dict[str, Any]:
    assert isinstance(told, Refused), told
    return {name: phrase.text for name, phrase in told.problems.items()}


async def test_what_the_page_itself_can_tell_reaches_no_service(house: PageHouse) -> None:
    token = await at_page(house)
    assert problems(await house.submit(token)) == {"password": EMPTY, "again": EMPTY}
    assert problems(await house.submit(token, password=SECRET)) == {"again": EMPTY}
    told = await house.submit(token, password=SECRET, again=SECRET.lower())
    assert problems(told) == {"again": DIFFERENT}
    told = await house.submit(token, password="Lule7", again="Lule7")
    assert problems(told) == {"password": PAGE.fields[0].rules[0].text}
    told = await house.submit(token, password="Luledeti", again="Luledeti")
    assert problems(told) == {"password": PAGE.fields[0].rules[1].text}
    assert ASKED == []
    assert isinstance(await sent(house, token), Taken)


async def test_fields_that_the_page_has_not_are_of_no_use_and_do_no_harm(house: PageHouse) -> None:
    token = await at_page(house)
    told = await house.submit(token, password=SECRET, again=SECRET, admin="1")
    assert isinstance(told, Taken)


async def test_what_the_service_refuses_is_told_beside_its_field_in_the_outcomes_words(
    house: PageHouse,
) -> None:
    token = await at_page(house)
    told = await sent(house, token, "Weak1234")
    assert isinstance(told, Refused)
    assert dict(told.problems) == {"password": Phrase(NO, {"why": "it is weak", "inner.n": 8})}
    assert told.opened == await house.open(token)
    assert problems(await sent(house, token, "Twice1234")) == {"again": REASONS["twice"]}


async def test_a_refusal_leaves_the_page_open_and_the_chat_in_peace(house: PageHouse) -> None:
    token = await at_page(house)
    said = len(house.posts)
    await sent(house, token, "Weak1234")
    assert len(house.posts) == said
    assert isinstance(await sent(house, token), Taken)


async def test_a_refusal_is_counted_though_nothing_is_taken(house: PageHouse) -> None:
    token = await at_page(house)
    for n in range(3):
        assert problems(await sent(house, token, f"Weak123{n}")) == {"password": NO}
    assert problems(await sent(house, token)) == {"": TOO_OFTEN}
    assert problems(await sent(house, token)) == {"": TOO_OFTEN}
    house.at += timedelta(minutes=9)
    assert await house.told("secret") is None


async def test_a_new_page_forgives_nothing(house: PageHouse) -> None:
    token = await at_page(house)
    for n in range(3):
        await sent(house, token, f"Weak123{n}")
    await house.hear({"say": "another one, please"})
    assert house.token() != token
    assert problems(await sent(house, house.token())) == {"": TOO_OFTEN}


# -- faults --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["Away1234", "Slow1234"])
async def test_a_service_that_is_away_is_told_of_and_half_of_its_work_is_not_kept(
    house: PageHouse, words: str
) -> None:
    token = await at_page(house)
    assert problems(await sent(house, token, words)) == {"": OUT_OF_REACH}
    assert await house.rows("select * from secret") == []
    assert isinstance(await sent(house, token), Taken)


async def test_a_mistake_of_ours_uses_nothing_up(house: PageHouse) -> None:
    token = await at_page(house)
    with pytest.raises(ZeroDivisionError):
        await sent(house, token, "Wrong1234")
    assert await house.rows("select * from secret") == []
    assert isinstance(await sent(house, token), Taken)


@pytest.mark.parametrize("guard", ["form", "secret"])
async def test_who_is_overtaken_looks_again(house: PageHouse, guard: str) -> None:
    token = await at_page(house)
    house.storage.guard, house.storage.times = guard, 2
    assert isinstance(await sent(house, token), Taken)
    assert len(ASKED) == 3
    assert len(await house.rows("select ref from secret")) == 1


async def test_who_is_overtaken_again_and_again_is_told_to_try_later(house: PageHouse) -> None:
    token = await at_page(house)
    house.storage.guard, house.storage.times = "form", 3
    with pytest.raises(Unavailable):
        await sent(house, token)
    assert await house.rows("select * from secret") == []
    assert isinstance(await sent(house, token), Taken)


async def test_a_count_that_was_overtaken_is_counted_after_all(house: PageHouse) -> None:
    token = await at_page(house)
    house.storage.guard, house.storage.times = "throttle", 2
    assert problems(await sent(house, token, "Weak1234")) == {"password": NO}
    (row,) = await house.rows("select state from throttle")
    assert str(row["state"]).count(",") == 0


async def test_guesses_at_once_are_all_counted(house: PageHouse) -> None:
    token = await at_page(house)
    told = await asyncio.gather(
        *(sent(house, token, f"Weak123{n}") for n in range(6)), return_exceptions=True
    )
    refused = [one for one in told if isinstance(one, Refused)]
    assert all(isinstance(one, Refused | Unavailable) for one in told)
    (row,) = await house.rows("select state from throttle")
    counted = str(row["state"]).count(",") + 1
    assert counted == len([one for one in refused if "password" in one.problems]) <= 3


async def test_a_page_of_before_the_key_changed_can_be_used_after_it(storage: Storage) -> None:
    before = PageHouse(storage, book_of(Join), Vault("old"))
    token = await at_page(before)
    after = PageHouse(storage, book_of(Join), Vault("new", "old"))
    after.at = before.at
    assert isinstance(await sent(after, token), Taken)
    assert after.asks == "more"


# -- pages that give ------------------------------------------------------------------------------------


async def test_a_page_that_saves_gives_its_file_once(house: PageHouse) -> None:
    await house.opens(Export, "Ana")
    token = house.token()
    assert await house.submit(token) == Taken(
        "en", FILE, "telegram", FormFile("mine.json", "application/json", b'{"who": "Ana"}')
    )
    assert house.said(_("There it is."))
    assert await house.submit(token) == Closed(Why.USED, "en")
    assert await house.holds("Ana") == []


async def test_a_file_that_is_refused_is_not_given(house: PageHouse) -> None:
    await house.opens(Export, "Nobody")
    told = await house.submit(house.token())
    assert problems(told) == {"": _("Not yours.")}
    assert not hasattr(told, "file")


async def test_the_weather_opens_no_page(house: PageHouse) -> None:
    await house.opens(Weather)
    assert await house.rows("select * from form") == []
