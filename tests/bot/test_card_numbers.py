import pytest

from bot.card_numbers import holds_card_number, without_card_numbers


@pytest.mark.parametrize(
    "said",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "my card: 4111 1111 1111 1111 12/27",
        "5555555555554444 123",
        "4111 1111\n1111 1111",
    ],
)
def test_a_card_number_is_found_whatever_stands_around_it(said: str) -> None:
    assert holds_card_number(said)
    assert "4111" not in without_card_numbers(said)
    assert "4444" not in without_card_numbers(said)


@pytest.mark.parametrize(
    "said", ["4111111111111112", "2000 W", "1 2 3 4 5", "+383 44 123 456", "DPR 6687", ""]
)
def test_other_numbers_are_left_alone(said: str) -> None:
    assert not holds_card_number(said)
    assert without_card_numbers(said) == said
