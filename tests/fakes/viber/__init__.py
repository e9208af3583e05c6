"""A strict Viber of our own: `FakeViber` serves the REST Bot API on loopback, `ViberUser` holds the phone.

    async with FakeViber() as fake:            # methods at f"{fake.url}/pa/<method>", token `fake.token`
        …                                      # the bot listens and calls set_webhook(http://127.0.0.1:…)
        arta = fake.user("arta", language="sq")
        arta.open("promo")                     # conversation_started; the answer's body is the welcome
        arta.say("tung")                       # any first message subscribes
        await fake.settled()                   # every callback has been answered
        arta.press("Llogaria")                 # a button of the last keyboard, by what it reads
        await fake.until(lambda: "…" in arta.texts)
    assert fake.violations == []

**The server.** `fake.calls` and `fake.called(method)` list what was asked and answered.  Refusals are HTTP
200 with a `Status`.  `violations` collects what a good client never does, whatever Viber would say to it:
statuses 1 to 4 and 14 of its own making, a message without a keyboard (but for plain
words after a refusal), unescaped HTML in a label, more than
100 messages an hour to a user who is silent, two requests for one user at once, a message sent again after a
newer one, one picture address for two users, a picture that cannot be loaded, a message to somebody whose
farewell was acknowledged, a welcome that Viber cannot show, another welcome on a retry.  Pictures on
loopback are really loaded; `FakeViber(loopback=False)` accepts nothing but public https addresses.  What a
push cost is in `Shown.billing_status` and `fake.methods.billing` (`charges`, `free_left`, and the statuses
to give).

**Users.** `fake.user(key, name, language, country, devices)`; the `id` looks like Viber's.  They `open`,
`say`, `press`, `send` (also `send_picture`, `_sticker`, `_file`, `_location`, `_url`, `_contact`), `look`
(seen), `subscribe`, `unsubscribe`; `refuse(why)` makes the phone refuse what comes next, after status 0.
They see `chat` (both sides), `heard`, `texts`, `last`, `rows` and `labels` of the keyboard, and `opened`
addresses.  A `Device` has its own api version: Viber refuses (13) what no device understands, and each other
device reports `failed` for itself.  Every deed returns its `Callback`.

**Callbacks.** `Callback.attempts`, `taken`, `lost`.  `fake.callbacks.copies = 2` doubles all of them,
`.hold()` and `.release([third, first])` reorder them, `.repeat(callback)` tells one again, `.log` has all.
`fake.tell(event, fields)` posts any event, `fake.post_raw(body, signed)` any bytes.

**Time** stands still until `await fake.advance(seconds)`: retries come when 10, 60, 300, 600, 900 … 3,600 s
have passed since the first attempt, then the callback is lost.  `advance(6, settle=False)` while the bot
still owes an answer makes that answer late: the callback comes again.  Sessions, quotas and time stamps go by
the same clock, `fake.clock.time`.

**Faults.** `fake.refuse(method, status)`, `fake.fail(method, http)`, `fake.drop(method, after)`,
`fake.stall(method, after)`; each takes `times=` and `user=` (an id).  `drop` also takes an event's name: the
callback does not arrive, or its answer is lost and it comes again.

`python -m tests.fakes.viber` runs it alone, on a ticking clock unless `--standing`; orders are in control.py.

Not documented by Viber, and chosen here: receipts of a welcome carry the token of its conversation_started;
`InputFieldState` needs api level 4; a user's profile is that of the first device.
"""

from tests.fakes.viber.callbacks import SIGNATURE_HEADER, Callback, signature
from tests.fakes.viber.exchange import TOKEN_HEADER, Call
from tests.fakes.viber.faults import Fault
from tests.fakes.viber.rules import Status
from tests.fakes.viber.server import TOKEN, FakeViber
from tests.fakes.viber.shown import DESKTOP, PHONE, Device, Shown
from tests.fakes.viber.users import ViberUser

__all__ = [
    "DESKTOP",
    "PHONE",
    "SIGNATURE_HEADER",
    "TOKEN",
    "TOKEN_HEADER",
    "Call",
    "Callback",
    "Device",
    "FakeViber",
    "Fault",
    "Shown",
    "Status",
    "ViberUser",
    "signature",
]
