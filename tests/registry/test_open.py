"""Which register a setting means, and which it cannot."""

from __future__ import annotations

import pytest

from bot.gateways.registry.http import HttpRegistry
from bot.gateways.registry.local import LocalRegistry
from bot.gateways.registry.open import open_registry
from bot.seeding.picked import ORDINARY
from storage.base import Storage
from tests.fakes.registry import TOKEN, FakeRegistry


def test_local_is_our_own_tables(storage: Storage) -> None:
    assert isinstance(open_registry("local:", storage), LocalRegistry)


@pytest.mark.parametrize(
    "setting",
    [
        "https://registry.example.com",
        "https://t@registry.example.com:8443/v1/",
        "http://localhost:1",
        "http://[::1]:1",
    ],
)
def test_an_address_is_a_server(storage: Storage, setting: str) -> None:
    assert isinstance(open_registry(setting, storage), HttpRegistry)


@pytest.mark.parametrize(
    "setting",
    [
        "",
        "local",
        "remote:",
        "registry.example.com",
        "http://secret@registry.example.com/v1",
        "http://127.0.0.1.example.com",
        "ftp://secret@registry.example.com",
        "https://",
        "https://secret@registry.example.com/v1?key=secret",
        "https://secret@registry.example.com:port/",
    ],
)
def test_anything_else_is_refused_without_telling_secrets(storage: Storage, setting: str) -> None:
    with pytest.raises(ValueError, match="REGISTRY_URL") as caught:
        open_registry(setting, storage)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("way", ["in the address", "beside it"])
async def test_the_token_may_stand_in_the_address_or_beside_it(storage: Storage, way: str) -> None:
    async with FakeRegistry([ORDINARY.person]) as fake:
        inside = fake.url.replace("://", f"://{TOKEN}@")
        opened = (
            open_registry(inside, storage)
            if way == "in the address"
            else open_registry(fake.url, storage, TOKEN)
        )
        assert await opened.person(ORDINARY.person.personal_number) == ORDINARY.person
        await opened.close()
