"""What the database and the customers' screens must show once all has settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.clock import moment
from dialogs.engine.letters import read_line
from dialogs.engine.memory import recall
from tests import databases
from tests.kill.customers import Ticker
from tests.kill.matching import Piece, repeats
from tests.kill.messenger import Messenger
from tests.kill.replay import BOOK, Moved, Told, replay


class Ledger:
    """`under_way` counts a chat's messages that had gone out when a kill kept the program from noting it.

    `repeats` counts those that customers got once more, and `late` what others overtook on its way to us.
    """

    def __init__(self, url: str, messenger: Messenger) -> None:
        self._url, self._messenger = url, messenger
        self.under_way: Counter[str] = Counter()
        self.repeats = self.late = 0

    def settled(self) -> bool:
        waiting = (
            "select (select count(*) from inbox where state = 'new'),"
            " (select count(*) from outbox where state in ('waiting', 'sending'))"
        )
        return self._messenger.is_quiet() and self.read(waiting) == [(0, 0)]

    def ended(self, customers: Sequence[Ticker]) -> None:
        """Look at what was under way when the program ended: what it would say next may have come already."""
        databases.settle(self._url)
        bodies = self._next_to_come()
        for customer in customers:
            body = bodies.get(customer.chat)
            if body and self._messenger.look(read_line(body)) in self._may_have_come(customer):
                self.under_way[customer.chat] += 1

    async def faults(self, customers: Sequence[Ticker]) -> list[str]:
        """Everything that is not as it should be; empty when nothing was lost or done twice."""
        found = [f"integrity: {fault}" for fault in databases.damages(self._url)]
        odd = "select state, kind, count(*) from outbox where state <> 'sent' group by state, kind"
        found += [f"outbox: {row}" for row in self.read(odd) if row[:2] != ("dropped", "edit")]
        found += self._messenger.faults()
        for customer in customers:
            found += [*self._inbox(customer), *self._order(customer)]
            told = await replay(customer.chat, self._walked(customer))
            found += [*self._memory(customer, told), *self._answers(customer, told), *_screen(customer, told)]
        return found

    def _inbox(self, customer: Ticker) -> Iterator[str]:
        """Each update is there once, and done."""
        keys, chat = list(customer.moves), customer.chat
        done = [key for (key,) in self.read("select key from inbox where chat = $1 and state = 'done'", chat)]
        if Counter(done) != Counter(keys):
            yield f"{chat}: {len(done)} of {len(keys)} updates are done in the inbox"

    def _order(self, customer: Ticker) -> Iterator[str]:
        """Each update has one turn, in the order they were sent; who was overtaken is late, nobody else."""
        keys, chat = list(customer.moves), customer.chat
        log = self.read("select key, event from turn_log where chat = $1 order by id", chat)
        walked = [key for key, _event in log]
        if Counter(walked) != Counter(keys):
            lost, doubled = len(set(keys) - set(walked)), len(walked) - len(set(walked))
            yield f"{chat}: {lost} turns lost, {doubled} doubled"
        ordered = [key for key in keys if customer.phone.is_ordered(customer.moves[key])]
        late = [key for key, event in log if event == "Late"]
        self.late += len(late)
        if set(late) != overtaken(ordered, walked):
            yield f"{chat}: out of order"

    def _walked(self, customer: Ticker) -> list[Moved]:
        log = self.read("select key, at, event from turn_log where chat = $1 order by id", customer.chat)
        known = ((customer.moves.get(key), at, event) for key, at, event in log)
        return [Moved(move, moment(at), event == "Late") for move, at, event in known if move]

    def _memory(self, customer: Ticker, told: Told) -> Iterator[str]:
        """The conversation is where the customer led it, in as many steps as there were updates."""
        known = self.read("select rev, state from conversation where chat = $1", customer.chat)
        ((rev, state),) = known or [(0, "{}")]
        if rev != len(customer.moves):
            yield f"{customer.chat}: revision {rev} after {len(customer.moves)} turns"
        wanted = told.conversation
        kept = recall(state, BOOK.dialogs)
        if replace(kept, heard_at=wanted.heard_at, tapped_at=wanted.tapped_at) != wanted:
            yield f"{customer.chat}: remembers {state}, not {wanted}"

    def _answers(self, customer: Ticker, told: Told) -> Iterator[str]:
        """All that was to be said is said, once and in order; a repeat follows what it repeats."""
        chat = customer.chat
        sql = (
            "select kind, prompt, state from outbox where chat = $1 and kind in ('line', 'edit') order by id"
        )
        kept = self.read(sql, chat)
        if [row[:2] for row in kept] != [
            ("edit" if line.edits else "line", line.prompt) for line in told.lines
        ]:
            yield f"{chat}: {len(kept)} answers, not {len(told.lines)}, or others"
            return
        said = [
            Piece(self._messenger.look(line), may_lack=state == "dropped")
            for line, (kind, _prompt, state) in zip(told.lines, kept, strict=True)
            if kind in self._messenger.arrives
        ]
        again = repeats(customer.phone.got(), said)
        if again is None:
            yield f"{chat}: messages lost or out of order"
        elif again > self.under_way[chat]:
            yield f"{chat}: {again} messages repeated; {self.under_way[chat]} were under way"
        self.repeats += again or 0

    def _next_to_come(self) -> dict[str, str]:
        """The first message to each chat that the program does not know to be out."""
        kinds = ", ".join(f"'{kind}'" for kind in self._messenger.arrives)
        sql = (
            "select chat, body from outbox"
            f" where state in ('waiting', 'sending') and kind in ({kinds}) order by id desc"
        )
        return dict(self.read(sql))

    def _may_have_come(self, customer: Ticker) -> list[str]:
        """The newest message, and what is kept for an answer that may be out."""
        return [*customer.phone.got()[-1:], *self._messenger.promised(customer.chat, self.read)]

    def read(self, sql: str, *values: object) -> list[Any]:
        return databases.rows(self._url, sql, *values)


def overtaken(sent: Sequence[str], walked: Sequence[str]) -> set[str]:
    """Of what was sent, what was taken up after something newer."""
    ages = {key: age for age, key in enumerate(sent)}
    newest, late = -1, set()
    for key in walked:
        age = ages.get(key)
        if age is not None and age < newest:
            late.add(key)
        elif age is not None:
            newest = age
    return late


def _screen(customer: Ticker, told: Told) -> Iterator[str]:
    """The newest ticked boxes that the customer sees are the ones that were ticked last."""
    top = told.conversation.top if told.conversation.frames else None
    if top is None or "appliances" not in top.drafts:
        return
    ticked = {f"{told.conversation.asked}:-{key}" for key in top.drafts["appliances"].chosen or ()}
    if not customer.phone.shows(told.conversation.asked, frozenset(ticked)):
        yield f"{customer.chat}: the screen shows other marks"
