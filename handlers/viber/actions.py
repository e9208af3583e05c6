"""What a Viber button sends: `~1|1203:yes` for an option, `~1>1203.2` for a page of a keyboard.

It comes back as ordinary text that anybody can type, and does no more then than a tap could: an option
names its prompt, which is why old ones do no harm.  The number after the tilde is the version of this form:
keyboards stay on phones for months, so whoever changes the form goes on reading the old one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.viber.capabilities import ACTION_LIMIT

#: The payload of the button that is on every keyboard.
MENU = "menu"
#: What leads to the main menu from beneath a message.
HOME = "start:Home"

#: What an old button stands for whose page has moved: of no live prompt, so that the question comes anew.
FORMER = "0:link"

_OPTION = "~1|"
_PAGE = re.compile(r"~1>([0-9]{1,18})\.([0-9]{1,3})")


@dataclass(frozen=True, slots=True)
class PageAsked:
    """The customer turns to page `page`, from 0, of the keyboard of a prompt (0: of one without)."""

    prompt: int
    page: int


def option_action(payload: str) -> str:
    """Raises ValueError for what does not fit, or would come back as something else."""
    action = f"{_OPTION}{payload}"
    if len(action) > ACTION_LIMIT or read_action(action) != payload:
        raise ValueError(f"no button can send {payload[:80]!r}")
    return action


def page_action(prompt: int, page: int) -> str:
    return f"~1>{prompt}.{page}"


def read_action(text: str) -> str | PageAsked | None:
    """The payload of the option, or the page asked for; None: somebody's words."""
    if asked := _PAGE.fullmatch(text):
        return PageAsked(int(asked[1]), int(asked[2]))
    payload = text.removeprefix(_OPTION)
    return payload if payload != text and payload and payload.isprintable() else None
