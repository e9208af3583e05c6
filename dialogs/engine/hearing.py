"""What a customer's free text means at a question.

In this order: control words and menu labels, the question's options, its own reader, the word of a deep link,
looser guesses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from dialogs.engine.book import Book, Entrance
from dialogs.engine.lines import Line, Option
from dialogs.engine.prompts import DONE, KEEP, NOT_UNDERSTOOD, WHOLE, YES, beside
from dialogs.engine.settle import Live, Place, entries_of
from dialogs.engine.steps import Ask, Bad, Check, Dialog, Form, Several, Speak
from dialogs.engine.text import Phrase, Text

#: More than any answer needs; what lies beyond is not read.
LONGEST = 1000
#: Control words that press a button, where there is one.
#: Options that a control word stands for where they are there; `YES` and `NO` are keys of a `Choice`.
_MEANS = {"done": (DONE, YES, WHOLE, "=YES"), "keep": (KEEP,), "no": ("=NO",)}
_NUMBER = re.compile(r"(\d{1,2})[.)]?")
_LIST = re.compile(r"[,;\n+]|\s+(?:dhe|edhe|i|и|and)\s+")


@dataclass(frozen=True, slots=True)
class Command:
    """A control word: `help`, `back`, `cancel`, `menu`, `language`."""

    name: str


@dataclass(frozen=True, slots=True)
class Start:
    """The name of a dialog the customer wants."""

    dialog: type[Dialog]


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the options, as if it had been tapped; `payload` carries its prompt number."""

    payload: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the question's reader made of it."""

    value: Any


@dataclass(frozen=True, slots=True)
class Picked:
    """Several keys of what can be ticked, typed in one go."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """Nothing we understand, and why not."""

    why: Text


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer beneath the menu, as if its button had been tapped."""

    payload: str


@dataclass(frozen=True, slots=True)
class Brought:
    """The word of a deep link, written by hand."""

    word: str


Meaning = Brought | Offered | Command | Start | Chosen | Answer | Picked | Lost


def understand(
    text: str,
    place: Place | None,
    prompt: Line | None,
    book: Book,
    menu: str = "",
    offers: tuple[tuple[str, str], ...] = (),
) -> Meaning:
    """The meaning of `text` at the live prompt, or outside any dialog, where `menu` was last shown.

    `offers` stand beneath that menu.
    """
    text = text.strip()[:LONGEST]
    meant = _meaning(text, place, prompt, book, menu, offers)
    bare = book.ear.bare(text) if isinstance(meant, Lost) else ""
    polite = _meaning(bare, place, prompt, book, menu, offers) if bare else meant
    return meant if isinstance(polite, Lost) else polite


def _meaning(
    text: str,
    place: Place | None,
    prompt: Line | None,
    book: Book,
    menu: str,
    offers: tuple[tuple[str, str], ...],
) -> Meaning:
    options = prompt.options if prompt else ()
    return (
        # First, because “undo” is otherwise a word for “back”.
        (None if place else _offer(text, len(book.menu(menu)), offers, book))
        or _command(text, options, book)
        or _entrance(text, book)
        or (None if place else _numbered_entrance(text, book.menu(menu)))
        or _option(text, options, book)
        or _named(text, place, book)
        or (_own_reader(text, place, book) if place else None)
        or _brought(text, book)
        or (None if place and isinstance(place.step, Form) else _guess(text, options, book))
        or (None if place else _agreed(text, book))
        # No whole sentence names a language, and it may be the first that a customer says at all.
        or (_gist(text, book) if place is None or isinstance(place.step, Speak) else None)
        or Lost(_why(text, place))
    )


def whatever_is_asked(text: str, book: Book) -> Command | Start | Brought | None:
    """What was meant for no question at all: a control word, the name of a dialog, a deep link's word."""
    text = text.strip()[:LONGEST]
    name = book.ear.command(text)
    return Command(name) if name else _entrance(text, book) or _brought(text, book)


def _command(text: str, options: tuple[Option, ...], book: Book) -> Meaning | None:
    name = book.ear.command(text)
    if name not in _MEANS:
        return Command(name) if name else None
    meant = [o.payload for o in options if o.payload.partition(":")[2] in _MEANS[name]]
    return Chosen(meant[0]) if meant else None


