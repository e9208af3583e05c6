"""A conversation as text that a person can read: what the customer did, and what they saw of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.channel import Message
from bot.gateways.carrier import Parcel
from tests.talk.channel import Screen, words_of


def transcript(screen: Screen) -> str:
    """`>` marks the customer, `~` a message changed in place, each line of `|` a row of buttons."""
    return "\n".join(line for what, shown in screen.history for line in _entry(what, shown)) + "\n"


def letters(parcels: Iterable[Parcel]) -> str:
    """What went to phones and mailboxes beside it; of an e-mail, what it is about."""
    return "".join(f"\n@ {p.kind} to {p.to}: {p.subject or p.text}\n" for p in parcels)


def _entry(what: str, shown: Message | str) -> Iterator[str]:
    yield ""
    if isinstance(shown, str):
        yield f"> {shown}"
        return
    mark = "~ " if what == "edits" else "  "
    if shown.image is not None:
        yield f"{mark}(picture: {shown.image.alt})"
    for line in words_of(shown).splitlines():
        yield (mark + line.replace("\u00a0", " ")).rstrip()
    for row in shown.rows:
        yield "  | " + " | ".join(button.label for button in row)
