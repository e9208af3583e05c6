"""The keyboard that stands beneath a chat, as it is kept: a message of buttons alone."""

from __future__ import annotations

import json
from typing import Any

from bot.channel import Button, Message
from dialogs.engine.lines import Tone


def write_keyboard(message: Message) -> str:
    rows = [[_button(button) for button in row] for row in message.rows]
    return json.dumps({"prompt": message.prompt, "rows": rows}, ensure_ascii=False)


def read_keyboard(text: str) -> Message:
    """No buttons for ""."""
    if not text:
        return Message(())
    raw = json.loads(text)
    rows = tuple(tuple(map(_read_button, row)) for row in raw["rows"])
    return Message((), rows, raw["prompt"])


def _button(button: Button) -> list[Any]:
    return [
        button.label,
        button.payload,
        button.url,
        button.tone.value,
        button.marked,
        button.contact,
        button.app,
    ]


def _read_button(raw: list[Any]) -> Button:
    label, payload, url, tone, marked, contact, app = raw
    return Button(label, payload, url, Tone(tone), marked, contact, app)
