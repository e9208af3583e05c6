"""What an operator sets: read as it was meant, refused where it cannot be, and secret where it must be."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.services.phones import REGIONS
from bot.settings import MissingKey, Settings, demo_settings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder, and no setting in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"EKESCO_{name.upper()}", raising=False)


def put(monkeypatch: pytest.MonkeyPatch, **settings: str) -> Settings:
    for name, value in settings.items():
        monkeypatch.setenv(f"EKESCO_{name.upper()}", value)
    return Settings()


def test_without_a_word_everything_stays_on_this_machine() -> None:
    settings = Settings()
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8080, "")
    assert settings.database_url.startswith("sqlite:///")
    assert settings.registry_url.get_secret_value() == "local:"
    assert settings.payments_url.get_secret_value() == "sandbox:"
    assert settings.sms_url.get_secret_value() == settings.email_url.get_secret_value() == "console:"
    assert settings.regions() == REGIONS


def test_settings_come_from_the_environment_and_from_a_file_beside_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("EKESCO_PORT=9000\nEKESCO_HOST=0.0.0.0\nANOTHER=1\n", encoding="utf-8")
    settings = put(monkeypatch, port="9001")
    assert (settings.host, settings.port) == ("0.0.0.0", 9001)


def test_a_setting_that_is_left_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert put(monkeypatch, port="", registry_url="").registry_url.get_secret_value() == "local:"


@pytest.mark.parametrize(
    ("name", "value"),
    [("port", "-1"), ("port", "65536"), ("port", "http"), ("telegram_mode", "push"), ("log_format", "xml")],
)
def test_what_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(ValidationError):
        put(monkeypatch, **{name: value})


SECRETS = (
    *("secret_key", "secret_key_before", "telegram_token", "telegram_secret", "telegram_secret_before"),
    *("registry_url", "registry_token", "sms_url", "sms_token", "email_url", "email_password"),
    *("payments_url", "payments_password"),
)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    settings = put(monkeypatch, **{name: "canary-of-tests"})
    assert getattr(settings, name).get_secret_value() == "canary-of-tests"
    assert "canary" not in f"{settings} {settings!r} {settings.model_dump()} {settings.model_dump_json()}"


def test_without_a_key_nothing_is_sealed_under_a_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingKey, match="EKESCO_SECRET_KEY is not set"):
        Settings().keys()
    with pytest.raises(MissingKey):
        put(monkeypatch, secret_key_before="old").keys()


def test_todays_key_comes_first_and_the_one_before_it_counts_while_it_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert put(monkeypatch, secret_key="new").keys() == ("new",)
    assert put(monkeypatch, secret_key_before="old").keys() == ("new", "old")


def test_a_webhook_may_be_signed_with_the_secret_before_until_telegram_knows_the_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Settings().hook_secrets() == ("",)
    assert put(monkeypatch, telegram_secret="new").hook_secrets() == ("new",)
    assert put(monkeypatch, telegram_secret_before="old").hook_secrets() == ("new", "old")
    assert put(monkeypatch, telegram_secret="").hook_secrets() == ("", "old")


def test_regions_are_written_as_one_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert put(monkeypatch, phone_regions=" xk, al ,,CH").regions() == ("XK", "AL", "CH")
    assert put(monkeypatch, phone_regions="XK").regions() == ("XK",)


def test_the_demo_makes_a_key_that_only_its_owner_can_read_and_keeps_it(tmp_path: Path) -> None:
    first = demo_settings().keys()
    assert len(first[0]) >= 64
    kept = tmp_path / "var" / "demo.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["demo.key"]
    assert demo_settings().keys() == first


def test_the_demo_takes_the_key_that_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EKESCO_SECRET_KEY", "mine")
    assert demo_settings().keys() == ("mine",)
    assert not (tmp_path / "var").exists()


def test_every_setting_is_explained_to_operators() -> None:
    explained = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"EKESCO_{name.upper()}=" not in explained]
    assert missing == []
