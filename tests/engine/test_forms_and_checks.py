"""What a service takes at once: a code in the chat, a secret on a page, something awaited from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from dialogs.engine.advance import NOT_YOURS, OUT_OF_REACH, TOO_LATE, TYPED_SECRET, WORDS_ONLY
from dialogs.engine.conversation import Conversation
from dialogs.engine.events import Leaked
from dialogs.engine.going import BACK_WHERE_WE_WERE
from dialogs.engine.lines import PAGE
from dialogs.engine.memory import recall, remember
from dialogs.engine.pages import Field, FieldKind, Page
from dialogs.engine.prompts import BACK, CANCEL, HELP, KEEP
from dialogs.engine.steps import (
    Ask,
    Await,
    Bad,
    Check,
    Choice,
    Choose,
    Context,
    Dialog,
    Do,
    End,
    Form,
    Link,
    Reader,
    Redo,
    Refuse,
    Review,
    Say,
    Switch,
)
from dialogs.engine.text import _, _l
from tests.engine.talk import CALL_US, Gone, Talk, Weather, book_of

SECRET = "Lule7deti"
CODE = "482915"


def as_is(text: str) -> str | Bad:
    return text


def six_digits(text: str) -> str | Bad:
    return text if text.isdecimal() and len(text) == 6 else Bad(_("Six digits, please."))


WORDS: Reader[str] = Reader(as_is)
DIGITS: Reader[str] = Reader(six_digits, digits=True)


@dataclass(frozen=True)
class Right:
    to: str


@dataclass(frozen=True)
class Wrong:
    left: int


@dataclass(frozen=True)
class Kept:
    ref: str


@dataclass(frozen=True)
class Weak:
    why: str


@dataclass
class Service:
    """Counts what it is asked; `away` while it cannot be reached."""

    left: int = 3
    sent: list[str] = field(default_factory=list)
    away: bool = False

    async def send(self, turn: Context, who: str) -> str:
        self.sent.append(who)
        return f"challenge {len(self.sent)}"

    async def mail(self, turn: Context, who: str) -> str:
        self.sent.append(f"mail to {who}")
        return f"letter {len(self.sent)}"

    async def check(self, turn: Context, typed: str, who: str) -> Right | Wrong:
        if self.away:
            raise Gone
        if typed == CODE:
            return Right(who)
        self.left -= 1
        return Wrong(self.left)


SERVICE = Service()


@pytest.fixture(autouse=True)
def service() -> Service:
    SERVICE.left, SERVICE.sent, SERVICE.away = 3, [], False
    return SERVICE


async def send(turn: Context, who: str) -> str:
    return await SERVICE.send(turn, who)


async def mail(turn: Context, who: str) -> str:
    return await SERVICE.mail(turn, who)


async def check(turn: Context, typed: str, who: str) -> Right | Wrong:
    return await SERVICE.check(turn, typed, who)


async def keep(turn: Context, typed: Mapping[str, str], who: str) -> Kept | Weak:
    raise AssertionError("a page asks it, and not the conversation")


class By(Choice):
    SMS = _l("By SMS, please")
    POST = _l("By post, please")


class Prove(Dialog):
    """A code that is sent by one way or the other, and checked at once."""

    title = _l("Prove it")
    who = Ask(WORDS, _("Who are you?"))
    by = Choose(By, _("How?"), default=By.SMS.name, given=who)
    sms = Do(send, who, given=by.case(By.SMS))
    post = Do(mail, who, given=by.case(By.POST))
    told = Say(_("I have sent it."), given=by)
    proof = Check(
        DIGITS,
        _("Which code did {who} get?"),
        check,
        who,
        rejects={Wrong: _("No. {proof.left} more.")},
        help=(_("It has six digits."),),
        redo=(Redo(_l("Once more, please"), (sms, post)), Redo(_l("Somebody else"), (who,), opens=True)),
        switches=(
            Switch(_l("Send it by post"), by, By.POST.name),
            Switch(_l("Send an SMS"), by, By.SMS.name),
        ),
        given=told,
    )
    name = Ask(WORDS, _("A name?"), given=proof.case(Right))
    done = End(_("{proof.to} has shown it."), given=(name, proof.case(Right)))


@pytest.fixture
def talk() -> Talk:
    talk = Talk(book_of(Prove, Join, Waiting))
    return talk


def at_code(talk: Talk) -> None:
    talk.opens(Prove)
    talk.say("Ana")
    assert talk.asks == "proof"


# -- a check -------------------------------------------------------------------------------------------


def test_what_is_typed_at_a_check_is_remembered_nowhere(talk: Talk) -> None:
    at_code(talk)
    talk.say("111111", CODE)
    assert talk.asks == "name"
    for written in talk.kept:
        assert "111111" not in written
        assert CODE not in written


def test_a_check_that_is_passed_is_worth_its_outcome(talk: Talk) -> None:
    at_code(talk)
    talk.say(CODE)
    assert talk.told("proof") == Right("Ana")
    talk.say("x")
    assert talk.hears("Ana has shown it.")


def test_a_refused_check_asks_again_with_the_values_of_the_outcome(talk: Talk) -> None:
    at_code(talk)
    number = talk.now.asked
    talk.say("111111")
    assert talk.words == ["No. 2 more.", "Which code did Ana get?"]
    assert talk.now.asked == number + 1
    talk.say("222222")
    assert talk.hears("No. 1 more.")
    talk.say(CODE)
    assert talk.asks == "name"


def test_what_is_no_code_at_all_never_reaches_the_service(talk: Talk) -> None:
    at_code(talk)
    talk.say("12345")
    assert talk.hears("Six digits, please.")
    assert "proof" not in talk.asked
    assert SERVICE.left == 3


def test_help_at_a_check_grows(talk: Talk) -> None:
    at_code(talk)
    talk.press(HELP)
    assert talk.hears("It has six digits.")
    talk.press(HELP)
    assert talk.hears(CALL_US.msgid)


def test_a_check_whose_service_is_away_is_asked_again_and_what_was_typed_is_gone(talk: Talk) -> None:
    at_code(talk)
    SERVICE.away = True
    talk.say(CODE)
    assert talk.words == [OUT_OF_REACH.msgid, "Which code did Ana get?"]
    assert talk.asks == "proof"
    assert CODE not in "".join(talk.kept)
    SERVICE.away = False
    talk.say(CODE)
    assert talk.asks == "name"


def test_commands_and_dialogs_work_at_a_check(talk: Talk) -> None:
    at_code(talk)
    talk.say("weather report")
    assert talk.words == ["It rains.", BACK_WHERE_WE_WERE.msgid, "Which code did Ana get?"]
    talk.say("cancel")
    assert talk.dialogs == []


def test_back_after_a_check_asks_it_again_and_back_at_a_check_asks_what_came_before(talk: Talk) -> None:
    at_code(talk)
    talk.say(CODE)
    talk.press(BACK)
    assert talk.asks == "proof"
    assert "proof" not in talk.now.top.told
    talk.press(BACK)
    assert talk.asks == "who"
    assert SERVICE.sent == ["Ana"]


def test_a_check_is_made_again_when_what_it_rested_on_has_changed(talk: Talk) -> None:
    at_code(talk)
    talk.say(CODE)
    talk.press(BACK)
    talk.press("redo:1")
    talk.say("Besa")
    assert talk.asks == "proof"
    talk.say(CODE)
    assert talk.told("proof") == Right("Besa")


def test_a_check_does_not_number_its_buttons_since_digits_are_answers(talk: Talk) -> None:
    at_code(talk)
    assert [option.number for option in talk.buttons] == [None] * len(talk.buttons)


# -- what stands beside a prompt -----------------------------------------------------------------------


def test_a_button_that_asks_for_it_anew_forgets_what_it_names_and_all_that_rests_on_it(talk: Talk) -> None:
    at_code(talk)
    talk.press("redo:0")
    assert SERVICE.sent == ["Ana", "Ana"]
    assert talk.asks == "proof"


def test_a_button_that_opens_an_answer_keeps_it_until_another_comes(talk: Talk) -> None:
    at_code(talk)
    talk.press("redo:1")
    assert talk.asks == "who"
    assert talk.told("who") == "Ana"
    talk.press(KEEP)
    assert talk.asks == "proof"
    assert SERVICE.sent == ["Ana"]
    talk.press("redo:1")
    talk.say("Besa")
    assert talk.words[-1] == "Which code did Besa get?"
    assert SERVICE.sent == ["Ana", "Besa"]


def test_a_button_that_answers_otherwise_is_there_only_while_another_answer_stands(talk: Talk) -> None:
    at_code(talk)
    assert "switch:0" in talk.options
    assert "switch:1" not in talk.options
    talk.press("switch:0")
    assert SERVICE.sent == ["Ana", "mail to Ana"]
    assert talk.hears("I have sent it.")
    assert "switch:0" not in talk.options
    assert "switch:1" in talk.options


def test_to_answer_otherwise_is_taken_back_like_any_answer(talk: Talk) -> None:
    at_code(talk)
    talk.press("switch:0")
    talk.press(BACK)
    assert talk.asks == "proof"
    assert "switch:0" in talk.options
    assert "by" not in talk.now.top.told
    talk.press(BACK)
    assert talk.asks == "who"


def test_the_same_switch_twice_is_one_tap(talk: Talk) -> None:
    at_code(talk)
    payload = f"{talk.now.asked}:switch:0"
    talk.tap(payload)
    talk.wait(seconds=-4)
    talk.tap(payload)
    assert talk.lines == ()
    assert SERVICE.sent == ["Ana", "mail to Ana"]


def test_a_switch_can_be_typed(talk: Talk) -> None:
    at_code(talk)
    talk.say("send it by post")
    assert SERVICE.sent == ["Ana", "mail to Ana"]


# -- a page --------------------------------------------------------------------------------------------

PASSWORD = Page(
    name="password",
    title=_("A password"),
    lead=_("Here."),
    submit=_l("Keep it"),
    done=_("Kept."),
    fields=(Field("password", _l("Password"), FieldKind.NEW_PASSWORD),),
)


class Join(Dialog):
    """A name, and a secret on a page of its own."""

    title = _l("Join us")
    name = Ask(WORDS, _("Your name?"), label=_l("Name"))
    secret = Form(
        PASSWORD,
        _("Now, {name}, a password."),
        keep,
        name,
        refuses={Weak: Refuse(_("No: {why}."), "password")},
        button=_l("Choose it"),
        label=_l("Password"),
        help=(_("Press the button."),),
    )
    sure = Review(_("Right?"), name, secret)
    done = End(_("Welcome, {name}."), given=(sure, name))


def at_page(talk: Talk) -> None:
    talk.opens(Join)
    talk.say("Ana")
    assert talk.asks == "secret"


def test_a_form_is_one_button_that_opens_its_page(talk: Talk) -> None:
    at_page(talk)
    (page,) = (option for option in talk.buttons if option.url)
    assert (page.url, page.label.text.msgid, page.number) == (PAGE, "Choose it", None)


def test_what_came_of_the_page_is_remembered_and_its_dialog_goes_on(talk: Talk) -> None:
    at_page(talk)
    talk.comes(Kept("ref"))
    assert talk.asks == "sure"
    assert talk.told("secret") == Kept("ref")


def test_a_secret_is_shown_as_dots(talk: Talk) -> None:
    at_page(talk)
    talk.comes(Kept("a reference"))
    assert "Password: ••••••••" in talk.words
    assert not any("a reference" in words for words in talk.words)


@pytest.mark.parametrize(
    "typed", [SECRET, "12345678", "1", "weathr reprt", "chose it pls", "x" * 500, "дфкј"]
)
def test_anything_typed_at_a_form_that_is_no_command_is_a_secret(talk: Talk, typed: str) -> None:
    at_page(talk)
    before = talk.now.asked
    talk.say(typed)
    assert talk.secret
    assert talk.words == [TYPED_SECRET.msgid, "Now, Ana, a password."]
    assert talk.now.asked == before + 1
    assert not any(typed in written for written in talk.kept if len(typed) > 1)
    assert not any(typed in words for words in talk.words if len(typed) > 1)


@pytest.mark.parametrize(
    ("typed", "open_dialogs"),
    [
        ("help", ["Join"]),
        ("back", ["Join"]),
        ("weather report", ["Join"]),
        ("cancel", []),
        ("menu", ["Join"]),
    ],
)
def test_commands_and_the_names_of_dialogs_work_at_a_form_and_are_no_secret(
    talk: Talk, typed: str, open_dialogs: list[str]
) -> None:
    at_page(talk)
    talk.say(typed)
    assert not talk.secret
    assert talk.dialogs == open_dialogs
    assert TYPED_SECRET.msgid not in talk.words


def test_the_number_of_a_card_at_a_form_is_told_of_as_ever(talk: Talk) -> None:
    at_page(talk)
    talk.hear(Leaked(talk.at))
    assert talk.asks == "secret"


def test_the_label_of_the_page_typed_in_the_chat_asks_for_the_button(talk: Talk) -> None:
    at_page(talk)
    talk.say("Choose it")
    assert not talk.secret
    assert talk.asks == "secret"


def test_back_at_a_form_asks_what_came_before_and_back_after_it_asks_for_the_page_again(talk: Talk) -> None:
    at_page(talk)
    talk.press(BACK)
    assert talk.asks == "name"
    talk.say("Besa")
    talk.comes(Kept("ref"))
    talk.say("back")
    assert talk.asks == "secret"
    assert "secret" not in talk.now.top.told
    assert talk.told("name") == "Besa"


def test_a_secret_that_is_changed_stands_until_another_one_comes(talk: Talk) -> None:
    at_page(talk)
    talk.comes(Kept("one"))
    talk.press("change:secret")
    assert talk.asks == "secret"
    talk.press(KEEP)
    assert talk.told("secret") == Kept("one")
    talk.press("change:secret")
    talk.comes(Kept("two"))
    assert talk.told("secret") == Kept("two")
    assert talk.asks == "sure"


def test_a_change_of_what_only_its_service_sees_asks_for_no_secret_again(talk: Talk) -> None:
    at_page(talk)
    talk.comes(Kept("one"))
    talk.press("change:name")
    talk.say("Besa")
    assert talk.asks == "sure"
    assert talk.told("secret") == Kept("one")


def test_what_came_for_a_dialog_that_is_parked_brings_it_back_and_parks_the_other(talk: Talk) -> None:
    at_page(talk)
    question = talk.now.question
    talk.opens(Prove)
    talk.say("Besa")
    assert talk.dialogs == ["Join", "Prove"]
    talk.comes(Kept("ref"), question)
    assert talk.dialogs == ["Prove", "Join"]
    assert talk.asks == "sure"
    talk.press("yes")
    assert talk.hears("Welcome, Ana.")
    assert talk.hears(BACK_WHERE_WE_WERE.msgid)
    assert talk.asks == "proof"
    assert talk.words[-1] == "Which code did Besa get?"


def test_what_came_for_a_question_that_is_answered_changes_nothing(talk: Talk) -> None:
    at_page(talk)
    question = talk.now.question
    talk.comes(Kept("one"))
    frames = talk.now.frames
    talk.comes(Kept("two"), question)
    assert talk.hears(TOO_LATE.msgid)
    assert talk.asks == "sure"
    assert talk.now.frames == frames


def test_what_came_after_the_dialog_was_left_is_not_used(talk: Talk) -> None:
    at_page(talk)
    question = talk.now.question
    talk.press(CANCEL)
    talk.comes(Kept("ref"), question)
    assert talk.words == [TOO_LATE.msgid, "What now?"]
    assert talk.dialogs == []


class JoinLater(Dialog):
    """As a deploy leaves it: one question more before the page."""

    title = _l("Join us")
    name = Ask(WORDS, _("Your name?"), label=_l("Name"))
    town = Ask(WORDS, _("Your town?"), label=_l("Town"))
    secret = Form(PASSWORD, _("A password."), keep, name, refuses={}, button=_l("Choose it"))
    done = End(_("Welcome."), given=secret)


JoinLater.__name__ = "Join"


def test_what_came_while_a_deploy_moved_the_question_is_not_used_and_the_new_one_is_asked(talk: Talk) -> None:
    at_page(talk)
    question = talk.now.question
    talk.deploy(JoinLater)
    talk.comes(Kept("ref"), question)
    assert talk.hears(TOO_LATE.msgid)
    assert talk.asks == "town"
    assert "secret" not in talk.now.top.told
    talk.say("Peja")
    assert talk.asks == "secret"
    talk.comes(Kept("ref"), question)
    assert talk.hears("Welcome.")


def test_a_secret_typed_for_a_page_that_a_deploy_took_away_is_no_answer_to_another_question(
    talk: Talk,
) -> None:
    at_page(talk)
    talk.deploy(JoinLater)
    talk.say(SECRET)
    assert talk.asks == "town"
    assert "town" not in talk.now.top.told
    assert SECRET not in "".join(talk.kept)


def test_the_language_is_changed_at_a_form(talk: Talk) -> None:
    at_page(talk)
    talk.tap("lang:sq")
    assert talk.now.language == "sq"
    assert talk.asks == "secret"
    assert talk.prompt.edits


def test_the_reminder_brings_a_page_again(talk: Talk) -> None:
    at_page(talk)
    talk.wait(hours=3)
    talk.wake()
    assert talk.asks == "secret"
    assert any(option.url == PAGE for option in talk.buttons)


class Twice(Dialog):
    """A name on which both a page and a code rest."""

    title = _l("Twice over")
    name = Ask(WORDS, _("Your name?"), label=_l("Name"))
    secret = Form(
        PASSWORD,
        _("A password."),
        keep,
        name,
        refuses={},
        button=_l("Choose it"),
        redo=(Redo(_l("Another name"), (name,), opens=True),),
        given=name,
    )
    proof = Check(DIGITS, _("Which code?"), check, name, rejects={Wrong: _("No.")}, given=secret)
    sure = Review(_("Right?"), name, given=proof)
    done = End(_("Welcome."), given=sure)


def test_when_a_change_is_taken_back_the_page_stands_again_and_the_code_does_not() -> None:
    talk = Talk(book_of(Twice))
    talk.opens(Twice)
    talk.say("Ana")
    talk.comes(Kept("ref"))
    talk.say(CODE)
    assert talk.asks == "sure"
    talk.press("change:name")
    talk.say("Besa")
    assert talk.asks == "secret"
    talk.press("redo:0")
    talk.say("Ana")
    assert talk.told("secret") == Kept("ref")
    assert talk.asks == "proof"


# -- what is awaited from outside ----------------------------------------------------------------------


@dataclass(frozen=True)
class Paid:
    receipt: str


@dataclass(frozen=True)
class Refused:
    pass


class Waiting(Dialog):
    """Waits for something that is no answer of the customer's."""

    title = _l("Wait for it")
    paid = Await((Paid, Refused), _("I wait for the bank."), help=(_("It takes a minute."),))
    thanks = End(_("Thanks: {paid.receipt}."), given=paid.case(Paid))
    sorry = End(_("The bank says no."))


