"""One number in free text: in digits or in words, Albanian (Gheg too), Serbian and English.

More than one number, or a number below zero, is none: what is doubtful is asked again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

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
        "’": "'",
        "′": "'",
        "−": "-",
        "–": "-",
        "½": ".5",
        "¼": ".25",
        "¾": ".75",
    }
)

#: Numbers as people write them out, folded; Gheg and ijekavian forms beside the standard ones.
NUMBER_WORDS = {
    "0": "zero asnje asnjehere asgje hic hiq aspak kurre nula nista nijedan nijedna nijedno nijednom "
    "nikad nikada none nothing never",
    "0.25": "cerek cereku qerek cetvrt cetvrtina cetvrtinu frtalj quarter",
    "0.5": "gjysme gjysma gjysmen gjysem gjysm gjyse gjysa gjys gjysmore "
    "pola polovina polovinu polovicu half",
    "1": "nje nji ni njehere nihere jedan jednom jedanput jedamput jedna jedno jednu one once",
    "2": "dy dya dyja dyhere dva dve dvije dvaput dvoje two twice couple",
    "3": "tre tri trihere trehere triput troje three thrice",
    "4": "kater katr cetiri cetri cetvoro four",
    "5": "pese pes pet petoro five",
    "6": "gjashte gjasht sest six",
    "7": "shtate shtat sedam seven",
    "8": "tete tet osam eight",
    "9": "nente nent nand nande devet nine",
    "10": "dhjete dhjet dhet deset ten",
    "11": "njembedhjete njimdhete njimdhet jedanaest jedanest eleven",
    "12": "dymbedhjete dymdhete dymdhet dvanaest dvanest twelve",
    "13": "trembedhjete trimdhete trimdhet trinaest trinest thirteen",
    "14": "katermbedhjete katermdhete katermdhet cetrnaest cetrnest fourteen",
    "15": "pesembedhjete pesemdhete pesemdhet petnaest petnest fifteen",
    "16": "gjashtembedhjete gjashtemdhete gjashtemdhet sesnaest sesnest sixteen",
    "17": "shtatembedhjete shtatemdhete shtatemdhet sedamnaest sedamnest seventeen",
    "18": "tetembedhjete tetemdhete tetemdhet osamnaest osamnest eighteen",
    "19": "nentembedhjete nentemdhete nentemdhet devetnaest devetnest nineteen",
    "20": "njezet njizet nizet dvadeset dvaest dvades twenty",
    "30": "tridhjete tridhet trideset triest thirty",
    "40": "dyzet katerdhjete cetrdeset forty",
    "50": "pesedhjete pesedhet pedeset fifty",
    "60": "gjashtedhjete gjashtdhet sezdeset sixty",
    "70": "shtatedhjete shtatdhet sedamdeset seventy",
    "80": "tetedhjete tetdhet osamdeset eighty",
    "90": "nentedhjete nentdhet devedeset ninety",
    "100": "njeqind niqind njiqind qind sto stotinu hundred",
    "200": "dyqind dvesta dvjesta dvesto dvjesto",
    "300": "treqind trista tristo",
    "400": "katerqind cetiristo",
    "500": "peseqind pesqind petsto",
    "600": "gjashteqind gjashtqind sesto",
    "700": "shtateqind shtatqind sedamsto",
    "800": "teteqind tetqind osamsto",
    "900": "nenteqind nentqind devetsto",
    "1000": "mije mij hiljada hiljadu hiljade iljada iljadu tisuca tisucu thousand",
}
_WORDS = {word: Decimal(value) for value, words in NUMBER_WORDS.items() for word in words.split()}

_WORD = re.compile(r"[a-z]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?|[.,]\d+")
_BELOW_ZERO = re.compile(r"(?<![\w.,])-\s?\d|\bminus\b")
#: "2.000", "2 000" and "2,000" are two thousand, "0,125" is not.
_THOUSANDS = re.compile(r"(?<![\d.,])([1-9]\d{0,2})[\s.,'](\d{3})(?![\d.,]?\d)")
_AND_A_HALF = re.compile(r"\be (?:nje )?gjys\w*|\bi\s?(?:po|pol\w*)\b|\band (?:a )?half\b")
_HALF_OF = re.compile(r"\b(?:nj[ei]|ni|jedna|one) (?=gjys|pola\b|half\b)|\bpo(?= sata?\b)")
_HOUR = re.compile(r"\b(?:or[ae]|sat|sahat\w*|hour)\b")
_NOT_ONE = re.compile(r"\bni (?=jed[an])")
_FRACTION_APART = re.compile(r"(?<=\d)\s+(?=[½¼¾])")
_AND = frozenset({"e", "i", "and"})


def folded(text: str) -> str:
    """Lower case Latin without accents: what the readers look at."""
    text = _FRACTION_APART.sub("", text).casefold().translate(_CYRILLIC)
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).strip()


def number_in(text: str) -> Decimal | None:
    """The one number of a text, in digits or words, or None when there is none or more than one."""
    text = folded(text)
    if _BELOW_ZERO.search(text):
        return None
    text = _NOT_ONE.sub("ni", _THOUSANDS.sub(r"\1\2", text))
    half = bool(_AND_A_HALF.search(text))
    found = _found(_AND_A_HALF.sub(" ", text))
    if half and not found:
        return Decimal("1.5") if _HOUR.search(text) else Decimal("0.5")
    if len(set(found)) != 1 or (half and found[0] % 1):
        return None
    return found[0] + (Decimal("0.5") if half else 0)


def _found(text: str) -> list[Decimal]:
    digits = [Decimal(number.replace(",", ".")) for number in _NUMBER.findall(text)]
    spelled = list(_spelled(_HALF_OF.sub(_halved, text)))
    if len(digits) == 1 and spelled == [Decimal(1000)]:
        return [digits[0] * 1000]  # "2 mijë", "2 hiljade"
    return digits + [number for number in spelled if not digits or number > 1]


def _halved(match: re.Match[str]) -> str:
    return "half" if match[0] == "po" else ""


def _spelled(text: str) -> Iterator[Decimal]:
    """The numbers that are spelled out: "njëzet e pesë" is one, "dy tre" are two."""
    sum_ = Decimal(-1)
    for word in _WORD.findall(text):
        value = _WORDS.get(word)
        if value is None:
            if sum_ >= 0 and word not in _AND:
                yield sum_
                sum_ = Decimal(-1)
        elif _continues(sum_, value):
            sum_ = sum_ * value if value in (100, 1000) and sum_ < value else sum_ + value
        else:
            if sum_ >= 0:
                yield sum_
            sum_ = value
    if sum_ >= 0:
        yield sum_


def _continues(sum_: Decimal, value: Decimal) -> bool:
    """Whether `value` said after `sum_` makes one number with it."""
    if sum_ < 1 or value < 1:
        return False
    if value in (100, 1000) and sum_ < value:
        return True
    return any(sum_ % size == 0 and value < size for size in (1000, 100)) or (
        sum_ % 10 == 0 and sum_ % 100 >= 20 and value < 10
    )
