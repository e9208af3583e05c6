import pytest

from storage.open import shown


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://user:secret@host:5432/name", "postgresql://host:5432/name"),
        ("postgresql://user:se@cret@host/name?password=secret", "postgresql://host/name"),
        ("postgresql:///name?host=/run&password=secret", "postgresql:///name"),
        ("sqlite:///var/ekesco.db", "sqlite:///var/ekesco.db"),
        ("sqlite:////var/ekesco.db", "sqlite:////var/ekesco.db"),
        ("ekesco.db", "ekesco.db"),
    ],
)
def test_what_is_said_of_a_database_names_it_and_tells_no_password(url: str, told: str) -> None:
    assert shown(url) == told
