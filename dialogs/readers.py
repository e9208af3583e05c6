"""How free text is read: forgiving in what it accepts, exact in what it keeps.

People write without diacritics, in Cyrillic, in words ("gjysmë ore", "pola sata") and with typos.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from dialogs.engine.steps import Bad, Reader
from dialogs.engine.text import Phrase, _, _n

_CYRILLIC = str.maketrans(
    {
        **dict(zip("абвгдзијклмнопрстћуфхцђ", "abvgdzijklmnoprstcufhcd", strict=True)),
        "е": "e",
        "ж": "z",
        "ч": "c",
        "ш": "s",
        "љ": "lj",
        "њ": "nj",
        "џ": "dz",
        "đ": "d",
        "ë": "e",
    }
)

#: Numbers as people write them out, folded; Gheg and Serbian forms beside the standard ones.
NUMBER_WORDS = {
    "0": "zero asnje nula nista none never kurre nikad",
    "0.5": "gjysme gjyse gjysmore pola po half",
    "1": "nje ni jedan jednom jedna jedno one once",
    "2": "dy dya dva dve dvaput dvije two twice",
    "3": "tre tri triput three",
    "4": "kater katr cetiri four",
    "5": "pese pes pet five",
    "6": "gjashte gjasht sest six",
    "7": "shtate shtat sedam seven",
    "8": "tete tet osam eight",
    "9": "nente nent devet nine",
    "10": "dhjete dhjet deset ten",
    "12": "dymbedhjete dvanaest twelve",
    "24": "vazhdimisht gjithmone neprekidno stalno always",
}
_WORDS = {word: Decimal(value) for value, words in NUMBER_WORDS.items() for word in words.split()}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_AND_A_HALF = re.compile(r"(?:\be gjysm\w*|\bi po\b|\bi pol\w*|\band a half\b|½)")
_MINUTES = re.compile(r"\b(?:min|minuta\w*|minut\w*|minutes?)\b")
_WHOLE_DAY = re.compile(r"\b(?:gjithe diten|tere diten|ceo dan|celi dan|all day|24/7|non ?stop)\b")
_DAILY = re.compile(r"\b(?:cdo dit\w*|perdit\w*|svaki dan|svakog dana|svakodnevno|dnevno|every day|daily)\b")


def folded(text: str) -> str:
    """Lower case Latin without accents: what the readers look at."""
    text = text.casefold().translate(_CYRILLIC)
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).strip()


def number_in(text: str) -> Decimal | None:
    """The one number of a text, in digits or words, or None when there is none or more than one."""
    text = re.sub(r"(?<=\d)[\s.](?=\d{3}\b)", "", folded(text).replace("½", " ½"))
    half = Decimal("0.5") if _AND_A_HALF.search(text) else Decimal(0)
    rest = _AND_A_HALF.sub(" ", text)
    digits = _NUMBER.findall(rest)
    words = [_WORDS[word] for word in re.findall(r"[a-z]+", rest) if word in _WORDS]
    found = [Decimal(d.replace(",", ".")) for d in digits] or words[:1]
    if len(found) == 1 and len(digits) <= 1:
        return found[0] + half
    return half if half and not found else None


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _hours(text: str) -> Decimal | Bad:
    plain = folded(text)
    if _WHOLE_DAY.search(plain):
        return Decimal(24)
    value = number_in(plain)
    if value is None:
        return Bad(_("Please tell me how many hours a day, for example 2 or half an hour."))
    if _MINUTES.search(plain):
        value = (value / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if not 0 <= value <= 24:
        return Bad(_("A day has 24 hours, so please give a number between 0 and 24."))
    return value


def _show_hours(value: Decimal) -> Phrase:
    return Phrase(_("{value:hours}"), {"value": value})


def _times(text: str) -> Decimal | Bad:
    plain = folded(text)
    daily = _DAILY.search(plain)
    value = number_in(_DAILY.sub(" ", plain))
    if value is None and not daily:
        return Bad(_("Please tell me how many times a week, for example 3."))
    times = (Decimal(1) if value is None else value) * (7 if daily else 1)
    if not 0 <= times <= 100:
        return Bad(_("Please give a number between 0 and 100 times a week."))
    return times


def _show_times(value: Decimal) -> Phrase:
    return Phrase(
        _n("{value:number} time a week", "{value:number} times a week", by="value"), {"value": value}
    )


def _count(text: str) -> int | Bad:
    value = number_in(text)
    if value is None or value != int(value) or not 0 < value <= 100:
        return Bad(_("Please give a whole number between 1 and 100."))
    return int(value)


def _show_count(value: int) -> Phrase:
    return Phrase(_("{value:number}"), {"value": value})


def _watts(text: str) -> int | Bad:
    plain = folded(text)
    value = number_in(plain)
    if value is not None and (re.search(r"\bkw\b|\d\s*kw|kilo", plain)):
        value *= 1000
    if value is None or not 1 <= value <= 30000:
        return Bad(_("Please give the power in watts, between 1 and 30,000. It is on the appliance's label."))
    return int(value.to_integral_value(ROUND_HALF_UP))


def _show_watts(value: int) -> Phrase:
    return Phrase(_("{value:watts}"), {"value": value})


_ALL_NIGHT = re.compile(
    r"\b(?:naten|gjithe naten|vetem naten|nocu|samo nocu|no[cć]na|at night|night|night only)\b"
)
_ALL_DAY = re.compile(r"\b(?:diten|vetem diten|danju|samo danju|by day|day|day only)\b")


def _share(text: str) -> Decimal | Bad:
    plain = folded(text)
    value = number_in(plain)
    if value == Decimal("0.5") and "%" not in plain:
        return value
    if value is None and _ALL_NIGHT.search(plain):
        return Decimal(1)
    if value is None and _ALL_DAY.search(plain):
        return Decimal(0)
    if value is None or not 0 <= value <= 100:
        return Bad(_("Please give a percentage between 0 % (only by day) and 100 % (only at night)."))
    return (value / 100).quantize(Decimal("0.0001"))


def _write_share(value: Decimal) -> str:
    return f"{_plain(value * 100)} %"


def _show_share(value: Decimal) -> Phrase:
    return Phrase(_("{value:percent}"), {"value": value})


#: Hours a day, 0 to 24.
hours_a_day: Reader[Decimal] = Reader(_hours, _plain, _show_hours, digits=True)
#: Times a week, 0 to 100.
times_a_week: Reader[Decimal] = Reader(_times, _plain, _show_times, digits=True)
#: How many, 1 to 100.
how_many: Reader[int] = Reader(_count, str, _show_count, digits=True)
#: Power in watts, 1 to 30,000; "2 kW" is read too.
power: Reader[int] = Reader(_watts, str, _show_watts, digits=True)
#: The share of the low tariff, 0 to 1; written as percent.
low_share: Reader[Decimal] = Reader(_share, _write_share, _show_share, digits=True)
