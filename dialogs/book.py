"""All dialogs of the assistant, and its main menu.

Where do I add a dialog?
1. A file beside this one: a `Dialog` with its steps, texts through `_()`, labels through `_l()`.
2. Its services in `bot/services/`.
3. Its name in `DIALOGS` below, and in `MENU` when it can be started from there.
4. `python -m locales.extract`, then the translations.  `make check` walks all its paths.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dialogs.engine.book import Book, Ear, Entrance
from dialogs.estimate import ApplianceUse, EstimateBill
from dialogs.get_app import GetApp
from dialogs.helpdesk import CALL_CENTRE, Helpdesk
from dialogs.home import Home
from dialogs.tongue import LANGUAGES, Tongue
from dialogs.welcome import Welcome

DIALOGS = (Welcome, Home, Tongue, Helpdesk, GetApp, EstimateBill)
#: Dialogs that are only ever rows of others.
ROWS = (ApplianceUse,)
MENU = (
    Entrance(EstimateBill, "🧮"),
    Entrance(GetApp, "📱"),
    Entrance(Tongue, "🌐"),
    Entrance(Helpdesk, "❔"),
)
ZONE = ZoneInfo("Europe/Belgrade")


def book(ear: Ear) -> Book:
    """Everything the engine must know of this assistant."""
    return Book(
        dialogs={dialog.__name__: dialog for dialog in DIALOGS},
        menus={"main": MENU},
        welcome=Welcome,
        home=Home,
        tongue=Tongue,
        helpdesk=Helpdesk,
        languages=tuple(code for code, _name in LANGUAGES),
        callcentre=CALL_CENTRE,
        ear=ear,
        zone=ZONE,
    )
