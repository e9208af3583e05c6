"""Offers as a turn makes and takes them: a row for each button that works once, and its payload.

One is used once, in its chat, by the account it was made to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.clock import millis
from bot.services import accounts
from bot.services.ports import Turn
from dialogs.engine.going import Outcome
from dialogs.engine.lines import Line, Option
from dialogs.engine.offers import Refused, Taken, offers_in, written
from storage import offers
from storage.base import Write


async def offered(outcome: Outcome, turn: Turn) -> tuple[Outcome, list[Write]]:
    """The outcome with a name for each offer, and the writes that keep them.

    What was offered beneath the menu, the conversation remembers: it may be typed as well.
    """
    if not any(offers_in(line) for line in outcome.lines):
        return outcome, []
    here = await accounts.session(turn)
    account, writes, lines = here.account.id if here else "", list[Write](), []
    for n, line in enumerate(outcome.lines):
        options = tuple(_named(line, turn, f"offer {n}"))
        writes += [_row(option, turn, account) for option in options if option.offer]
        lines.append(replace(line, options=tuple(replace(option, offer=None) for option in options)))
        if offers_in(line) and not outcome.conversation.frames:
            told = tuple((o.payload, o.label.text.msgid) for o in options if o.offer)
            outcome = replace(outcome, conversation=replace(outcome.conversation, offers=told))
    return replace(outcome, lines=tuple(lines)), writes


def _named(line: Line, turn: Turn, purpose: str) -> Iterator[Option]:
    for n, option in enumerate(line.options):
        yield replace(option, payload=f"o{turn.derived(f'{purpose} {n}')}") if option.offer else option


def _row(option: Option, turn: Turn, account: str) -> Write:
    opening = option.offer
    assert opening is not None
    expires = millis(turn.at + opening.lasts)
    return offers.make(option.payload[1:], turn.chat, account, opening.dialog, written(opening), expires)


async def take_offer(turn: Turn, id: str) -> Taken | Refused:
    """Use up the offer of that id, with the turn."""
    rows = await turn.storage.read(offers.find(id))
    if not rows or rows[0]["chat"] != turn.chat or not await _is_theirs(turn, str(rows[0]["account"])):
        return Refused.FOREIGN
    if rows[0]["used_at"] is not None:
        return Refused.USED
    if int(str(rows[0]["expires_at"])) <= millis(turn.at):
        return Refused.OVER
    turn.write(offers.use(id, millis(turn.at)))
    return Taken(str(rows[0]["dialog"]), str(rows[0]["args"]))


async def _is_theirs(turn: Turn, account: str) -> bool:
    here = await accounts.session(turn)
    return not account or (here is not None and here.account.id == account)