@pytest.mark.parametrize(("value", "said"), [(Paid("R 7"), "Thanks: R 7."), (Refused(), "The bank says no.")])
def test_what_is_awaited_decides_how_it_goes_on(talk: Talk, value: object, said: str) -> None:
    talk.opens(Waiting)
    assert talk.asks == "paid"
    talk.comes(value)
    assert talk.hears(said)


def test_nothing_typed_answers_what_is_awaited_and_it_is_no_secret(talk: Talk) -> None:
    talk.opens(Waiting)
    talk.say("I have paid")
    assert talk.asks == "paid"
    assert not talk.secret
    assert talk.hears("It takes a minute.")
    assert "paid" not in talk.now.top.told


def test_what_came_for_a_code_is_no_answer_to_it(talk: Talk) -> None:
    at_code(talk)
    talk.comes(Right("forged"))
    assert talk.hears(TOO_LATE.msgid)
    assert talk.asks == "proof"


# -- something to know ---------------------------------------------------------------------------------

UNSENT = _("The SMS did not arrive.")


def test_what_should_be_known_is_said_and_the_question_comes_again_under_a_new_number(talk: Talk) -> None:
    at_code(talk)
    number = talk.now.asked
    talk.note(UNSENT)
    assert talk.words == [UNSENT.msgid, "Which code did Ana get?"]
    assert talk.now.asked == number + 1
    talk.say(CODE)
    assert talk.asks == "name"


