"""Addresses of one-time pages: nobody can guess one, and nowhere is one written down."""

from __future__ import annotations

from typing import cast

from bot.clock import millis
from bot.pages import address, addressed, hashed, opened
from bot.services import link_codes
from bot.services.passwords import Passwords
from bot.services.ports import Registry, Turn
from bot.services.vault import Vault
from dialogs.engine.letters import read_line, write_line
from dialogs.engine.lines import LINK_CODE, PAGE, Line, Option
from dialogs.engine.text import Hidden, Phrase, _, verbatim
from storage.base import Storage
from tests.bot.page_house import START

VAULT = Vault("a key", "the key before")
BUTTON = Option("1:page", verbatim("Open"), url=PAGE)
ASKS = Line((verbatim("A page."),), 1, (BUTTON, Option("1:help", verbatim("Help"))))
PLAIN = Line((verbatim("No page."),), 1, (Option("1:=a", verbatim("A")),))
PUBLIC = "https://chat.example"


def turn(chat: str = "web:1", key: str = "web 1", vault: Vault = VAULT) -> Turn:
    storage, registry, passwords = cast(Storage, None), cast(Registry, None), cast(Passwords, None)
    return Turn(chat, START, key, storage, registry, vault, passwords)


def token(turn: Turn, *lines: Line) -> str:
    """Of the last page among some lines."""
    shown, _writes = opened(lines or (ASKS,), turn, "Join/secret")
    return address(shown[-1].options[0].url, turn.vault, PUBLIC, "en").removeprefix(f"{PUBLIC}/form/")


def test_a_line_without_a_page_opens_none() -> None:
    assert opened((PLAIN, PLAIN), turn(), "Join/secret") == ([PLAIN, PLAIN], [])


def test_a_page_is_opened_for_its_chat_and_question_for_ten_minutes() -> None:
    shown, writes = opened((PLAIN, ASKS), turn(), "Join/secret")
    (write,) = writes
    assert dict(write.params) == {
        "token_hash": hashed(token(turn(), PLAIN, ASKS)),
        "chat": "web:1",
        "question": "Join/secret",
        "expires": millis(START) + 10 * 60 * 1000,
    }
    assert shown[0] == PLAIN
    assert [option.payload for option in shown[1].options] == ["1:page", "1:help"]


def test_what_waits_to_be_said_and_what_is_kept_do_not_tell_the_address() -> None:
    shown, writes = opened((ASKS,), turn(), "Join/secret")
    secret = token(turn())
    assert len(secret) == 64
    assert secret not in str(shown)
    assert secret not in str(writes)
    assert hashed(secret) in str(writes)
    assert hashed(secret) not in str(shown)


def test_a_second_walk_of_a_turn_opens_the_same_page() -> None:
    assert token(turn()) == token(turn())


def test_every_chat_turn_line_and_key_has_a_page_of_its_own() -> None:
    others = (turn(), turn(chat="web:2"), turn(key="web 2"), turn(vault=Vault("another key")))
    tokens = {*map(token, others), token(turn(), PLAIN, ASKS), token(turn(), ASKS, ASKS)}
    assert len(tokens) == 5  # the last two stand in the same place


def test_addresses_are_of_a_page_of_ours_in_the_customers_language_or_of_somebody_else() -> None:
    assert address("/terms", VAULT, PUBLIC, "sr_Cyrl") == f"{PUBLIC}/terms?lang=sr_Cyrl"
    assert address("https://example.org/x", VAULT, PUBLIC, "sq") == "https://example.org/x"
    assert address(f"{PAGE}seed", VAULT, PUBLIC, "sq").startswith(f"{PUBLIC}/form/")


def test_only_one_time_pages_open_inside_a_messenger() -> None:
    (shown,), _writes = opened((ASKS,), turn(), "Join/secret")
    links = (
        Option("", verbatim("Terms"), url="/terms"),
        Option("", verbatim("App"), url="https://a.example"),
    )
    line = Line(shown.body, 1, (*shown.options, *links))
    said = addressed(line, VAULT, PUBLIC, "en")
    assert [option.app for option in said.options] == [True, False, False, False]
    assert [option.url[:22] for option in said.options] == [
        f"{PUBLIC}/f",
        "",
        f"{PUBLIC}/t",
        "https://a.example",
    ]


def test_a_code_stands_in_words_and_in_addresses_only_when_it_is_said() -> None:
    text = _("Your code is <b>{code}</b>.")
    link = Option("", verbatim("Open"), url=f"{LINK_CODE}seed:viber://pa?chatURI=kesco&context=")
    line = Line((Phrase(text, {"code": Hidden("seed")}),), options=(link,))
    code = link_codes.code_of(VAULT, "seed")
    assert code not in write_line(line)
    assert link_codes.shown(code) not in write_line(line)
    waited = read_line(write_line(line))
    assert waited == line
    said = addressed(waited, VAULT, PUBLIC, "en")
    assert said.body[0].values == {"code": link_codes.shown(code)}
    assert said.options[0].url == f"viber://pa?chatURI=kesco&context={code}"
    assert not said.options[0].app


def test_words_of_a_customer_are_no_code() -> None:
    line = Line((Phrase(_("Hello, {name}."), {"name": "seed"}),), options=PLAIN.options)
    assert addressed(line, VAULT, PUBLIC, "en") is line


def test_a_line_without_addresses_stays_as_it_is() -> None:
    assert addressed(PLAIN, VAULT, PUBLIC, "en") is PLAIN


def test_an_address_follows_from_todays_key_alone() -> None:
    url = f"{PAGE}seed"
    assert address(url, VAULT, PUBLIC, "en") == address(url, Vault("a key"), PUBLIC, "en")
    assert address(url, VAULT, PUBLIC, "en") != address(url, Vault("the key before"), PUBLIC, "en")
