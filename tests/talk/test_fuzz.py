"""A quick look at what `python -m tests.talk.fuzz` does at length."""

from __future__ import annotations

import pytest

from tests.talk.fuzz import fuzzed

#: Together they are the 50,000 inputs that every run of the tests goes through.
INPUTS, SEEDS = 12_500, (1, 2, 3, 4)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_input_raises_is_met_with_silence_or_ends_in_a_dead_end(seed: int) -> None:
    said: list[str] = []
    assert fuzzed(INPUTS, seed, said.append) == 0, said[:5]
