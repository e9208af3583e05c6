"""What the bot says of itself on Telegram, in each of its languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from dialogs.engine.text import Text, _
from handlers.telegram.faces import Command, Face

NAME = _("KESCO customer assistant")
SHORT = _("Work out your electricity bill, appliance by appliance.")
LONG = _(
    "I help KESCO's electricity customers: I work out what the bill will be, "
    "and show what each appliance costs. In Albanian, Serbian and English. Press Start."
)
COMMANDS = {
    "menu": _("What I can do for you"),
    "estimate": _("Estimate my bill"),
    "language": _("Change the language"),
    "help": _("Help"),
    "back": _("One step back"),
    "cancel": _("Stop what we were doing"),
}
#: Telegram knows languages, not scripts; "" is everybody else.
LANGUAGES = {"sq": "sq", "sr": "sr", "en": "en", "": "en"}


def faces(speak: Callable[[str, Text], str]) -> Mapping[str, Face]:
    """The faces by Telegram's language code; `speak` is given our own language code and a text."""
    return {code: _face(partial(speak, ours)) for code, ours in LANGUAGES.items()}


def _face(say: Callable[[Text], str]) -> Face:
    commands = tuple(Command(name, say(does)) for name, does in COMMANDS.items())
    return Face(say(NAME), say(SHORT), say(LONG), commands)
