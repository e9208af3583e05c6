"""A command of `ekesco ops`, from settings to what is printed.

The program may be running: the lock that keeps a second one away is not taken.
"""

from __future__ import annotations

import asyncio
import getpass
import json
import logging
import os
import socket

from bot.clock import now
from bot.gateways.registry.local import LocalRegistry
from bot.operations.use import Answer, Desk, Use, Work, carried_out
from bot.services.passwords import Passwords
from bot.services.ports import Means
from bot.services.vault import Vault
from bot.settings import Settings
from storage.base import Storage
from storage.migrate import migrate
from storage.open import is_made, open_storage, shown


class NoDatabase(Exception):
    """There is nothing to look at: to make it now would only say that all is well."""


def answered(settings: Settings, use: Use, work: Work) -> Answer:
    """Raises `NoDatabase`, `MissingKey`, `Unavailable`, `OSError` and `ValueError`."""
    return asyncio.run(_answered(settings, use, work))


async def _answered(settings: Settings, use: Use, work: Work) -> Answer:
    url = settings.database_url
    if not is_made(url):
        raise NoDatabase(
            f"there is no database at {shown(url)}; go to the folder in which the program runs, or set"
            " EKESCO_DATABASE_URL as it is set there"
        )
    vault = Vault(*settings.keys())
    logging.getLogger("alembic").setLevel(logging.WARNING)
    migrate(url)
    storage = open_storage(url)
    try:
        return await carried_out(Desk(_means(storage, vault, settings), operator(settings), use, now()), work)
    finally:
        await storage.close()


def _means(storage: Storage, vault: Vault, settings: Settings) -> Means:
    # Nothing here asks the utility's register or looks at a password.
    passwords = Passwords(*vault.all_derived("password"))
    return Means(storage, LocalRegistry(storage), vault, passwords, settings.regions(), settings.meter_claims)


def operator(settings: Settings) -> str:
    """Who is at work: as they are set, else the user of the machine and the machine."""
    if settings.operator:
        return settings.operator
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # in a container a user may have a number and no name
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"


def printed(answer: Answer, *, as_json: bool) -> str:
    if not as_json:
        return answer.said
    plain = answer.plain if answer.plain is not None else {"said": answer.said}
    return json.dumps({"outcome": answer.outcome, **plain}, ensure_ascii=False, indent=2)
