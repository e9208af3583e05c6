"""One turn of a conversation, as a pure function.

`advance` takes what was remembered and what just happened, and returns what to remember next, what to
say, and at most one service to run.  It never waits, never reads a clock, and never talks to anything.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dialogs.engine.book import NO_MENU, Book
from dialogs.engine.choosing import STOPPED, choose, tick, try_again
from dialogs.engine.conversation import Conversation, Frame, Told
from dialogs.engine.events import (
    Arrived,
    Came,
    Event,
    Failed,
    Late,
    Leaked,
    Noted,
    Paged,
    Ran,
    Said,
    Shared,
    Tapped,
    Unreadable,
    Woke,
)
from dialogs.engine.going import (
    BACK_WHERE_WE_WERE,
    HELLO,
    RESUME,
    Outcome,
    Run,
    Take,
    ask,
    bundled,
    changed,
    go,
    here,
    home,
    leave,
    moved,
    place_of,
    prompt_of,
    question_of,
    remembered,
    run_name,
    run_of,
    start,
    tell,
)
from dialogs.engine.hearing import (
    Answer,
    Brought,
    Chosen,
    Command,
    Lost,
    Offered,
    Picked,
    Start,
    understand,
    whatever_is_asked,
)
from dialogs.engine.lines import Line
from dialogs.engine.offers import OFFER, Refused, Taken, begun
from dialogs.engine.prompts import (
    HELP,
    NOT_UNDERSTOOD,
    draft_of,
    fill,
)
from dialogs.engine.settle import Place, settle
from dialogs.engine.steps import Ask, Await, Bad, Check, Do, Form, GaveUp, Speak
from dialogs.engine.text import Phrase, _
from dialogs.engine.timing import expire, reminder_due

STALE = _("That button belongs to an earlier question. This is where we are:")
OUTDATED = _("That button is no longer in use.")
SECRET = _(
    "That looks like a card number. I have not kept it. Please never send one in a chat: "
    "cards are asked for only on the bank's own page."
)
TYPED_SECRET = _(
    "Please do not write that in the chat. Nothing of it was kept. "
    "Type it only on the page that the button opens; here is a new one."
)
NOT_YOURS = _("That is somebody else's contact. Please share your own number, or type it.")
TOO_LATE = _("What you sent on the page belonged to a question that is no longer open, so it was not used.")
_OFFERED = re.compile(r"o[0-9a-f]{16,48}")
OUT_OF_REACH_NOW = _("I cannot reach our records just now. Please press that once more in a minute.")
REFUSED_OFFERS = {
    Refused.USED: _("That was done already; the button works once."),
    Refused.OVER: _("It is too late for that button. What it offered can no longer be done with it."),
    Refused.FOREIGN: _("That button belongs to an account that is not signed in here."),
}
OUT_OF_REACH = _("I cannot reach our records just now. Please send that again in a minute.")
WORDS_ONLY = _("I only understand written messages and buttons.")
PRIVATE_ONLY = _("I only talk with customers in private. Please write to me directly, not in a group.")
BELATED = _("A message of yours reached me late, so I have not used it. Please look where we are now.")
UNFINISHED = _("“{title}” is still open. Shall we go on?")

COURTESIES = {"hello": HELLO, "thanks": _("You are welcome!")}

#: The name under which a deep link's service runs; no step has it.
DEEP_LINK = "deep link"
#: No button of ours brings back more characters; what is longer is not remembered.
LONGEST_PAYLOAD = 64
#: The same button again within this time is one tap of a nervous finger.
DOUBLE_TAP = timedelta(seconds=2)
#: A button that has done its work is pressed again for a little longer, while its answer is on the way.
LATE_DOUBLE_TAP = timedelta(seconds=10)


def advance(conversation: Conversation, event: Event, book: Book) -> Outcome:
    """The one step from one turn to the next."""
    if isinstance(event, Unreadable) and event.kind == "group":
        return _declined(conversation, event)
    # A service that answers goes on with a turn, whose own event has let expire what was due.
    now = conversation if isinstance(event, Ran | Failed) else expire(conversation, event.at)
    if not isinstance(event, Woke | Ran | Failed | Noted):
        now = replace(now, heard_at=event.at, reminded=False)
    outcome = _greeted(now, event, book) if not now.language else _answered(now, event, book)
    return replace(outcome, lines=bundled(outcome.lines))


def _declined(conversation: Conversation, event: Unreadable) -> Outcome:
    """A group is told once a day that we speak in private only, and not at every word."""
    before = conversation.heard_at
    if before is not None and event.at - before < timedelta(days=1):
        return Outcome(conversation)
    return Outcome(replace(conversation, heard_at=event.at), (Line((Phrase(PRIVATE_ONLY),)),))


def _answered(now: Conversation, event: Event, book: Book) -> Outcome:
    match event:
        case Said():
            return _heard(replace(now, tapped=""), event.text, book)
        case Tapped():
            return _tapped(now, event, book)
        case Shared():
            return _shared(replace(now, tapped=""), event, book)
        case Leaked():
            return here(replace(now, tapped=""), book, SECRET)
        case Unreadable():
            return here(now, book, WORDS_ONLY)
        case Arrived():
            word = book.brought(event.context)
            return home(now, book) if word is None else _brought(now, word, book)
        case Woke():
            return _woke(now, event, book)
        case Ran():
            return _ran(now, event, book)
        case Failed():
            return _failed(now, event, book)
        case Came():
            return _came(now, event, book)
        case Noted():
            return _noted(now, event, book)
        case Late():
            return here(now, book, BELATED)
        case Paged():
            return _paged(now, event, book)


def _greeted(now: Conversation, event: Event, book: Book) -> Outcome:
    """The first turn of all: a welcome, unless the customer says at once what they want."""
    guess = event.language if isinstance(event, Arrived) else ""
    now = replace(now, language=guess if guess in book.languages else book.languages[0])
    word = book.brought(event.context) if isinstance(event, Arrived) else None
    if isinstance(event, Said):
        meaning = understand(event.text, None, None, book)
        if isinstance(meaning, Start):
            return start(now, meaning.dialog, book)
        word = meaning.word if isinstance(meaning, Brought) else None
    if word is not None:
        # The welcome asks for the language first, and what was brought goes on beneath it.
        return _brought(replace(now, frames=(Frame(book.welcome.__name__),)), word, book)
    welcome = start(now, book.welcome, book)
    if isinstance(event, Leaked):
        return replace(welcome, lines=(Line((Phrase(SECRET),)), *welcome.lines))
    return welcome


def _heard(now: Conversation, text: str, book: Book) -> Outcome:
    """What was said is always answered, and below it: only a tap changes its own message."""
    outcome = _said(now, text, book)
    if not outcome.lines and not outcome.run:
        return here(outcome.conversation, book)
    return replace(outcome, lines=tuple(replace(line, edits=False) for line in outcome.lines))


def _shared(now: Conversation, shared: Shared, book: Book) -> Outcome:
    """A contact answers the question that asks for it, and no other; it must be the customer's own."""
    place = place_of(now, book) if now.frames else None
    if place is None or not isinstance(place.step, Ask) or not place.step.contact or moved(now, place):
        return here(now, book, WORDS_ONLY)
    if not shared.own:
        return here(now, book, NOT_YOURS)
    value = place.step.reads.read(shared.phone)
    if isinstance(value, Bad):
        return try_again(now, place, book, value.why)
    return tell(now, place, value, book)


