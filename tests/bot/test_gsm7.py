import pytest

from bot.gsm7 import BASIC, EXTENSION, in_gsm7, septets


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Kodi është i vlefshëm për Çelën", "Kodi eshte i vlefshem per Çelen"),
        ("çelësi", "celesi"),
        ("e\u0308", "e"),  # composed of two characters
        ("Šifra važi još čas; žurite, đače, noću", "Sifra vazi jos cas; zurite, djace, nocu"),
        ("Đorđe Ćosić", "Djordje Cosic"),
        ("Шифра важи још; Љубљана, Њива, Џеп, ђак", "Sifra vazi jos; Ljubljana, Njiva, Dzep, djak"),
        ("25,13\u00a0€ – „kWh“…", '25,13 € - "kWh"...'),
        ("zero\u200bwidth\u0007", "zerowidth"),
        ("½ ☂", "1?2 ?"),
        ("mañana über Ærø é", "mañana über Ærø é"),
    ],
)
def test_a_text_is_brought_into_the_alphabet(text: str, plain: str) -> None:
    assert in_gsm7(text) == plain
    septets(in_gsm7(text))


def test_the_alphabet_has_its_127_characters_and_ten_that_count_two() -> None:
    assert len(BASIC) == 127  # the 128th is the escape itself
    assert len(EXTENSION) == 10
    assert septets("abc@ÇΩ") == 6
    assert septets("25,13 €") == 8
    assert septets("[x]") == 5


def test_what_is_not_in_the_alphabet_is_not_counted_as_if_it_were() -> None:
    for lacking in "ëçšćđш\u00a0":
        with pytest.raises(ValueError, match="not in the alphabet"):
            septets(f"a{lacking}")


def test_what_is_in_the_alphabet_stays_as_it_is() -> None:
    everything = "".join(BASIC | EXTENSION)
    assert in_gsm7(everything) == everything
