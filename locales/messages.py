"""The texts that customers read, as the sources write them in `_()`, `_n()`, `_l()` and `t()`."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

ROOT = Path(__file__).parent.parent

#: How a call is read: which of its arguments are message ids.
Keywords = Mapping[str, tuple[int, ...] | None]
LABELS: Keywords = {"_l": None}
TEXTS: Keywords = {"_": None, "t": None, "_n": (1, 2)}


@dataclass(frozen=True, slots=True)
class Source:
    """A message as its sources have it; `label` when it stands on a button somewhere."""

    msgid: str
    plural: str = ""
    label: bool = False
    files: frozenset[str] = frozenset()


def appliances(
    file: IO[bytes], keywords: Mapping[str, object], comment_tags: object, options: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Babel's way to read the appliances' table: a name is a label."""
    if "_l" not in keywords:
        return
    for number, row in enumerate(csv.DictReader(file.read().decode().splitlines()), start=2):
        yield number, "_l", row["name"], []


def collect(root: Path = ROOT) -> dict[str, Source]:
    """All messages of the sources, by message id, in the order of their files."""
    found: dict[str, Source] = {}
    for keywords in (TEXTS, LABELS):
        for file, msgid, plural in _extracted(root, keywords):
            new = Source(msgid, plural, keywords is LABELS, frozenset({file}))
            found[msgid] = _both(found.get(msgid, new), new)
    return dict(sorted(found.items(), key=lambda item: (sorted(item[1].files), item[0])))


def _both(one: Source, other: Source) -> Source:
    return Source(one.msgid, one.plural or other.plural, one.label or other.label, one.files | other.files)


def _extracted(root: Path, keywords: Keywords) -> Iterator[tuple[str, str, str]]:
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    for file_name, _line, message, *_rest in extract_from_dir(str(root), methods, options, keywords):
        msgid, plural = message if isinstance(message, tuple) else (message, "")
        yield file_name, msgid, plural
