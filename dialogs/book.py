"""All dialogs of the assistant, and its main menu.

Where do I add a dialog?
1. A file beside this one: a `Dialog` with its steps, texts through `_()`, labels through `_l()`.
2. Its services in `bot/services/`.
3. Its name in `DIALOGS` below, and in `MENUS` or `SAID` when it can be started at any time.
4. `python -m locales.extract`, then the translations.  `make check` walks all its paths.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dialogs.account import Account, KeepAccount, Notices, Rename, SignedInChats, SignOut, SignOutEverywhere
from dialogs.add_meter import AddMeter
from dialogs.bills import LastBill, ReadBill, ShowBill
from dialogs.changes import ChangeEmail, ChangePassword, ChangePhone, DeleteAccount, MyData
from dialogs.claims import AgreeToClaim, RefuseClaim, WhoSees
from dialogs.engine.book import Book, Ear, Entrance
from dialogs.engine.steps import End
from dialogs.estimate import ApplianceUse, EstimateBill
from dialogs.get_app import GetApp
from dialogs.helpdesk import CALL_CENTRE, Helpdesk, PowerCut
from dialogs.home import CUSTOMER, GUEST, LEAVING, Home
from dialogs.linking import BY_LINK, HaveCode, LinkChat, OpenHere, SignThatChatOut
from dialogs.meters import ChooseMeter, Meters, NameMeter, UndoUnlink, UnlinkMeter
from dialogs.pay import Pay
from dialogs.register import Register
from dialogs.sign_in import ForgotPassword, SignIn
from dialogs.tongue import LANGUAGES, Tongue
from dialogs.welcome import Welcome

DIALOGS = (
    *(Welcome, Home, Tongue, Helpdesk, PowerCut, GetApp, EstimateBill),
    *(LastBill, ShowBill, ReadBill, Pay, Meters, AddMeter, ChooseMeter, NameMeter, UnlinkMeter, UndoUnlink),
    *(AgreeToClaim, RefuseClaim, WhoSees),
    *(Register, SignIn, ForgotPassword, SignOut, SignOutEverywhere),
    *(Account, Rename, Notices, SignedInChats, KeepAccount),
    *(LinkChat, HaveCode, OpenHere, SignThatChatOut),
    *(ChangeEmail, ChangePhone, ChangePassword, MyData, DeleteAccount),
)
#: Dialogs that are only ever rows of others.
ROWS = (ApplianceUse,)
#: The main menu as it stands for different customers, by the name that a dialog's `End` gives.
MENUS = {
    GUEST: (
        Entrance(EstimateBill, "🧮"),
        Entrance(Register, "✨"),
        Entrance(SignIn, "🔑"),
        Entrance(HaveCode, "🔗"),
        Entrance(GetApp, "📱"),
        Entrance(Tongue, "🌐"),
        Entrance(Helpdesk, "❔"),
    ),
    CUSTOMER: (
        Entrance(LastBill, "🧾"),
        Entrance(Pay, "💳"),
        Entrance(Meters, "🔌"),
        Entrance(EstimateBill, "🧮"),
        Entrance(Account, "👤"),
        Entrance(GetApp, "📱"),
        Entrance(Tongue, "🌐"),
        Entrance(Helpdesk, "❔"),
    ),
    LEAVING: (
        Entrance(KeepAccount, "↩️"),
        Entrance(MyData, "📄"),
        Entrance(SignOut, "👋"),
        Entrance(Helpdesk, "❔"),
    ),
}
#: What can be asked for in words at any time, though no menu shows it.
SAID = (
    *(ForgotPassword, SignOutEverywhere, SignedInChats, ChangePhone, ChangeEmail, ChangePassword),
    *(DeleteAccount, Notices, Rename, LinkChat, PowerCut),
    *(ReadBill, AddMeter, ChooseMeter, NameMeter, UnlinkMeter, WhoSees),
)
ZONE = ZoneInfo("Europe/Belgrade")


def addresses_named() -> frozenset[str]:
    """The addresses of others that buttons open."""
    steps = (step for dialog in DIALOGS for step in dialog.names.values())
    links = (link for step in steps if isinstance(step, End) for link in step.links)
    return frozenset(x.url for x in links if isinstance(x.url, str) and x.url.startswith("http"))


def book(ear: Ear) -> Book:
    """Everything the engine must know of this assistant."""
    return Book(
        dialogs={dialog.__name__: dialog for dialog in DIALOGS},
        menus=MENUS,
        said=SAID,
        welcome=Welcome,
        home=Home,
        tongue=Tongue,
        helpdesk=Helpdesk,
        languages=tuple(code for code, _name in LANGUAGES),
        callcentre=CALL_CENTRE,
        ear=ear,
        zone=ZONE,
        deep_link=BY_LINK,
    )
