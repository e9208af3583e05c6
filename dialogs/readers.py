"""How free text is read: forgiving in what it accepts, exact in what it keeps.

People write without diacritics, in Cyrillic, in words ("gjysmë ore", "pola sata") and with typos.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from dialogs.engine.steps import Bad, Reader
from dialogs.engine.text import Phrase, _, _n
from dialogs.numbers import folded, number_in

_WHOLE_DAY = re.compile(
    r"\b(?:(?:gjithe|tere|tane?|krejt) diten|(?:ceo|celi|cio|cijeli) dan|(?:all|whole) day|24/7|non[ -]?stop"
    r"|dite? (?:e|dhe|edhe) nate?|dan i noc|danonocno|day and night|vazhdimisht|gjithmone|gjithnje"
    r"|pandalshem|neprekidno|neprestano|stalno|uvek|uvijek|always)\b"
)
_HALF_A_DAY = re.compile(r"\b(?:pola dana|gjys\w* (?:e )?dites?|half (?:a |the )?day)\b")
_UNUSED = re.compile(
    r"\b(?:nuk |s'? ?)(?:po )?(?:e |i )?(?:perdor|punon|ndez)\w*"
    r"|\bne (?:se )?(?:koristi|radi|ukljucuj|pali)\w*|\b(?:not|don'?t|doesn'?t) (?:in )?us\w*|\bunused\b"
)
_MINUTES = re.compile(r"(?<![a-z])(?:mins?|minut[a-z]*)\b|(?<=\d)\s?(?:m\b|'(?!\d))")
_HOUR_WORD = r"(?:h|hrs?|hours?|or[ae]|sat[ai]?|sahat[a-z]*)(?![a-z])"
_HOURS_AND_MINUTES = re.compile(rf"(?P<hours>.*?)(?<![a-z]){_HOUR_WORD}(?P<minutes>.*)")
_CLOCK = re.compile(r"(\d{1,2})\s?[:h]\s?([0-5]\d)(?:\s?(?:min|h)\w*)?")
_ONE_HOUR = re.compile(rf"(?:an?\s)?{_HOUR_WORD}(?: vremena)?")
_DAILY = re.compile(
    r"\b(?:[cq]do dit\w*|per ?dit\w*|n[e']? ?dite?|svaki dan|svakog dana|svakodnevno|dnevno|na dan|every ?day"
    r"|each day|daily|(?:a|per) day)\b"
)
_EVERY_OTHER_DAY = re.compile(
    r"\b(?:[cq]do (?:te )?dyten? dite?|[cq]do dy dite?|svak(?:i|og) drug(?:i|og) dana?|svaka (?:dva|2) dana"
    r"|every (?:other|second|two|2) days?)\b"
)
_MONTHLY = re.compile(r"\b(?:n?muaj|mujor|mesec|mjesec|month)\w*")
_WEEKLY = re.compile(
    r"\b(?:javor\w*|[cq]do jave|nedeljno|sedmicno|svake (?:nedelje|sedmice)|weekly|every week)\b"
)
_WEEKEND = re.compile(r"\b(?:fundjav|vikend|weekend)\w*")
#: What a customer copies from the type plate beside, or instead of, the watts.
_WATTS = re.compile(r"\d[\d.,' ]*(?=k?w(?:at\w*)?\b)")
_OTHER_UNITS = re.compile(r"\d\s?(?:kwh|v|volt\w*|a|amp\w*|l|lit\w*|btu|hz|cm|kg|inc\w*|\")(?![a-z])")
_KILOWATTS = re.compile(r"(?<![a-z])kw(?!h)|kilo[vw]")
_AT_NIGHT = re.compile(r"\b(?:nat|nate|naten|nates|noc|noci|nocu|nocna|night|nights|overnight)\b")
_BY_DAY = re.compile(r"\b(?:dite|diten|dites|dan|dana|danju|dnevna|day|daytime)\b")
_PERCENT = re.compile(r"%|perqin|posto|odsto|procen|percent")
_NOT_THEN = re.compile(r"\b(?:jo|nuk|kurre|asnjehere|nikada?|not|don'?t|never)\b|\bne (?=noc|danju)")
_MOSTLY = re.compile(
    r"\b(?:kryesisht|(?:me|ma) (?:shume?|teper|se shumti)|mashum|uglavnom|najvise|vise|pretezno|vecinom"
    r"|mostly|mainly|more)\b"
)
_ALL_OF_IT = re.compile(r"\b(?:krejt|gjithcka|te gjitha|sve|all|everything)\b")


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _hours(text: str) -> Decimal | Bad:
    value = _hours_in(folded(text))
    if value is None:
        return Bad(_("Please tell me how many hours a day, for example 2 or half an hour."))
    if not 0 <= value <= 24:
        return Bad(_("A day has 24 hours, so please give a number between 0 and 24."))
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _hours_in(plain: str) -> Decimal | None:
    clock = _CLOCK.fullmatch(plain)
    if clock:
        return Decimal(clock[1]) + Decimal(clock[2]) / 60
    if _HALF_A_DAY.search(plain):
        return Decimal(12)
    if _MINUTES.search(plain):
        return _with_minutes(plain)
    value = number_in(plain)
    return value if value is not None else _without_number(plain)


def _with_minutes(plain: str) -> Decimal | None:
    """Minutes alone, or an hour and so many minutes."""
    both = _HOURS_AND_MINUTES.fullmatch(plain)
    if both is None or not _MINUTES.search(both["minutes"]):
        minutes, hours = number_in(plain), Decimal(0)
    else:
        before = both["hours"].strip()
        found = number_in(before) if before else Decimal(1)
        if found is None:
            return None
        minutes, hours = number_in(both["minutes"]), found
    return None if minutes is None else hours + minutes / 60


def _without_number(plain: str) -> Decimal | None:
    if _WHOLE_DAY.search(plain):
        return Decimal(24)
    if _UNUSED.search(plain):
        return Decimal(0)
    return Decimal(1) if _ONE_HOUR.fullmatch(_DAILY.sub("", plain).strip()) else None


def _show_hours(value: Decimal) -> Phrase:
    return Phrase(_("{value:hours}"), {"value": value})


def _times(text: str) -> Decimal | Bad:
    value = _times_in(folded(text))
    if value is None:
        return Bad(_("Please tell me how many times a week, for example 3."))
    if not 0 <= value <= 100:
        return Bad(_("Please give a number between 0 and 100 times a week."))
    return value


def _times_in(plain: str) -> Decimal | None:
    if _EVERY_OTHER_DAY.search(plain):
        return Decimal("3.5")
    rest, daily = _DAILY.subn(" ", plain)
    value = number_in(rest)
    if value is None:
        return _without_times(plain)
    if _MONTHLY.search(plain):
        return (value * 7 / 30).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return value * 7 if daily else value


def _without_times(plain: str) -> Decimal | None:
    """What a rhythm without a number comes to; None when a number is there that could not be read."""
    if re.search(r"\d", plain):
        return None
    rhythms = ((_UNUSED, "0"), (_DAILY, "7"), (_WEEKEND, "2"), (_WEEKLY, "1"), (_MONTHLY, "0.23"))
    return next((Decimal(times) for rhythm, times in rhythms if rhythm.search(plain)), None)


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
    value = _watts_in(folded(text))
    if value is None or not 1 <= value <= 30000:
        return Bad(_("Please give the power in watts, between 1 and 30,000. It is on the appliance's label."))
    return int(value.to_integral_value(ROUND_HALF_UP))


def _watts_in(plain: str) -> Decimal | None:
    """Of a range like 2000-2400 W, as plates have it, the upper end."""
    named = _WATTS.findall(plain)
    if not named and _OTHER_UNITS.search(plain):
        return None
    value = number_in(named[-1] if named else plain)
    kilo = value is not None and value <= 30 and _KILOWATTS.search(plain)
    return value * 1000 if value is not None and kilo else value


def _show_watts(value: int) -> Phrase:
    return Phrase(_("{value:watts}"), {"value": value})


def _share(text: str) -> Decimal | Bad:
    share = _share_in(folded(text))
    if share is None or not 0 <= share <= 1:
        return Bad(_("Please give a percentage between 0% (only by day) and 100% (only at night)."))
    return share.quantize(Decimal("0.0001"))


def _share_in(plain: str) -> Decimal | None:
    value, digits = number_in(plain), re.search(r"\d", plain)
    if not digits and not value:
        said = _share_in_words(plain)
        return value if said is None else said
    if value is None or re.search(rf"(?<![a-z]){_HOUR_WORD}", plain):
        return None
    share = value if value < 1 and not _PERCENT.search(plain) else value / 100
    by_day = _BY_DAY.search(plain) and not _AT_NIGHT.search(plain)
    return 1 - share if by_day and 0 < share < 1 else share


def _share_in_words(plain: str) -> Decimal | None:
    night, day = bool(_AT_NIGHT.search(plain)), bool(_BY_DAY.search(plain))
    if night is day:
        return Decimal(1) if _ALL_OF_IT.search(plain) and not night else None
    then = Decimal("0.75") if _MOSTLY.search(plain) else Decimal(1)
    return then if night is not bool(_NOT_THEN.search(plain)) else 1 - then


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
