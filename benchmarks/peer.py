"""The yardstick: python-telegram-bot in memory hears the same updates, keeps nothing, and says nothing."""

from __future__ import annotations

import asyncio
import json
import os
import time
import warnings
from pathlib import Path
from typing import Any

os.environ.setdefault("PTB_TIMEDELTA", "true")

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest
from telegram.warnings import PTBUserWarning

from benchmarks.figures import Figures
from benchmarks.steps import Updates
from tests.fakes.telegram import TOKEN

CHATS, TURNS = 200, 6000
OPEN, PICKING, RESULT, HOURS = range(4)


class Nobody(BaseRequest):
    """A Telegram that knows the bot, and nothing else is asked of it."""

    read_timeout = 1.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        me = {"id": 424242, "is_bot": True, "first_name": "eKESCO", "username": "ekesco_test_bot"}
        return 200, json.dumps({"ok": True, "result": me}).encode()


def conversation_handler(folder: Path) -> Figures:
    return {"updates a second, nothing kept, nothing said": asyncio.run(_rate())}


async def _rate() -> float:
    application = (
        Application.builder()
        .token(TOKEN)
        .request(Nobody())
        .get_updates_request(Nobody())
        .updater(None)
        .build()
    )
    application.add_handler(_conversation())
    updates = Updates()
    bodies = [updates.next(1 + n % CHATS) for n in range(TURNS)]
    async with application:
        began = time.perf_counter()
        for body in bodies:
            await application.process_update(Update.de_json(json.loads(body), application.bot))
        seconds = time.perf_counter() - began
        told = sum(data.get("turns", 0) for data in application.user_data.values())
    assert told == TURNS, f"{told} of {TURNS} updates were heard"
    return TURNS / seconds


def _conversation() -> ConversationHandler[ContextTypes.DEFAULT_TYPE]:
    def tap(pattern: str, state: int) -> CallbackQueryHandler[ContextTypes.DEFAULT_TYPE, object]:
        return CallbackQueryHandler(_going_to(state), pattern)

    # It warns of taps on several messages at once, of which there are none here.
    warnings.simplefilter("ignore", PTBUserWarning)
    return ConversationHandler(
        entry_points=[CommandHandler("start", _going_to(OPEN))],
        states={
            OPEN: [tap(r"^\d+:=en$", OPEN), tap(r"^\d+:=SKIP$", OPEN), tap("^start:EstimateBill$", PICKING)],
            PICKING: [tap(r"^\d+:[+-]\w+$", PICKING), tap(r"^\d+:done$", RESULT)],
            RESULT: [tap(r"^\d+:view:", RESULT), tap(r"^\d+:change:", HOURS), tap(r"^\d+:yes$", OPEN)],
            HOURS: [MessageHandler(filters.TEXT & ~filters.COMMAND, _going_to(RESULT))],
        },
        fallbacks=[CommandHandler("cancel", _going_to(ConversationHandler.END))],
    )


def _going_to(state: int) -> Any:
    async def handle(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        """Notes what was said and draws a keyboard of eleven buttons, as a bot would that then sends it."""
        data = context.user_data
        assert data is not None
        data["turns"] = data.get("turns", 0) + 1
        data["last"] = update.callback_query.data if update.callback_query else update.effective_message
        InlineKeyboardMarkup([[InlineKeyboardButton(str(n), callback_data=str(n))] for n in range(11)])
        return state

    return handle
