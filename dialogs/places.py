"""Customer codes as customers give them: whole, as a bare number that needs a district, or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.identity import CustomerCode
from dialogs.engine.steps import Bad, Entry, Reader
from dialogs.engine.text import Phrase, _l
from dialogs.identifiers import customer_code

DISTRICTS = (
    Entry("DPR", "DPR", Phrase(_l("Prishtina (DPR)"))),
    Entry("DMI", "DMI", Phrase(_l("Mitrovica (DMI)"))),
    Entry("DPE", "DPE", Phrase(_l("Peja (DPE)"))),
    Entry("DPZ", "DPZ", Phrase(_l("Prizren (DPZ)"))),
    Entry("DFE", "DFE", Phrase(_l("Ferizaj (DFE)"))),
    Entry("DGL", "DGL", Phrase(_l("Gjilan (DGL)"))),
    Entry("DGJ", "DGJ", Phrase(_l("Gjakova (DGJ)"))),
)


@dataclass(frozen=True, slots=True)
class Skipped:
    """The customer has no bill at hand."""


def _code_or_skip(text: str) -> CustomerCode | Skipped | Bad:
    if text.strip().casefold() == _SKIP:
        return Skipped()
    return customer_code.read(text)


def _write_code(value: CustomerCode | Skipped) -> str:
    return _SKIP if isinstance(value, Skipped) else customer_code.write(value)


def _show_code(value: CustomerCode | Skipped) -> Phrase:
    return Phrase(_l("Skip")) if isinstance(value, Skipped) else customer_code.show(value)


_SKIP = "skip"
code_or_skip: Reader[CustomerCode | Skipped] = Reader(_code_or_skip, _write_code, _show_code, digits=True)


def has_district(code: CustomerCode | Skipped) -> Whole | Bare | Skipped:
    return code if isinstance(code, Skipped) else district_of(code)


def district_of(code: CustomerCode) -> Whole | Bare:
    return Whole(str(code)) if code.district else Bare(code.number)


@dataclass(frozen=True, slots=True)
class Whole:
    """A customer code with its district."""

    text: str


@dataclass(frozen=True, slots=True)
class Bare:
    """A number that may be any of seven places."""

    number: str


def with_district(bare: Bare, district: str) -> str:
    return f"{district} {bare.number}"


def whole(code: Whole) -> str:
    return code.text


def none(_code: Skipped) -> str:
    return ""
