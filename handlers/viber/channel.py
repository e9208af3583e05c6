"""Viber as a channel: it cannot edit, take anything away, or speak before it is spoken to."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from weakref import WeakValueDictionary

from bot.channel import Gone, Held, Later, Message, Refused, Stays, Uncertain, Unreachable
from bot.clock import Clock, millis, now
from bot.metrics import LEFT_ALONE, VIBER_EUROS, VIBER_SENT
from dialogs.engine.events import Event
from handlers.viber.addresses import invitation
from handlers.viber.again import said_again
from handlers.viber.api import Sent, ViberApi
from handlers.viber.callbacks import NAME
from handlers.viber.capabilities import VIBER
from handlers.viber.errors import Incompatible, Malformed, Stopped, Unpaid
from handlers.viber.hear import hear
from handlers.viber.models import Sender, Sending, TextMessage, as_json, encoded
from handlers.viber.render import Look, in_plain_words, render, welcome
from handlers.viber.standing import read_keyboard, write_keyboard
from handlers.viber.welcomes import Welcomes
from handlers.viber.words import KeyWords
from storage import inbox, outbox, viber
from storage.base import Storage, Unavailable

log = logging.getLogger(__name__)

#: After a customer's message ours are free for so long, less what one may need until Viber has it.
SESSION = timedelta(hours=VIBER.free_hours or 0) - timedelta(seconds=30)
#: Viber takes a hundred messages an hour for who does not answer; some are left for what we do not know of.
MOST_UNANSWERED, UNANSWERED = 90, timedelta(hours=1)
#: What is charged: https://developers.viber.com/docs/api/rest-bot-api/#send-message
CHARGED = 5
#: So long nothing goes out when Viber does not serve the bot, and nothing that costs when it wants money.
STOPPED, UNPAID = timedelta(minutes=1), timedelta(hours=1)
#: The id of a message that answered the opening of its chat.
WELCOMED = "welcome"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the operator allows: messages that are charged, and the price of one in euros, for the metrics."""

    paid: bool = False
    price: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Known:
    subscribed: bool
    level: int
    heard_ms: int
    keyboard: Message


