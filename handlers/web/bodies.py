"""How a message stands in the table of the web chat: JSON, with its picture inside.

The picture lives and dies with its message, so that erasing a chat erases it too.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from bot.channel import Button, Image, Message, Span
from dialogs.engine.lines import Tone


def encode_message(message: Message, language: str) -> str:
    """What the assistant said, as JSON text."""
    body: dict[str, Any] = {
        "lang": language,
        "text": [[span.text, span.bold] for span in message.text],
        "rows": [[_button(button) for button in row] for row in message.rows],
    }
    if message.image:
        png = base64.b64encode(message.image.png).decode()
        body["image"] = {"alt": message.image.alt, "png": png}
    return json.dumps(body, ensure_ascii=False)


def encode_own(text: str, client: str) -> str:
    """What the customer said, as JSON text; `client` is the id that their browser gave it."""
    return json.dumps({"text": [[text, False]], "client": client}, ensure_ascii=False)


def decode_message(document: Mapping[str, Any]) -> Message:
    """The message in a document of `encode_message` or `encode_own`."""
    image = document.get("image")
    return Message(
        text=tuple(Span(text, bold) for text, bold in document["text"]),
        rows=tuple(tuple(_read_button(button) for button in row) for row in document.get("rows", ())),
        image=Image(base64.b64decode(image["png"]), image["alt"]) if image else None,
    )


def _button(button: Button) -> dict[str, Any]:
    return {
        "label": button.label,
        "payload": button.payload,
        "url": button.url,
        "tone": button.tone.value,
        "marked": button.marked,
    }


def _read_button(document: Mapping[str, Any]) -> Button:
    return Button(
        label=document["label"],
        payload=document["payload"],
        url=document["url"],
        tone=Tone(document["tone"]),
        marked=document["marked"],
    )
