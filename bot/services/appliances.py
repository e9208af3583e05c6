"""The appliances of a home, kept as data, and the hours that decide between high and low tariff."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from pathlib import Path

from bot.services.rows import Row, Wrong, number, read

SHIPPED = Path(__file__).parent / "data" / "appliances.csv"
COLUMNS = (
    *("key", "group", "icon", "name", "watts", "duty", "use", "minutes", "summer", "winter"),
    *("count", "hours", "answers", "typical", "source"),
)
#: Longer names are cut on the buttons of narrow phones.
LONGEST_NAME = 22

#: From this hour until that hour of the day; the second may lie after midnight: (22, 6).
Window = tuple[int, int]


class Season(Enum):
    """Half a year with its high-tariff hours: 07-22 from October to March, 08-23 from April to September."""

    WINTER = "winter"
    SUMMER = "summer"

    @property
    def high_hours(self) -> range:
        return range(7, 22) if self is Season.WINTER else range(8, 23)

    @classmethod
    def of_month(cls, month: int) -> Season:
        return cls.SUMMER if 4 <= month <= 9 else cls.WINTER

    @classmethod
    def on(cls, day: date) -> Season:
        return cls.of_month(day.month)


class Group(Enum):
    """Where an appliance stands in the list that customers see, in this order."""

    KITCHEN = "kitchen"
    COLD = "cold"
    WASHING = "washing"
    WATER = "water"
    HEATING = "heating"
    AIR = "air"
    LIGHT = "light"
    LEISURE = "leisure"
    OTHER = "other"


class UseKind(Enum):
    """The unit in which the use of an appliance is told."""

    HOURS_A_DAY = "hours_a_day"
    TIMES_A_WEEK = "times_a_week"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Appliance:
    """What is typical of an appliance; data/README.md says what each field means.

    `summer` and `winter` are hours a day or times a week, as `use` says; `minutes` is the length of one
    time, and 0 for the other kinds.  `name` is an English message id.
    """

    key: str
    group: Group
    icon: str
    name: str
    watts: int
    duty: Decimal
    use: UseKind
    minutes: int
    summer: Decimal
    winter: Decimal
    count: int
    windows: tuple[Window, ...]
    answers: tuple[Decimal, ...]
    typical: bool
    source: str

    def amount(self, season: Season) -> Decimal:
        return self.summer if season is Season.SUMMER else self.winter


def low_share(windows: Iterable[Window], season: Season) -> Decimal:
    """The share, to four places, of these hours of the day that falls into the low tariff."""
    hours = [hour for window in windows for hour in _hours(window)]
    low = sum(hour not in season.high_hours for hour in hours)
    return (Decimal(low) / len(hours)).quantize(Decimal("0.0001"))


def _hours(window: Window) -> list[int]:
    start, end = window
    return [hour % 24 for hour in range(start, end if end > start else end + 24)]


@cache
def catalogue() -> tuple[Appliance, ...]:
    """All appliances, in the order of the file that comes with the program."""
    return read_appliances(SHIPPED)


@cache
def _by_key() -> dict[str, Appliance]:
    return {appliance.key: appliance for appliance in catalogue()}


def find(key: str) -> Appliance | None:
    """The appliance of that key; None when the catalogue has it no more."""
    return _by_key().get(key)


def groups() -> tuple[tuple[Group, tuple[Appliance, ...]], ...]:
    """The catalogue by group, in the groups' order."""
    return tuple((group, tuple(a for a in catalogue() if a.group is group)) for group in Group)


def typical_household() -> tuple[Appliance, ...]:
    return tuple(appliance for appliance in catalogue() if appliance.typical)


def read_appliances(path: Path) -> tuple[Appliance, ...]:
    """Appliances of a CSV file with the header `COLUMNS`.  Raises `BadFile`."""
    return read(path, COLUMNS, _appliance, key=lambda appliance: appliance.key)


def _appliance(row: Row) -> Appliance:
    use = UseKind(_one_of(row, "use", [kind.value for kind in UseKind]))
    most = "168" if use is UseKind.TIMES_A_WEEK else "24"
    return Appliance(
        key=_key(row),
        group=Group(_one_of(row, "group", [group.value for group in Group])),
        icon=row.text("icon"),
        name=_name(row),
        watts=row.whole("watts", least="1"),
        duty=row.number("duty", least="0.01", most="1"),
        use=use,
        minutes=_minutes(row, use),
        summer=row.number("summer", most=most),
        winter=row.number("winter", most=most),
        count=row.whole("count", least="1"),
        windows=_windows(row),
        answers=_answers(row, use, most),
        typical=_one_of(row, "typical", ["yes", "no"]) == "yes",
        source=row.text("source"),
    )


def _one_of(row: Row, column: str, allowed: list[str]) -> str:
    value = row.text(column)
    if value not in allowed:
        raise Wrong(f"{column}: '{value}' is none of {', '.join(allowed)}")
    return value


def _key(row: Row) -> str:
    key = row.text("key")
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", key):
        raise Wrong(f"key: '{key}' is not lower case words joined by _")
    return key


def _name(row: Row) -> str:
    name = row.text("name")
    if len(name) > LONGEST_NAME:
        raise Wrong(f"name: '{name}' has {len(name)} characters, more than {LONGEST_NAME}")
    return name


def _minutes(row: Row, use: UseKind) -> int:
    if use is UseKind.TIMES_A_WEEK:
        return row.whole("minutes", least="1")
    if row.values["minutes"].strip():
        raise Wrong(f"minutes: only for {UseKind.TIMES_A_WEEK.value}")
    return 0


def _windows(row: Row) -> tuple[Window, ...]:
    return tuple(_window(text) for text in row.text("hours").split(";"))


def _window(text: str) -> Window:
    match = re.fullmatch(r"(\d\d?)-(\d\d?)", text.strip())
    start, end = (int(hour) for hour in match.groups()) if match else (-1, -1)
    if not (0 <= start < 24 and 0 <= end <= 24 and start != end):
        raise Wrong(f"hours: '{text}' is not a part of the day like 19-23 or 22-6")
    return start, end


def _answers(row: Row, use: UseKind, most: str) -> tuple[Decimal, ...]:
    if use is UseKind.ALWAYS:
        if row.values["answers"].strip() or row.values["summer"] != "24" or row.values["winter"] != "24":
            raise Wrong("what is always on has 24 hours in summer and winter, and no answers")
        return ()
    return tuple(number(text, "answers", most=most) for text in row.text("answers").split(";"))
