"""The alphabet of SMS (GSM 03.38), and texts brought into it: 160 of its characters are one message.

A text with any other letter is sent in UCS-2, of which 70 are one message, and costs three times as much.
"""

from __future__ import annotations

import unicodedata

#: Septets in one message; longer texts are cut into several by the network.
ONE_MESSAGE = 160

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Written after an escape character: they count two.
EXTENSION = frozenset("\f^{}\\[~]|€")

#: Letters whose marks cannot simply be taken off, and signs that have a plainer form.
_PLAINER = {
    **dict.fromkeys("đ", "dj"),
    **dict.fromkeys("Đ", "Dj"),
    **dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " "),
    **dict.fromkeys("’‘‚‛`´ʼ", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("–—‑−•·", "-"),
    "…": "...",
}
_LATIN = "a b v g d dj e z z i j k l lj m n nj o p r s t c u f h c c dz s"
_CYRILLIC = dict(zip("абвгдђежзијклљмнњопрстћуфхцчџш", _LATIN.split(), strict=True))
_UNKNOWN = "?"


def in_gsm7(text: str) -> str:
    """The text without what the alphabet lacks: `ë` is written `e`, `đ` is written `dj`, `ш` is written `s`.

    Invisible characters go; for what has no likeness at all stands a question mark.
    """
    return "".join(map(_plain, unicodedata.normalize("NFC", text)))


def septets(text: str) -> int:
    """How much of a message the text takes.  Raises `ValueError` for what the alphabet lacks."""
    if wrong := set(text) - BASIC - EXTENSION:
        raise ValueError(f"not in the alphabet of SMS: {sorted(wrong)}")
    return sum(2 if char in EXTENSION else 1 for char in text)


def _plain(char: str) -> str:
    if char in BASIC or char in EXTENSION:
        return char
    if char in _PLAINER:
        return _PLAINER[char]
    if unicodedata.category(char) in ("Cf", "Mn", "Cc"):
        return ""
    if (latin := _CYRILLIC.get(char.lower())) is not None:
        return latin if char.islower() else latin.capitalize()
    bare = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    return "".join(c if c in BASIC or c in EXTENSION else _UNKNOWN for c in bare)
