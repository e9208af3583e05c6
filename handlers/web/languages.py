"""The languages a page can be written in, and how a browser, a day and a customer name them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import locales.languages as known
from locales.formats import ZONE, Formats


@dataclass(frozen=True, slots=True)
class PageLanguage:
    """A language of the assistant; `tag` is how HTML names it (BCP 47)."""

    code: str
    tag: str
    name: str
    formats: Formats

    def day(self, at: datetime) -> str:
        return self.formats.show(at, "longdate")


_TAGS = {"sr": "sr-Latn", "sr_Cyrl": "sr-Cyrl"}
LANGUAGES = tuple(
    PageLanguage(code, _TAGS.get(code, code), language.name, Formats(language))
    for code, language in known.LANGUAGES.items()
)
_BY_CODE = {language.code: language for language in LANGUAGES}


def page_language(code: str) -> PageLanguage:
    """The page's language for a chat's; the default for one that pages do not speak."""
    return _BY_CODE.get(code) or _BY_CODE[known.DEFAULT]


def preferred(accept_language: str) -> str:
    """The code of the first language in an Accept-Language header that we know; the default when none is."""
    for tag in _best_first(accept_language[:400]):
        primary = tag.split("-")[0]
        if primary in known.LANGUAGES or primary in known.READERS_OF_SERBIAN:
            return known.guess(tag)
    return known.DEFAULT


def clock_time(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%H:%M")


def day_key(at: datetime) -> str:
    """The day in Kosovo, as a name that sorts."""
    return at.astimezone(ZONE).date().isoformat()


def _best_first(header: str) -> Iterable[str]:
    weighed = [_weigh(part) for part in header.lower().split(",")]
    return (tag for weight, tag in sorted(weighed, key=lambda pair: -pair[0]) if weight > 0)


def _weigh(part: str) -> tuple[float, str]:
    tag, _, quality = part.strip().partition(";q=")
    try:
        return float(quality or 1), tag
    except ValueError:
        return 0.0, tag
