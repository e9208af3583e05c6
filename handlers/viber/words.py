"""What Viber's own parts of the chat say."""

from __future__ import annotations

from dialogs.engine.text import Phrase, _l
from locales.speaker import Speaker

MENU = Phrase(_l("Menu"))


def menu_label(speaker: Speaker) -> str:
    return f"🏠 {speaker.plain(MENU)}"
