"""The model test with two chats about the same accounts: both may say that they are the same person.

What holds of one chat (`tests.talk.test_model`, `tests.talk.test_model_accounts`) takes part in all of it.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from bot.channel import Message
from bot.forms_port import Closed, Refused, Taken
from bot.services.codes import LOCK
from bot.services.throttle import State, millis
from dialogs.engine.conversation import Conversation
from dialogs.engine.going import moved, place_of
from dialogs.engine.steps import Ask, Check, Choose, Form, Review, Step
from dialogs.engine.timing import expire
from storage.tables import Account
from tests.talk.channel import words_of
from tests.talk.customer import ARTA, PASSWORD, Customer
from tests.talk.test_model import LANGUAGES, answers
from tests.talk.test_model_accounts import SHORT, Accounts
from tests.talk.world import VAULT

#: What the second chat says of itself: all as the first does, or with something of its own.
PERSONAS = (
    ARTA,
    ARTA | {"email": "another@example.com", "phone": "+383 44 765 432"},
    ARTA | {"number": "2195939007", "first_name": "Đorđe", "last_name": "Živković", "code": "skip"},
)
DIALOGS = (
    *("Register", "Register", "SignIn", "ForgotPassword", "ChangeEmail", "ChangePhone", "ChangePassword"),
    *("MyData", "SignOut", "SignOutEverywhere", "DeleteAccount", "KeepAccount", "Account"),
)
NEW_PASSWORDS = (PASSWORD, "Tjeter8fjale")
NOT_TAKEN = ("Kesco2026x", "alllowercase1")
#: Tables that no conversation writes.
REGISTER = ("customer", "connection", "invoice", "tariff", "alembic_version")
TOKEN = re.compile(r"/form/(\w+)")
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


class TwoChats(Accounts):
    """The first chat is the one of `Accounts`; `self.second` is the other."""

    channel: ClassVar[str] = "telegram"

    # Left to the others, so that there is room for what only two chats can do.
    forges_a_button = sends_what_cannot_be_read = opens_the_chat_again = None  # type: ignore[assignment]
    taps_an_entry_of_an_old_menu = the_channel_is_slow = a_deploy = None  # type: ignore[assignment]
    an_answer_of_the_channel_is_lost = the_prices_come_and_go = None  # type: ignore[assignment]

    @initialize(
        language=st.sampled_from(LANGUAGES),
        ahead=st.sampled_from([0, 5, 7, 8, 9]),
        behind=st.sampled_from([0, 7, 8, 9, 10, 11, 13, 13]),
        then=st.sampled_from(["", "SignIn", "ForgotPassword", "SignIn"]),
        persona=st.sampled_from(PERSONAS),
    )
    def opens(self, language: str, ahead: int, behind: int, then: str, persona: dict[str, str]) -> None:
        super().opens(language, ahead)
        self.second, self.persona = Customer(self.world, "2"), persona
        self.used: dict[str, object] = {}
        self.tried: dict[str, int] = {}
        self.phones: dict[str, str] = {}
        self.wrong: dict[str, State] = {}
        self.reached: dict[str, set[str]] = {}
        self.passwords: set[str] = set()
        self.run(self.second.comes_in(language))
        self.run(self.second.forge("start:Register"))
        self.the_second_goes_on(behind)
        if then:
            self.moves(self.customer.wait(minutes=1))  # until another code may be sent
            self.moves(self.customer.forge(f"start:{then}"))
            self.the_first_goes_on(4)

    def teardown(self) -> None:
        if hasattr(self, "customer"):
            given_up = self.rows("select id from outbox where state = 'dead' and kind in ('sms', 'email')")
            self.world.given_up = len(given_up)
        super().teardown()

    def of_second(self) -> Conversation:
        found: Conversation = self.run(self.second.conversation())
        return found

    def asks_second(self) -> Step[Any] | None:
        now = self.of_second()
        if not now.frames:
            return None
        place = place_of(now, self.world.book)
        return None if moved(now, place) else place.step

    # -- what the first does besides -------------------------------------------------------------------

    @rule()
    def enters_the_code(self) -> None:
        if isinstance(self.step, Check) and (codes := self.codes_of(self.customer)):
            self.moves(self.customer.say(codes[-1]))

    @rule(steps=st.integers(1, 12))
    def the_first_goes_on(self, steps: int) -> None:
        for _ in range(steps):
            self.answers_what_is_asked()

    @rule(steps=st.integers(3, 6), dialog=st.sampled_from(["SignIn", "ForgotPassword", "ChangeEmail"]))
    def the_first_wants_something_and_goes_on(self, steps: int, dialog: str) -> None:
        self.wants_something_of_an_account(dialog)
        self.the_first_goes_on(steps)

    # -- what the second does --------------------------------------------------------------------------

    @rule(steps=st.integers(1, 12))
    def the_second_goes_on(self, steps: int) -> None:
        for _ in range(steps):
            self._goes_on()

    @rule(steps=st.integers(6, 12), dialog=st.sampled_from(DIALOGS[:7]))
    def the_second_wants_something_and_goes_on(self, steps: int, dialog: str) -> None:
        self.the_second_wants_something(dialog)
        self.the_second_goes_on(steps)

    def _goes_on(self) -> None:
        """Whatever comes next on the way, answered as it should be."""
        match self.asks_second():
            case Ask(name=name):
                self.moves(self.second.say(self.persona.get(name, self.persona["email"])))
            case Form():
                self.the_second_types(PASSWORD, True)
            case Check():
                if codes := self.codes_of(self.second):
                    self.the_second_writes_code(codes[-1])
            case Review():
                self.the_second_presses("yes")
            case Choose():
                self.the_second_presses("=YES")

    def the_second_presses(self, option: str) -> None:
        if any(payload.endswith(f":{option}") for payload in self.second.payloads):
            button = self.second.button(option)
            self.moves(self.second.forge(button.payload, perhaps_silent=True))

    @rule(dialog=st.sampled_from(DIALOGS))
    def the_second_wants_something(self, dialog: str) -> None:
        before = self.of_second()
        self.moves(self.second.forge(f"start:{dialog}", perhaps_silent=True))
        self.second_has_lost_nothing(before)

    @rule(option=st.sampled_from(["redo:0", "redo:0", "switch:0", "switch:1", "back"]))
    def the_second_wants_another_code(self, option: str) -> None:
        if isinstance(self.asks_second(), Check):
            self.the_second_presses(option)

    @rule(password=st.sampled_from([*NEW_PASSWORDS, *NOT_TAKEN, "Gabim123"]), alike=st.booleans())
    def the_second_types(self, password: str, alike: bool) -> None:
        if isinstance(self.asks_second(), Form) and self.pages_of(self.second):
            self.submits(self.pages_of(self.second)[-1], password, alike)

    @rule(data=st.data(), password=st.sampled_from(NEW_PASSWORDS))
    def somebody_types_on_an_old_page(self, data: st.DataObject, password: str) -> None:
        """Any page that ever was shown, in either chat: most of them are over."""
        if pages := [page for customer in self.all() for page in self.pages_of(customer)]:
            self.submits(data.draw(st.sampled_from(pages)), password, True)

    def submits(self, token: str, password: str, alike: bool) -> None:
        self.passwords.add(password)
        before, used = self.of_second(), self.count("form where used_at is not null")
        again = password if alike else f"{password}x"
        outcome = self.run(self.world.pages.submit(token, {"password": password, "again": again}))
        self.moves(self.world.settle())
        taken = self.count("form where used_at is not null") - used
        assert taken == (1 if isinstance(outcome, Taken) else 0)
        if isinstance(outcome, Closed | Refused):
            assert self.of_second() == before

    @rule(code=st.sampled_from(["000000", "123 456"]), times=st.integers(1, 7))
    def the_second_guesses_a_code(self, code: str, times: int) -> None:
        for _ in range(times):
            if isinstance(self.asks_second(), Check):
                before = self.of_second()
                self.the_second_writes_code(code)
                self.second_has_lost_nothing(before)
                self.a_code_is_used_once_and_none_is_tried_while_it_is_locked()

    @precondition(lambda self: self.world.post.parcels)
    @rule(data=st.data())
    def the_second_writes_a_code_that_once_was_sent(self, data: st.DataObject) -> None:
        """To anybody, for anything."""
        sent = self.codes_of(*self.all())
        if sent and isinstance(self.asks_second(), Check):
            self.the_second_writes_code(data.draw(st.sampled_from(sent)))

    def the_second_writes_code(self, code: str) -> None:
        before = {row["id"] for row in self.rows("select id from challenge where used_at is not null")}
        self.moves(self.second.say(code))
        fresh = self.rows("select id, chat from challenge where used_at is not null")
        newly = [row for row in fresh if row["id"] not in before]
        assert [(VAULT.code(str(row["id"])), row["chat"]) for row in newly] in (
            [],
            [(code, self.second.chat)],
        )

    # -- what happens around them ----------------------------------------------------------------------

    @rule(to=st.sampled_from(["+38344123456", "+38344765432", "arta@example.com"]), there=st.booleans())
    def a_phone_or_a_mailbox_comes_and_goes(self, to: str, there: bool) -> None:
        (self.world.post.unknown.discard if there else self.world.post.unknown.add)(to)

    @rule(minutes=st.sampled_from([1, 6, 11, 16, 24 * 60]))
    def time_passes_over_a_limit(self, minutes: int) -> None:
        self.moves(self.customer.wait(minutes=minutes))

    # -- what must hold --------------------------------------------------------------------------------

    def all(self) -> tuple[Customer, Customer]:
        return self.customer, self.second

    def count(self, what: str) -> int:
        return int(str(self.rows(f"select count(*) as n from {what}")[0]["n"]))

    def codes_of(self, *customers: Customer) -> list[str]:
        """Those that have come to a phone or a mailbox, oldest first."""
        chats = [customer.chat for customer in customers]
        texts = [parcel.text for parcel in self.world.post.parcels if parcel.chat in chats]
        return [code for text in texts for code in CODE.findall(text)]

    def pages_of(self, customer: Customer) -> list[str]:
        """The tokens of the pages that were shown there, oldest first."""
        shown = [said for _what, said in customer.screen.history if isinstance(said, Message)]
        urls = [button.url for message in shown for row in message.rows for button in row]
        return [found[1] for url in urls if (found := TOKEN.search(url))]

    def second_has_lost_nothing(self, before: Conversation) -> None:
        after = {frame.dialog: frame for frame in self.of_second().frames}
        for frame in expire(before, self.world.at).frames:
            if frame.dialog in after:
                assert answers(frame).items() <= answers(after[frame.dialog]).items()
            else:
                assert frame.untouched or not answers(frame), frame

    @invariant()
    def one_account_a_person_and_signed_in_by_a_right_code(self) -> None:
        accounts = self.rows("select * from account")
        for column in ("personal_number", "email", "phone"):
            assert len({row[column] for row in accounts}) == len(accounts)
        for row in accounts:
            self.reached.setdefault(str(row["id"]), set()).update({str(row["phone"]), str(row["email"])})
        for link in self.rows("select * from chat_link"):
            used = self.rows("select chat, recipient, used_at from challenge where used_at is not null")
            proofs = [row for row in used if row["chat"] == link["chat"]]
            assert any(row["recipient"] in self.reached[str(link["account"])] for row in proofs), link

    @invariant()
    def a_code_is_used_once_and_none_is_tried_while_it_is_locked(self) -> None:
        for row in self.rows("select id, chat, purpose, used_at, tries from challenge"):
            id, chat, tries = str(row["id"]), str(row["chat"]), int(row["tries"])
            newly = row["used_at"] is not None and id not in self.used
            if row["used_at"] is not None:
                assert self.used.setdefault(id, row["used_at"]) == row["used_at"]
            if row["purpose"] == "register":
                self._counts(id, chat, tries - self.tried.get(id, 0), right=newly)
            self.tried[id] = tries

    def _counts(self, id: str, chat: str, wrong: int, *, right: bool) -> None:
        """A try at the code of a registration, by the rules as they are written."""
        customer = next(one for one in self.all() if one.chat == chat)
        conversation = self.run(customer.conversation())
        told = [frame.told["phone"].value for frame in conversation.frames if "phone" in frame.told]
        phone = self.phones.setdefault(id, str(told[-1]) if told else "")
        if not phone or not (wrong or right):
            return
        assert wrong + right == 1
        state, at_ms = self.wrong.get(phone, ()), millis(conversation.heard_at)
        if state and LOCK.until(state) <= at_ms:
            state = ()
        assert LOCK.standing(state, at_ms).allowed
        self.wrong[phone] = () if right else LOCK.counted(state, at_ms)

    @invariant()
    def no_secret_stands_in_any_column_or_message(self) -> None:
        codes = [VAULT.code(str(row["id"])) for row in self.rows("select id from challenge")]
        tokens = [page for customer in self.all() for page in self.pages_of(customer)]
        if not codes and not tokens:
            return
        tables = [t.name for t in Account.metadata.sorted_tables if t.name not in REGISTER]
        kept = "\n".join(str(dict(row)) for name in tables for row in self.rows(f"select * from {name}"))
        said = "\n".join(
            words_of(shown)
            for customer in self.all()
            for _what, shown in customer.screen.history
            if isinstance(shown, Message)
        )
        for secret in (*self.passwords, *tokens):
            assert secret not in kept
            assert secret not in said
        for code in codes:
            assert not re.search(rf"(?<![0-9a-zA-Z.]){code}(?![0-9a-zA-Z])", kept + said)

    @invariant()
    def a_page_has_a_new_address_whenever_it_is_shown(self) -> None:
        tokens = [page for customer in self.all() for page in self.pages_of(customer)]
        assert len(set(tokens)) == len(tokens)

    @invariant()
    def nothing_waits_and_nothing_failed(self) -> None:
        assert not self.rows("select key, state, error from inbox where state <> 'done'")
        unsent = self.rows("select kind, state, error from outbox where state not in ('sent', 'dropped')")
        assert all(row["state"] == "dead" and row["kind"] in ("sms", "email") for row in unsent), unsent
        assert not self.world.complaints


TestTwoChats = TwoChats.TestCase
TestTwoChats.settings = settings(SHORT, max_examples=max(40, SHORT.max_examples))
