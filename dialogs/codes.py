"""What every dialog says of one-time codes.

The texts speak of the steps `sending` (what came of ordering a code) and `proof` (what came of entering it),
so a dialog that uses them names its steps so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from bot.services.codes import Expired, Locked, Sent, TooMany, TooSoon, Wrong
from dialogs.engine.steps import (
    Check,
    Choice,
    Choose,
    Context,
    Do,
    Either,
    Let,
    Redo,
    Say,
    Step,
    Switch,
)
from dialogs.engine.text import Text, _, _l, _n
from dialogs.identifiers import one_time_code

T = TypeVar("T")


class By(Choice):
    """How a code travels."""

    SMS = _l("By SMS")
    EMAIL = _l("By e-mail")


HOW = _("How shall I send the code?")
SOON = _n(
    "I sent a code just now. I can send a new one in {sending.seconds:number} second.",
    "I sent a code just now. I can send a new one in {sending.seconds:number} seconds.",
    by="sending.seconds",
)
MANY = _n(
    "I have sent as many codes as I may. In {sending.minutes:number} minute I can send a new one; "
    "press “Send a new code” then.",
    "I have sent as many codes as I may. In {sending.minutes:number} minutes I can send a new one; "
    "press “Send a new code” then.",
    by="sending.minutes",
)
_WRONG = _n(
    "That is not the code I sent. {proof.left:number} try is left before you need a new code.",
    "That is not the code I sent. {proof.left:number} tries are left before you need a new code.",
    by="proof.left",
)
_EXPIRED = _("That code is no longer valid. Please press “Send a new code”.")
_LOCKED = _n(
    "There were too many wrong codes. For your safety I take none for {proof.minutes:number} minute; "
    "your answers are kept.",
    "There were too many wrong codes. For your safety I take none for {proof.minutes:number} minutes; "
    "your answers are kept.",
    by="proof.minutes",
)
REJECTED = {Wrong: _WRONG, Expired: _EXPIRED, Locked: _LOCKED}
HELP = (
    _("The code has 6 digits. An SMS can take a minute or two; look at your newest messages."),
    _("If no SMS comes, press “Send it by e-mail”. Please look into the spam folder too."),
)


def again(*sent: Step[Sent | TooSoon | TooMany]) -> Redo:
    """The button that sends a new code."""
    return Redo(_l("Send a new code"), sent, "🔄")


def otherwise(by: Choose[By]) -> tuple[Switch, ...]:
    """The buttons that send the code by the other way."""
    return (
        Switch(_l("Send it by e-mail"), by, By.EMAIL.name, "✉️"),
        Switch(_l("Send it by SMS"), by, By.SMS.name, "📱"),
    )


#: A code that was entered longer ago proves nothing any more: the phone may be in other hands.
PROVED_FOR = timedelta(minutes=30)
Ordered = Sent | TooSoon | TooMany
#: A code as a dialog asks for it: how it is sent, what came of that both ways, of whichever way, what is said
#: of it, which code counts, and the code as it was entered.
Proving = tuple[Choose[By], Do[Ordered], Do[Ordered], Either[Ordered], Say, Say, Let[str], Check[Any]]


def proving(
    whose: Step[T],
    send_by_sms: Callable[[Context, T], Awaitable[Ordered]],
    send_by_email: Callable[[Context, T], Awaitable[Ordered]],
    check: Callable[[Context, str, str, T], Awaitable[Any]],
    text: Text,
    *,
    redo: tuple[Redo, ...] = (),
) -> Proving:
    """The steps `way, by_sms, by_email, sending, soon, many, challenge, proof` of a dialog.

    The services are given `whose`; `text` asks for the code.
    """
    way = Choose(By, HOW, default=By.SMS.name, given=whose)
    by_sms = Do(send_by_sms, whose, given=way.case(By.SMS))
    by_email = Do(send_by_email, whose, given=way.case(By.EMAIL))
    sending = Either(by_sms, by_email)
    soon = Say(SOON, given=sending.case(TooSoon))
    many = Say(MANY, given=sending.case(TooMany))
    challenge = Let(challenge_of, sending)
    proof: Check[Any] = Check(
        one_time_code,
        text,
        check,
        challenge,
        whose,
        rejects=REJECTED,
        help=HELP,
        redo=(again(by_sms, by_email), *redo),
        switches=otherwise(way),
        fresh_for=PROVED_FOR,
        renews=(by_sms, by_email),
    )
    return way, by_sms, by_email, sending, soon, many, challenge, proof


def challenge_of(sending: Sent | TooSoon | TooMany) -> str:
    """The code that counts: the new one, or the one that is still out; "" for none."""
    return sending.challenge
