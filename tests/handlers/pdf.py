"""Reads a PDF as a reader's “copy” does: what each page says, by the maps that its fonts bring along."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.S)
_STREAM = re.compile(rb"stream\r?\n(.*)\nendstream", re.S)
_SAYS = re.compile(rb"/(F\d+) [\d.]+ Tf|([\d.]+) ([\d.]+) Td \(((?:[^\\)]|\\.)*)\) Tj", re.S)
_ESCAPED = re.compile(rb"\\(.)", re.S)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}


@dataclass(frozen=True)
class Words:
    """Words of one font and where they begin, in points from the left and the bottom."""

    text: str
    left: float
    bottom: float
    font: str


@dataclass(frozen=True)
class Pdf:
    pages: tuple[tuple[Words, ...], ...]
    raw: bytes

    @property
    def title(self) -> str:
        """What a reader's window is called."""
        found = re.search(rb"/Title (?:<feff([0-9a-f]+)>|\(([ -~]+)\))\n", self.raw)
        assert found
        return bytes.fromhex(found[1].decode()).decode("utf-16-be") if found[1] else found[2].decode()

    @property
    def text(self) -> str:
        return "\n".join(words.text for page in self.pages for words in page)


def read(raw: bytes) -> Pdf:
    """Fails where the file is not what its own table of contents says."""
    objects = dict(_objects(raw))
    fonts = {
        name: _map(objects, number)
        for body in objects.values()
        if body.startswith(b"<<\n/Font <<")
        for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", body)
    }
    found = (
        re.search(rb"/Contents (\d+) 0 R", body) for body in objects.values() if b"/Type /Page\n" in body
    )
    contents = [_stream(objects[int(page[1])]) for page in found if page]
    return Pdf(tuple(tuple(_said(content, fonts)) for content in contents), raw)


def _objects(raw: bytes) -> Iterator[tuple[int, bytes]]:
    start = re.search(rb"startxref\n(\d+)\n%%EOF", raw)
    assert start
    assert raw[int(start[1]) :].startswith(b"xref\n")
    places = re.findall(rb"(\d{10}) 00000 n", raw[int(start[1]) :])
    for number, place in enumerate(map(int, places), 1):
        found = _OBJECT.match(raw, place)
        assert found
        assert int(found[1]) == number
        yield number, found[2]


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _map(objects: dict[int, bytes], number: bytes) -> dict[int, str]:
    font = objects[int(number)]
    unicode_ = re.search(rb"/ToUnicode (\d+) 0 R", font)
    assert unicode_, "its text cannot be copied"
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", _stream(objects[int(unicode_[1])]))
    return {int(code, 16): bytes.fromhex(letters.decode()).decode("utf-16-be") for code, letters in pairs}


def _said(content: bytes, fonts: dict[bytes, dict[int, str]]) -> Iterator[Words]:
    font = b""
    for chosen, left, bottom, said in _SAYS.findall(content):
        if chosen:
            font = chosen
        elif said:
            codes = _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), said)
            letters = (fonts[font][int.from_bytes(codes[n : n + 2])] for n in range(0, len(codes), 2))
            yield Words("".join(letters), float(left), float(bottom), font.decode())
