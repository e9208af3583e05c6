"""Colours that everybody can read: contrast AA in light and in dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re

import pytest

from handlers.web.pages import HERE

CSS = (HERE / "static" / "chat.css").read_text("utf-8")
#: Ink and what it stands on, with the least contrast that will do.
PAIRS = [
    ("ink", "bubble", 4.5),
    ("ink", "surface", 4.5),
    ("ink", "wall", 4.5),
    ("ink", "tick", 4.5),
    ("ink", "key", 4.5),
    ("soft", "bubble", 4.5),
    ("soft", "surface", 4.5),
    ("soft", "wall", 4.5),
    ("own-ink", "own", 4.5),
    ("own-soft", "own", 4.5),
    ("accent-ink", "accent", 4.5),
    ("accent", "surface", 4.5),
    ("accent", "bubble", 4.5),
    ("key-ink", "key", 4.5),
    ("key-ink", "key-hover", 4.5),
    ("danger", "surface", 4.5),
    ("danger", "key", 4.5),
    ("warn-ink", "warn", 4.5),
    ("focus", "wall", 3.0),
    ("focus", "surface", 3.0),
    ("accent", "wall", 3.0),
]


def palette(selector: str) -> dict[str, str]:
    start = CSS.index(selector)
    block = CSS[start : CSS.index("}", start)]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("selector", [":root {", ':root[data-theme="dark"] {'])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_words_can_be_read_on_what_they_stand_on(selector: str, ink: str, ground: str, least: float) -> None:
    colours = palette(selector)
    assert contrast(colours[ink], colours[ground]) >= least


def test_dark_by_choice_is_dark_by_the_system() -> None:
    assert palette(':root:not([data-theme="light"]) {') == palette(':root[data-theme="dark"] {')
