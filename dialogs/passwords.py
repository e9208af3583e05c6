"""The pages on which passwords are typed."""

from __future__ import annotations

from collections.abc import Mapping

from bot.services.secrets_typed import Weak
from bot.services.sign_in import Waits, WrongPassword
from dialogs.engine.pages import Field, FieldKind, Page
from dialogs.engine.steps import Refuse
from dialogs.engine.text import _, _l, _n
from dialogs.identifiers import NEW_PASSWORD, WEAK

PASSWORD = "password"
NEW = Page(
    name="new_password",
    title=_("Choose a password"),
    lead=_("With it you sign in to your KESCO account. Nobody at KESCO will ever ask you for it."),
    submit=_l("Save the password"),
    done=_("Your password is saved."),
    fields=(
        Field(PASSWORD, _l("New password"), FieldKind.NEW_PASSWORD, rules=NEW_PASSWORD),
        Field("again", _l("The same password once more"), FieldKind.NEW_PASSWORD, same_as=PASSWORD),
    ),
)
CURRENT = Page(
    name="password",
    title=_("Your password"),
    lead=_("Type the password of your KESCO account."),
    submit=_l("Continue"),
    done=_("Thank you, that is right."),
    fields=(Field(PASSWORD, _l("Password"), FieldKind.CURRENT_PASSWORD),),
)
TOO_WEAK: Mapping[type, Refuse] = {Weak: Refuse(lambda weak: WEAK[weak.weakness], PASSWORD)}
NOT_RIGHT: Mapping[type, Refuse] = {
    WrongPassword: Refuse(
        _("The password does not fit this account. Please check it, and what you wrote in the chat."),
        PASSWORD,
    ),
    Waits: Refuse(
        _n(
            "There were too many wrong passwords. Please try again in {seconds:number} second.",
            "There were too many wrong passwords. Please try again in {seconds:number} seconds.",
            by="seconds",
        ),
        PASSWORD,
    ),
}
OPEN = _l("Type the password")
CHOOSE = _l("Choose a password")
