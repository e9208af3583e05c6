"""Understands typed words: labels and control words in every language, with or without diacritics."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz

from dialogs.engine.book import Offered
from dialogs.engine.text import Phrase, Text
from locales.cyrillic import LETTERS
from locales.speaker import Speaker

#: Serbian Cyrillic says what Serbian Latin says, once both are folded.
LISTENS_TO = ("sq", "sr", "en")

#: A guess scores this much of 100, and beats the next label by that much.
SURE = 82.0
CLEARLY = 6.0
SHORTEST_GUESS = 4

_LATIN = {cyrillic: latin for latin, cyrillic in LETTERS.items()}
LONGEST_COURTESY = 7
#: A guess never makes a yes of a no: these words, the elided Albanian one, and what is written as one word.
_NEGATIONS = frozenset(
    (*("nuk", "mos", "jo"), *("ne", "nemoj", "necu", "nisam", "nije"), *("no", "not", "dont", "never"))
)
_ELIDED = re.compile(r"\bs['’ʼ`´]\s?\w", re.IGNORECASE)
_JOINED = ("s", "ne", "nuk", "mos", "dis")
_APOSTROPHES = "'’ʼ`´"


def _letters(text: str) -> Iterator[str]:
    """Letters and digits without their marks; anything else but apostrophes and joiners parts words."""
    for char in unicodedata.normalize("NFD", text):
        if char.isalnum():
            yield char
        elif char not in _APOSTROPHES and unicodedata.category(char) not in ("Mn", "Me", "Cf"):
            yield " "


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The text as it is compared: no case, marks, emoji or punctuation, in Latin letters, single spaces.

    Đ is typed as "đ", "dj" or "d": all three become "d".
    """
    composed = unicodedata.normalize("NFKC", text).casefold()
    latin = "".join(_LATIN.get(char, char) for char in composed)
    bare = "".join(_letters(latin.replace("đ", "d").replace("dj", "d")))
    return " ".join(bare.split())


def table(name: str) -> Iterator[tuple[str, str]]:
    """What is meant (the first column) and one of its words (the last), of a table beside this file."""
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        for meant, *_language, words in list(csv.reader(file))[1:]:
            yield from ((meant, word.strip()) for word in words.split(";"))


def _courtesies() -> frozenset[tuple[str, ...]]:
    """Words that are said around what is meant, each folded; greetings and thanks among them."""
    spoken = [word for command, word in table("commands.csv") if command in ("hello", "thanks")]
    said = (fold(word) for word in (*spoken, *(word for _language, word in table("courtesies.csv"))))
    return frozenset(tuple(words.split()) for words in said)


def _commands() -> dict[str, str]:
    return {fold(word) or word: command for command, word in table("commands.csv")}


def _synonyms() -> dict[str, frozenset[str]]:
    """Other words for a message, by message id."""
    found: dict[str, set[str]] = {}
    for message, word in table("synonyms.csv"):
        found.setdefault(message, set()).add(fold(word))
    return {message: frozenset(words) for message, words in found.items()}


