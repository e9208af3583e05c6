"""Serbian Latin to Serbian Cyrillic, for our own texts: markup, addresses and brands stay as they are.

A word keeps its Latin letters when it stands in `LATIN`, holds a digit, or a letter that Serbian lacks.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LETTERS = dict(
    zip(
        _words("a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š"),
        _words("а б в г д ђ е ж з и ј к л љ м н њ о п р с т ћ у ф х ц ч џ ш"),
        strict=True,
    )
)

#: Beginnings of words in which two letters only meet, where `|` stands, and are no digraph.
APART = _words("""
    in|jek in|jic kon|jug kon|junk kon|jekt tan|jug van|jez
    nad|živ nad|žnj nad|žanj nad|žbir nad|žar od|žal od|živ od|žvak od|žub od|žig od|žar od|žeg od|žd
    pod|žup pod|žanr pod|žar pod|žeg pod|žig pod|živ pod|želud pod|žbun pred|živ pred|žet pred|žen ispod|žit
""")

#: Brands, abbreviations and the prefixes of customer codes, which Serbian Cyrillic prints in Latin letters.
LATIN = frozenset(
    _words("""
    KESCO eKESCO KEDS KOSTT Telegram Viber WhatsApp Google Play App Store Android iPhone iOS Apple Windows
    Facebook Instagram Messenger Chrome Bluetooth PlayStation Gmail Outlook
    Raiffeisen RaiAccept Visa Mastercard Maestro Kos-GIRO
    SMS PDF CSV PNG QR PIN IBAN EUR LED LCD OLED USB Wi-Fi WiFi ID FAQ HTML JSON URL OK BTU
    DPR DMI DPE DPZ DFE DGL DGJ
    II III IV VI VII VIII XI XII
    """)
)

_PREFIXES = "(?:(?:naj|ne|re|pre|po|iz|na)?)"
_APART = re.compile(
    rf"\b{_PREFIXES}(?:" + "|".join(f"{a}(?={b})" for a, b in (stem.split("|") for stem in APART)) + ")",
    re.IGNORECASE,
)
_DIGRAPHS = "lj|nj|dž"
_LETTER = re.compile(rf"{_DIGRAPHS}|[a-zčćđšž]", re.IGNORECASE)
_KEPT = "|".join(
    (
        r"<[^<>]*>",
        r"\{[^{}]*\}",
        r"https?://\S+|www\.\S+|\b[\w-]+\.(?:com|net|org|info)\b\S*",
        r"[\w.+-]+@[\w-]+\.[\w.-]+",
        r"[@/][A-Za-z_]\w+",
        r"\bc€",
        r"\b\d+/L-\d+",  # the number of a law
        r"(?<=[\d}][ \u00a0])(?:[VAchl]|min|cm)\b",
    )
)
_TOKEN = re.compile(rf"(?P<kept>{_KEPT})|Wi-Fi|Kos-GIRO|\w+")
_FOREIGN = re.compile(r"[qwxyëçäöü\d]", re.IGNORECASE)
_JOINED = str.maketrans(
    {"ǆ": "dž", "ǅ": "Dž", "Ǆ": "DŽ", "ǉ": "lj", "ǈ": "Lj", "Ǉ": "LJ", "ǌ": "nj", "ǋ": "Nj", "Ǌ": "NJ"}
)


def _letter(match: re.Match[str]) -> str:
    latin = match.group()
    cyrillic = LETTERS[latin.lower()]
    return cyrillic.upper() if latin[0].isupper() else cyrillic


def _token(match: re.Match[str]) -> str:
    word = match.group()
    if match["kept"] or word in LATIN or _FOREIGN.search(word):
        return word
    parted = _APART.sub(lambda found: found.group() + "|", word)
    return _LETTER.sub(_letter, parted).replace("|", "")


@lru_cache(maxsize=4096)
def to_cyrillic(text: str) -> str:
    """The text in Cyrillic letters."""
    return _TOKEN.sub(_token, unicodedata.normalize("NFC", text).translate(_JOINED))
