"""One account in several chats: one of them shows a code, another is brought it by a link or by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.services import link_codes
from bot.services.linking import (
    Already,
    Instead,
    Invited,
    Joined,
    LinkCode,
    Made,
    MadeEnough,
    NoSuchCode,
    TriedEnough,
    enter_code,
    join,
    keep_code,
    look_up,
    make_code,
)
from bot.services.my_account import Changed, Guest, Mine, SignedOut, mine
from bot.services.signed_in_chats import Chat, sign_out_chat
from dialogs.account import GUESTS, NOT_SIGNED_IN, NOW, channel_shown
from dialogs.engine.book import DeepLink
from dialogs.engine.lines import LINK_CODE, Opening, Option, Tone
from dialogs.engine.steps import (
    Bad,
    Case,
    Check,
    Choice,
    Choose,
    Dialog,
    Do,
    Either,
    End,
    Let,
    Param,
    Reader,
    Step,
)
from dialogs.engine.text import Hidden, Phrase, _, _l, _n

#: A chat that joined can be signed out by its button for so long.
STANDS = timedelta(days=30)


def hidden(made: Made) -> Hidden:
    return Hidden(made.seed)


def links_of(made: Made) -> tuple[Option, ...]:
    """A button for each channel that opens by a link."""
    return tuple(
        Option(
            "",
            Phrase(_l("Continue in {channel}"), {"channel": channel_shown(way.channel)}),
            icon="➡️",
            url=f"{LINK_CODE}{made.seed}:{way.address}",
        )
        for way in made.doorways
    )


class LinkChat(Dialog):
    """A code with which the account opens in another chat, too."""

    title = _l("Use another chat too")
    starts_on = (_("use another chat"), _("link another chat"), _("another phone"))

    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    made = Do(make_code, me.case(Mine))
    out = End(NOT_SIGNED_IN, starts=GUESTS, given=made.case(SignedOut))
    enough = made.case(MadeEnough)
    wait = End(
        _n(
            "I have given you as many codes as I may. "
            "In {enough.minutes:number} minute I can give a new one.",
            "I have given you as many codes as I may. "
            "In {enough.minutes:number} minutes I can give a new one.",
            by="enough.minutes",
        ),
        starts=("SignedInChats",),
        given=enough,
    )
    ready = made.case(Made)
    code = Let(hidden, ready)
    done = End(
        _(
            "Your account opens in another chat with this code: <b>{code}</b>\n"
            "Press a button below, or write the code to me in the other chat, the web chat for example. "
            "It is good for ten minutes, once. Please give it to nobody: whoever has it sees your account."
        ),
        also=Let(links_of, ready),
        starts=("SignedInChats",),
        given=ready,
    )


NOT_GOOD = _(
    "That code is not valid, or no longer: each is good for ten minutes, once. You get a new one in the chat "
    "that you are signed in to, under “My account”, “Use another chat too”."
)
TRIED = _n(
    "There were too many wrong codes here. In {code.minutes:number} minute I take one again.",
    "There were too many wrong codes here. In {code.minutes:number} minutes I take one again.",
    by="code.minutes",
)
HELP = (
    _("In the chat that you are signed in to, open “My account” and press “Use another chat too”."),
    _("The code has 8 letters and digits, like 7KM4-A9TR. Capitals and the dash do not matter."),
)


class Sure(Choice):
    """Whether a chat is to show an account."""

    YES = _l("Yes, show it here")
    NO = _l("No, leave it")


def code_in(found: Invited | Instead) -> LinkCode:
    return found.code


Asked = tuple[
    End, Case[Invited], Case[Instead], Choose[Sure], Choose[Sure], End, Do[Joined | NoSuchCode], End, End
]


def opening(code: Step[Any]) -> Asked:
    """The steps `already, invited, instead, sure, rather, left, joined, late, done` after a code was entered.

    Nothing is told of the account but a letter, and nothing happens, before the customer has agreed.
    """
    invited, instead = code.case(Invited), code.case(Instead)
    found: Step[Invited | Instead] = Either(invited, instead)
    sure = Choose(
        Sure,
        _(
            "Shall this chat show the account of {invited.whose}? "
            "Please say yes only if you asked for the code yourself."
        ),
        given=invited,
    )
    rather = Choose(
        Sure,
        _(
            "Shall this chat show the account of {instead.whose} from now on? The account that it shows now "
            "is signed out here. Please say yes only if you asked for the code yourself."
        ),
        given=instead,
    )
    joined = Do(
        join,
        Let(code_in, found),
        given=Either(sure.case(Sure.YES), rather.case(Sure.YES)),
    )
    return (
        End(_("This chat shows that account already."), given=code.case(Already)),
        invited,
        instead,
        sure,
        rather,
        End(
            _("All right, nothing was changed here."), given=Either(sure.case(Sure.NO), rather.case(Sure.NO))
        ),
        joined,
        End(NOT_GOOD, given=joined.case(NoSuchCode)),
        End(_("This chat shows your account from now on, {joined.name}."), given=joined.case(Joined)),
    )


class OpenHere(Dialog):
    """An account opens here, by a link that has brought its code, or by a code that was just written."""

    title = _l("Open my account here")

    link: Param[LinkCode] = Param[LinkCode]()
    code = Do(look_up, link)
    wrong = End(NOT_GOOD, given=code.case(NoSuchCode))
    tried = End(TRIED, given=code.case(TriedEnough))
    already, invited, instead, sure, rather, left, joined, late, done = opening(code)


def _link_code(text: str) -> str | Bad:
    return link_codes.read(text) or Bad(
        _("A code has 8 letters and digits, like 7KM4-A9TR. Please write it as your other chat shows it.")
    )


#: A code that opens an account in another chat, with or without its dash, in Latin or Cyrillic.
link_code: Reader[str] = Reader(_link_code)


class HaveCode(Dialog):
    """An account opens here, by a code that is asked for."""

    title = _l("I have a code")
    starts_on = (_("code from another chat"), _("I have a code from another chat"))

    code = Check(
        link_code,
        _("Which code does your other chat show you? Please write it here."),
        enter_code,
        rejects={NoSuchCode: NOT_GOOD, TriedEnough: TRIED},
        help=HELP,
    )
    already, invited, instead, sure, rather, left, joined, late, done = opening(code)


#: A code that a link brings along, or that is written where no question takes it.
BY_LINK = DeepLink(OpenHere, link_codes.read, keep_code)


class SignThatChatOut(Dialog):
    """The other chat is signed out again."""

    title = _l("Sign that chat out")

    chat: Param[Chat] = Param[Chat]()
    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    signed = Do(sign_out_chat, me.case(Mine), chat)
    out = End(NOT_SIGNED_IN, starts=GUESTS, given=signed.case(SignedOut))
    done = End(
        _(
            "That chat is signed out. If it was opened by somebody else, please choose a new password: "
            "that signs out every other chat, too."
        ),
        starts=("ChangePassword", "SignedInChats"),
        given=signed.case(Changed),
    )


OPENED = _(
    "Your account is open in one more chat from now on: {channel}. "
    "If you did not do that yourself, please sign that chat out."
)


def words(new: Chat) -> Phrase:
    """What the account's other chats are told."""
    return Phrase(OPENED, {"channel": channel_shown(new.channel)})


def buttons(new: Chat) -> tuple[Option, ...]:
    opening = Opening("SignThatChatOut", {"chat": new}, STANDS)
    return (Option("offer", Phrase(SignThatChatOut.title), Tone.DANGER, "🚫", offer=opening),)
