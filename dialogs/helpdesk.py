"""Help outside any question, and the way to a person."""

from __future__ import annotations

from dialogs.engine.steps import Dialog, End
from dialogs.engine.text import _, _l

CALL_CENTRE = _("You can also talk to a person: call 0800 791 00, free of charge.")


class Helpdesk(Dialog):
    """What the assistant can do."""

    title = _l("Help")
    starts_on = (
        _("what can you do"),
        _("how does this work"),
        _("call centre"),
        _("phone number"),
        _("contact"),
        _("operator"),
        _("talk to a person"),
        _("I want to talk to somebody"),
    )

    said = End(
        _(
            "I show your last bill, work out what a month will cost, appliance by appliance, and look after "
            "your account: open one, sign in, or say “forgotten password”. "
            "Press a button or write in your own words; “back”, “cancel” and “menu” always work. "
            "You can also talk to a person: call 0800 791 00, free of charge."
        )
    )


class PowerCut(Dialog):
    """What the assistant cannot see, and who can."""

    title = _l("Power cut")
    starts_on = (_("no electricity"), _("there is no power"), _("report a fault"))

    said = End(
        _(
            "I cannot see power cuts from here. The call centre knows of the cause and how long it may take: "
            "0800 791 00, free of charge."
        )
    )
