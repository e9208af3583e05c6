"""The pages that are out, as the program keeps them, in memory: strict about what it is handed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from unicodedata import normalize

from bot.forms_port import Closed, FormFile, Opened, Refused, Taken, Why
from dialogs.engine.pages import Field, FieldKind, Page, Rule
from dialogs.engine.text import Phrase, _
from storage.base import Unavailable

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
TOKEN = "T0ken_of-forty-three-letters-as-they-are-made"

NEW_PASSWORD = Page(
    "new-password",
    title=_("Choose a password"),
    lead=_("You sign in with it from now on. It never appears in the chat."),
    submit=_("Save the password"),
    done=_("Your password is saved."),
    fields=(
        Field(
            "password",
            _("New password"),
            FieldKind.NEW_PASSWORD,
            (
                Rule(_("At least 8 characters"), r".{8,}"),
                Rule(_("A digit"), r"[0-9]"),
                Rule(_("A capital letter"), r"[A-ZÇËČĆŽŠĐА-Я]"),
            ),
        ),
        Field("again", _("New password, again"), FieldKind.NEW_PASSWORD, same_as="password"),
    ),
)
CURRENT_PASSWORD = Page(
    "current-password",
    title=_("Sign in"),
    lead=_("Type the password of your account."),
    submit=_("Sign in"),
    done=_("You are signed in."),
    fields=(Field("password", _("Password"), FieldKind.CURRENT_PASSWORD),),
)
MY_DATA = Page(
    "my-data",
    title=_("My data"),
    lead=_("Everything that we keep about you, as one file."),
    submit=_("Save the file"),
    done=_("Your data are saved."),
    saves="ekesco-my-data.json",
)
FILE = FormFile("të dhënat.json", "application/json", b'{"name": "Arb\xc3\xabr"}')
#: What the sign-in page takes for right.
RIGHT = "Fjala 1 e fshehtë"


@dataclass
class Sheet:
    """One page that is out."""

    page: Page
    channel: str = "telegram"
    chat: str = "telegram:42"
    language: str = "en"
    who: str = "Ar••• B•••"
    expires_at: datetime = NOON + timedelta(minutes=10)
    used: bool = False
    moved_on: bool = False


@dataclass
class Office:
    """Implements `handlers.web.forms.Forms`.  `away` makes its database unreachable."""

    now: datetime = NOON
    sheets: dict[str, Sheet] = field(default_factory=dict)
    away: bool = False
    opened: int = 0
    submitted: list[tuple[dict[str, str], str | None]] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def put(self, sheet: Sheet, token: str = TOKEN) -> Sheet:
        self.sheets[token] = sheet
        return sheet

    async def open(self, token: str) -> Opened | Closed:
        self.opened += 1
        if self.away:
            raise Unavailable("away")
        sheet = self.sheets.get(token)
        return (sheet and self._closed(sheet)) or (_opened(sheet) if sheet else Closed(Why.UNKNOWN))

    async def submit(
        self, token: str, typed: Mapping[str, str], viewer: str | None = None
    ) -> Taken | Refused | Closed:
        found = await self.open(token)
        if isinstance(found, Closed):
            return found
        sheet = self.sheets[token]
        self.submitted.append((dict(typed), viewer))
        if viewer not in (None, sheet.chat):
            return Closed(Why.FOREIGN, sheet.language)
        names = {field.name for field in sheet.page.fields}
        assert set(typed) == names, f"{sorted(typed)} is not what the page asks for"
        if problems := _problems(sheet.page, typed):
            return Refused(found, problems)
        sheet.used = True
        return Taken(sheet.language, sheet.page, sheet.channel, FILE if sheet.page.saves else None)

    def _closed(self, sheet: Sheet) -> Closed | None:
        if sheet.used:
            return Closed(Why.USED, sheet.language)
        if sheet.moved_on:
            return Closed(Why.MOVED_ON, sheet.language)
        return Closed(Why.EXPIRED, sheet.language) if self.now >= sheet.expires_at else None


def _opened(sheet: Sheet) -> Opened:
    return Opened(sheet.page, sheet.language, sheet.channel, sheet.who, sheet.expires_at)


def _problems(page: Page, typed: Mapping[str, str]) -> dict[str, Phrase]:
    problems: dict[str, Phrase] = {}
    for asked in page.fields:
        value = normalize("NFKC", typed[asked.name])
        broken = [rule for rule in asked.rules if not re.search(rule.pattern, value)]
        if not value:
            problems[asked.name] = Phrase(_("Please fill this in."))
        elif broken:
            problems[asked.name] = Phrase(_("It needs: {what}."), {"what": broken[0].text})
        elif asked.same_as and value != normalize("NFKC", typed[asked.same_as]):
            problems[asked.name] = Phrase(_("The two are not the same."))
        elif asked.kind is FieldKind.CURRENT_PASSWORD and value != RIGHT:
            problems[""] = Phrase(_("That is not right. {n} more tries."), {"n": 4})
    return problems