def test_what_should_be_known_is_said_when_nothing_is_open_and_no_menu_is_thrown_after_it(
    talk: Talk,
) -> None:
    talk.note(UNSENT)
    assert talk.words == [UNSENT.msgid]
    assert talk.buttons == ()


def test_what_should_be_known_is_not_heard_from_the_customer(talk: Talk) -> None:
    at_code(talk)
    heard = talk.now.heard_at
    talk.wait(hours=1)
    talk.note(UNSENT)
    assert talk.now.heard_at == heard


class Shorter(Dialog):
    """As a deploy leaves `Prove`: who has said who they are is through."""

    title = _l("Prove it")
    who = Ask(WORDS, _("Who are you?"))
    told = Say(_("That will do."), given=who)
    done = End(_("So it is you, {who}."), given=(told, who))


Shorter.__name__ = "Prove"


def test_what_should_be_known_finds_a_dialog_that_a_deploy_has_brought_to_its_end(talk: Talk) -> None:
    at_code(talk)
    talk.deploy(Shorter)
    talk.note(UNSENT)
    assert talk.words[:2] == [UNSENT.msgid, "That will do."]
    assert talk.hears("So it is you, Ana.")


# -- a phone that is shared ----------------------------------------------------------------------------


def phone(text: str) -> str | Bad:
    return text if text.startswith("+383") else Bad(_("Not from there."))


