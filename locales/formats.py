"""How numbers, money and days are written in a language, by the format specs that placeholders carry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_month_names
from babel.numbers import NumberPattern, parse_pattern

from locales.cyrillic import to_cyrillic
from locales.languages import Language

#: Days are shown as they are counted in Kosovo.
ZONE = ZoneInfo("Europe/Belgrade")

NUMBERS = {
    "money": "#,##0.00",
    "kwh": "#,##0.#",
    "kwh0": "#,##0",
    "cents": "#,##0.00",
    "percent": "#,##0%",
    "number": "#,##0.###",
    "watts": "#,##0",
    "hours": "#,##0.##",
}
UNITS = {"kwh": "kWh", "kwh0": "kWh", "cents": "c€/kWh", "watts": "W", "hours": "h"}
SPECS = frozenset({"", "text", "date", "longdate", "month", *NUMBERS})
ABSENT = "–"

#: As they stand within a date; Babel has the nominative alone.
SERBIAN_MONTHS = (
    "januara",
    "februara",
    "marta",
    "aprila",
    "maja",
    "juna",
    "jula",
    "avgusta",
    "septembra",
    "oktobra",
    "novembra",
    "decembra",
)

Shown = str | int | Decimal | date | datetime | None


def _day(value: Shown) -> date:
    if isinstance(value, datetime):
        return value.astimezone(ZONE).date()
    if isinstance(value, date):
        return value
    raise ValueError(f"{value!r} is no date")


class Formats:
    """Writes values in one language.

    `money` is euros, `cents` c€/kWh, `percent` a share of one; `month` takes a date or a number from 1 to 12.
    A space between a number and its unit never breaks a line.
    """

    def __init__(self, language: Language) -> None:
        self._language = language
        self._locale = language.locale
        self._patterns: dict[str, NumberPattern] = {name: parse_pattern(p) for name, p in NUMBERS.items()}
        self._days: dict[str, Callable[[Shown], str]] = {
            "date": lambda value: format_date(_day(value), language.date_pattern, self._locale),
            "longdate": lambda value: self._longdate(_day(value)),
            "month": self._month,
        }
        self.show = lru_cache(maxsize=8192, typed=True)(self._show)

    def _show(self, value: Shown, spec: str) -> str:
        """The value as text.  Raises ValueError when the spec is unknown or does not fit."""
        if spec not in SPECS:
            raise ValueError(f"no format is called {spec!r}")
        if value is None:
            return ABSENT
        if spec in self._days:
            return self._days[spec](value)
        if spec in NUMBERS:
            return self._number(value, spec)
        return self._plainly(value)

    def _plainly(self, value: Shown) -> str:
        if isinstance(value, Decimal):
            return self._number(value, "number")
        return self._days["date"](value) if isinstance(value, date) else str(value)

    def _number(self, value: Shown, spec: str) -> str:
        if not isinstance(value, int | Decimal):
            raise ValueError(f"{value!r} is no number")
        written: str = self._patterns[spec].apply(value, self._locale)
        if spec == "money":
            return self._money(written)
        return f"{written}\u00a0{UNITS[spec]}" if spec in UNITS else written

    def _money(self, written: str) -> str:
        if self._locale.language != "en":
            return f"{written}\u00a0€"
        return f"-€{written[1:]}" if written.startswith("-") else f"€{written}"

    def _longdate(self, day: date) -> str:
        if self._locale.language == "sr":
            written = f"{day.day}. {SERBIAN_MONTHS[day.month - 1]} {day.year}"
            return to_cyrillic(written) if self._language.script == "Cyrl" else written
        return format_date(day, "d MMMM y", self._locale)

    def _month(self, value: Shown) -> str:
        number = value if isinstance(value, int) else _day(value).month
        if not 1 <= number <= 12:
            raise ValueError(f"{number} is no month")
        name: str = get_month_names("wide", "stand-alone", self._locale)[number]
        return name
