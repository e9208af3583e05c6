from pathlib import Path

from tests.kill.trial import Trial


async def test_killed_behind_viber_it_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    result = await Trial(tmp_path, "viber", seed=5).kills(25)
    print(result)
    assert result.faults == []
    assert result.turns > 25 * 20
