"""What the database and the customers' screens must show once all has settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from dialogs.engine.lines import Line
from dialogs.engine.memory import recall
from handlers.render import render
from handlers.telegram.capabilities import TELEGRAM
from handlers.telegram.render import Piece, pieces
from locales.speaker import Speaker
from tests import databases
from tests.fakes.telegram import FakeTelegram
from tests.kill.customers import Ticker
from tests.kill.replay import BOOK, Told, replay

ENGLISH = Speaker("en", strict=True)


class Ledger:
    """`under_way` counts a chat's messages that had gone out when a kill kept the program from noting it."""

    def __init__(self, url: str, telegram: FakeTelegram) -> None:
        self._url, self._telegram = url, telegram
        self.under_way: Counter[str] = Counter()

    def settled(self) -> bool:
        waiting = (
            "select (select count(*) from inbox where state = 'new'),"
            " (select count(*) from outbox where state in ('waiting', 'sending'))"
        )
        return not self._telegram.updates.pending and self.read(waiting) == [(0, 0)]

    def ended(self) -> list[str]:
        """Look at what was under way when the program ended: one message a chat at most."""
        databases.settle(self._url)
        noted = self._noted()
        faults = []
        for chat, texts in self._received().items():
            surplus = len(texts) - noted[chat] - self.under_way[chat]
            if surplus not in (0, 1):
                faults.append(f"{chat}: {surplus} messages were under way at once")
            self.under_way[chat] += surplus
        return faults

    def repeats(self) -> int:
        """Messages that a customer has got once more."""
        return sum(map(len, self._received().values())) - self._noted().total()

    async def faults(self, customers: Sequence[Ticker]) -> list[str]:
        """Everything that is not as it should be; empty when nothing was lost or done twice."""
        found = [f"integrity: {fault}" for fault in databases.damages(self._url)]
        odd = "select state, kind, count(*) from outbox where state <> 'sent' group by state, kind"
        found += [f"outbox: {row}" for row in self.read(odd) if row[:2] != ("dropped", "edit")]
        received = self._received()
        for customer in customers:
            told = await replay(customer.chat, customer.moves)
            found += [*self._turns(customer), *self._memory(customer, told)]
            found += [*self._answers(customer.chat, told, received[customer.chat]), *_screen(customer, told)]
        return found

    def _turns(self, customer: Ticker) -> Iterator[str]:
        """Each update once in the inbox, done, and once in the log, in the order it was sent."""
        keys, chat = [str(update) for update in customer.updates], customer.chat
        done = [key for (key,) in self.read("select key from inbox where chat = $1 and state = 'done'", chat)]
        if Counter(done) != Counter(keys):
            yield f"{chat}: {len(done)} of {len(keys)} updates are done in the inbox"
        walked = [key for (key,) in self.read("select key from turn_log where chat = $1 order by id", chat)]
        if walked != keys:
            lost, doubled = len(set(keys) - set(walked)), len(walked) - len(set(walked))
            yield f"{chat}: {lost} turns lost, {doubled} doubled, or out of order"

    def _memory(self, customer: Ticker, told: Told) -> Iterator[str]:
        """The conversation is where the customer led it, in as many steps as there were updates."""
        known = self.read("select rev, state from conversation where chat = $1", customer.chat)
        ((rev, state),) = known or [(0, "{}")]
        if rev != len(customer.updates):
            yield f"{customer.chat}: revision {rev} after {len(customer.updates)} turns"
        wanted = told.conversation
        kept = recall(state, BOOK.dialogs)
        if replace(kept, heard_at=wanted.heard_at, tapped_at=wanted.tapped_at) != wanted:
            yield f"{customer.chat}: remembers {state}, not {wanted}"

    def _answers(self, chat: str, told: Told, texts: Sequence[str]) -> Iterator[str]:
        """All that was to be said is said, once and in order; a repeat follows what it repeats."""
        kept = self.read(
            "select count(*) from outbox where chat = $1 and kind <> 'strip' group by kind", chat
        )
        if sorted(number for (number,) in kept) != sorted(filter(None, (len(told.lines), told.edits))):
            yield f"{chat}: {kept} answers, not {len(told.lines)} and {told.edits}"
        if not 0 <= len(texts) - len(told.lines) <= self.under_way[chat]:
            yield f"{chat}: {len(texts)} messages, not {len(told.lines)}; {self.under_way[chat]} under way"
        if not _same_but_for_repeats(texts, [_shown(line).html for line in told.lines]):
            yield f"{chat}: messages out of order"

    def _noted(self) -> Counter[str]:
        sql = "select chat, count(*) from outbox where kind = 'line' and state = 'sent' group by chat"
        return Counter(dict(self.read(sql)))

    def _received(self) -> dict[str, list[str]]:
        texts: dict[str, list[str]] = {f"telegram:{number}": [] for number in self._telegram.world.rooms}
        for call in self._telegram.calls:
            if call.method == "sendMessage" and call.code == 200:
                texts[f"telegram:{call.params['chat_id']}"].append(call.params["text"])
        return texts

    def read(self, sql: str, *values: object) -> list[Any]:
        return databases.rows(self._url, sql, *values)


def _screen(customer: Ticker, told: Told) -> Iterator[str]:
    """The newest ticked boxes that the customer sees are the ones that were ticked last."""
    top = told.conversation.top if told.conversation.frames else None
    if top is None or "appliances" not in top.drafts:
        return
    ticked = {f"{told.conversation.asked}:-{key}" for key in top.drafts["appliances"].chosen or ()}
    boxes = [message.buttons for message in customer.user.heard if len(message.buttons) > 10]
    if not boxes or {b["callback_data"] for b in boxes[-1] if ":-" in b["callback_data"]} != ticked:
        yield f"{customer.chat}: the screen shows other marks"


def _shown(line: Line) -> Piece:
    return pieces(render(line, ENGLISH, TELEGRAM))[0]


def _same_but_for_repeats(texts: Sequence[str], wanted: Sequence[str]) -> bool:
    at = 0
    for text in texts:
        if at < len(wanted) and text == wanted[at]:
            at += 1
        elif not at or text != wanted[at - 1]:
            return False
    return at == len(wanted)
