"""How the bot presents itself: name, descriptions, commands and the menu button, in each language.

Telegram allows few changes a day, so what stands there is read first and only what differs is written.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from telegram import Bot, BotCommand, MenuButtonCommands
from telegram.error import BadRequest, RetryAfter

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Command:
    """A command without its slash, and what it does."""

    name: str
    does: str


@dataclass(frozen=True, slots=True)
class Face:
    """One language's words.  Limits in characters: name 64, short description 120, description 512."""

    name: str
    short_description: str
    description: str
    commands: tuple[Command, ...]


async def put_on(bot: Bot, faces: Mapping[str, Face]) -> list[str]:
    """Make the bot look like `faces`, by language code (`""`: all others).  Returns what was written."""
    written: list[str] = []
    for language, face in faces.items():
        written += await _wear(bot, face, language or None)
    if not isinstance(await bot.get_chat_menu_button(), MenuButtonCommands):
        await _write(
            "menu button", lambda: bot.set_chat_menu_button(menu_button=MenuButtonCommands()), written
        )
    return written


async def _wear(bot: Bot, face: Face, language: str | None) -> list[str]:
    written: list[str] = []
    at = language or "default"
    commands = [BotCommand(command.name, command.does) for command in face.commands]
    if list(await bot.get_my_commands(language_code=language)) != commands:
        await _write(f"commands {at}", lambda: bot.set_my_commands(commands, language_code=language), written)
    if (await bot.get_my_name(language)).name != face.name:
        await _write(f"name {at}", lambda: bot.set_my_name(face.name, language), written)
    if (await bot.get_my_description(language)).description != face.description:
        await _write(f"description {at}", lambda: bot.set_my_description(face.description, language), written)
    if (await bot.get_my_short_description(language)).short_description != face.short_description:
        await _write(
            f"short description {at}",
            lambda: bot.set_my_short_description(face.short_description, language),
            written,
        )
    return written


async def _write(what: str, change: Callable[[], Awaitable[bool]], written: list[str]) -> None:
    """A change that Telegram does not take, or not today, waits for the next start and holds up no other."""
    try:
        await change()
    except (RetryAfter, BadRequest) as error:
        log.warning("the bot's %s stays as it was: %s", what, error.message)
    else:
        written.append(what)
