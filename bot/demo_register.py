"""The small register that comes with the demo, and who in it a visitor may be.  Nobody in it exists."""

from __future__ import annotations

from dataclasses import dataclass

from bot.clock import Clock, now
from bot.importing.run import Import
from bot.seeding.hashes import SAMPLE_PASSWORD
from bot.seeding.picked import (
    EXPIRED_ID,
    FOLDER,
    ORDINARY,
    SERBIAN,
    TWO_METERS,
    UNPAID,
    WITH_ACCOUNT,
    Picked,
)
from bot.services.rows import BadRow
from bot.services.vault import Vault
from dialogs.engine.text import Text, _
from storage import register
from storage.base import Storage

__all__ = ["SAMPLE_PASSWORD", "DemoPerson", "demo_people", "load_demo"]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to try the assistant as; `hint` is what is special about them."""

    personal_number: str
    first_name: str
    last_name: str
    customer_code: str
    hint: Text
    password: str = ""


def demo_people() -> tuple[DemoPerson, ...]:
    """Those a visitor is shown, an ordinary customer first."""
    return (
        _shown(ORDINARY, _("An ordinary customer: one meter, one bill to pay.")),
        _shown(SERBIAN, _("A Serbian name: type it with or without its marks, or in Cyrillic.")),
        _shown(TWO_METERS, _("Two meters: a home and a shop.")),
        _shown(UNPAID, _("Bills of several months are not paid.")),
        _shown(EXPIRED_ID, _("The identity card has expired, so no account can be opened.")),
        _shown(
            WITH_ACCOUNT, _("Has an account from the web site: sign in with this password."), SAMPLE_PASSWORD
        ),
    )


def _shown(picked: Picked, hint: Text, password: str = "") -> DemoPerson:
    person = picked.person
    (home, _habit), *_others = picked.lives
    return DemoPerson(
        person.personal_number, person.first_name, person.last_name, home.customer_code, hint, password
    )


async def load_demo(storage: Storage, vault: Vault, clock: Clock = now) -> bool:
    """Fill the register if nobody is in it; whether that was done.  Raises `Unavailable`."""
    if await storage.read(register.anybody()):
        return False
    await Import(storage, vault, _Nobody(), clock()).folder(FOLDER)
    return True


class _Nobody:
    """Watches; what is shipped has no bad rows."""

    def bad(self, row: BadRow) -> None:
        raise ValueError(str(row))

    def begin(self, what: str, rows: int) -> None:
        pass

    def more(self, rows: int) -> None:
        pass