class Call(Dialog):
    title = _l("Call me")
    number = Ask(Reader(phone, digits=True), _("Your number?"), contact=True, help=(_("With +383."),))
    other = Ask(WORDS, _("And when?"), given=number)
    done = End(_("I call {number}."), given=(other, number))


@pytest.fixture
def call() -> Talk:
    talk = Talk(book_of(Call))
    talk.opens(Call)
    return talk


def test_a_question_for_a_phone_has_a_button_that_shares_it(call: Talk) -> None:
    (button,) = (option for option in call.buttons if option.contact)
    assert button.number is None
    assert not button.url


def test_the_own_contact_answers_it(call: Talk) -> None:
    call.share("+38344123456")
    assert call.asks == "other"
    assert call.told("number") == "+38344123456"


def test_somebody_elses_contact_does_not(call: Talk) -> None:
    call.share("+38344123456", own=False)
    assert call.hears(NOT_YOURS.msgid)
    assert call.asks == "number"
    assert "number" not in call.now.top.told


def test_a_contact_that_cannot_be_used_is_refused_like_a_typed_one(call: Talk) -> None:
    call.share("+4179000")
    assert call.hears("Not from there.")
    assert call.asks == "number"


def test_a_contact_answers_no_other_question(call: Talk) -> None:
    call.share("+38344123456")
    call.share("+38344123457")
    assert call.hears(WORDS_ONLY.msgid)
    assert call.asks == "other"
    assert call.told("number") == "+38344123456"


