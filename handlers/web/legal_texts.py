"""What the terms of service and the privacy policy say, section by section.

The periods named here are those of `bot/housekeeping.py` and of the accounts: change them together.
"""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.engine.text import Text, _


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands beneath it."""

    title: Text
    said: Text


@dataclass(frozen=True, slots=True)
class Document:
    """`name` is its address, without the slash."""

    name: str
    title: Text
    lead: Text
    sections: tuple[Section, ...]


TERMS = Document(
    "terms",
    _("Terms of Service"),
    _("These are the rules for the assistant. You accept them when you open an account."),
    (
        Section(
            _("Who we are"),
            _(
                "This is the assistant of KESCO, the electricity supplier of Kosovo, in chats. It is a "
                "computer program. A person answers at 0800 791 00, free of charge."
            ),
        ),
        Section(
            _("What the assistant does"),
            _(
                "It opens your account, shows your meters and bills, takes you to payment and estimates a "
                "bill. Your contract for electricity is not made, changed or ended here."
            ),
        ),
        Section(
            _("An estimate is no bill"),
            _(
                "An estimate counts with an average month of 30 days and the appliances that you name. It is "
                "approximate, replaces no bill and may not be used for anything else."
            ),
        ),
        Section(
            _("Your account"),
            _(
                "There is one account for each personal number, e-mail address and phone number. Your name "
                "must be the one that belongs to your personal number, and your ID must be valid. An account "
                "that you opened earlier on KESCO's web site is valid here, too."
            ),
        ),
        Section(
            _("What we ask of you"),
            _(
                "Give true data, and correct them when they change. Keep your password and your codes to "
                "yourself. Nobody from KESCO asks you for them. Never write a password into the chat: for "
                "that you are sent a page of its own."
            ),
        ),
        Section(
            _("Chats that are signed in"),
            _(
                "Whoever can open a chat that is signed in can see your account. Sign out on a device that "
                "others use. A chat that is not used for 30 days is signed out. If somebody else has used "
                "your account, change your password and call us at once."
            ),
        ),
        Section(
            _("Meters"),
            _(
                "Add a meter only if it is yours or its holder agrees. If a meter belongs to another "
                "account, the holder of that account is told."
            ),
        ),
        Section(
            _("Bills and amounts due"),
            _(
                "The assistant shows what our records contain on the day that is named. If it differs from "
                "your printed bill, the printed bill counts until we have looked at it."
            ),
        ),
        Section(
            _("Payments"),
            _(
                "You pay on a page of the bank. We never ask for a card number in the chat. A bill is paid "
                "when the bank has confirmed it; until then the assistant says that it checks. If you have "
                "paid too much or a wrong bill, call 0800 791 00."
            ),
        ),
        Section(
            _("Messages from us"),
            _(
                "We send codes and notices about your account by SMS, by e-mail and in the chat. You can "
                "switch notices off, but not those about the safety of your account."
            ),
        ),
        Section(
            _("What it costs"),
            _("The assistant is free of charge. Your phone company may charge for the internet."),
        ),
        Section(
            _("When it does not work"),
            _(
                "We do what we can to keep it working, but cannot promise that it always does. The due date "
                "of a bill stays the same when the assistant cannot be reached."
            ),
        ),
        Section(
            _("Misuse"),
            _(
                "You may not try to see other people's data, guess codes or disturb the service. After too "
                "many wrong tries we close an account for a while, to protect it."
            ),
        ),
        Section(
            _("Leaving"),
            _(
                "Write “delete my account” when you no longer want it. Your electricity supply goes on as "
                "before."
            ),
        ),
        Section(
            _("Changes, law and complaints"),
            _(
                "We tell you in the chat before these terms change. The law of the Republic of Kosovo "
                "applies. Bring a complaint to us first, at 0800 791 00; then to the Energy Regulatory "
                "Office."
            ),
        ),
    ),
)


PRIVACY = Document(
    "privacy",
    _("Privacy Policy"),
    _("This says which personal data the assistant keeps, why, for how long, and what you can ask of us."),
    (
        Section(
            _("Who is responsible"),
            _("KESCO, the electricity supplier of Kosovo, is responsible for your data. Call 0800 791 00."),
        ),
        Section(
            _("What we keep of your account"),
            _(
                "Your first and last name, personal number, e-mail address, phone number, and your meters. "
                "Of your password we keep a fingerprint from which nobody can work out the password."
            ),
        ),
        Section(
            _("What we keep of your chats"),
            _(
                "The number by which Telegram, Viber or your browser knows your chat, and your language. "
                "Your answers to the questions of the assistant, as long as they are needed to go on. "
                "What is shown in the chat on this site, so that you can read it again."
            ),
        ),
        Section(
            _("What we keep of bills and payments"),
            _("Your bills, what is due, and your payments: amount, day, number and whether they succeeded."),
        ),
        Section(
            _("What we do not keep"),
            _(
                "Card numbers: you type them on the page of the bank, and we never see them. Passwords in "
                "plain letters. One that you write into the chat by mistake is not stored."
            ),
        ),
        Section(
            _("What we use it for"),
            _(
                "To know that it is you, to show your bills, to take payments and to answer your questions. "
                "To warn you when something happens to your account. We show no advertising."
            ),
        ),
        Section(
            _("The legal basis"),
            _(
                "Law No. 06/L-082 on Protection of Personal Data. We need the data for your contract with us "
                "and for duties that the law gives a supplier. Notices that you can switch off rest on your "
                "consent."
            ),
        ),
        Section(
            _("Who else receives data"),
            _(
                "Telegram and Viber carry your messages under their own terms. Companies that send our SMS "
                "and e-mails, and the bank when you pay, receive what they need. We sell your data to nobody."
            ),
        ),
        Section(
            _("How long we keep it"),
            _(
                "Answers in a conversation: until 7 days after you last wrote. Technical logs, and what the "
                "chat on this site shows: 90 days. Your account: until you delete it, and 7 days more, in "
                "which you can take that back. A document behind a “PDF” button: 30 days. Bills and "
                "payments: as long as the law on billing and accounting demands."
            ),
        ),
        Section(
            _("Your rights"),
            _(
                "Write “my data” in the chat to receive everything that we keep about you, as a file. Write "
                "“my account” to correct it, and “delete my account” to have it erased. You can also ask us "
                "to use less of it, or object to a use: call 0800 791 00."
            ),
        ),
        Section(
            _("Cookies"),
            _(
                "One cookie tells us which chat on this site is yours; one protects the pages that you fill "
                "in. There are no cookies for advertising and none that follow you to other sites."
            ),
        ),
        Section(
            _("Security"),
            _(
                "Everything travels encrypted, and secrets are typed on pages that work once. A new sign-in "
                "needs your password and a code, or a code from a chat that is signed in already; of both, "
                "and when your data change, you are told."
            ),
        ),
        Section(
            _("Complaints"),
            _(
                "If you think that we treat your data wrongly, tell us: 0800 791 00. You can also complain "
                "to the Information and Privacy Agency of Kosovo at any time."
            ),
        ),
        Section(
            _("Changes"),
            _("We tell you in the chat before this policy changes."),
        ),
    ),
)
