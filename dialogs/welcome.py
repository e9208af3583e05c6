"""The first meeting: a language, and three screens that can be skipped."""

from __future__ import annotations

from dialogs.engine.steps import Choice, Choose, Dialog, Either, End
from dialogs.engine.text import _, _l
from dialogs.tongue import tongues


class Onward(Choice):
    NEXT = _l("Next")
    SKIP = _l("Skip")


class Welcome(Dialog):
    """Greets who comes for the first time."""

    title = _l("Welcome")
    quiet = True

    language = tongues()
    what = Choose(
        Onward,
        _(
            "Hello! 👋 I am the assistant for KESCO's customers. "
            "I show your last bill and work out what a month will cost, appliance by appliance."
        ),
        given=language,
    )
    how = Choose(
        Onward,
        _(
            "It is easy: press a button or write in your own words. "
            "You can go back, change any answer, or stop whenever you like."
        ),
        given=what.case(Onward.NEXT),
    )
    trust = Choose(
        Onward,
        _(
            "I never ask for passwords or card numbers in the chat. "
            "If you need a person, call 0800 791 00, free of charge."
        ),
        given=how.case(Onward.NEXT),
    )
    ready = End(
        _("That is all. Let us begin!"),
        given=Either(what.case(Onward.SKIP), how.case(Onward.SKIP), trust),
    )