def _gists() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Message ids, and beginnings of words that mean them when all are there; what comes first counts."""
    return tuple((message, tuple(stems.split())) for message, stems in table("gists.csv"))


def _is_cyrillic(text: str) -> bool:
    return any(char in _LATIN for char in text.casefold())


class Ear:
    """Finds what was meant among the phrases that were offered."""

    def __init__(self) -> None:
        self._speakers = tuple(Speaker(language) for language in LISTENS_TO)
        self._commands = _commands()
        self._synonyms = _synonyms()
        self._courtesies = _courtesies()
        self._gists = _gists()
        self._of_text = lru_cache(maxsize=4096)(self._folded)

    def command(self, text: str) -> str | None:
        """What `commands.csv` says of this, in any language, also as `/help@bot`."""
        words = text.strip()
        if words.startswith("/"):
            words = words[1:].split("@")[0]
        meant = self._commands.get(fold(words) or words)
        # Who names Serbian in Cyrillic means to read it so.
        return "sr_Cyrl" if meant == "sr" and _is_cyrillic(words) else meant

    def bare(self, text: str) -> str:
        """What is left without greetings and politeness; "" where that is all of it, or none of it."""
        words = [(word, fold(word)) for word in text.split()]
        size = len(words)
        while words and (n := self._polite(words)):
            del words[:n]
        while words and (n := self._polite(words[::-1], backwards=True)):
            del words[-n:]
        return " ".join(word for word, _folded in words) if len(words) < size else ""

    def _polite(self, words: Sequence[tuple[str, str]], *, backwards: bool = False) -> int:
        """How many words at the beginning are a courtesy, the longest one."""
        for n in range(min(len(words), LONGEST_COURTESY), 0, -1):
            said = tuple(folded for _word, folded in words[:n])
            if (said[::-1] if backwards else said) in self._courtesies:
                return n
        return int(bool(words) and not words[0][1])  # a sign that stands alone says nothing

    def match(self, text: str, offered: Sequence[Offered]) -> int | None:
        """The one that reads like the text in some language; None when there is none, or several.

        Of several, such as "Srpski" and "Српски", the one in the text's own script.
        """
        folded = fold(text)
        found = [index for index, labels in enumerate(map(self._labels, offered)) if folded in labels]
        if len(found) > 1:
            found = [index for index in found if self._in_script_of(text, offered[index])]
        return found[0] if folded and len(found) == 1 else None

    def guess(self, text: str, offered: Sequence[Offered]) -> int | None:
        """The one that the text is most likely a misspelling of; None rather than a doubtful one."""
        folded = fold(text)
        if len(folded) < SHORTEST_GUESS or folded in self._commands:
            return None
        no = _denies(folded) or _ELIDED.search(text) is not None
        alike = [[label for label in self._labels(one) if _denies(label) == no] for one in offered]
        scores = [max((_likeness(folded, label) for label in labels), default=0.0) for labels in alike]
        ranked = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)
        if not ranked or scores[ranked[0]] < SURE:
            return None
        if len(ranked) > 1 and scores[ranked[0]] - scores[ranked[1]] < CLEARLY:
            return None
        return ranked[0]

    def gist(self, text: str, offered: Sequence[Text]) -> int | None:
        """The one that a sentence is about, by the words in it; nothing may be lost where it is wrong."""
        words = fold(text).split()
        for message, stems in self._gists:
            if all(any(word.startswith(stem) for word in words) for stem in stems):
                return next((n for n, one in enumerate(offered) if one.msgid == message), None)
        return None

    def _in_script_of(self, text: str, offered: Offered) -> bool:
        phrases = offered if isinstance(offered, tuple) else (offered,)
        said = (speaker.plain(phrase) for phrase in phrases for speaker in self._speakers)
        return any(_is_cyrillic(words) is _is_cyrillic(text) for words in said)

    def _labels(self, offered: Offered) -> frozenset[str]:
        if isinstance(offered, tuple):
            return frozenset().union(*map(self._labels, offered))
        return self._of_text(offered.text) if not offered.values else self._said(offered)

    def _folded(self, text: Text) -> frozenset[str]:
        return self._said(Phrase(text)) | self._synonyms.get(text.msgid, frozenset())

    def _said(self, phrase: Phrase) -> frozenset[str]:
        return frozenset(fold(speaker.plain(phrase)) for speaker in self._speakers)


def _denials(folded: str) -> frozenset[str]:
    """What the words would say without a denial that was written together with them."""
    cut = (word.removeprefix(no) for word in folded.split() for no in _JOINED if word.startswith(no))
    return frozenset(word for word in cut if len(word) >= SHORTEST_GUESS)


def _denies(folded: str) -> bool:
    return not _NEGATIONS.isdisjoint(folded.split())


def _likeness(text: str, label: str) -> float:
    """0 to 100; some whole words of a label alone count less than the whole of another."""
    if _denials(text) & set(label.split()):
        return 0.0
    if text != label and set(text.split()) <= set(label.split()):
        return 90.0
    return max(fuzz.ratio(text, label), fuzz.token_sort_ratio(text, label))
