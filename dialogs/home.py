"""The main menu, where every dialog ends."""

from __future__ import annotations

from dialogs.engine.steps import Dialog, End
from dialogs.engine.text import _, _l


class Home(Dialog):
    """What can be done."""

    title = _l("Main menu")

    menu = End(_("What would you like to do?"), menu="main")
