"""E-mail addresses: the one spelling by which they are compared, and what looks like a slip of the finger."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email
from rapidfuzz.distance import OSA

#: Where most of our customers have their mailbox.
_GREAT = (
    "gmail.com",
    "yahoo.com",
    "hotmail.com",
    "outlook.com",
    "icloud.com",
    "live.com",
    "msn.com",
    "protonmail.com",
    "hotmail.de",
    "yahoo.de",
    "gmx.de",
    "gmx.net",
    "gmx.ch",
    "gmx.at",
    "web.de",
    "t-online.de",
    "bluewin.ch",
    "rks-gov.net",
)
#: Real ones that are only a letter away from a greater one.
_REAL = (
    "mail.com",
    "ymail.com",
    "email.com",
    "gmx.com",
    "aol.com",
    "mac.com",
    "me.com",
    "yahoo.co",
    "live.co",
)
_AROUND = "<>()[]{},;:.!?\"'“”„’…"


def normal_email(text: str) -> str | None:
    """The one address in a text, in lower case; None when there is none that mail could reach.

    Whether the domain exists is not asked: a code that is sent there tells.
    """
    joined = re.sub(r"\s*@\s*", "@", text)
    words = [word for word in joined.split() if "@" in word]
    if len(words) != 1:
        return None
    try:
        # Most mailboxes cannot be written to in other letters, and look-alikes would be other addresses.
        found = validate_email(_bare(words[0]), strict=True, allow_smtputf8=False, check_deliverability=False)
    except EmailNotValidError:
        return None
    return (found.ascii_email or "").lower() or None


def _bare(word: str) -> str:
    return re.sub(r"^mailto:", "", word.strip(_AROUND), flags=re.IGNORECASE)


def suggestion(email: str) -> str | None:
    """The address that was probably meant, when a great domain is misspelled by one letter; else None."""
    local, _at, domain = email.rpartition("@")
    if domain in _GREAT or domain in _REAL:
        return None
    return next((f"{local}@{great}" for great in _GREAT if OSA.distance(domain, great) == 1), None)