def _said(now: Conversation, text: str, book: Book) -> Outcome:
    place = place_of(now, book) if now.frames else None
    if place and moved(now, place):
        return _said_to_another(now, text, book)
    prompt = prompt_of(now, place) if place else None
    match understand(text, place, prompt, book, now.menu, now.offers):
        case Offered(payload=payload):
            return _offered(now, payload)
        case Brought(word=word):
            return _brought(now, word, book)
        case Command(name="menu"):
            return home(now, book)
        case Command(name="language"):
            return start(now, book.tongue, book)
        case Command(name=name) if name in book.languages:
            return _switched(now, name, book)
        case Command(name=name) if name in COURTESIES:
            return here(now, book, COURTESIES[name])
        case Command(name=name):
            return choose(now, place, name, book) if place else _helped(now, name, book)
        case Start(dialog=dialog):
            return start(now, dialog, book)
        case Chosen(payload=payload):
            option = payload.partition(":")[2]
            return choose(now, place, option, book) if place else here(now, book)
        case Answer(value=value) if place and isinstance(place.step, Check):
            return Outcome(now, run=run_of(place, value))
        case Answer(value=value) if place:
            return tell(now, place, value, book)
        case Picked(keys=keys) if place:
            return _named(now, place, keys, book)
        case Lost() if place and isinstance(place.step, Form):
            return replace(ask(now, book, Line((Phrase(TYPED_SECRET),))), secret=True)
        case Lost(why=why) if place:
            return try_again(now, place, book, why)
    return home(now, book, Line((Phrase(NOT_UNDERSTOOD),)))