def _agreed(text: str, book: Book) -> Command | None:
    """“OK” where nothing is asked is a kind word."""
    return Command("thanks") if book.ear.command(text) == "done" else None


def _gist(text: str, book: Book) -> Start | None:
    """What a sentence is about, where no question is open that it could answer."""
    n = book.ear.gist(text, [entrance.dialog.title for entrance in book.entrances])
    return None if n is None else Start(book.entrances[n].dialog)


def _entrances(book: Book) -> list[tuple[Phrase, ...]]:
    """What starts each entry of the menu: phrases of one dialog never compete with each other."""
    return [tuple(map(Phrase, (e.dialog.title, *e.dialog.starts_on))) for e in book.entrances]


def _entrance(text: str, book: Book) -> Start | None:
    n = book.ear.match(text, _entrances(book))
    return None if n is None else Start(book.entrances[n].dialog)


def _numbered_entrance(text: str, menu: tuple[Entrance, ...]) -> Start | None:
    """An entry of the menu by its number, where no question is open that it could answer."""
    number = _NUMBER.fullmatch(text)
    n = int(number[1]) if number else 0
    return Start(menu[n - 1].dialog) if 0 < n <= len(menu) else None


def _offer(text: str, entries: int, offers: tuple[tuple[str, str], ...], book: Book) -> Offered | None:
    """An offer beneath the menu by its number, which goes on from the menu's, or by what it says."""
    number = _NUMBER.fullmatch(text)
    if number:
        n = int(number[1]) - entries - 1
        return Offered(offers[n][0]) if 0 <= n < len(offers) else None
    found = book.ear.match(text, [Phrase(Text(label)) for _payload, label in offers])
    return None if found is None else Offered(offers[found][0])


def _brought(text: str, book: Book) -> Brought | None:
    word = book.brought(text)
    return None if word is None else Brought(word)


def _option(text: str, options: tuple[Option, ...], book: Book) -> Chosen | None:
    number = _NUMBER.fullmatch(text)
    if number:
        numbered = [o.payload for o in options if o.number == int(number[1])]
        return Chosen(numbered[0]) if numbered else None
    named = _nameable(options)
    n = book.ear.match(text, [o.label for o in named])
    return None if n is None else Chosen(named[n].payload)


def _nameable(options: tuple[Option, ...]) -> list[Option]:
    """What a name stands for as if tapped.  Who names a thing has it: that never takes its tick off."""
    return [o for o in options if o.marked is None]


def _named(text: str, place: Place | None, book: Book) -> Chosen | None:
    """Something that the prompt speaks of, though it has no button yet."""
    options = beside(place) if place else ()
    labels = [o.label for o in options]
    n = book.ear.match(text, labels)
    if n is None:
        n = book.ear.guess(text, labels)
    return None if n is None else Chosen(options[n].payload)


def _own_reader(text: str, place: Place, book: Book) -> Meaning | None:
    step = place.step
    if isinstance(step, Ask | Check):
        value = step.reads.read(text)
        return None if isinstance(value, Bad) else Answer(value)
    return _several(text, step, place.live, book) if isinstance(step, Several) else None


def _several(text: str, step: Several[Any], live: Live, book: Book) -> Picked | None:
    entries = tuple(entries_of(step, live).values())
    labels = [entry.label for entry in entries]
    found = []
    for part in _LIST.split(text):
        n = book.ear.match(part, labels)
        if n is None:
            n = book.ear.guess(part, labels)
        if n is None:
            return None
        found.append(entries[n].key)
    return Picked(tuple(found))


def _guess(text: str, options: tuple[Option, ...], book: Book) -> Meaning | None:
    named = _nameable(options)
    n = book.ear.guess(text, [o.label for o in named])
    if n is not None:
        return Chosen(named[n].payload)
    n = book.ear.guess(text, _entrances(book))
    return None if n is None else Start(book.entrances[n].dialog)


def _why(text: str, place: Place | None) -> Text:
    if place is not None and isinstance(place.step, Ask | Check):
        value = place.step.reads.read(text)
        if isinstance(value, Bad):
            return value.why
    return NOT_UNDERSTOOD
