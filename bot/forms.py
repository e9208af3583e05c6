"""One-time pages: what is typed on one goes to the service of its step, and the outcome into the chat.

A page is good for one question of one chat.  Nothing that was typed is kept here, only what the service made
of it; that outcome reaches the conversation through the inbox, like everything else that happens to it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Protocol

from bot.channel import Arrival
from bot.clock import Clock, millis, moment, now
from bot.forms_port import Closed, FormFile, Opened, Refused, Taken, Why
from bot.pages import hashed
from bot.services.ports import Away, Means, Turn
from bot.turn import SERVICE_SECONDS, WALKS, Turns
from dialogs.engine.advance import awaiting
from dialogs.engine.book import Book
from dialogs.engine.codec import Undecodable, pack
from dialogs.engine.events import Came
from dialogs.engine.memory import step_decoder
from dialogs.engine.pages import Field, Page
from dialogs.engine.prompts import leaf, placeholders
from dialogs.engine.settle import Place
from dialogs.engine.steps import Form, Refuse
from dialogs.engine.text import Phrase, Text, _
from storage import forms
from storage.base import Conflict, Storage, Unavailable, Write

log = logging.getLogger(__name__)

#: The name under which outcomes of pages stand in the inbox.
FORM = "form"
DIFFERENT = _("The two passwords differ. Please type the same one in both fields.")
EMPTY = _("Please fill this in.")
OUT_OF_REACH = _("I cannot reach our records just now. Please try again in a minute.")


class Intake(Protocol):
    async def receive(self, arrivals: Sequence[Arrival], also: Sequence[Write] = ()) -> None: ...


class OneTimePages:
    """`bot.forms_port` describes what it answers."""

    def __init__(
        self,
        storage: Storage,
        book: Book,
        turns: Turns,
        means: Means,
        intake: Intake,
        clock: Clock = now,
    ) -> None:
        self._storage, self._book, self._turns = storage, book, turns
        self._means, self._intake, self._clock = means, intake, clock

    async def open(self, token: str) -> Opened | Closed:
        """The page behind a token; changes nothing.  Raises `Unavailable`."""
        found = await self._found(token)
        return found if isinstance(found, Closed) else found.opened

    async def submit(
        self, token: str, typed: Mapping[str, str], viewer: str | None = None
    ) -> Taken | Refused | Closed:
        """Give what was typed to the service; the page is used up when it takes it.  Raises `Unavailable`."""
        for _walk in range(WALKS):
            found = await self._found(token)
            if isinstance(found, Closed):
                return found
            if viewer is not None and viewer != found.chat:
                return Closed(Why.FOREIGN, found.opened.language)
            if problems := _problems(found.opened.page, typed):
                return Refused(found.opened, problems)
            try:
                return await self._tried(found, typed)
            except Conflict:
                continue  # somebody else was faster: look again
        raise Unavailable("too much happened at once")

    async def _found(self, token: str) -> _Found | Closed:
        """The page that a token opens now."""
        rows = await self._storage.read(forms.one(hashed(token)))
        if not rows:
            return Closed(Why.UNKNOWN)
        row, at = rows[0], self._clock()
        chat, expires = str(row["chat"]), moment(int(str(row["expires_at"])))
        conversation = await self._turns.conversation(chat)
        language = conversation.language or self._book.languages[0]
        if row["used_at"] is not None:
            return Closed(Why.USED, language)
        if expires <= at:
            return Closed(Why.EXPIRED, language)
        question = str(row["question"])
        waits = awaiting(conversation, question, self._book)
        if waits is None or not isinstance(waits[1].step, Form):
            return Closed(Why.MOVED_ON, language)
        opened = Opened(waits[1].step.page, language, chat.partition(":")[0], "", expires)
        return _Found(hashed(token), chat, question, waits[1], waits[1].step, opened)

    async def _tried(self, found: _Found, typed: Mapping[str, str]) -> Taken | Refused:
        at, step, live = self._clock(), found.step, found.place.live
        turn = self._means.turn(found.chat, at, f"{FORM} {found.token_hash} {millis(at)}")
        try:
            async with asyncio.timeout(SERVICE_SECONDS):
                outcome = await step.takes(turn, typed, *(live.value(arg) for arg in step.args))
        except (Away, TimeoutError) as error:
            log.warning("service not reached: chat=%s step=%s why=%r", found.chat, step.name, error)
            return Refused(found.opened, {"": Phrase(OUT_OF_REACH)})
        refuse = step.refuses.get(type(outcome))
        if refuse is not None:
            await self._storage.commit(turn.writes)
            return Refused(found.opened, {refuse.field: _reason(refuse, outcome)})
        await self._take(found, turn, outcome)
        return Taken(found.opened.language, step.page, found.opened.channel, _file(step.page, turn))

    async def _take(self, found: _Found, turn: Turn, outcome: object) -> None:
        body = json.dumps({"question": found.question, "value": pack(outcome)}).encode()
        arrival = Arrival(FORM, found.token_hash, found.chat, body)
        await self._intake.receive(
            [arrival], also=[forms.use(found.token_hash, millis(turn.at)), *turn.writes]
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """A page that may be filled in, and the place of the conversation that waits for it."""

    token_hash: str
    chat: str
    question: str
    place: Place
    step: Form[object]
    opened: Opened


class PageEar:
    """Hears what came of pages: `bot.turn.Hears`."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def hear(self, body: bytes, at: datetime) -> Came:
        """The outcome for the question it answers; for none when a deploy has taken that away."""
        raw = json.loads(body)
        question = str(raw["question"])
        dialog, _slash, step = question.partition("/")
        try:
            value = step_decoder(self._book.dialogs[dialog].names[step])(raw["value"])
        except (KeyError, Undecodable):
            log.warning("a page answers a question that is gone: question=%s", question)
            return Came("", None, at)
        return Came(question, value, at)


def _problems(page: Page, typed: Mapping[str, str]) -> dict[str, Phrase]:
    """What is wrong before any service is asked, by field."""
    found = ((field.name, _problem(field, typed)) for field in page.fields)
    return {name: Phrase(text) for name, text in found if text is not None}


def _problem(field: Field, typed: Mapping[str, str]) -> Text | None:
    value = typed.get(field.name, "")
    if not value:
        return EMPTY
    if field.same_as and value != typed.get(field.same_as, ""):
        return DIFFERENT
    return next((rule.text for rule in field.rules if not re.search(rule.pattern, value)), None)


def _reason(refuse: Refuse, outcome: object) -> Phrase:
    text = refuse.text if isinstance(refuse.text, Text) else refuse.text(outcome)
    return Phrase(text, {path: leaf(attrgetter(path)(outcome)) for path in placeholders(text)})


def _file(page: Page, turn: Turn) -> FormFile | None:
    return FormFile(page.saves, "application/json", turn.saved[-1]) if turn.saved else None
