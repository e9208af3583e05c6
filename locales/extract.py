"""Brings the catalogues up to date with the sources: `python -m locales.extract`.

Translations are kept by message id, never guessed; what nobody says any more is dropped.
A second run changes nothing.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from locales.catalogue import DOMAIN, source_of
from locales.languages import LANGUAGES
from locales.messages import Source, collect

CATALOGUES = tuple(dict.fromkeys(language.catalogue for language in LANGUAGES.values() if language.catalogue))
LABEL_NOTE = "On a button: at most 30 characters."

#: Header lines that would differ with every run or every version of a tool.
_RESTLESS = (
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Generated-By',
    '"Last-Translator',
    '"Language-Team',
    '"Report-Msgid-Bugs-To',
)


def read(path: Path, catalogue: str) -> Catalog:
    """The catalogue in a file, or an empty one."""
    if not path.exists():
        return Catalog(catalogue, domain=DOMAIN)
    with path.open("rb") as file:
        return read_po(file, locale=catalogue, domain=DOMAIN)


def renewed(catalogue: str, sources: Mapping[str, Source], before: Catalog) -> Catalog:
    """A catalogue of exactly these messages, with the translations that an earlier one has of them."""
    catalog = Catalog(catalogue, domain=DOMAIN, project="ekesco", version="1", fuzzy=False, header_comment="")
    for source in sources.values():
        known = before.get(source.msgid)
        catalog.add(
            (source.msgid, source.plural) if source.plural else source.msgid,
            known.string if known and bool(known.pluralizable) is bool(source.plural) else None,
            locations=[(file, 1) for file in sorted(source.files)],
            flags=known.flags & {"fuzzy"} if known else (),
            user_comments=known.user_comments if known else (),
            auto_comments=(LABEL_NOTE,) if source.label else (),
        )
    return catalog


def written(catalog: Catalog) -> bytes:
    """The catalogue as a file that changes only when a message does."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=100, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    lines = buffer.getvalue().decode().lstrip("\n").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_RESTLESS)).encode()


def extract() -> list[Path]:
    """Update every catalogue; return the files that changed."""
    sources = collect()
    return [path for path in map(source_of, CATALOGUES) if _update(path, sources)]


def _update(path: Path, sources: Mapping[str, Source]) -> bool:
    catalogue = path.parent.parent.name
    now = written(renewed(catalogue, sources, read(path, catalogue)))
    if path.exists() and path.read_bytes() == now:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(now)
    return True


if __name__ == "__main__":
    for changed in extract():
        print(f"updated {changed}")
