"""Which language to speak; it can be changed in the middle of anything."""

from __future__ import annotations

from dialogs.engine.steps import Dialog, End, Entry, Speak
from dialogs.engine.text import _, _l, verbatim

#: Code and name of every language; a language is called by its own name in all of them.
LANGUAGES = (
    ("sq", "Shqip"),
    ("sr", "Srpski"),
    ("sr_Cyrl", "Српски"),
    ("en", "English"),
)


def tongues() -> Speak:
    """The question itself, in all languages at once: who asks does not know yet which one is read."""
    entries = tuple(Entry(code, code, verbatim(name)) for code, name in LANGUAGES)
    return Speak(
        entries, _("Which language shall I speak? · Në cilën gjuhë të flas? · Na kom jeziku da govorim?")
    )


class Tongue(Dialog):
    """Changes the language; what was begun goes on in the new one."""

    title = _l("Language")
    starts_on = (
        _("change language"),
        _("other language"),
        _("script"),
        _("Latin script"),
    )

    language = tongues()
    done = End(_("From now on I speak English."), given=language)
