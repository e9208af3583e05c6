from pathlib import Path

import pytest

from tests.kill.trial import Trial


@pytest.mark.parametrize("mode", ["polling", "webhook", "viber"])
async def test_asked_to_stop_it_ends_well_within_ten_seconds_and_leaves_nothing_half_done(
    tmp_path: Path, mode: str
) -> None:
    result = await Trial(tmp_path, mode, seed=3).stops(5)
    print(result, f"slowest stop {result.slowest_stop:.1f} s")
    assert result.faults == []
