"""The model test once more, around an account: forms, codes, locks, and everything that can come between.

Whatever happens, in whatever order: one account a person, a chat is signed in only by a code that was right,
no code counts twice or is tried too often, and what was typed in secret stands nowhere.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from bot.services.codes import TRIES
from dialogs.engine.going import moved, place_of
from dialogs.engine.steps import Ask, Check, Form
from dialogs.register import Register
from tests.talk.customer import PASSWORD
from tests.talk.test_model import LANGUAGES, SIZE, Talk

SHORT = settings(SIZE, max_examples=max(25, SIZE.max_examples // 2), suppress_health_check=list(HealthCheck))
#: What the demo's ordinary customer answers, by the question.
TOLD = {
    "number": "1234567892",
    "first_name": "Arta",
    "last_name": "Krasniqi",
    "code": "DPR 6687",
    "email": "arta@example.com",
    "phone": "044 123 456",
    "who": "arta@example.com",
}
WEAK = ("short", "alllowercase1", "Kesco2026x")
#: Where an account's conversation may begin, besides anywhere else.
DOORS = ("Register", "SignIn", "ForgotPassword", "Account", "ChangePassword", "MyData", "SignOut")


class Accounts(Talk):
    """One chat that is opening an account, or has one."""

    @initialize(language=st.sampled_from(LANGUAGES), answers=st.integers(0, len(TOLD)))
    def opens(self, language: str, answers: int) -> None:
        super().opens(language, 0)
        self.typed: set[str] = set()
        self.run(self.world.fill())
        for option in (f"={language}", "=SKIP", "start:Register", "=YES"):
            self.run(self.customer.tap(option))
        for _ in range(answers):
            self.answers_what_is_asked()

    # -- what happens ----------------------------------------------------------------------------------

    @property
    def step(self) -> Any:
        """The live question, None where there is none or another than the one last asked."""
        now = self.conversation
        if not now.frames:
            return None
        place = place_of(now, self.world.book)
        return None if moved(now, place) else place.step

    @rule()
    def answers_what_is_asked(self) -> None:
        """Go on towards an account, whatever comes next on the way."""
        step = self.step
        if isinstance(step, Ask) and step.name in TOLD:
            self.moves(self.customer.say(TOLD[step.name]))
        elif isinstance(step, Form):
            self.types_on_the_page(PASSWORD, True)
        elif isinstance(step, Check):
            self.enters_the_code()
        elif step is Register.summary and "yes" in {p.partition(":")[2] for p in self.customer.payloads}:
            before = self.conversation.tapped
            payload = f"{self.conversation.asked}:yes"
            self.moves(self.customer.forge(payload, perhaps_silent=payload == before))

    @rule(password=st.sampled_from((PASSWORD, "Another7word", *WEAK)), alike=st.booleans())
    def types_on_the_page(self, password: str, alike: bool) -> None:
        """On the page shown last, which may be used, expired, or of a question that is gone."""
        if any("/form/" in b.url for row in self.customer.pressable_rows for b in row):
            self.typed.add(password)
            again = password if alike else f"{password}x"
            self.run(self.customer.types(password=password, again=again))

    @precondition(lambda self: self.world.post.parcels)
    @rule()
    def enters_the_code(self) -> None:
        """The code that was sent last, which may be used, expired, or for something else."""
        if isinstance(self.step, Check):
            self.moves(self.customer.enters_code())

    @rule(code=st.sampled_from(("000000", "123 456", "999-999")))
    def guesses_a_code(self, code: str) -> None:
        if isinstance(self.step, Check):
            self.moves(self.customer.say(code))

    @rule(dialog=st.sampled_from(DOORS))
    def wants_something_of_an_account(self, dialog: str) -> None:
        self.moves(self.customer.forge(f"start:{dialog}", perhaps_silent=True))

    @rule(away=st.booleans())
    def the_register_comes_and_goes(self, away: bool) -> None:
        self.world.storage.register_away = away

    # -- what must hold --------------------------------------------------------------------------------

    def rows(self, sql: str) -> list[Any]:
        return list(self.run(self.world.rows(sql)))

    @invariant()
    def one_account_a_person_and_signed_in_by_a_right_code(self) -> None:
        own = self.rows("select id from account where phone = '+38344123456'")
        assert len(own) <= 1
        used = self.rows("select id from challenge where used_at is not null")
        linked = self.rows("select account from chat_link")
        assert len(linked) <= 1
        assert not linked or used

    @invariant()
    def no_code_is_tried_too_often(self) -> None:
        assert not self.rows(f"select id from challenge where tries > {TRIES}")

    @invariant()
    def what_was_typed_in_secret_stands_nowhere(self) -> None:
        if not self.typed:
            return
        kept = [
            *self.rows("select state as words from conversation"),
            *self.rows("select body as words from outbox"),
            *self.rows("select body as words from secret"),
            *self.rows("select password as words from account"),
        ]
        said = [words for _who, words in self.customer.screen.history if isinstance(words, str)]
        for secret in self.typed:
            assert not [row for row in kept if secret in str(row["words"])]
            assert not [words for words in said if secret in words]


TestAccounts = Accounts.TestCase
TestAccounts.settings = SHORT
