"""Where to get the eKESCO app."""

from __future__ import annotations

from dialogs.engine.steps import Dialog, End, Link
from dialogs.engine.text import _, _l

# The stores' own search: it stays right when the app is published anew under another number.
GOOGLE_PLAY = "https://play.google.com/store/search?q=eKesco&c=apps"
APP_STORE = "https://apps.apple.com/search?term=eKesco"


class GetApp(Dialog):
    """The two stores that have the app."""

    title = _l("The eKESCO app")
    starts_on = (
        _("app"),
        _("application"),
        _("download the app"),
        _("where is the app"),
        _("mobile app"),
        _("eKESCO"),
    )

    stores = End(
        _("The eKESCO app is free. Here you find it:"),
        links=(Link(_l("Google Play"), GOOGLE_PLAY), Link(_l("App Store"), APP_STORE)),
    )
