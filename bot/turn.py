"""One turn, one transaction: an update is heard, the conversation moves, and all of it is committed at once.

No transaction is open while a service is asked.  When another turn came between, the turn is walked again:
the engine is pure, so a second walk does no harm.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.card_numbers import holds_card_number
from bot.channel import Arrival, Channel
from bot.clock import millis
from bot.files import offered_files
from bot.gathering import gathered
from bot.inbox import Update
from bot.memory import Memory, Stored
from bot.metrics import TURN_SECONDS, TURNS
from bot.offers import offered, take_offer
from bot.pages import opened
from bot.posts import Deliver, Post, enqueued, numbered, posted, spoken
from bot.services.ports import Away, Means, Turn
from dialogs.engine.advance import advance
from dialogs.engine.book import Book
from dialogs.engine.conversation import Conversation
from dialogs.engine.events import Event, Failed, Leaked, Ran, Said, Woke
from dialogs.engine.going import Outcome, Run, Take, bundled, retired
from dialogs.engine.lines import Line
from dialogs.engine.memory import remember
from dialogs.engine.text import Phrase, _
from dialogs.engine.timing import next_wake
from storage import conversations, inbox, outbox, timers, turn_log
from storage.base import Conflict, Row, Storage, Unavailable, Write

log = logging.getLogger(__name__)

#: Seconds a service may take before the customer is told that it cannot be reached.
SERVICE_SECONDS = 3.0
#: Seconds after which the customer sees that somebody is typing.
TYPING_AFTER = 0.4
#: How often a turn is walked when others keep coming between.
WALKS = 3
#: More services in one turn than any dialog asks: the dialog goes round in circles.
MOST_RUNS = 50
WAKE = "wake"
#: In the log of turns, where an update was begun too often for anybody to know what is in it.
GIVEN_UP = "GivenUp"

SORRY = _("Something went wrong on our side, error {number}. Nothing you told me is lost. Please try again.")
BUSY = _("Too much happened at once. Please try that again.")


class Hears(Protocol):
    """Where updates come from: a channel, or a part of our own such as the one-time pages."""

    def hear(self, body: bytes, at: datetime) -> Event | None:
        """The event in an update, None when it wants no answer.  Raises ValueError when it is no update."""
        ...


class Turns:
    """Takes up one event after the other.  Callers see to it that a chat's turns do not overlap.

    `ears` hear updates that reach a chat by another way than its channel, by the name of that way.
    """

    def __init__(
        self,
        storage: Storage,
        book: Book,
        channels: Mapping[str, Channel],
        deliver: Deliver,
        means: Means,
        *,
        ears: Mapping[str, Hears] | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._storage, self._book, self._channels, self._deliver = storage, book, channels, deliver
        self._means, self._ears, self._pause = means, ears or {}, pause
        self._memory = Memory(storage, book.dialogs)

    async def take(self, update: Update) -> None:
        """The turn of an update.  It is done, or set aside for an operator, when this returns."""
        arrival = update.arrival
        channel = self._channel(arrival.chat)
        hears = self._ears.get(arrival.channel, channel)
        try:
            if channel is None or hears is None:
                raise ValueError(f"no channel {arrival.channel}")
            event = hears.hear(arrival.body, update.received_at)
        except ValueError as error:
            await self._aside(arrival, str(error))
            return
        except Exception:  # a fault of ours in one update blocks nobody
            log.exception("update not heard: channel=%s key=%s", arrival.channel, arrival.key)
            await self._aside(arrival, "our own fault")
            return
        finish = inbox.finish(arrival.channel, arrival.key)
        if event is None:
            await self._surely([finish])
            return
        await self._turn(arrival.chat, channel, arrival.key, event, finish)

    async def give_up(self, update: Update) -> None:
        """Set an update aside that was begun again and again without an end, and tell the customer."""
        arrival, channel = update.arrival, self._channel(update.arrival.chat)
        if channel is None:
            await self._aside(arrival, f"no channel {arrival.channel}")
            return
        finish = inbox.finish(arrival.channel, arrival.key)
        await self._apologise(arrival.chat, channel, arrival.key, GIVEN_UP, update.received_at, finish, 0.0)

    async def _aside(self, arrival: Arrival, why: str) -> None:
        log.warning("update set aside: channel=%s key=%s why=%s", arrival.channel, arrival.key, why)
        await self._surely([inbox.fail(arrival.channel, arrival.key, why)])

    async def wake(self, chat: str, due_ms: int, at: datetime) -> None:
        """The turn of a timer that has gone off."""
        channel, fire = self._channel(chat), timers.fire(chat, WAKE, due_ms)
        if channel is None:  # it was taken out of service, and its timers with it
            await self._surely([fire])
        else:
            await self._turn(chat, channel, f"wake:{due_ms}", Woke(at), fire)

    def _channel(self, chat: str) -> Channel | None:
        return self._channels.get(chat.partition(":")[0])

    async def conversation(self, chat: str) -> Conversation:
        """What is remembered of a chat.  Raises `Unavailable`."""
        return (await self._memory.load(chat)).conversation

    async def language(self, chat: str) -> str:
        """The language that a chat is in now."""
        return (await self._memory.load(chat)).conversation.language or self._book.languages[0]

    async def _turn(self, chat: str, channel: Channel, key: str, event: Event, finish: Write) -> None:
        """Walk the turn until it holds, however long the database is away."""
        began = time.monotonic()
        rests = 0
        while True:
            try:
                await self._walked(chat, channel, key, event, finish, began)
                return
            except Unavailable as error:
                rests += 1
                log.warning("turn waits for the database: chat=%s tries=%d why=%s", chat, rests, error)
                await self._pause(min(0.2 * 2**rests, 5.0))
            except Exception:  # logged with the number that the customer is told
                took = (time.monotonic() - began) * 1000
                await self._apologise(chat, channel, key, type(event).__name__, event.at, finish, took)
                return

    async def _walked(
        self, chat: str, channel: Channel, key: str, event: Event, finish: Write, began: float
    ) -> None:
        heard, event = event, _guarded(event)
        for walk in range(1, WALKS + 1):
            stored = await self._memory.load(chat)
            turn = self._means.turn(chat, event.at, f"{channel.name} {key}")
            outcome = await self._conversed(turn, channel, stored.conversation, event)
            outcome, offers = await offered(outcome, turn)
            lines, pages = opened(outcome.lines, turn, outcome.conversation.question)
            lines, files = offered_files(lines, turn)
            one_keyboard = not channel.capabilities.inline_keyboard
            outcome = replace(outcome, lines=gathered(lines) if one_keyboard else tuple(lines))
            took = (time.monotonic() - began) * 1000
            log_row = _log_row(chat, channel.name, key, event, outcome, walk, took)
            posts = _posts(chat, channel.name, heard, stored.conversation, outcome)
            try:
                await self._commit(
                    turn,
                    stored,
                    outcome.conversation,
                    event,
                    posts,
                    [*pages, *files, *offers, finish, log_row],
                )
            except Conflict as conflict:
                self._memory.forget(chat)
                if conflict.guard in ("inbox", "timer"):
                    return  # this turn is done already
                continue
            TURNS.labels(channel.name, type(event).__name__).inc()
            TURN_SECONDS.observe(time.monotonic() - began)
            return
        await self._say(chat, channel, Line((Phrase(BUSY),)), event.at, finish)

    async def _conversed(
        self, turn: Turn, channel: Channel, conversation: Conversation, event: Event
    ) -> Outcome:
        """The whole of a turn: the event, and every service that it leads to."""
        outcome = advance(conversation, event, self._book)
        lines, secret = list(outcome.lines), outcome.secret
        runs = 0
        while outcome.run is not None:
            runs += 1
            if runs > MOST_RUNS:
                raise RuntimeError(f"{outcome.run.step} is run again and again")
            result = await self._run(turn, channel, outcome.run)
            outcome = advance(outcome.conversation, result, self._book)
            lines += outcome.lines
        return Outcome(outcome.conversation, bundled(lines), secret=secret)

    async def _run(self, turn: Turn, channel: Channel, run: Run | Take) -> Ran | Failed:
        typing = asyncio.get_running_loop().call_later(TYPING_AFTER, self._type, turn.chat, channel)
        before = len(turn.writes)
        try:
            async with asyncio.timeout(SERVICE_SECONDS):
                asked = take_offer(turn, run.id) if isinstance(run, Take) else run.fn(turn, *run.args)
                return Ran(run.step, await asked, turn.at)
        except (Away, TimeoutError) as error:
            log.warning("service not reached: chat=%s step=%s why=%r", turn.chat, run.step, error)
            del turn.writes[before:]  # half of what it wanted is nothing
            return Failed(run.step, turn.at)
        finally:
            typing.cancel()

    def _type(self, chat: str, channel: Channel) -> None:
        task = asyncio.get_running_loop().create_task(channel.typing(chat))
        _background.add(task)
        task.add_done_callback(_background.discard)

    async def _commit(
        self,
        turn: Turn,
        stored: Stored,
        after: Conversation,
        event: Event,
        posts: Sequence[Post],
        also: Sequence[Write],
    ) -> None:
        chat, at_ms, heard = turn.chat, millis(event.at), not isinstance(event, Woke)
        replaced = [outbox.collapse(chat, post.prompt) for post in posts if post.kind == "edit"]
        writes = [
            *replaced,
            *(enqueued(post, at_ms) for post in posts),
            *turn.writes,
            # A timer that has gone off is finished before the next one takes its row.
            *also,
            conversations.save(chat, stored.rev, after.language, remember(after), at_ms, heard=heard),
            self._timer(chat, after, event.at),
        ]
        written = await self._storage.commit(writes)
        self._memory.keep(chat, Stored(stored.rev + 1, after))
        kept = [numbered(*pair) for pair in zip(posts, written[len(replaced) :], strict=False)]
        done = zip(turn.writes, written[len(replaced) + len(posts) :], strict=False)
        ordered = (posted(write, rows) for write, rows in done)
        self._deliver([*kept, *(post for post in ordered if post is not None)])

    def _timer(self, chat: str, after: Conversation, at: datetime) -> Write:
        wake = next_wake(after, at, self._book.zone)
        return timers.schedule(chat, WAKE, millis(wake)) if wake else timers.cancel(chat, WAKE)

    async def _apologise(
        self, chat: str, channel: Channel, key: str, event: str, at: datetime, finish: Write, took: float
    ) -> None:
        """Our fault: the customer is told, with a number by which an operator finds what happened.

        `event` is the kind of what failed, `took` the milliseconds until it did.
        """
        number = secrets.token_hex(3).upper()
        log.exception("turn failed: error=%s chat=%s key=%s", number, chat, key)
        self._memory.forget(chat)
        aside = finish
        if finish.guard == "inbox":  # it came by this way, which need not be the chat's channel
            aside = inbox.fail(str(finish.params["channel"]), key, f"error {number}")
        met = _log_failure(chat, channel.name, key, event, at, took, number)
        await self._say(chat, channel, Line((Phrase(SORRY, {"number": number}),)), at, aside, met)

    async def _say(self, chat: str, channel: Channel, line: Line, at: datetime, *finish: Write) -> None:
        """Say one line and finish, leaving the conversation as it is."""
        post = Post(chat, channel.name, "line", line)
        written = await self._surely([enqueued(post, millis(at)), *finish])
        if written:
            self._deliver([numbered(post, written[0])])

    async def _surely(self, writes: Sequence[Write]) -> Sequence[Sequence[Row]]:
        """Commit, however long the database is away; nothing when it was done already."""
        rests = 0
        while True:
            try:
                return await self._storage.commit(writes)
            except Conflict:
                return ()
            except Unavailable:
                rests += 1
                await self._pause(min(0.2 * 2**rests, 5.0))


_background: set[asyncio.Task[None]] = set()


def _guarded(event: Event) -> Event:
    """The event without a secret that was typed where it does not belong."""
    return Leaked(event.at) if isinstance(event, Said) and holds_card_number(event.text) else event


def _posts(chat: str, channel: str, heard: Event, before: Conversation, outcome: Outcome) -> list[Post]:
    """The rows for the outbox: first secrets and dead buttons go, then what is said."""
    posts = []
    secret = isinstance(heard, Said) and (outcome.secret or holds_card_number(heard.text))
    if isinstance(heard, Said) and heard.message_id and secret:
        posts.append(Post(chat, channel, "erase", message_id=heard.message_id))
    if dead := retired(before, outcome.conversation):
        posts.append(Post(chat, channel, "strip", prompt=dead))
    return posts + spoken(chat, channel, outcome.lines)


def _log_row(
    chat: str, channel: str, key: str, event: Event, outcome: Outcome, walks: int, took: float
) -> Write:
    after = outcome.conversation
    return turn_log.add(
        chat=chat,
        channel=channel,
        key=key,
        at_ms=millis(event.at),
        event=type(event).__name__,
        dialog=after.top.dialog if after.frames else "",
        step=outcome.lines[-1].asks if outcome.lines else "",
        prompt=after.asked,
        walks=walks,
        millis=round(took, 3),
    )


def _log_failure(
    chat: str, channel: str, key: str, event: str, at: datetime, took: float, error: str
) -> Write:
    """Which question it was about is not known: the walk did not get there."""
    return turn_log.add(
        chat=chat,
        channel=channel,
        key=key,
        at_ms=millis(at),
        event=event,
        dialog="",
        step="",
        prompt=0,
        walks=0,
        millis=round(took, 3),
        error=error,
    )
