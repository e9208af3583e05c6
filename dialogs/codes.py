"""What every dialog says of one-time codes.

The texts speak of the steps `sending` (what came of ordering a code) and `proof` (what came of entering it),
so a dialog that uses them names its steps so.
"""

from __future__ import annotations

from bot.services.codes import Expired, Locked, Sent, TooMany, TooSoon, Wrong
from dialogs.engine.steps import Choice, Choose, Redo, Step, Switch
from dialogs.engine.text import _, _l, _n


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


def challenge_of(sending: Sent | TooSoon | TooMany) -> str:
    """The code that counts: the new one, or the one that is still out; "" for none."""
    return sending.challenge