def _said_to_another(now: Conversation, text: str, book: Book) -> Outcome:
    """The question that was answered is gone: only what was never meant for it counts."""
    match whatever_is_asked(text, book):
        case Command(name="menu"):
            return home(now, book)
        case Command(name="language"):
            return start(now, book.tongue, book)
        case Command(name="cancel"):
            return leave(now, book, Line((Phrase(STOPPED),)))
        case Start(dialog=dialog):
            return start(now, dialog, book)
        case Brought(word=word):
            return _brought(now, word, book)
    return go(now, book, Line((Phrase(BACK_WHERE_WE_WERE),)))


def _named(now: Conversation, place: Place, keys: tuple[str, ...], book: Book) -> Outcome:
    """Tick what was named; what is ticked already is shown to be."""
    chosen = draft_of(place).chosen or ()
    if set(keys) <= set(chosen):
        return here(now, book)
    return tick(now, place, dict.fromkeys((*chosen, *keys)), book)


def _tapped(now: Conversation, tap: Tapped, book: Book) -> Outcome:
    head, _colon, option = tap.payload.partition(":")
    numbered = head.isdecimal() and head.isascii()
    live = numbered and bool(now.frames) and int(head[:18]) == now.asked
    stale = numbered and not live
    if _is_double(now, tap, LATE_DOUBLE_TAP if stale else DOUBLE_TAP):
        return Outcome(now)
    if len(tap.payload) > LONGEST_PAYLOAD or not tap.payload.isprintable():
        return here(now, book, STALE if stale else OUTDATED)
    now = replace(now, tapped=tap.payload, tapped_at=tap.at)
    if stale:
        return here(now, book, STALE)
    if live:
        place = place_of(now, book)
        return here(now, book, STALE) if moved(now, place) else choose(now, place, option, book)
    return _controlled(now, head, option, book)


def _paged(now: Conversation, asked: Paged, book: Book) -> Outcome:
    """The live question once more, with another part of its keyboard."""
    if not now.frames or asked.prompt != now.asked:
        return here(now, book, STALE)
    place = place_of(now, book)
    if moved(now, place):
        return here(now, book, STALE)
    return Outcome(now, (replace(prompt_of(now, place, brief=True), page=asked.page),))


def _is_double(now: Conversation, tap: Tapped, within: timedelta) -> bool:
    """Whether this is the same tap once more; clocks may have been set back in between."""
    return tap.payload == now.tapped and now.tapped_at is not None and abs(tap.at - now.tapped_at) < within


def _controlled(now: Conversation, head: str, option: str, book: Book) -> Outcome:
    """A button that stands outside any prompt and never goes stale."""
    if head == "start" and option in book.dialogs and not book.dialogs[option].params:
        return start(now, book.dialogs[option], book)
    if head == "lang" and option in book.languages:
        return _switched(now, option, book)
    if head == RESUME:
        return here(now, book)
    if _OFFERED.fullmatch(head) and not option:
        return _offered(now, head)
    return here(now, book, OUTDATED)


def _switched(now: Conversation, language: str, book: Book) -> Outcome:
    """Speak another language: the live prompt is shown again, in place where the channel can."""
    now = replace(now, language=language)
    if not now.frames:
        return home(now, book)
    place = place_of(now, book)
    if moved(now, place):
        return go(now, book)
    if isinstance(place.step, Speak):
        return tell(now, place, language, book)
    line = prompt_of(now, place)
    return Outcome(now, (replace(line, edits=True),))


def _helped(now: Conversation, command: str, book: Book) -> Outcome:
    """A control word outside any dialog."""
    return start(now, book.helpdesk, book) if command == HELP else home(now, book)


def _offered(now: Conversation, payload: str) -> Outcome:
    """Look whether an offer stands; nothing that is open is touched by that."""
    return Outcome(now, run=Take(payload[1:]))


def _taken(now: Conversation, value: object, book: Book) -> Outcome:
    """Begin what was offered, beside what is open; an older one of its kind gives way."""
    if isinstance(value, Refused):
        return here(now, book, REFUSED_OFFERS[value])
    assert isinstance(value, Taken)
    frame = begun(value, book.dialogs)
    return here(now, book, OUTDATED) if frame is None else _beside(now, frame, book)


def _beside(now: Conversation, frame: Frame, book: Book) -> Outcome:
    """Begin a dialog beside what is open; an older one of its kind, and the welcome, give way.

    Only the question which language to speak comes first.
    """
    welcome = book.welcome.__name__
    asks = bool(now.frames) and now.top.dialog == welcome and isinstance(place_of(now, book).step, Speak)
    others = [other for other in now.frames if other.dialog not in (frame.dialog, welcome)]
    return go(replace(now, frames=(*others, frame, *([now.top] if asks else ()))), book)


def _brought(now: Conversation, word: str, book: Book) -> Outcome:
    """Make of a deep link's word what may be remembered; nothing that is open is touched by that."""
    assert book.deep_link is not None
    return Outcome(now, run=Run(DEEP_LINK, book.deep_link.keeps, (word,)))


