"""What customers do in these measurements: raw updates, as Telegram would deliver them.

A start, a language, then estimates: appliances ticked and unticked, a line of the result changed, done.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
KEYS = ("television", "oven", "freezer", "dishwasher", "television", "oven", "freezer", "dishwasher")


def moves() -> Iterator[tuple[bool, str]]:
    """Taps (True) and words (False), without an end."""
    yield False, "/start"
    yield True, "1:=en"
    yield True, "2:=SKIP"
    for prompt in itertools.count(3, 4):
        yield True, "start:EstimateBill"
        for n, key in enumerate(KEYS):
            yield True, f"{prompt}:{'-' if n < len(KEYS) / 2 else '+'}{key}"
        yield True, f"{prompt}:done"
        yield True, f"{prompt + 1}:view:uses"
        yield True, f"{prompt + 1}:view:uses.television"
        yield True, f"{prompt + 1}:change:uses.television.hours"
        yield False, "2.5"
        yield True, f"{prompt + 3}:yes"


class Updates:
    """The updates of any number of chats, numbered as one stream."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._moves: dict[int, Iterator[tuple[bool, str]]] = {}

    def next(self, chat: int) -> bytes:
        """The next thing that this chat's customer does."""
        tap, what = next(self._moves.setdefault(chat, moves()))
        return json.dumps(update(next(self._numbers), chat, tap, what)).encode()


def update(number: int, chat: int, tap: bool, what: str) -> Json:
    person = {"id": chat, "is_bot": False, "first_name": "Arta", "language_code": "en"}
    where = {"id": chat, "type": "private", "first_name": "Arta"}
    message: Json = {"message_id": number, "date": 1700000000, "chat": where}
    if not tap:
        entities = [{"type": "bot_command", "offset": 0, "length": len(what)}] if what[0] == "/" else []
        return {
            "update_id": number,
            "message": message | {"from": person, "text": what, "entities": entities},
        }
    bot = {"id": 424242, "is_bot": True, "first_name": "eKESCO", "username": "ekesco_test_bot"}
    query = {"id": str(number), "from": person, "chat_instance": str(chat), "data": what}
    shown = message | {"from": bot, "text": "Which of these do you use at home?"}
    return {"update_id": number, "callback_query": query | {"message": shown}}