def test_a_contact_when_nothing_is_asked_leads_to_the_menu() -> None:
    talk = Talk(book_of(Call))
    talk.share("+38344123456")
    assert talk.words == [WORDS_ONLY.msgid, "What now?"]


# -- pages that can be read beside a question ------------------------------------------------------------


class Agree(Choice):
    YES = _l("I do")


class Terms(Dialog):
    title = _l("The terms of it")
    agreed = Choose(Agree, _("Do you agree?"), links=(Link(_l("Our terms"), "/terms"),))
    done = End(_("Good."), given=agreed)


def test_a_link_stands_beside_a_question_and_takes_no_number(talk: Talk) -> None:
    talk = Talk(book_of(Terms))
    talk.opens(Terms)
    yes, link = talk.buttons[:2]
    assert (yes.number, link.number, link.url) == (1, None, "/terms")
    talk.say("our terms")
    assert talk.asks == "agreed"


# -- what was remembered -------------------------------------------------------------------------------


def test_a_conversation_of_before_there_were_pages_is_read_as_it_was(talk: Talk) -> None:
    stored = (
        '{"language":"sq","frames":[{"dialog":"Join","told":{"name":["Ana","",1]}}],"asked":2,'
        '"question":"Join/secret","heard_at":"2026-03-02T09:00:00+00:00"}'
    )
    now = recall(stored, talk.book.dialogs)
    assert now.top.told["name"].at is None
    assert now.menu == ""
    talk.now = now
    talk.comes(Kept("ref"))
    assert talk.asks == "sure"


