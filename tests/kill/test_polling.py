from pathlib import Path

from tests.kill.trial import Trial


async def test_killed_while_polling_it_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    result = await Trial(tmp_path, "polling", seed=1).kills(25)
    print(result)
    assert result.faults == []
    assert result.turns > 25 * 20
