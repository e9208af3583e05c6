"""Which provider the program takes cards by, as an operator has set it."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from bot.app import App
from bot.payment_breaker import Spared
from bot.settings import Settings
from storage.base import Storage
from tests.fakes.raiaccept import PASSWORD, FakeRaiAccept


def program(storage: Storage, payments_url: str, password: str = "", *, demo: bool = False) -> App:
    settings = Settings(
        secret_key=SecretStr("a key of the tests"),
        telegram_token=SecretStr(""),
        payments_url=SecretStr(payments_url),
        payments_password=SecretStr(password),
        port=8080,
    )
    return App(settings, storage, demo=demo)


def serves_the_sandbox(app: App) -> bool:
    return any(str(resource.canonical).startswith("/sandbox/") for resource in app.web.router.resources())


async def test_without_a_word_the_sandbox_takes_the_cards(storage: Storage) -> None:
    app = program(storage, "sandbox:")
    assert isinstance(app.provider, Spared)
    assert app.provider.name == "sandbox"
    assert app.sandbox is not None
    assert serves_the_sandbox(app)
    await app.close()


async def test_a_bank_is_asked_by_the_program_and_the_sandbox_has_no_page(storage: Storage) -> None:
    async with FakeRaiAccept() as fake:
        app = program(storage, fake.setting, PASSWORD)
        assert app.sandbox is None
        assert not serves_the_sandbox(app)
        assert await app.provider.ask("D-1") is None
        assert fake.asked == ["login", "order"]
        assert fake.violations == []
        await app.close()


async def test_the_invented_people_of_the_demo_pay_no_bank(storage: Storage) -> None:
    app = program(storage, "raiaccept://u:p@trapi.raiaccept.com", demo=True)
    assert app.sandbox is not None
    await app.close()


async def test_a_setting_that_names_nothing_is_told_at_the_start(storage: Storage) -> None:
    with pytest.raises(ValueError, match=r"PAYMENTS_URL must be sandbox: or raiaccept://"):
        program(storage, "paypal://secret@host")
