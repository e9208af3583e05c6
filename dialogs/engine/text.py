"""What can be said, before anybody has said it in a language.

A `Text` is a gettext message id: a full English sentence.  A `Phrase` is a text with its values.
Nothing here is ever a finished sentence: a channel renders it, at the last moment, in the chat's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Union


@dataclass(frozen=True, slots=True)
class Text:
    """A message id.

    Placeholders are names of steps and their attributes, with the way to show them:
    `{bill.total:money}`, `{month:month}`.  `<b>…</b>` is the only markup.
    With `plural`, `by` names the placeholder that is counted.
    """

    msgid: str
    plural: str = ""
    by: str = ""


_ = Text


def _n(singular: str, plural: str, *, by: str) -> Text:
    """A text that depends on a count, for example `_n("{n} line", "{n} lines", by="n")`."""
    return Text(singular, plural, by)


class Hidden(str):
    """The name of something that is said at delivery alone, such as a code: it waits nowhere in the clear."""

    __slots__ = ()


#: What may stand in a placeholder: plain values, and texts that are translated in their turn.
Leaf = Union[str, int, Decimal, date, datetime, Text, "Phrase", None]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text and the values of its placeholders, by the placeholder's full name (`bill.total`)."""

    text: Text
    values: Mapping[str, Leaf] = field(default_factory=dict)


def verbatim(words: str) -> Phrase:
    """Words that are shown as they are: a name, an address, a code."""
    return Phrase(Text("{words}"), {"words": words})


#: Marks a text that stands on a button, where the shortest channel gives it some 30 characters.
_l = Text
