"""A language's translations, from the compiled catalogue or, when that is stale, its source."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from locales.languages import Language

HERE = Path(__file__).parent
DOMAIN = "ekesco"


def source_of(catalogue: str) -> Path:
    """Where the translations of a catalogue (`sq`, `sr`) are written."""
    return HERE / catalogue / "LC_MESSAGES" / f"{DOMAIN}.po"


def is_fresh(source: Path) -> bool:
    """Whether the compiled catalogue is as new as its source."""
    compiled = source.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns


def compiled(source: Path) -> bytes:
    """The catalogue as gettext reads it; a translation that is fuzzy is left out."""
    with source.open("rb") as file:
        catalog = read_po(file)
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


class _Missing(gettext.NullTranslations):
    """Answers "" for what is not translated, so that English is never taken for a translation."""

    def gettext(self, message: str) -> str:
        return ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return ""


def opened(data: bytes) -> gettext.NullTranslations:
    """A compiled catalogue's translations; they answer "" for a message that has none."""
    found = gettext.GNUTranslations(io.BytesIO(data))
    found.add_fallback(_Missing())
    return found


def translations(language: Language) -> gettext.NullTranslations:
    """The language's translations, as `opened` gives them; English has none."""
    if not language.catalogue:
        return _Missing()
    source = source_of(language.catalogue)
    return opened(source.with_suffix(".mo").read_bytes() if is_fresh(source) else compiled(source))
