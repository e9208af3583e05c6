"""What differs between the channels, as a page for people: `python -m handlers.differences`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.channel import Capabilities
from handlers.telegram.capabilities import TELEGRAM
from handlers.viber.capabilities import VIBER
from handlers.web.capabilities import WEB

PAGE = Path(__file__).parent.parent / "docs" / "channels.md"

CHANNELS = {"Telegram": TELEGRAM, "Viber": VIBER, "Web chat": WEB}

_ROWS: tuple[tuple[str, Callable[[Capabilities], str]], ...] = (
    ("A question that changes (marks, language)", lambda c: "changes in place" if c.edits else "comes again"),
    ("Dead buttons", lambda c: "are taken away" if c.edits else "are replaced by the next keyboard"),
    (
        "A secret typed into the chat",
        lambda c: "is taken away" if c.deletes else "customer is asked to delete it",
    ),
    ("Buttons", lambda c: "beneath their message" if c.inline_keyboard else "one keyboard beneath the chat"),
    ("Options in the text, too", lambda c: "numbered" if c.lists else "no, but each can be typed"),
    ("Buttons at most", lambda c: f"{c.buttons}"),
    ("Side by side at most", lambda c: f"{c.columns}"),
    ("Letters of a label that are sure to be seen", lambda c: f"{c.label_length}"),
    ("Letters of a message (longer ones are parted)", lambda c: f"{c.text_length:,}"),
    ("Letters beneath a picture (longer ones come apart)", lambda c: f"{c.caption_length:,}"),
    ("The own number by a button", lambda c: "yes" if c.phone_button else "no, it is typed"),
    ("“is typing…”", lambda c: "yes" if c.typing else "no"),
    (
        "Unasked messages",
        lambda c: "always" if c.free_hours is None else f"free for {c.free_hours} h, then by two switches",
    ),
)
_HEAD = """# What differs between the channels

Every dialog works on every channel, and every conversation of the tests runs on all of them. This page is
made from the channels' own data by `python -m handlers.differences`.

"""


def page() -> str:
    lines = [("", *CHANNELS), ("---",) * (len(CHANNELS) + 1)]
    lines += [(what, *(tell(c) for c in CHANNELS.values())) for what, tell in _ROWS]
    return _HEAD + "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
