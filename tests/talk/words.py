"""What a text looks like once it is said, and whether anything was left in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from dialogs.engine.lines import Line
from dialogs.engine.text import Leaf, Phrase, Text
from locales.catalogue import translations
from locales.cyrillic import to_cyrillic
from locales.ear import Ear
from locales.languages import LANGUAGES
from locales.speaker import Speaker
from locales.template import Words, pieces

SPEAKERS = {code: Speaker(code, strict=True) for code in LANGUAGES}
EAR = Ear()
_CATALOGUES = {code: translations(language) for code, language in LANGUAGES.items()}
_COUNTS = (1, 2, 5, 21)


@cache
def pattern(text: Text, language: str) -> re.Pattern[str]:
    """Matches the text in a language, whatever stands in its placeholders."""
    return re.compile("|".join(map(_regex, dict.fromkeys(_templates(text, language)))), re.DOTALL)


def _regex(template: str) -> str:
    return "".join(re.escape(p.text) if isinstance(p, Words) else ".+?" for p in pieces(template))


def _templates(text: Text, language: str) -> Iterator[str]:
    catalogue = _CATALOGUES[language]
    found = (
        [catalogue.ngettext(text.msgid, text.plural, n) for n in _COUNTS]
        if text.plural
        else [catalogue.gettext(text.msgid)]
    )
    for said in found:
        yield to_cyrillic(said) if said and LANGUAGES[language].script == "Cyrl" else said or text.msgid
        if text.plural and not said:
            yield text.plural


def left_in_english(line: Line, language: str) -> list[str]:
    """The message ids of a line that its language has no words for."""
    if not LANGUAGES[language].catalogue:
        return []
    return [text.msgid for text in _texts_of(line) if not _translated(text, language)]


@cache
def _translated(text: Text, language: str) -> bool:
    if not any(isinstance(p, Words) and any(map(str.isalpha, p.text)) for p in pieces(text.msgid)):
        return True  # nothing but values
    catalogue = _CATALOGUES[language]
    return bool(
        catalogue.ngettext(text.msgid, text.plural, 1) if text.plural else catalogue.gettext(text.msgid)
    )


def _texts_of(line: Line) -> Iterator[Text]:
    for phrase in (*line.body, *(option.label for option in line.options)):
        yield from _texts_in(phrase)
    if line.picture and line.picture.alt:
        yield from _texts_in(line.picture.alt)


def _texts_in(phrase: Leaf) -> Iterator[Text]:
    if isinstance(phrase, Text):
        yield phrase
    if isinstance(phrase, Phrase):
        yield phrase.text
        for value in phrase.values.values():
            yield from _texts_in(value)
