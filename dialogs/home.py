"""The main menu, where every dialog ends; for who is signed in, with the last bill in a line."""

from __future__ import annotations

from bot.services.my_account import Guest
from bot.services.overview import Leaves, NoBill, Overdue, Paid, Unpaid, Unseen, overview
from dialogs.engine.steps import Dialog, Do, End
from dialogs.engine.text import _, _l

GUEST, CUSTOMER, LEAVING = "guest", "customer", "leaving"


class Home(Dialog):
    """What can be done."""

    title = _l("Main menu")

    seen = Do(overview, otherwise=Unseen())
    menu = End(_("What would you like to do?"), menu=GUEST, given=seen.case(Guest))
    unseen = End(
        _("I cannot reach our records just now. What would you like to do?"),
        menu=GUEST,
        given=seen.case(Unseen),
    )
    unpaid = End(
        _(
            "{seen.name}, your bill for {seen.month:month} ({seen.code}): <b>{seen.rest:money}</b>, "
            "to be paid by {seen.due_on:date}.\nWhat would you like to do?"
        ),
        menu=CUSTOMER,
        given=seen.case(Unpaid),
    )
    overdue = End(
        _(
            "{seen.name}, your bill for {seen.month:month} ({seen.code}): <b>{seen.rest:money}</b>, "
            "overdue since {seen.due_on:date}.\nWhat would you like to do?"
        ),
        menu=CUSTOMER,
        given=seen.case(Overdue),
    )
    paid = End(
        _(
            "{seen.name}, your bill for {seen.month:month} ({seen.code}): {seen.total:money}, paid. "
            "Thank you!\nWhat would you like to do?"
        ),
        menu=CUSTOMER,
        given=seen.case(Paid),
    )
    no_bill = End(_("{seen.name}, what would you like to do?"), menu=CUSTOMER, given=seen.case(NoBill))
    leaves = End(
        _("{seen.name}, your account will be erased on {seen.day:date}. Would you rather keep it?"),
        menu=LEAVING,
        given=seen.case(Leaves),
    )
