"""Says phrases in one language.

What cannot be said as it should is logged and said in English, never lost.
"""

from __future__ import annotations

import gettext
import logging
from collections.abc import Mapping
from decimal import Decimal

from bot.channel import Span
from dialogs.engine.text import Leaf, Phrase, Text
from locales.catalogue import translations
from locales.cyrillic import to_cyrillic
from locales.formats import ABSENT, Formats
from locales.languages import LANGUAGES
from locales.template import Piece, Words, pieces

log = logging.getLogger(__name__)

#: Every language here says "2,5" as it says five.
_FRACTION = 5


def _count(text: Text, values: Mapping[str, Leaf]) -> int:
    value = values.get(text.by)
    if isinstance(value, int | Decimal):
        return int(value) if value == int(value) else _FRACTION
    raise ValueError(f"{text.by!r} is no number to count by in {text.msgid!r}")


def _english(text: Text, values: Mapping[str, Leaf]) -> str:
    return text.plural if text.plural and _count(text, values) != 1 else text.msgid


class Speaker:
    """One language's voice; make one for each language and keep it.

    `words` are translations to use instead of our own; as `catalogue.opened` gives them.
    A `strict` speaker raises ValueError for a phrase that it cannot say, as tests want.
    """

    def __init__(
        self, language: str, *, strict: bool = False, words: gettext.NullTranslations | None = None
    ) -> None:
        self.language = language
        self._strict = strict
        self._cyrillic = LANGUAGES[language].script == "Cyrl"
        self._translations = words or translations(LANGUAGES[language])
        self._formats = Formats(LANGUAGES[language])
        self._known: dict[str, str] = {}
        self._kept: dict[Text, tuple[Span, ...]] = {}

    def say(self, phrase: Phrase) -> tuple[Span, ...]:
        """The phrase in runs of text; neighbours differ in whether they are bold."""
        try:
            return self._said(self._template(phrase), phrase.values) if phrase.values else self._fixed(phrase)
        except ValueError:
            if self._strict:
                raise
            log.exception("cannot say %r in %s", phrase.text.msgid, self.language)
            return self._rescued(phrase)

    def _fixed(self, phrase: Phrase) -> tuple[Span, ...]:
        """A phrase without values, said once and kept: labels are said with every message."""
        said = self._kept.get(phrase.text)
        if said is None:
            said = self._kept[phrase.text] = self._said(self._template(phrase), phrase.values)
        return said

    def plain(self, phrase: Phrase) -> str:
        """The phrase as one run of text."""
        return "".join(span.text for span in self.say(phrase))

    def show(self, value: Leaf, spec: str = "") -> str:
        """A value as it would stand in a placeholder.  Raises ValueError when the spec does not fit it."""
        if isinstance(value, Text):
            return self.plain(Phrase(value))
        return self.plain(value) if isinstance(value, Phrase) else self._formats.show(value, spec)

    def _template(self, phrase: Phrase) -> str:
        text = phrase.text
        if text.plural:
            count = _count(text, phrase.values)
            translated = self._translations.ngettext(text.msgid, text.plural, count)
            return self._in_script(translated) or _english(text, phrase.values)
        known = self._known.get(text.msgid)
        if known is None:
            translated = self._translations.gettext(text.msgid) if text.msgid else ""
            known = self._in_script(translated) or text.msgid
            self._known[text.msgid] = known
        return known

    def _in_script(self, translated: str) -> str:
        return to_cyrillic(translated) if self._cyrillic else translated

    def _said(self, template: str, values: Mapping[str, Leaf]) -> tuple[Span, ...]:
        runs: list[Span] = []
        for piece in pieces(template):
            if isinstance(piece, Words):
                _add(runs, piece.text, piece.bold)
            elif piece.name not in values:
                raise ValueError(f"nothing is known of {piece.name!r}, which {template!r} shows")
            else:
                self._fill(runs, values[piece.name], piece.spec, piece.bold)
        return tuple(runs)

    def _fill(self, runs: list[Span], value: Leaf, spec: str, bold: bool) -> None:
        if isinstance(value, Text | Phrase):
            for span in self.say(value if isinstance(value, Phrase) else Phrase(value)):
                _add(runs, span.text, bold or span.bold)
        else:
            _add(runs, self._formats.show(value, spec), bold)

    def _rescued(self, phrase: Phrase) -> tuple[Span, ...]:
        """The English sentence, with a dash for every value that is not there or cannot be shown."""
        try:
            found = pieces(_english(phrase.text, phrase.values))
        except ValueError:
            return (Span(phrase.text.msgid),)
        return tuple(Span(self._tried(piece, phrase.values), piece.bold) for piece in found)

    def _tried(self, piece: Piece, values: Mapping[str, Leaf]) -> str:
        if isinstance(piece, Words):
            return piece.text
        try:
            return self.show(values.get(piece.name), piece.spec)
        except ValueError:
            return ABSENT


def _add(runs: list[Span], text: str, bold: bool) -> None:
    if not text:
        return
    if runs and runs[-1].bold is bold:
        runs[-1] = Span(runs[-1].text + text, bold)
    else:
        runs.append(Span(text, bold))
