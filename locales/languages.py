"""The languages of the assistant, and which of them a client's language tag asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError


@dataclass(frozen=True, slots=True)
class Language:
    """A language that a chat can be in.

    `catalogue` names the folder of its translations: "" for English, whose texts are the message ids.
    `script` is "Cyrl" where the catalogue's Latin letters are turned into Cyrillic.
    """

    code: str
    name: str
    catalogue: str
    locales: tuple[str, ...]
    date_pattern: str
    script: str = "Latn"

    @property
    def locale(self) -> Locale:
        """Babel's locale of Kosovo, or the nearest that this Babel knows."""
        return nearest_locale(self.locales)


def nearest_locale(names: Sequence[str]) -> Locale:
    """The first locale that Babel has data for.  Raises UnknownLocaleError when it has none of them."""
    for name in names:
        try:
            return Locale.parse(name)
        except UnknownLocaleError:
            continue
    raise UnknownLocaleError(", ".join(names))


LANGUAGES = {
    language.code: language
    for language in (
        Language("sq", "Shqip", "sq", ("sq_XK", "sq_AL", "sq"), "dd.MM.y"),
        Language("sr", "Srpski", "sr", ("sr_Latn_XK", "sr_Latn"), "dd.MM.y"),
        Language("sr_Cyrl", "Српски", "sr", ("sr_Cyrl_XK", "sr_Cyrl"), "dd.MM.y", "Cyrl"),
        Language("en", "English", "", ("en_GB", "en"), "d MMM y"),
    )
}

DEFAULT = "sq"

#: Neighbours that read Serbian; `hr`, `bs` and `me` are what phones in the region send most.
READERS_OF_SERBIAN = frozenset({"sr", "bs", "hr", "me", "cnr", "sh"})


def guess(tag: str) -> str:
    """The language code for a client's tag such as `sr-Cyrl-RS` or `en_US`; Albanian when unknown."""
    primary, *rest = tag.strip().casefold().replace("_", "-").split("-")
    if primary in READERS_OF_SERBIAN:
        return "sr_Cyrl" if "cyrl" in rest else "sr"
    return primary if primary in LANGUAGES else DEFAULT
