"""The words of SMS and e-mails.

An SMS must fit one message in every language; it has no diacritics that its alphabet lacks, and no Cyrillic.

Where do I add a letter?  Its name and what it needs in `bot.services.post`, its words here, its translations
in the catalogues; `tests/bot/test_letters.py` tells when an SMS is too long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.gsm7 import in_gsm7
from bot.services.post import SMS, CodeOf, LetterName, Ordered
from dialogs.engine.text import Leaf, Phrase, Text, _, _n

#: Says a phrase in a language, as one run of text.
Say = Callable[[str, Phrase], str]
#: The code of a challenge.
Code = Callable[[str], str]

#: Whose readers get an SMS in other letters.
_SMS_LANGUAGE = {"sr_Cyrl": "sr"}

CLOSING = (
    _("Nobody at KESCO will ever ask you for a code or a password."),
    _("This message was sent automatically. If you have a question, call 0800 791 00, free of charge."),
)


@dataclass(frozen=True, slots=True)
class Letter:
    """The same news for a phone and for a mailbox; `body` are paragraphs, the closing comes after them."""

    sms: Text
    subject: Text
    body: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in words; an SMS has no subject.  `language` is what it is written in."""

    to: str
    subject: str
    text: str
    language: str


LETTERS: Mapping[LetterName, Letter] = {
    LetterName.CODE: Letter(
        sms=_n(
            "KESCO: your code is {code}. It is valid for {minutes} minute. Do not give it to anybody.",
            "KESCO: your code is {code}. It is valid for {minutes} minutes. Do not give it to anybody.",
            by="minutes",
        ),
        subject=_("Your code from KESCO"),
        body=(
            _n(
                "Your code is {code}. It is valid for {minutes} minute.",
                "Your code is {code}. It is valid for {minutes} minutes.",
                by="minutes",
            ),
            _("Type it in the chat in which you asked for it, and do not give it to anybody."),
            _("If you have not asked for a code, you need not do anything."),
        ),
    ),
    LetterName.REGISTRATION_ATTEMPT: Letter(
        sms=_(
            "KESCO: somebody tried to open an account with your data. If it was you, sign in instead: "
            "you have an account."
        ),
        subject=_("Somebody tried to open an account with your data"),
        body=(
            _("Somebody tried to open an account with data that belong to yours."),
            _("If it was you: you have an account already, and can sign in to it in the chat."),
            _("If it was not you, you need not do anything: nobody has learned or changed anything."),
        ),
    ),
    LetterName.PHONE_CHANGED: Letter(
        sms=_(
            "KESCO: the phone number of your account was changed. "
            "If it was not you, call 0800 791 00 at once."
        ),
        subject=_("The phone number of your account was changed"),
        body=(
            _("The phone number of your KESCO account was changed. Codes go to the new number from now on."),
            _("If it was not you, call 0800 791 00 at once."),
        ),
    ),
    LetterName.EMAIL_CHANGED: Letter(
        sms=_(
            "KESCO: the e-mail address of your account was changed. "
            "If it was not you, call 0800 791 00 at once."
        ),
        subject=_("The e-mail address of your account was changed"),
        body=(
            _("The e-mail address of your KESCO account was changed. E-mails go to the new one from now on."),
            _("If it was not you, call 0800 791 00 at once."),
        ),
    ),
    LetterName.PASSWORD_CHANGED: Letter(
        sms=_(
            "KESCO: the password of your account was changed. If it was not you, call 0800 791 00 at once."
        ),
        subject=_("The password of your account was changed"),
        body=(
            _("The password of your KESCO account was changed."),
            _("If it was not you, call 0800 791 00 at once."),
        ),
    ),
    LetterName.SIGNED_IN_ELSEWHERE: Letter(
        sms=_(
            "KESCO: somebody signed in to your account in another chat. If it was not you, "
            "change your password at once."
        ),
        subject=_("Your account was used in another chat"),
        body=(
            _("Somebody signed in to your KESCO account in a chat where it was not open."),
            _("If it was you, you need not do anything."),
            _("If it was not you, sign out everywhere and change your password at once."),
        ),
    ),
    LetterName.ACCOUNT_TO_BE_DELETED: Letter(
        sms=_(
            "KESCO: as you asked, your account will be deleted on {day:date}. "
            "To keep it, sign in before that day."
        ),
        subject=_("Your account will be deleted on {day:longdate}"),
        body=(
            _("As you asked, your KESCO account will be deleted on {day:longdate}."),
            _("To keep it, sign in before that day and press “Keep my account”."),
            _("If it was not you who asked, sign in, keep the account and change your password at once."),
        ),
    ),
    LetterName.ACCOUNT_DELETED: Letter(
        sms=_("KESCO: your account has been deleted. You can open a new one in the chat at any time."),
        subject=_("Your account has been deleted"),
        body=(
            _("Your KESCO account has been deleted, and with it what we knew of you in the chat."),
            _("Your bills and payments stay in KESCO's books for as long as the law requires."),
            _("You can open a new account in the chat at any time."),
        ),
    ),
    LetterName.METER_CLAIMED: Letter(
        sms=_("KESCO: {who} added your meter {meter}. You can remove this access by {day:date} in the chat."),
        subject=_("Somebody added your meter {meter}"),
        body=(
            _("Your meter {meter} was added to the account of another person: {who}"),
            _(
                "Until {day:longdate} they see only the last amount, after that the bills and readings too. "
                "Your own data stay hidden."
            ),
            _("If it is not fine, open the chat and press “Remove this access”, or call 0800 791 00."),
        ),
    ),
    LetterName.METER_ASKED_FOR: Letter(
        sms=_("KESCO: {who} would like to see your meter {meter}. Please answer by {day:date} in the chat."),
        subject=_("Somebody would like to see your meter {meter}"),
        body=(
            _("Another person would like to see the bills and readings of your meter {meter}: {who}"),
            _("They see nothing unless you agree in the chat by {day:longdate}."),
            _("If you do not know the person, you need not do anything."),
        ),
    ),
}


def written(kind: str, ordered: Ordered, spoken: str, say: Say, code: Code) -> Written:
    """The letter for a phone or a mailbox (`kind`), in its own language or else in `spoken`."""
    letter, values = LETTERS[ordered.letter], _values(ordered, code)
    language = ordered.language or spoken
    if kind == SMS:
        language = _SMS_LANGUAGE.get(language, language)
        return Written(ordered.to, "", in_gsm7(say(language, Phrase(letter.sms, values))), language)
    paragraphs = (say(language, Phrase(text, values)) for text in (*letter.body, *CLOSING))
    subject = say(language, Phrase(letter.subject, values))
    return Written(ordered.to, subject, "\n\n".join(paragraphs) + "\n", language)


def _values(ordered: Ordered, code: Code) -> dict[str, Leaf]:
    return {
        name: code(value.challenge) if isinstance(value, CodeOf) else value
        for name, value in ordered.values.items()
    }