class ViberChannel:
    """`words` is what keys say that are no answers, in a language.

    `host` gives a picture an address that Viber can fetch, "" for none.  `wants` tells whether a chat's
    customer wants to be written to although it is charged.  `is_offered` knows the addresses of our buttons.
    """

    name = NAME
    capabilities = VIBER

    def __init__(
        self,
        api: ViberApi,
        storage: Storage,
        sender: Sender,
        *,
        words: Callable[[str], KeyWords],
        host: Callable[[str, bytes], Awaitable[str]],
        wants: Callable[[str], Awaitable[bool]],
        is_offered: Callable[[str], bool],
        terms: Terms = Terms(),
        clock: Clock = now,
    ) -> None:
        self._api, self._storage, self._sender = api, storage, sender
        self._words, self._host, self._wants, self._is_offered = words, host, wants, is_offered
        self._terms, self._clock = terms, clock
        #: The bot's name in deep links, "" until Viber has told it.
        self.uri = ""
        self._welcomes = Welcomes()
        # Each lives as long as somebody holds it or waits for it.
        self._under_way: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        #: The parts of a message that are out while a later one has to be tried again.
        self._begun: dict[str, list[tuple[Sending, Sent]]] = {}
        self._stopped_until = self._unpaid_until = clock() - STOPPED

    @property
    def invitation(self) -> str:
        return invitation(self.uri)

    def hear(self, body: bytes, at: datetime) -> Event | None:
        return hear(body, at, self._is_offered)

    async def send(self, chat: str, message: Message, language: str) -> str:
        known = await self._known(chat)
        if not self._welcomes.awaits(chat) and not await self._may_write(chat, known):
            raise Held
        look = Look(self._sender, self._words(language), known.level)
        media = await self._host(chat, message.image.png) if message.image else ""
        if await self._welcomed(chat, message, look, known, media):
            return WELCOMED
        if not await self._may_write(chat, known):
            raise Held
        async with self._under_way.setdefault(chat, asyncio.Lock()):
            try:
                return await self._said(chat, message, look, known, media)
            except Unpaid as error:
                if self._is_free(known):  # Viber counts another way: held, it would be let go of at once
                    raise
                raise Held from error

    async def noted(self, chat: str) -> None:
        """Until what was said there is known by its token: receipts can be faster than our note."""
        async with self._under_way.setdefault(chat, asyncio.Lock()):
            return

    async def edit(self, chat: str, message_id: str, message: Message, language: str) -> None:
        raise Gone("Viber has no edits")

    async def strip(self, chat: str, message_id: str) -> None:
        """The next keyboard replaces the last one by itself; what was asked is not asked again."""
        await self._storage.commit([viber.over(message_id)])

    async def erase(self, chat: str, message_id: str) -> None:
        raise Stays("Viber has no deletion")

    async def typing(self, chat: str) -> None:
        """There is no such sign."""

    async def may_push(self, chat: str) -> bool:
        """Whether something may be said now that the customer has not asked for."""
        return await self._may_begin(chat, await self._known(chat))

    # -- the opening of a chat -----------------------------------------------------------------------------

    async def answer(self, chat: str, key: str, begin: Callable[[], Awaitable[None]], patience: float) -> str:
        """What answers the opening of a chat, as JSON, "" for nothing: the first thing that is said to it.

        `begin` lets the turn begin.  What was answered once under a key is answered again.  Raises
        `Unavailable`.
        """
        if kept := await self._kept_welcome(chat, key):
            return kept
        if not self._welcomes.awaits(chat, key) and await self._is_answered(chat, key):
            return ""  # an opening of long ago: what is said now answers something else
        said = self._welcomes.awaited(chat, key)
        try:
            # Looked up once more: whoever answers keeps it before they let go of us.
            if kept := await self._kept_welcome(chat, key):
                return kept
            await begin()
            await asyncio.wait((said,), timeout=patience)
            self._welcomes.give_up(chat, said)
            return await asyncio.shield(said)  # at once, or as soon as what is being kept is kept
        finally:
            self._welcomes.give_up(chat, said)

    async def _kept_welcome(self, chat: str, key: str) -> str:
        rows = await self._storage.read(viber.welcome(chat, key))
        return str(rows[0]["welcome"]) if rows else ""

    async def _is_answered(self, chat: str, key: str) -> bool:
        """Whether its turn is over, and what it said does not wait for somebody to be welcomed with it."""
        if not await self._storage.read(inbox.over(NAME, key)):
            return False
        known = await self._known(chat)
        return known.subscribed or not await self._storage.read(outbox.waits(chat, NAME))

    async def _welcomed(self, chat: str, message: Message, look: Look, known: _Known, media: str) -> bool:
        waiting = self._welcomes.take(chat)
        if waiting is None:
            return False
        body = ""
        try:
            answer = welcome(message, look, known.keyboard, media)
            if answer is not None:
                text = encoded(as_json(answer)).decode()
                await self._storage.commit(
                    [
                        viber.welcomed(chat, waiting.key, text),
                        viber.showed(chat, self._standing(message, known)),
                    ]
                )
                body = text
            return bool(body)
        finally:
            self._welcomes.answered(chat, waiting, body)

    # -- a message -----------------------------------------------------------------------------------------

    async def _may_write(self, chat: str, known: _Known) -> bool:
        """Whether now, and not before what is held; raises `Later` while Viber does not serve the bot."""
        if not await self._may_begin(chat, known) or await self._storage.read(outbox.held(chat, NAME)):
            return False
        left = (self._stopped_until - self._clock()).total_seconds()
        if left > 0:
            raise Later("Viber does not serve the bot", left)
        return True

    async def _may_begin(self, chat: str, known: _Known) -> bool:
        """Within a session always; outside of it where it may cost something; never without end."""
        at = self._clock()
        if not known.subscribed or await self._unanswered(chat, known, at) >= MOST_UNANSWERED:
            return False
        if self._is_free(known):
            return True
        return self._terms.paid and at >= self._unpaid_until and await self._wants(chat)

    def _is_free(self, known: _Known) -> bool:
        return known.heard_ms > millis(self._clock() - SESSION)

    async def _unanswered(self, chat: str, known: _Known, at: datetime) -> int:
        """How many messages the customer was sent within an hour, without a word of theirs."""
        rows = await self._storage.read(viber.count_sent(chat, max(known.heard_ms, millis(at - UNANSWERED))))
        return int(str(rows[0]["n"]))

    async def _said(self, chat: str, message: Message, look: Look, known: _Known, media: str) -> str:
        sent = await self._taken(chat, message, look, known, media)
        await self._note(chat, sent, message, look, known)
        return sent[-1].token if sent else ""

    async def _taken(
        self, chat: str, message: Message, look: Look, known: _Known, media: str
    ) -> Sequence[Sent]:
        """Said as it is meant, or without what is new, or in plain words: whatever Viber takes first."""
        try:
            return await self._all(chat, self._forms(message, look, known, media))
        except Incompatible as error:
            log.warning("said without what is new: chat=%s why=%s", chat, error)
            await self._storage.commit([viber.lowered(chat)])
        except Malformed as error:
            return await self._plainly(chat, message, look, error)
        try:
            return await self._all(chat, self._forms(message, look.lowest, known, media))
        except (Incompatible, Malformed) as error:
            return await self._plainly(chat, message, look, error)

    async def _plainly(self, chat: str, message: Message, look: Look, why: Refused) -> Sequence[Sent]:
        log.error("Viber cannot read a message, said in plain words: chat=%s why=%s", chat, why)
        return await self._all(chat, in_plain_words(message, look))

    def _forms(self, message: Message, look: Look, known: _Known, media: str) -> Sequence[Sending]:
        if message.plain:
            return in_plain_words(message, look)
        return render(message, look, known.keyboard, message.page, media)

    async def _all(self, chat: str, forms: Sequence[Sending]) -> list[Sent]:
        """Send the parts of a message; when that is tried again, not those that are out."""
        begun = self._begun.pop(chat, [])
        if [form for form, _sent in begun] != list(forms[: len(begun)]):
            begun = []
        try:
            for form in forms[len(begun) :]:
                begun.append((form, await self._out(chat, form)))
        except (Later, Uncertain):
            if begun:
                self._begun[chat] = begun
            raise
        finally:  # those before the last are out, whatever becomes of it
            await self._counted(chat, [sent for _form, sent in begun][: len(forms) - 1])
        return [sent for _form, sent in begun]

    async def _counted(self, chat: str, sent: Sequence[Sent]) -> None:
        at = millis(self._clock())
        if parts := [viber.sent(each.token, chat, "", each.billing or 0, at) for each in sent if each.token]:
            with suppress(Unavailable):
                await self._storage.commit(parts)

    async def _out(self, chat: str, form: Sending) -> Sent:
        try:
            sent = await self._api.send(chat.removeprefix(f"{NAME}:"), form)
        except Stopped as error:
            self._stopped_until = self._clock() + STOPPED
            LEFT_ALONE.labels(NAME).set(1)
            log.critical("Viber does not serve the bot, nothing goes out: why=%s", error)
            raise Stopped(str(error), STOPPED.total_seconds()) from error
        except Unpaid as error:
            self._unpaid_until = self._clock() + UNPAID
            log.critical("Viber wants money, nothing that costs goes out: why=%s", error)
            raise Unpaid(str(error), STOPPED.total_seconds()) from error
        except Unreachable:
            await self._storage.commit([viber.out_of_reach(chat)])
            raise
        except Uncertain:  # it counts at Viber, if it is out
            unnamed = viber.sent(f"?{secrets.token_hex(8)}", chat, "", 0, millis(self._clock()))
            with suppress(Unavailable):
                await self._storage.commit([unnamed])
            raise
        LEFT_ALONE.labels(NAME).set(0)
        VIBER_SENT.labels(str(sent.billing or "unsaid")).inc()
        if sent.billing == CHARGED:
            VIBER_EUROS.inc(float(self._terms.price))
        return sent

    async def _note(
        self, chat: str, sent: Sequence[Sent], message: Message, look: Look, known: _Known
    ) -> None:
        """Kept as well as can be: what is out is out, and must not be said again because this failed."""
        at = millis(self._clock())
        plain = "" if message.plain else plain_words(message, look)
        writes = [
            viber.sent(each.token, chat, plain if each is sent[-1] else "", each.billing or 0, at)
            for each in sent
            if each.token
        ]
        try:
            noted = await self._storage.commit([*writes, viber.showed(chat, self._standing(message, known))])
            for each, rows in zip(sent, noted, strict=False):
                if rows and rows[0]["failed_at"] is not None:  # the phone was faster than we
                    await said_again(self._storage, each.token, at)
        except Unavailable as error:
            log.warning("a message is out, and not noted: chat=%s why=%s", chat, error)

    def _standing(self, message: Message, known: _Known) -> str:
        return write_keyboard(message if message.rows else known.keyboard)

    async def _known(self, chat: str) -> _Known:
        rows = await self._storage.read(viber.chat(chat))
        if not rows:  # who has never been heard cannot be written to
            return _Known(False, 1, 0, Message(()))
        row = rows[0]
        return _Known(
            bool(row["subscribed"]),
            int(str(row["level"])),
            int(str(row["heard_at"])),
            read_keyboard(str(row["keyboard"])),
        )


def plain_words(message: Message, look: Look) -> str:
    """The whole message to be typed an answer to, with no keyboard."""
    return "\n\n".join(form.text for form in in_plain_words(message, look) if isinstance(form, TextMessage))