def test_an_outcome_that_has_changed_its_shape_is_forgotten_and_the_question_asked_again(talk: Talk) -> None:
    at_page(talk)
    talk.comes(Kept("ref"))
    text = remember(talk.now)
    for changed in (text.replace('"ref":"ref"', '"reference":"ref"'), text.replace('"Kept"', '"Weak"')):
        assert changed != text
        told = recall(changed, talk.book.dialogs).top.told
        assert "secret" not in told
        assert "name" in told


@pytest.mark.parametrize("value", [Paid("R 7"), Refused()])
def test_what_was_awaited_is_remembered_as_what_it_was(value: Any) -> None:
    class Two(Dialog):
        title = _l("Two at once")
        paid = Await((Paid, Refused), _("I wait."))
        more = Ask(WORDS, _("More?"), given=paid)
        done = End(_("Done."), given=more)

    talk = Talk(book_of(Two))
    talk.opens(Two)
    talk.comes(value)
    assert talk.told("paid") == value
    assert recall(remember(talk.now), talk.book.dialogs) == talk.now


def test_an_empty_conversation_is_an_empty_text() -> None:
    assert remember(Conversation()) == "{}"
    assert recall("{}", {}) == Conversation()


def test_the_weather_needs_no_page() -> None:
    talk = Talk(book_of(Join))
    talk.opens(Weather)
    assert talk.hears("It rains.")
