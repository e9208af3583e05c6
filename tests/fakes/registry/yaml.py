"""As much of YAML as `openapi.yaml` needs: blocks of maps and lists, quoted and plain values, folded text.

What it does not know is an error, so that a document is never half understood.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_PAIR = re.compile(r'("(?:[^"\\]|\\.)*"|[^\s"\'\[\]{}&*!|>%@`#-][^:#]*):(?: (.*))?')


class Unknown(ValueError):
    """Something that is no part of this YAML."""


def load(path: Path) -> Any:
    lines = [
        (len(line) - len(line.lstrip()), line.strip())
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    reader = _Reader([(depth, text) for depth, text in lines if text and not text.startswith("#")])
    value = reader.block(0)
    if reader.lines:
        raise Unknown(reader.lines[0][1])
    return value


class _Reader:
    def __init__(self, lines: list[tuple[int, str]]) -> None:
        self.lines = lines

    def block(self, depth: int) -> Any:
        return self._items(depth) if self.lines[0][1].startswith("- ") else self._map(depth)

    def _map(self, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        while self.lines and self.lines[0][0] == depth and not self.lines[0][1].startswith("- "):
            pair = _PAIR.fullmatch(self.lines.pop(0)[1])
            if pair is None:
                raise Unknown(f"no pair after {[*made]}")
            key = _scalar(pair[1])
            if key in made:
                raise Unknown(f"{key} twice")
            made[key] = self._value(depth, pair[2])
        return made

    def _value(self, depth: int, text: str | None) -> Any:
        if text == ">-":
            folded = []
            while self.lines and self.lines[0][0] > depth:
                folded.append(self.lines.pop(0)[1])
            return " ".join(folded)
        if text:
            return _scalar(text)
        if not self.lines or self.lines[0][0] <= depth:
            raise Unknown("a key without a value")
        return self.block(self.lines[0][0])

    def _items(self, depth: int) -> list[Any]:
        made = []
        while self.lines and self.lines[0][0] == depth and self.lines[0][1].startswith("- "):
            text = self.lines.pop(0)[1][2:]
            if _PAIR.fullmatch(text):  # a map whose first key stands beside the dash
                self.lines.insert(0, (depth + 2, text))
                made.append(self._map(depth + 2))
            else:
                made.append(_scalar(text))
        return made


def _scalar(text: str) -> Any:
    if text.startswith('"'):
        return json.loads(text)
    if text == "[]":
        return []
    if text[0] in "[]{}&*!|>%@`'#":
        raise Unknown(text)
    if text in ("true", "false"):
        return text == "true"
    return int(text) if re.fullmatch(r"-?\d+", text) else text