def _linked(now: Conversation, value: object, book: Book) -> Outcome:
    """Begin what a deep link leads to."""
    if book.deep_link is None:  # a deploy has taken it away
        return here(now, book)
    dialog = book.deep_link.dialog
    (param,) = dialog.params
    return _beside(now, Frame(dialog.__name__, {param.name: Told(value)}), book)


def _failed(now: Conversation, failed: Failed, book: Book) -> Outcome:
    """A service is away: try again later.  What was typed for it alone must be typed again."""
    if failed.step.startswith(f"{OFFER} "):
        return here(now, book, OUT_OF_REACH_NOW)
    if failed.step == DEEP_LINK:
        return here(now, book, OUT_OF_REACH)
    place = place_of(now, book) if now.frames else None
    if place and isinstance(place.step, Do) and place.step.otherwise is not None:
        return go(remembered(now, place, place.step, place.step.otherwise), book)
    lines = (Line((Phrase(OUT_OF_REACH),)),) if place and isinstance(place.step, Check) else ()
    return ask(now, book, *lines)


def _came(now: Conversation, came: Came, book: Book) -> Outcome:
    """What a dialog waited for, live or parked: it is taken up again where it stands."""
    found = awaiting(now, came.question, book)
    if found is None:
        return here(now, book, TOO_LATE)
    now, place = found
    return tell(now, place, came.value, book)


def awaiting(now: Conversation, question: str, book: Book) -> tuple[Conversation, Place] | None:
    """The conversation with the dialog on top that waits at `question`, and the place; None: none does."""
    for frame in reversed(now.frames):
        others = tuple(other for other in now.frames if other is not frame)
        found = replace(now, frames=(*others, frame))
        place = settle(book.dialogs[frame.dialog], frame)
        if isinstance(place.step, Await | Form) and question_of(found, place) == question:
            return found, place
    return None


def _noted(now: Conversation, noted: Noted, book: Book) -> Outcome:
    """Something to know, and then the live question where it was, if there is one."""
    said = Line((noted.words,), options=noted.options, picture=noted.picture)
    if not now.frames:
        # Beneath a notice its own buttons are what a number means.
        options = tuple(replace(o, number=n) for n, o in enumerate(noted.options, 1) if o.offer or o.payload)
        links = tuple(option for option in noted.options if not (option.offer or option.payload))
        after = replace(now, menu=NO_MENU, offers=()) if options else now
        return Outcome(after, (replace(said, options=(*options, *links)),))
    # After a deploy there may be no question to repeat, but something to say or to do.
    again = go if moved(now, place_of(now, book)) else ask
    return again(now, book, said)


def _ran(now: Conversation, ran: Ran, book: Book) -> Outcome:
    """A service has answered: believe it, or ask the rejected answer again."""
    if ran.step.startswith(f"{OFFER} "):
        return _taken(now, ran.value, book)
    if ran.step == DEEP_LINK:
        return _linked(now, ran.value, book)
    place = place_of(now, book) if now.frames else None
    if place is None or not isinstance(place.step, Do | Check) or run_name(place) != ran.step:
        return go(now, book)
    step = place.step
    place.live.put(step.name, ran.value)
    if isinstance(step, Check):
        return _checked(now, place, step, ran.value, book)
    refusal = step.rejects.get(type(ran.value))
    if refusal is None:
        return go(remembered(now, place, step, ran.value), book)
    answer, why = refusal
    said = Line((fill(why, place.live, place.dialog.names),))
    now = changed(now, place, lambda frame: frame.tried(step.name))
    if place_of(now, book).frame.tries[step.name] >= step.attempts:
        return go(remembered(now, place, step, GaveUp()), book)
    return go(changed(now, place, lambda frame: frame.forget(answer.name)), book, said)


def _checked(now: Conversation, place: Place, step: Check[Any], value: object, book: Book) -> Outcome:
    why = step.rejects.get(type(value))
    if why is None:
        return tell(now, place, value, book)
    return ask(now, book, Line((fill(why, place.live, place.dialog.names),)))


def _woke(now: Conversation, woke: Woke, book: Book) -> Outcome:
    if not now.frames or not reminder_due(now, woke.at, book.zone):
        return Outcome(now)
    if book.dialogs[now.top.dialog].fleeting:
        return Outcome(replace(now, reminded=True))
    title = {"title": book.dialogs[now.top.dialog].title}
    now = replace(now, reminded=True)
    said = Line((Phrase(UNFINISHED, title),))
    place = place_of(now, book)
    return go(now, book, said) if moved(now, place) else Outcome(now, (said, prompt_of(now, place)))
