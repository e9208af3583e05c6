"""My account: what is known, and what can be changed."""

from __future__ import annotations

from datetime import timedelta

from bot.services.account_changes import (
    keep_account,
)
from bot.services.my_account import (
    Changed,
    Guest,
    Mine,
    SignedOut,
    mine,
    rename,
    set_notices,
)
from bot.services.notices_to import EVERYWHERE, OneWay, Way, Ways, ways, write_to
from bot.services.signed_in_chats import (
    Chat,
    Chats,
    chats,
    sign_out_chat,
    sign_out_everywhere,
    sign_out_here,
)
from dialogs import identifiers
from dialogs.engine.steps import Ask, Dialog, Do, Either, End, Entry, Let, Pick, Select
from dialogs.engine.text import Phrase, _, _l, verbatim

#: Whose chat it is, is asked anew with every move: it may have been signed out elsewhere.
NOW = timedelta(0)
NOT_SIGNED_IN = _("You are not signed in here.")
GUESTS = ("SignIn", "Register")
MORE = ("Account",)


class Account(Dialog):
    """The account's card, and the way to everything that can be changed."""

    title = _l("My account")
    starts_on = (_("account"), _("profile"), _("settings"), _("my details"))

    me = Do(mine)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    card = End(
        _("<b>{me.full_name}</b>\nI call you: {me.name}\nE-mail: {me.email}\nPhone: {me.phone}"),
        starts=(
            *("Rename", "ChangeEmail", "ChangePhone", "ChangePassword", "Tongue", "Notices"),
            *("LinkChat", "SignedInChats", "MyData", "DeleteAccount", "SignOut"),
        ),
        given=me.case(Mine),
    )


def whose(me: Mine) -> str:
    """What answers rest on: another chat may have changed the rest of the account meanwhile."""
    return me.id


class Rename(Dialog):
    """How the customer is addressed."""

    title = _l("What I am called")

    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    name = Ask(identifiers.person_name, _("What shall I call you?"), given=Let(whose, me.case(Mine)))
    changed = Do(rename, me.case(Mine), name)
    done = End(_("From now on I call you {name}."), starts=MORE, given=changed)


#: What a customer may be told of without asking.
NOTICES = (
    Entry("bill", "bill", Phrase(_l("A new bill"))),
    Entry("due", "due", Phrase(_l("A bill is due soon"))),
    Entry("overdue", "overdue", Phrase(_l("A bill is overdue"))),
    Entry("paid", "paid", Phrase(_l("A payment has arrived"))),
    Entry("meter", "meter", Phrase(_l("Somebody added my meter"))),
    Entry("first", "first", Phrase(_l("Viber: you may write first"))),
)


def wanted(me: Mine) -> tuple[str, ...]:
    return tuple(entry.key for entry in NOTICES if entry.key not in me.notices_off)


def unwanted(picked: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(entry.key for entry in NOTICES if entry.key not in picked)


CHANNELS = {"telegram": _l("Telegram"), "web": _l("The web chat"), "viber": _l("Viber")}


def channel_shown(name: str) -> Phrase:
    """A channel as customers call it."""
    return Phrase(CHANNELS[name]) if name in CHANNELS else verbatim(name)


def ways_of(found: Ways) -> tuple[Way, ...]:
    return found.all


def name_of(way: Way) -> str:
    return way.channel or "every"


def way_shown(way: Way) -> Phrase:
    to = Phrase(_l("Every chat")) if way.channel == EVERYWHERE else channel_shown(way.channel)
    return Phrase(_l("{channel}, as now"), {"channel": to}) if way.chosen else to


class Notices(Dialog):
    """Which notices are sent, and where; what an account has to decide itself comes to every chat."""

    title = _l("Notifications")

    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    kinds = Pick(
        NOTICES,
        _("What shall I write to you about?"),
        typical=Let(wanted, me.case(Mine)),
        given=Let(whose, me.case(Mine)),
    )
    changed = Do(set_notices, me.case(Mine), Let(unwanted, kinds))
    found = Do(ways, me.case(Mine), given=changed)
    way = Select(
        Let(ways_of, found.case(Ways)),
        _("Where shall I write?"),
        key=name_of,
        show=way_shown,
        given=found.case(Ways),
    )
    placed = Do(write_to, me.case(Mine), way)
    out = End(NOT_SIGNED_IN, starts=GUESTS, given=Either(found.case(SignedOut), placed.case(SignedOut)))
    done = End(
        _("It is set as you wish."), starts=MORE, given=Either(found.case(OneWay), placed.case(Changed))
    )


_HERE = _("{channel}, this chat")
_THERE = _("{channel}, last used {day:date}")


def chats_of(found: Chats) -> tuple[Chat, ...]:
    return found.all


def key_of(chat: Chat) -> str:
    return chat.name


def shown(chat: Chat) -> Phrase:
    channel = channel_shown(chat.channel)
    if chat.here:
        return Phrase(_HERE, {"channel": channel})
    return Phrase(_THERE, {"channel": channel, "day": chat.used_on})


class SignedInChats(Dialog):
    """Where the account is signed in."""

    title = _l("Where I am signed in")

    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    found = Do(chats, me.case(Mine))
    chat = Select(
        Let(chats_of, found),
        _(
            "Your account is open in these chats. Which one shall I sign out? "
            "To close it in all of them, write “sign out everywhere”."
        ),
        key=key_of,
        show=shown,
        given=found,
    )
    out = Do(sign_out_chat, me.case(Mine), chat)
    done = End(_("That chat is signed out."), starts=("LinkChat", *MORE, "SignOutEverywhere"), given=out)


class SignOut(Dialog):
    """This chat is signed out."""

    title = _l("Sign out")
    starts_on = (_("log out"), _("logout"))

    me = Do(mine)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    out = Do(sign_out_here, me.case(Mine))
    done = End(_("You are signed out here. Until soon!"), menu="guest", given=out)


class SignOutEverywhere(Dialog):
    """Every chat is signed out."""

    title = _l("Sign out everywhere")

    me = Do(mine)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    out = Do(sign_out_everywhere, me.case(Mine))
    done = End(_("You are signed out in every chat, this one included."), menu="guest", given=out)


class KeepAccount(Dialog):
    """Takes back that the account is to be deleted."""

    title = _l("Keep my account")

    me = Do(mine)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    kept = Do(keep_account, me.case(Mine))
    done = End(_("Your account stays. I am glad!"), given=kept)
