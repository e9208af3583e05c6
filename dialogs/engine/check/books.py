"""What is wrong between the dialogs of a book: ends that lead nowhere, dialogs that nothing leads to."""

from __future__ import annotations

from collections.abc import Iterator

from dialogs.engine.book import Book
from dialogs.engine.steps import Dialog, End


def book_problems(book: Book) -> list[str]:
    """A sentence for every way from one dialog to another that cannot be gone."""
    return [
        *_offered(book),
        *_never_told(book),
        *_linked(book),
        *_undone(book),
        *_ends(book),
        *_menus_never_shown(book),
        *_never_started(book),
        *_same_words(book),
    ]


def _ends_of(dialog: type[Dialog]) -> Iterator[End]:
    return (step for step in dialog.steps if isinstance(step, End))


def _offered(book: Book) -> Iterator[str]:
    """What stands beside the dialogs must stand among them, or its buttons start nothing."""
    places = {f"the menu {name}": [e.dialog for e in menu] for name, menu in book.menus.items()}
    places["what can be said"] = list(book.said)
    places["the book"] = [book.welcome, book.home, book.tongue, book.helpdesk]
    for place, dialogs in places.items():
        for dialog in dialogs:
            if book.dialogs.get(dialog.__name__) is not dialog:
                yield f"{place} names {dialog.__name__}, which is no dialog of the book"


def _never_told(book: Book) -> Iterator[str]:
    """A dialog that has to be told something is started by an offer, and by nothing else."""
    started = {entrance.dialog.__name__ for entrance in book.entrances}
    started |= {start for dialog in book.dialogs.values() for end in _ends_of(dialog) for start in end.starts}
    for name in sorted(started & book.dialogs.keys()):
        if params := ", ".join(step.name for step in book.dialogs[name].params):
            yield f"{name}: it has to be told {params}, and is started by what tells it nothing"


def _linked(book: Book) -> Iterator[str]:
    """A deep link tells its dialog one thing."""
    dialog = book.deep_link.dialog if book.deep_link else None
    if dialog is None:
        return
    if book.dialogs.get(dialog.__name__) is not dialog:
        yield f"the deep link begins {dialog.__name__}, which is no dialog of the book"
    if len(dialog.params) != 1:
        told = ", ".join(step.name for step in dialog.params) or "nothing"
        yield f"{dialog.__name__}: the deep link tells it one thing, and it has to be told {told}"


def _undone(book: Book) -> Iterator[str]:
    """What takes something back must be told all that it has to be told."""
    for dialog in book.dialogs.values():
        for end in _ends_of(dialog):
            if end.undo is None:
                continue
            undo, where = end.undo.dialog, f"{dialog.__name__}.{end.name}"
            if book.dialogs.get(undo.__name__) is not undo:
                yield f"{where}: it offers {undo.__name__}, which is no dialog of the book"
            if end.undo.args.keys() != {step.name for step in undo.params}:
                yield f"{where}: it tells {undo.__name__} other things than it has to be told"


def _ends(book: Book) -> Iterator[str]:
    for dialog in book.dialogs.values():
        for end in _ends_of(dialog):
            if end.menu and end.menu not in book.menus:
                yield f"{dialog.__name__}.{end.name}: it shows the menu {end.menu}, which there is not"
            if end.menu and end.starts:
                yield f"{dialog.__name__}.{end.name}: it shows a menu, so what it starts is never offered"
            for start in dict.fromkeys(end.starts):
                if start not in book.dialogs:
                    yield f"{dialog.__name__}.{end.name}: it starts {start}, which is no dialog of the book"
                if end.starts.count(start) > 1:
                    yield f"{dialog.__name__}.{end.name}: it starts {start} more than once"


def _menus_never_shown(book: Book) -> Iterator[str]:
    """The first is shown wherever no other one is named."""
    shown = {end.menu for dialog in book.dialogs.values() for end in _ends_of(dialog)}
    for name in list(book.menus)[1:]:
        if name not in shown:
            yield f"the menu {name}: no End shows it"


def _never_started(book: Book) -> Iterator[str]:
    """Every dialog can be come to from one that is met without doing anything for it."""
    met = {e.dialog.__name__ for e in book.entrances}
    met |= {dialog.__name__ for dialog in (book.welcome, book.home, book.tongue, book.helpdesk)}
    queue = list(met)
    for name in queue:
        if name in book.dialogs:
            starts = [start for end in _ends_of(book.dialogs[name]) for start in end.starts]
            queue += [start for start in dict.fromkeys(starts) if start not in met]
            met.update(starts)
    for name, dialog in book.dialogs.items():
        if name not in met and not dialog.params:  # an offer starts it
            yield f"{name}: no menu, no words and no End start it"


def _same_words(book: Book) -> Iterator[str]:
    """Words that start two dialogs start neither."""
    starts: dict[str, str] = {}
    for entrance in book.entrances:
        dialog = entrance.dialog
        for words in dict.fromkeys(text.msgid.casefold() for text in (dialog.title, *dialog.starts_on)):
            first = starts.setdefault(words, dialog.__name__)
            if first != dialog.__name__:
                yield f"“{words}” would start both {first} and {dialog.__name__}"
