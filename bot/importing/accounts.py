"""Takes accounts that were opened on the utility's web site, so that they can sign in here as well.

An account that was opened, used or changed in the assistant stays as it is and counts as unchanged: what
its customer decided here last is what they expect to find.  Until then the web site's data are taken
over, names from the register of customers; connections are added, and none is taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.importing.tables import parts
from bot.importing.taking import Refused, Taken
from bot.services.register.reading import GoodRow
from bot.services.vault import Vault
from storage import register, web_accounts
from storage.base import Conflict, Row, Storage, Write

LOOK = 200
TRIES = 3


@dataclass(frozen=True, slots=True)
class _Known:
    """What the tables say of a page's people, by personal number, address, number and customer code."""

    people: Mapping[str, Row]
    accounts: Mapping[str, Row]
    holders: Mapping[str, str]
    owners: Mapping[str, str]
    meters: Mapping[tuple[str, str], str]


class AccountTaker:
    """`at_ms` is when the accounts are said to have been opened here (UTC epoch milliseconds)."""

    def __init__(self, storage: Storage, vault: Vault, at_ms: int) -> None:
        self._storage, self._vault, self._at = storage, vault, at_ms

    async def check(self, page: Sequence[GoodRow]) -> Sequence[Refused]:
        return [
            Refused(row, reason)
            for part in parts(page, LOOK)
            for row, reason in _reasons(part, await self._look(part))
        ]

    async def take(self, page: Sequence[GoodRow]) -> Taken:
        taken = Taken()
        for part in parts(page, LOOK):
            await self._take(part, taken)
        return taken

    async def _take(self, page: Sequence[GoodRow], taken: Taken) -> None:
        """Raises `Conflict` when customers come between again and again."""
        for left in reversed(range(TRIES)):
            known = await self._look(page)
            refused = [Refused(row, reason) for row, reason in _reasons(page, known)]
            lines = {one.row.line for one in refused}
            plans = [self._plan(row, known) for row in page if row.line not in lines]
            try:
                await self._storage.commit([write for plan in plans for write in plan.writes])
            except Conflict:
                if not left:
                    raise
                continue
            taken.refused += refused
            taken.added += sum(plan.new for plan in plans)
            taken.changed += sum(bool(plan.writes) and not plan.new for plan in plans)
            taken.unchanged += sum(not plan.writes for plan in plans)
            return

    def _plan(self, row: GoodRow, known: _Known) -> _Plan:
        number = row.values["personal_number"]
        old = known.accounts.get(number)
        if old is None:
            account = self._vault.derived("account", number)[:32]
            return _Plan(True, [self._opening(account, row, known), *self._meters(account, row, known)])
        if not old["untouched"]:
            return _Plan(False, [])
        account = str(old["id"])
        return _Plan(False, [*_changes(account, old, row, known), *self._meters(account, row, known)])

    def _opening(self, account: str, row: GoodRow, known: _Known) -> Write:
        person = known.people[row.values["personal_number"]]
        return web_accounts.open_account(
            account=account,
            personal_number=row.values["personal_number"],
            first_name=str(person["first_name"]),
            last_name=str(person["last_name"]),
            email=row.values["email"],
            phone=row.values["phone"],
            password=row.values["password_hash"],
            at_ms=self._at,
        )

    def _meters(self, account: str, row: GoodRow, known: _Known) -> Iterator[Write]:
        for code in _codes(row):
            state = "own" if known.owners[code] == row.values["personal_number"] else "claimed"
            if known.meters.get((account, code)) != state:
                yield web_accounts.put_meter(account, code, state, self._at)

    async def _look(self, page: Sequence[GoodRow]) -> _Known:
        numbers = [row.values["personal_number"] for row in page]
        accounts = await self._storage.read(web_accounts.of_people(numbers))
        ids = [str(account["id"]) for account in accounts]
        return _Known(
            people=_by("personal_number", await self._read(register.CUSTOMERS, numbers)),
            accounts=_by("personal_number", accounts),
            holders=await self._holders(page),
            owners=await self._owners(page),
            meters={
                (str(row["account"]), str(row["customer_code"])): str(row["state"])
                for row in await self._storage.read(web_accounts.meters(ids))
            },
        )

    async def _holders(self, page: Sequence[GoodRow]) -> dict[str, str]:
        emails, phones = ([row.values[column] for row in page] for column in ("email", "phone"))
        rows = await self._storage.read(web_accounts.holders(emails, phones))
        return {
            str(row[column]): str(row["personal_number"]) for row in rows for column in ("email", "phone")
        }

    async def _owners(self, page: Sequence[GoodRow]) -> dict[str, str]:
        codes = sorted({code for row in page for code in _codes(row)})
        rows = [row for part in parts(codes, LOOK) for row in await self._read(register.CONNECTIONS, part)]
        return {str(row["customer_code"]): str(row["personal_number"]) for row in rows}

    async def _read(self, table: register.Table, keys: Sequence[str]) -> Sequence[Row]:
        return await self._storage.read(register.found(table, keys))


@dataclass(frozen=True, slots=True)
class _Plan:
    new: bool
    writes: Sequence[Write]


def _reasons(page: Sequence[GoodRow], known: _Known) -> Iterator[tuple[GoodRow, str]]:
    """Why some of these cannot be taken.  Of an account that stays as it is nothing can be wrong."""
    for row in page:
        account = known.accounts.get(row.values["personal_number"])
        if account is None or account["untouched"]:
            reason = _reason(row, known)
            if reason:
                yield row, reason


def _reason(row: GoodRow, known: _Known) -> str:
    number = row.values["personal_number"]
    if number not in known.people:
        return "personal_number is not among the customers"
    for column in ("email", "phone"):
        if known.holders.get(row.values[column], number) != number:
            return f"{column} belongs to another account"
    strange = [code for code in _codes(row) if code not in known.owners]
    return f"customer_codes: {strange[0]} is not among the connections" if strange else ""


def _changes(account: str, old: Row, row: GoodRow, known: _Known) -> Iterator[Write]:
    person = known.people[row.values["personal_number"]]
    new = {
        "first_name": str(person["first_name"]),
        "last_name": str(person["last_name"]),
        "email": row.values["email"],
        "phone": row.values["phone"],
        "password": row.values["password_hash"],
    }
    if any(old[column] != value for column, value in new.items()):
        yield web_accounts.change(account=account, **new)


def _codes(row: GoodRow) -> list[str]:
    return [code for code in row.values["customer_codes"].split(";") if code]


def _by(column: str, rows: Sequence[Row]) -> dict[str, Row]:
    return {str(row[column]): row for row in rows}
