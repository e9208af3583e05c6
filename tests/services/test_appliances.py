import re
import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.services.appliances import (
    COLUMNS,
    Group,
    Season,
    UseKind,
    catalogue,
    find,
    groups,
    low_share,
    read_appliances,
    typical_household,
)
from bot.services.rows import BadFile

GOOD = "fan,air,🌀,Fan,50,1,hours_a_day,,6,0,1,12-24,2;4,no,Rating plate"


def reason(path: Path, row: str) -> str:
    file = path / "appliances.csv"
    file.write_text(f"{','.join(COLUMNS)}\n{row}\n", encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        read_appliances(file)
    return caught.value.rows[0].reason


def test_the_catalogue_has_every_group_and_enough_to_choose_from() -> None:
    assert len(catalogue()) >= 36
    assert [group for group, members in groups() if members] == list(Group)
    assert sum(len(members) for _, members in groups()) == len(catalogue())


def test_names_and_icons_tell_appliances_apart() -> None:
    assert len({a.name for a in catalogue()}) == len(catalogue())
    assert len({a.icon for a in catalogue()}) == len(catalogue())


def test_an_icon_is_one_emoji_that_old_phones_have() -> None:
    later = 0x1F900  # the block that Unicode 8 opened
    for appliance in catalogue():
        mark = appliance.icon.removesuffix("\N{VARIATION SELECTOR-16}")
        assert len(mark) == 1, appliance.key
        assert unicodedata.category(mark) == "So", appliance.key
        assert ord(mark) < later, appliance.key


def test_typical_use_is_among_what_a_day_or_week_can_hold() -> None:
    for appliance in catalogue():
        assert max(appliance.summer, appliance.winter) > 0, appliance.key
        if appliance.use is UseKind.TIMES_A_WEEK:
            longest = max(appliance.summer, appliance.winter, *appliance.answers) * appliance.minutes
            assert longest <= 7 * 24 * 60, appliance.key


def test_usual_answers_rise() -> None:
    for appliance in catalogue():
        assert list(appliance.answers) == sorted(set(appliance.answers)), appliance.key


def test_every_figure_has_a_source() -> None:
    assert all(len(appliance.source) > 15 for appliance in catalogue())


def test_a_typical_household_has_about_ten_appliances() -> None:
    assert 9 <= len(typical_household()) <= 11
    assert {"refrigerator", "water_heater", "television", "washing_machine"} <= {
        appliance.key for appliance in typical_household()
    }


def test_an_appliance_is_found_by_its_key() -> None:
    fan = find("fan")
    assert fan is not None
    assert fan.amount(Season.SUMMER) == 6
    assert fan.amount(Season.WINTER) == 0
    assert find("steam_engine") is None


@pytest.mark.parametrize(
    ("windows", "winter", "summer"),
    [
        (((0, 24),), "0.375", "0.375"),
        (((7, 8),), "0", "1"),
        (((22, 23),), "1", "0"),
        (((19, 23),), "0.25", "0"),
        (((22, 7),), "1", "0.8889"),
        (((6, 9), (18, 22)), "0.1429", "0.2857"),
    ],
)
def test_the_night_share_follows_the_seasons_hours(
    windows: tuple[tuple[int, int], ...], winter: str, summer: str
) -> None:
    assert low_share(windows, Season.WINTER) == Decimal(winter)
    assert low_share(windows, Season.SUMMER) == Decimal(summer)


@pytest.mark.parametrize(
    ("day", "season"),
    [
        ((2026, 3, 31), Season.WINTER),
        ((2026, 4, 1), Season.SUMMER),
        ((2026, 9, 30), Season.SUMMER),
        ((2026, 10, 1), Season.WINTER),
    ],
)
def test_seasons_change_in_april_and_october(day: tuple[int, int, int], season: Season) -> None:
    assert Season.on(date(*day)) is season


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("fan,", "Big-Fan,", "key: 'Big-Fan' is not lower case words joined by _"),
        ("air", "wind", "group: 'wind' is none of kitchen, cold"),
        ("Fan", "A fan with a rather long name", "name: 'A fan with a rather long name' has 29 characters"),
        (",50,", ",0,", "watts: 0 must be at least 1"),
        (",50,", ",50.5,", "watts: 50.5 is not a whole number"),
        (",1,hours", ",1.5,hours", "duty: 1.5 must be from 0.01 to 1"),
        ("hours_a_day,", "hours_a_day,5", "minutes: only for times_a_week"),
        ("hours_a_day,", "times_a_week,", "minutes is empty"),
        ("hours_a_day", "always", "what is always on has 24 hours"),
        (",6,0,", ",25,0,", "summer: 25 must be from 0 to 24"),
        ("12-24", "12-25", "hours: '12-25' is not a part of the day"),
        ("12-24", "noon", "hours: 'noon' is not a part of the day"),
        ("2;4", "2;x", "answers: 'x' is not a number"),
        (",no,", ",perhaps,", "typical: 'perhaps' is none of yes, no"),
    ],
)
def test_a_bad_appliance_is_refused_with_its_reason(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert GOOD.count(old) >= 1
    assert re.match(re.escape(expected), reason(tmp_path, GOOD.replace(old, new, 1)))
