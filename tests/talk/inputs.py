"""What customers might write: control words, labels and answers of all languages, and anything else."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st

from dialogs.engine.text import Phrase
from dialogs.estimate import APPLIANCES, MONTHS, EstimateBill
from tests.talk.words import SPEAKERS
from tests.talk.world import BOOK

COMMANDS = (
    *(
        "ndihmë",
        "pomoć",
        "help",
        "mbrapa",
        "nazad",
        "back",
        "anulo",
        "otkaži",
        "cancel",
        "meny",
        "meni",
        "menu",
    ),
    *("gjuha", "jezik", "language", "gati", "gotovo", "done", "/start", "/help", "откажи", "Помоћ"),
)
ANSWERS = (
    *("gjysmë ore", "pola sata", "half an hour", "1,5", "2x", "30 min", "2 kW", "çdo ditë", "svaki dan"),
    *("0", "1", "2", "3.", "12", "24", "25", "99", "50%", "natën", "danju", "-1", "½", "1e9", "2 3"),
)
JUNK = (
    *("", " ", "\0", "\u202eabc", "🍳🍳", "\u200d", "<b>", "{made.total}", "%s", "4111 1111 1111 1111"),
    *(
        "'; drop table conversation; --",
        "x" * 5000,
        "9" * 400,
        "NaN",
        "ﷺ" * 100,
        "yes",
        "1:yes",
        "start:Home",
    ),
)


def labels() -> Iterator[str]:
    """Everything a customer can read on a button, in every language."""
    review, pick = EstimateBill.result, EstimateBill.appliances
    phrases = [entrance.dialog.title for entrance in BOOK.entrances]
    phrases += [step.label for step in review.shows if step.label]
    phrases += [redo.label for redo in review.extras.redo] + [aside.label for aside in review.extras.asides]
    phrases += [group for group, _entries in pick.pages if group]
    for speaker in SPEAKERS.values():
        yield from (speaker.plain(Phrase(text)) for text in phrases)
        yield from (speaker.plain(entry.label) for entry in (*APPLIANCES, *MONTHS))


def texts() -> st.SearchStrategy[str]:
    known = st.sampled_from([*COMMANDS, *ANSWERS, *JUNK, *dict.fromkeys(labels())])
    several = st.lists(known, min_size=2, max_size=3).map(", ".join)
    return st.one_of(
        st.sampled_from(COMMANDS), st.sampled_from(ANSWERS), known, several, st.text(max_size=60)
    )
