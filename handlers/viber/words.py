"""What Viber's own parts of the chat say."""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.engine.text import Phrase, _l
from locales.speaker import Speaker

MENU = Phrase(_l("Menu"))
#: The keys that turn the pages of a keyboard which is too long for one.
EARLIER = Phrase(_l("Previous"))
MORE = Phrase(_l("More"))


@dataclass(frozen=True, slots=True)
class KeyWords:
    """What the keys say that are no answer of a dialog: to the menu, and to the pages before and after."""

    menu: str
    earlier: str
    more: str


def key_words(speaker: Speaker) -> KeyWords:
    return KeyWords(f"🏠 {speaker.plain(MENU)}", speaker.plain(EARLIER), speaker.plain(MORE))
