"""The services of accounts on a database with a small register: who is in it, and what they do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TypeVar

from bot.gateways.registry.local import LocalRegistry
from bot.services import registration, secrets_typed, sign_in
from bot.services.accounts import Account
from bot.services.accounts import find as find_account
from bot.services.codes import Right, Sent, Way
from bot.services.my_account import Mine, mine
from bot.services.our_payments import WithPayments
from bot.services.passwords import Passwords
from bot.services.ports import Away, Connection, Invoice, Means, Person, Turn
from bot.services.post import Ordered, read_order
from bot.services.registration import Application
from bot.services.secrets_typed import Kept
from bot.services.vault import Vault
from storage.base import Query, Row, Storage, Value, Write
from tests.services.turns import Turns

T = TypeVar("T")

CHAT, OTHER_CHAT = "web:arta", "telegram:7"
PASSWORD, NEW_PASSWORD = "Lule7deti", "Mali8bora"
ARTA = Application("1234567892", "Arta", "Krasniqi", "DPR 6687", "arta@example.com", "+38344123456")
#: Two meters, of which the second comes first in the alphabet.
GEZIM = Application("3425437231", "Gëzim", "Hoxha", "DPZ 4472", "gezim@example.com", "+38345000111")
#: Her identity card ends on the day of `tests.services.turns.START`.
BESA = Application("2000000006", "Besa", "Morina", "", "besa@example.com", "+38349000222")

_PEOPLE = (
    (ARTA.personal_number, "Arta", "Krasniqi", "2031-05-01"),
    (GEZIM.personal_number, "Gëzim", "Hoxha", "2031-05-01"),
    (BESA.personal_number, "Besa", "Morina", "2026-03-02"),
)
_CONNECTIONS = (
    ("DPR 6687", ARTA.personal_number, "30.42"),
    ("DPZ 4471", GEZIM.personal_number, "0.00"),
    ("DPZ 4472", GEZIM.personal_number, "12.00"),
)
#: Number, connection, month, due on, total, paid.
_BILLS = (
    ("1", "DPR 6687", "2026-01", "2026-02-20", "28.10", "28.10"),
    ("2", "DPR 6687", "2026-02", "2026-03-20", "30.42", "10.00"),
    ("3", "DPZ 4472", "2026-02", "2026-03-20", "12.00", "12.00"),
)


def register() -> list[Write]:
    """The rows of the register."""
    people = [
        Write(
            "insert into customer (personal_number, first_name, last_name, id_valid_until)"
            " values (:number, :first, :last, :until)",
            {"number": number, "first": first, "last": last, "until": until},
        )
        for number, first, last, until in _PEOPLE
    ]
    places = [
        Write(
            "insert into connection (customer_code, personal_number, meter_number, address, tariff_group,"
            " balance, as_of) values (:code, :number, '1', 'Rr. Lipova 4', '4/02', :balance, '2026-03-01')",
            {"code": code, "number": number, "balance": balance},
        )
        for code, number, balance in _CONNECTIONS
    ]
    return [*people, *places, *(bill(*columns) for columns in _BILLS)]


def bill(number: str, code: str, period: str, due: str, total: str, paid: str) -> Write:
    return Write(
        "insert into invoice (number, customer_code, period, issued_on, due_on, high_from, high_to, low_from,"
        " low_to, constant, net, vat, total, paid) values (:number, :code, :period, '2026-03-01', :due,"
        " '0', '1', '0', '1', '1', '1', '0.08', :total, :paid)",
        {"number": number, "code": code, "period": period, "due": due, "total": total, "paid": paid},
    )


class Register:
    """The register, which can be away: at once, or after so many answers."""

    def __init__(self, storage: Storage) -> None:
        self._register = LocalRegistry(storage)
        self.answers: int | None = None  # None: all

    async def person(self, personal_number: str) -> Person | None:
        self._fails()
        return await self._register.person(personal_number)

    async def connections(self, personal_number: str) -> tuple[Connection, ...]:
        self._fails()
        return await self._register.connections(personal_number)

    async def connection(self, customer_code: str) -> Connection | None:
        self._fails()
        return await self._register.connection(customer_code)

    async def invoices(self, customer_code: str, most: int = 1) -> tuple[Invoice, ...]:
        self._fails()
        return await self._register.invoices(customer_code, most)

    def _fails(self) -> None:
        if self.answers is None:
            return
        if self.answers == 0:
            raise Away("the register")
        self.answers -= 1


VAULT = Vault("today's key")
#: Hashes are the same work for all tests, so one suffices.
PASSWORDS = Passwords(*VAULT.all_derived("password"))


class Desk(Turns):
    """Does what dialogs do, one turn after the other."""

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage, VAULT)
        self.register = Register(storage)
        self.registry = WithPayments(self.register, storage)
        self.means = Means(storage, self.registry, VAULT, PASSWORDS)

    def begin(self, chat: str, at: datetime, key: str = "") -> Turn:
        return self.means.turn(chat, at, key or super().begin(chat, at).key)

    # -- looking ---------------------------------------------------------------------------------------

    async def rows(self, sql: str, **params: Value) -> list[Row]:
        return list(await self.storage.read(Query(sql, params)))

    async def account(self, of: Application = ARTA) -> Account | None:
        async def look(turn: Turn) -> Account | None:
            return await find_account(turn, "personal_number", of.personal_number)

        return await look(self.begin("", datetime.now().astimezone()))

    async def letters(self) -> list[tuple[str, str, str]]:
        """What was ordered: kind, recipient and name of each letter, oldest first."""
        rows = await self.rows("select kind, body from outbox order by id")
        orders = [(str(row["kind"]), read_order(str(row["body"]))) for row in rows]
        return [(kind, order.to, order.letter.value) for kind, order in orders]

    async def orders(self) -> list[Ordered]:
        return [
            read_order(str(row["body"])) for row in await self.rows("select body from outbox order by id")
        ]

    async def signed_in(self, of: Application = ARTA) -> list[str]:
        """The chats of an account."""
        rows = await self.rows(
            "select chat from chat_link join account on account.id = chat_link.account"
            " where personal_number = :number order by chat",
            number=of.personal_number,
        )
        return [str(row["chat"]) for row in rows]

    # -- doing -----------------------------------------------------------------------------------------

    async def keeps_password(self, at: datetime, password: str = PASSWORD, chat: str = CHAT) -> Kept:
        typed = {"password": password}
        kept = await self.take(chat, at, lambda turn: secrets_typed.keep_password(turn, typed))
        assert isinstance(kept, Kept)
        return kept

    async def proves(
        self, at: datetime, of: Application = ARTA, chat: str = CHAT, way: Way = Way.SMS
    ) -> Right:
        """A code for registration, sent and entered."""
        if way is Way.SMS:
            sent = await self.take(chat, at, lambda t: registration.send_by_sms(t, of.phone))
        else:
            sent = await self.take(chat, at, lambda t: registration.send_by_email(t, of.email, of.phone))
        assert isinstance(sent, Sent), sent
        code = self.vault.code(sent.challenge)
        right = await self.take(
            chat, at, lambda t: registration.check_code(t, code, sent.challenge, of.phone)
        )
        assert isinstance(right, Right), right
        return right

    async def applies(
        self,
        at: datetime,
        of: Application = ARTA,
        chat: str = CHAT,
        proof: Right | None = None,
        password: Kept | None = None,
    ) -> object:
        """Open an account; what came of it."""
        kept = password or await self.keeps_password(at, chat=chat)
        right = proof or Right(Way.SMS, of.phone)
        return await self.take(chat, at, lambda turn: registration.open_account(turn, of, kept, right))

    async def registered(self, at: datetime, of: Application = ARTA, chat: str = CHAT) -> Mine:
        """Who has opened an account, as their chat sees it."""
        opened = await self.applies(at, of, chat)
        assert isinstance(opened, registration.Opened), opened
        return await self.me(at, chat)

    async def signs_in(self, at: datetime, of: Application = ARTA, chat: str = OTHER_CHAT) -> Mine:
        """Another chat of the account."""
        account = await self.account(of)
        assert account is not None
        entered = sign_in.Entered(account.id)
        await self.take(chat, at, lambda turn: sign_in.sign_in(turn, entered, Right(Way.SMS, account.phone)))
        return await self.me(at, chat)

    async def me(self, at: datetime, chat: str = CHAT) -> Mine:
        me = await self.take(chat, at, mine)
        assert isinstance(me, Mine)
        return me

    async def types(
        self,
        at: datetime,
        takes: Callable[[Turn, Mapping[str, str]], Awaitable[T]],
        chat: str = CHAT,
        **typed: str,
    ) -> T:
        """What comes of a page."""
        return await self.take(chat, at, lambda turn: takes(turn, typed))
