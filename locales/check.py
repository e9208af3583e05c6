"""Finds what is wrong with the catalogues: `python -m locales.check` prints it and fails.

It speaks of translations alone; whether a dialog knows the values it shows, the dialogs' own check says.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence

from babel.messages.catalog import Catalog, Message

from locales.catalogue import source_of
from locales.cyrillic import to_cyrillic
from locales.extract import CATALOGUES, read
from locales.formats import SPECS
from locales.languages import LANGUAGES
from locales.messages import Source, collect
from locales.template import gaps, pieces

#: What is certain to be seen of a button in every channel.
LABEL_LENGTH = 30
#: What a value on a button counts for.
VALUE_LENGTH = 8

_GAP = re.compile(r"\{[^{}]*\}")
_END = re.compile(r"(?:\.{3}|[.?!:;,…])?\Z")
_TAGS = re.compile(r"</?b>|</?[a-z]+>", re.IGNORECASE)
_IN_CYRILLIC = {language.catalogue for language in LANGUAGES.values() if language.script == "Cyrl"}


def problems_of_source(source: Source) -> Iterator[str]:
    """What is wrong with the English."""
    for message in filter(None, (source.msgid, source.plural)):
        yield from _malformed(message)
        for name, spec in sorted(gaps(message)) if not list(_malformed(message)) else ():
            if spec not in SPECS:
                yield f"{{{name}:{spec}}} asks for a format that there is not"
        if source.label and _length(message) > LABEL_LENGTH:
            yield f"the label has {_length(message)} characters, {LABEL_LENGTH} fit"


def problems_of_translation(source: Source, message: Message, catalogue: str, forms: int) -> Iterator[str]:
    """What is wrong with one translation; `forms` is how many plural forms the language has."""
    strings = [form or "" for form in _forms(message)]
    if message.fuzzy:
        yield "is marked fuzzy"
    if bool(source.plural) is not isinstance(message.id, tuple):
        yield "is counted in one place and not in the other: run python -m locales.extract"
    elif len(strings) != (forms if source.plural else 1):
        yield f"has {len(strings)} plural forms, the language {forms}"
    elif not all(strings):
        yield "is not translated"
    else:
        for index, string in enumerate(strings):
            # The first of two forms is for one thing alone, which need not be a numeral.
            alone = forms == 2 and index == 0
            original = source.msgid if alone or not source.plural else source.plural
            yield from _differences(source, string, original)
            yield from _too_long(source, string, catalogue)


def _forms(message: Message) -> Sequence[str | None]:
    return message.string if isinstance(message.string, tuple | list) else (message.string,)


def _differences(source: Source, string: str, original: str) -> Iterator[str]:
    malformed = list(_malformed(string))
    yield from malformed
    if not malformed and not list(_malformed(original)) and gaps(string) != gaps(original):
        yield f"has placeholders {_named(string)}, the English {_named(original)}"
    if string[: len(string) - len(string.lstrip())] != original[: len(original) - len(original.lstrip())]:
        yield "begins with other white space"
    if string[len(string.rstrip()) :] != original[len(original.rstrip()) :]:
        yield "ends with other white space"
    if _ending(string) != _ending(original):
        yield f"ends with {_ending(string)!r}, the English with {_ending(original)!r}"
    if _TAGS.findall(string) != _TAGS.findall(original):
        yield "has other <b> marks"


def _too_long(source: Source, string: str, catalogue: str) -> Iterator[str]:
    if not source.label:
        return
    shown = [string, to_cyrillic(string)] if catalogue in _IN_CYRILLIC else [string]
    for label in shown:
        if _length(label) > LABEL_LENGTH:
            yield f"the label {label!r} has {_length(label)} characters, {LABEL_LENGTH} fit"


def _malformed(string: str) -> Iterator[str]:
    try:
        pieces(string)
    except ValueError as error:
        yield str(error)


def _named(string: str) -> str:
    names = [f"{{{name}:{spec}}}" if spec else f"{{{name}}}" for name, spec in sorted(gaps(string))]
    return ", ".join(names) or "none"


def _ending(string: str) -> str:
    bare = _TAGS.sub("", string).rstrip().rstrip('”“"»)')
    match = _END.search(bare)
    return match.group().replace("...", "…") if match else ""


def _length(label: str) -> int:
    return len(_GAP.sub("0" * VALUE_LENGTH, label))


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def problems_of_catalogue(sources: Mapping[str, Source], catalog: Catalog, catalogue: str) -> Iterator[str]:
    """What is wrong with one language's catalogue, each with the message it is about."""
    for msgid, source in sources.items():
        message = catalog.get(msgid)
        if message is None:
            yield f"{catalogue}: {msgid!r} is not extracted yet: run python -m locales.extract"
            continue
        for problem in problems_of_translation(source, message, catalogue, catalog.num_plurals):
            yield f"{catalogue}: {msgid!r} {problem}"
    known = [_id(message) for message in catalog if message.id]
    gone = [msgid for msgid in known if msgid not in sources]
    for msgid in (*gone, *map(_id, catalog.obsolete.values())):
        yield f"{catalogue}: {msgid!r} is not said any more: run python -m locales.extract"


def problems() -> Iterator[str]:
    """Everything that is wrong, a sentence each."""
    sources = collect()
    for source in sources.values():
        for problem in problems_of_source(source):
            yield f"en: {source.msgid!r} {problem}"
    for catalogue in CATALOGUES:
        yield from problems_of_catalogue(sources, read(source_of(catalogue), catalogue), catalogue)


if __name__ == "__main__":
    found = list(problems())
    print("\n".join(found) or "The catalogues are complete.")
    sys.exit(bool(found))
