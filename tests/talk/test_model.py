"""Any sequence of what customers, channels, machines and operators do, and what must hold after each step.

`HYPOTHESIS_PROFILE=long` looks further; the short profile is the same every time.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.channel import Later, Message, Uncertain
from dialogs.engine.advance import advance
from dialogs.engine.conversation import Conversation, Frame, Told
from dialogs.engine.events import Failed, Said
from dialogs.engine.going import moved, place_of, prompt_of
from dialogs.engine.settle import settle
from dialogs.engine.timing import expire
from dialogs.estimate import APPLIANCES
from handlers.render import render
from tests.databases import database
from tests.talk.books import without
from tests.talk.customer import Customer
from tests.talk.inputs import texts
from tests.talk.words import SPEAKERS
from tests.talk.world import BOOK, World

settings.register_profile("short", max_examples=50, stateful_step_count=25, derandomize=True, database=None)
settings.register_profile("long", max_examples=1000, stateful_step_count=50)
SIZE = settings(
    settings.get_profile("long" if os.environ.get("HYPOTHESIS_PROFILE") == "long" else "short"),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
BOOKS = (BOOK, without("oven", "television", APPLIANCES[-1].key))
LANGUAGES = ("sq", "sr", "sr_Cyrl", "en")
#: How far a customer may have come before anything happens.
AHEAD = (
    *("={language}", "=SKIP", "start:EstimateBill", "-freezer", "done", "change:month", "=7", "view:uses"),
    *("view:uses.television", "change:uses.television.hours"),
)


def untried(frame: Frame) -> Mapping[str, Mapping[str, Frame]]:
    """The rows of a frame without the count of what was not understood, which is no answer."""
    return {
        each: {key: replace(row, tries={}) for key, row in rows.items()} for each, rows in frame.rows.items()
    }


def answers(frame: Frame) -> dict[str, Told]:
    """What the customer told; what services said may come and go."""
    return {name: told for name, told in frame.told.items() if told.prompt}


class Talk(RuleBasedStateMachine):
    """One chat on one channel, through everything."""

    channel: ClassVar[str] = "telegram"

    @initialize(language=st.sampled_from(LANGUAGES), taps=st.integers(0, len(AHEAD)))
    def opens(self, language: str, taps: int) -> None:
        self.stack = ExitStack()
        self.loop = asyncio.new_event_loop()
        self.world = self.run(self._world())
        self.customer = Customer(self.world)
        self.screen_is_current = True
        self.repeated = False
        self.run(self.customer.open(language))
        for option in AHEAD[:taps]:
            self.run(self.customer.tap(option.format(language=language)))

    async def _world(self) -> World:
        return World(self.stack.enter_context(database()), self.channel)

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        if hasattr(self, "customer"):
            self.run(self.world.close())
            self.loop.close()
            self.stack.close()

    @property
    def conversation(self) -> Conversation:
        conversation: Conversation = self.run(self.customer.conversation())
        return conversation

    def moves(self, work: Coroutine[Any, Any, None]) -> None:
        history = self.customer.screen.history
        before = len(history)
        self.run(work)
        asked = self.conversation.asked
        if any(isinstance(said, Message) and said.prompt == asked for _, said in history[before:]):
            self.screen_is_current = True

    # -- what happens ----------------------------------------------------------------------------------

    @rule(text=texts())
    def says(self, text: str) -> None:
        self.moves(self.customer.say(text))

    @precondition(lambda self: self.customer.payloads)
    @rule(data=st.data())
    def taps(self, data: st.DataObject) -> None:
        payload = data.draw(st.sampled_from(self.customer.payloads))
        same = payload == self.conversation.tapped
        self.moves(self.customer.forge(payload, perhaps_silent=same or not self.screen_is_current))

    @precondition(lambda self: self.customer.payloads and self.screen_is_current)
    @rule(data=st.data())
    def taps_twice(self, data: st.DataObject) -> None:
        payload = data.draw(st.sampled_from(self.customer.payloads))
        if payload != self.conversation.tapped:
            self.moves(self.customer.tap_twice(payload))

    @rule(data=st.data())
    def taps_something_old(self, data: st.DataObject) -> None:
        before = self.conversation
        live = f"{before.asked}:"
        old = [b.payload for b in self.customer.screen.ever if b.payload[0].isdigit()]
        old = [payload for payload in old if not (before.frames and payload.startswith(live))]
        if not old:
            return
        payload = data.draw(st.sampled_from(old))
        self.moves(self.customer.forge(payload, perhaps_silent=payload == before.tapped))
        self.nothing_is_lost(before)

    @rule(payload=st.one_of(st.text(max_size=70), st.sampled_from(["999:yes", "1:", ":", "start:Nope"])))
    def forges_a_button(self, payload: str) -> None:
        before = self.conversation
        if payload.partition(":")[0] != str(before.asked):
            self.moves(self.customer.forge(payload, perhaps_silent=payload == before.tapped))
            self.nothing_is_lost(before)

    @rule(dialog=st.sampled_from(["EstimateBill", "GetApp", "Tongue", "Helpdesk", "Home", "Welcome"]))
    def taps_an_entry_of_an_old_menu(self, dialog: str) -> None:
        before = self.conversation
        self.moves(self.customer.forge(f"start:{dialog}"))
        self.nothing_is_lost(before)

    @rule(language=st.sampled_from(LANGUAGES))
    def switches_the_language(self, language: str) -> None:
        before = self.conversation
        self.moves(self.customer.forge(f"lang:{language}"))
        assert self.conversation.language == language
        self.nothing_is_lost(before)

    @rule(kind=st.sampled_from(["sticker", "voice"]))
    def sends_what_cannot_be_read(self, kind: str) -> None:
        before = self.conversation
        self.moves(self.customer.send(kind))
        self.nothing_is_lost(before)

    @rule()
    def opens_the_chat_again(self) -> None:
        before = self.conversation
        self.moves(self.customer.open())
        self.nothing_is_lost(before)

    @rule()
    def the_last_update_comes_again(self) -> None:
        self.moves(self.customer.redeliver())

    @rule()
    def the_program_restarts(self) -> None:
        before = self.conversation
        self.moves(self.customer.restart())
        assert self.conversation == before

    @rule(book=st.sampled_from(BOOKS))
    def a_deploy(self, book: Any) -> None:
        self.screen_is_current = self.screen_is_current and book is self.world.book
        self.customer.screen.news.clear()
        self.moves(self.world.restart(book))

    @rule(away=st.booleans())
    def the_prices_come_and_go(self, away: bool) -> None:
        self.world.storage.registry_away = away

    @rule(operations=st.integers(1, 6), text=texts())
    def the_database_is_away(self, operations: int, text: str) -> None:
        self.world.storage.away = operations
        self.moves(self.customer.say(text))
        self.world.storage.away = 0

    @rule(times=st.integers(1, 2))
    def the_channel_is_slow(self, times: int) -> None:
        self.world.channel.faults.extend([Later("slow down", 1.0)] * times)
        self.moves(self.customer.say("help"))
        self.world.channel.faults.clear()

    @rule()
    def an_answer_of_the_channel_is_lost(self) -> None:
        self.world.channel.lost_answers.append(Uncertain("time-out"))
        self.repeated = True
        self.moves(self.customer.say("help"))
        self.world.channel.lost_answers.clear()

    @rule(minutes=st.sampled_from([1, 45, 61, 121, 60 * 13, 60 * 24 * 8]))
    def time_passes(self, minutes: int) -> None:
        self.moves(self.customer.wait(minutes=minutes))

    @rule(minutes=st.sampled_from([-60, 60, 61, 60 * 24 * 8]))
    def the_clock_jumps(self, minutes: int) -> None:
        self.world.at += timedelta(minutes=minutes)

    # -- what must hold --------------------------------------------------------------------------------

    def nothing_is_lost(self, before: Conversation) -> None:
        """Every open dialog that was told something still knows it."""
        kept = {frame.dialog: frame for frame in self.conversation.frames}
        for frame in expire(before, self.world.at).frames:
            if not frame.untouched:
                assert frame.dialog in kept or frame.dialog in ("Tongue", "Welcome")
                after = kept.get(frame.dialog, frame)
                assert (answers(after), after.drafts, untried(after)) == (
                    answers(frame),
                    frame.drafts,
                    untried(frame),
                )

    @invariant()
    def there_is_always_a_way_out(self) -> None:
        now = self.conversation
        for _ in range(2 * len(now.frames) + 2):
            outcome = advance(now, Said("cancel", self.world.at), self.world.book)
            while outcome.run is not None:
                failed = Failed(outcome.run.step, self.world.at)
                outcome = advance(outcome.conversation, failed, self.world.book)
            assert outcome.lines, "silence"
            now = outcome.conversation
        assert now.frames == ()

    @invariant()
    def the_live_prompt_is_the_one_on_the_screen(self) -> None:
        now = self.conversation
        live = self._live_prompts()
        if not self.world.channel.capabilities.edits:
            live = [p for p in live if not p[0].startswith(("start:", "resume"))]
        if not now.frames or now.asked == 0:
            assert not live or self.repeated or not self.world.channel.capabilities.edits, live
            return
        place = place_of(now, self.world.book)
        if moved(now, place) or not self.screen_is_current:
            return
        message = render(prompt_of(now, place), SPEAKERS[now.language], self.world.channel.capabilities)
        expected = [button.payload for row in message.rows for button in row if button.payload]
        if self.world.channel.capabilities.edits:
            # A question of unknown fate may stand there twice; only the second is known to us.
            assert live[-1:] == [expected] if self.repeated else live == [expected]
        else:
            assert live in ([expected], [])

    def _live_prompts(self) -> list[list[str]]:
        """The payloads of every message, or of the keyboard, that has buttons of a prompt."""
        screen = self.customer.screen
        if not self.world.channel.capabilities.edits:
            return [[button.payload for button in screen.keyboard if button.payload]]
        boards = [[b.payload for b in shown.buttons if b.payload] for shown in screen.shown]
        return [board for board in boards if any(payload[0].isdigit() for payload in board)]

    @invariant()
    def what_holds_is_enough(self) -> None:
        """Told only what still holds, a fresh dialog stands at the same question."""
        for frame in self.conversation.frames:
            dialog = self.world.book.dialogs[frame.dialog]
            place = settle(dialog, frame)
            outer = place
            while outer.outer is not None:
                outer = outer.outer
            held = {
                name: told
                for name, told in frame.told.items()
                if outer.live.holds(dialog.names[name]) or name in frame.opened
            }
            fresh = Frame(frame.dialog, held, frame.opened, frame.drafts, frame.tries, frame.rows)
            again = settle(dialog, fresh)
            assert (again.step, again.path) == (place.step, place.path)

    @invariant()
    def nothing_waits_and_nothing_failed(self) -> None:
        inbox = self.run(self.world.rows("select key, state, error from inbox where state <> 'done'"))
        outbox = self.run(
            self.world.rows("select id, state, error from outbox where state not in ('sent', 'dropped')")
        )
        assert not inbox
        assert not outbox
        assert not self.world.complaints

    @invariant()
    def every_update_is_one_turn(self) -> None:
        twice = self.run(
            self.world.rows("select key from turn_log group by channel, key having count(*) > 1")
        )
        assert not twice


class PlainTalk(Talk):
    """The same on the channel that has nothing but words and one keyboard."""

    channel = "viber"


TestTalk = Talk.TestCase
TestTalk.settings = SIZE
TestPlainTalk = PlainTalk.TestCase
TestPlainTalk.settings = SIZE
