"""Random inputs through the engine and its memory: `python -m tests.talk.fuzz --inputs 1000000 --seed 1`.

No input may raise, be met with silence, or leave a conversation that cannot be ended.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from bot.services.prices import NoPrices
from bot.turn import MOST_RUNS
from dialogs.engine.advance import advance
from dialogs.engine.book import Book
from dialogs.engine.conversation import Conversation
from dialogs.engine.events import Arrived, Event, Failed, Leaked, Ran, Said, Shared, Tapped, Unreadable, Woke
from dialogs.engine.going import Run, Take
from dialogs.engine.letters import read_line, write_line
from dialogs.engine.lines import Line
from dialogs.engine.memory import recall, remember
from dialogs.engine.offers import Refused
from dialogs.engine.steps import returned_kinds
from tests.talk.books import without
from tests.talk.inputs import ANSWERS, COMMANDS, JUNK, labels
from tests.talk.outcomes import some
from tests.talk.world import BOOK, MORNING

LABELS = tuple(dict.fromkeys(labels()))
BOOKS = (BOOK, without("oven", "television"))
LANGUAGES = ("sq", "sr", "sr_Cyrl", "en")
#: Inputs to one conversation, until a customer is somebody new.
LONGEST = 60


@dataclass
class Chat:
    """One conversation under fire, and what it has offered so far."""

    dice: random.Random
    book: Book = BOOK
    conversation: Conversation = field(default_factory=Conversation)
    at: datetime = MORNING
    offered: list[str] = field(default_factory=list)

    def happens(self, event: Event) -> Sequence[Line]:
        """What is said to it; services answer, or do not."""
        outcome = advance(self.conversation, event, self.book)
        lines = list(outcome.lines)
        runs = 0
        while outcome.run is not None:
            runs += 1
            assert runs <= MOST_RUNS, f"{outcome.run.step} is run again and again"
            outcome = advance(outcome.conversation, self._answer(outcome.run), self.book)
            lines += outcome.lines
        self.conversation = recall(remember(outcome.conversation), self.book.dialogs)
        assert self.conversation == outcome.conversation, "memory"
        for line in lines:
            kept = tuple(replace(option, offer=None) for option in line.options)
            assert read_line(write_line(line)) == replace(line, asks="", options=kept), "letters"
            self.offered += [option.payload for option in line.options if option.payload]
        del self.offered[:-200]
        return lines

    def _answer(self, run: Run | Take) -> Event:
        """Nobody is there, or the service gives one of the outcomes that it says it has."""
        if self.dice.random() < 0.1:
            return Failed(run.step, self.at)
        kinds = (Refused,) if isinstance(run, Take) else returned_kinds(run.fn)
        return Ran(run.step, some(self.dice.choice(kinds)), self.at)


def fuzzed(inputs: int, seed: int, report: Callable[[str], None] = print) -> int:
    """Inputs that went wrong, each reported with what led to it."""
    dice = random.Random(seed)
    wrong, left, began = 0, inputs, time.monotonic()
    while left > 0:
        chat, done = Chat(dice), []
        for _ in range(min(left, dice.randint(5, LONGEST))):
            event = some_event(chat)
            done.append(event)
            left -= 1
            if problem := _problem(chat, event):
                wrong += 1
                report(f"{problem} after {done[-5:]}")
                break
        else:
            if problem := _stuck(chat):
                wrong += 1
                report(f"{problem} after {done[-5:]}")
    report(f"{inputs} inputs, {wrong} wrong, {inputs / (time.monotonic() - began):.0f} a second, seed {seed}")
    return wrong


def _problem(chat: Chat, event: Event) -> str:
    before = chat.conversation
    try:
        lines = chat.happens(event)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "" if lines or _may_be_silent(before, chat, event) else "silence"


def _may_be_silent(before: Conversation, chat: Chat, event: Event) -> bool:
    """A timer need not speak, a group is told once a day, and a tap that is true already changes nothing."""
    if isinstance(event, Woke) or (isinstance(event, Unreadable) and event.kind == "group"):
        return True
    if isinstance(event, Tapped):
        option = event.payload.partition(":")[2]
        there_already = (
            option.startswith(("+", "-", "p", "view:")) and before.frames == chat.conversation.frames
        )
        return event.payload == before.tapped or there_already
    return False


def _stuck(chat: Chat) -> str:
    """Whether some words of farewell do not end it."""
    for _ in range(2 * len(chat.conversation.frames) + 2):
        chat.at += timedelta(seconds=5)
        if not chat.conversation.language:
            return ""
        chat.happens(Said("cancel", chat.at))
    return "stuck" if chat.conversation.frames else ""


def some_event(chat: Chat) -> Event:
    dice = chat.dice
    chat.at += timedelta(seconds=dice.choice((0, 1, 5, 5, 5, 60, 3700, 7300, 90_000, 700_000)))
    if dice.random() < 0.02:
        chat.book = dice.choice(BOOKS)
        chat.conversation = recall(remember(chat.conversation), chat.book.dialogs)
    match dice.choices(("tap", "old", "say", "forge", "control", "other"), (8, 2, 6, 2, 2, 1))[0]:
        case "tap":
            live = [p for p in chat.offered if p.startswith(f"{chat.conversation.asked}:")]
            return Tapped(dice.choice(live or chat.offered or [""]), chat.at)
        case "old":
            return Tapped(dice.choice(chat.offered or ["1:yes"]), chat.at)
        case "say":
            return Said(some_text(dice), chat.at)
        case "forge":
            return Tapped(some_payload(dice, chat.conversation.asked), chat.at)
        case "control":
            return Tapped(
                dice.choice(
                    [f"lang:{dice.choice(LANGUAGES)}", f"start:{dice.choice([*BOOK.dialogs])}", "resume"]
                ),
                chat.at,
            )
    return some_other(dice, chat.at)


def some_text(dice: random.Random) -> str:
    match dice.randrange(6):
        case 0:
            return dice.choice(COMMANDS)
        case 1:
            return dice.choice(ANSWERS)
        case 2:
            return dice.choice(JUNK)
        case 3:
            return "".join(chr(dice.randrange(1, 0x3000)) for _ in range(dice.randrange(40)))
        case 4:
            return misspelt(dice, dice.choice(LABELS))
    return ", ".join(dice.choices(LABELS, k=dice.randint(1, 3)))


def misspelt(dice: random.Random, word: str) -> str:
    n = dice.randrange(len(word))
    return dice.choice((word.upper(), word[:n] + word[n + 1 :], word[:n] + dice.choice("aeiou") + word[n:]))


def some_payload(dice: random.Random, asked: int) -> str:
    kinds = (
        *("=", "+", "-", "p", "view:", "change:", "redo:", "more:", "help", "back", "cancel", "keep", "yes"),
        *("done", "retry", "", ":", "\0", "🍳", "=\ud800"),
    )
    ends = (
        "",
        "1",
        "99",
        "oven",
        "uses",
        "uses.oven",
        "uses.oven.times",
        "month",
        "NEXT",
        "x" * 100,
        "²",
        "٣",
    )
    head = dice.choice((str(asked), str(asked), str(asked), "0", "999", "9" * 400, "", "-1"))
    return f"{head}:{dice.choice(kinds)}{dice.choice(ends)}"


def some_other(dice: random.Random, at: datetime) -> Event:
    return dice.choice(
        (
            Arrived(dice.choice((*LANGUAGES, "de", "")), at),
            Shared("+38344123456", dice.random() < 0.5, at),
            Unreadable(dice.choice(("sticker", "voice", "group")), at),
            Woke(at),
            Leaked(at),
            Ran("prices", NoPrices(), at),
            Ran("day", date(2026, 1, 1), at),
            Failed("day", at),
        )
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=int(datetime.now(UTC).timestamp()))
    args = parser.parse_args()
    return 1 if fuzzed(args.inputs, args.seed) else 0


if __name__ == "__main__":
    sys.exit(main())
