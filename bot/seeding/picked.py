"""The people of the demo: some picked so that every case can be met, the others as any seed makes them.

`python -m bot.seeding.picked` writes `bot/services/data/demo` anew; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from bot.seeding.bills import Habit, habit
from bot.seeding.folder import Folder, Household
from bot.seeding.hashes import ARGON2ID, BCRYPT
from bot.seeding.homes import COMMERCIAL, HOUSEHOLD, Home, homes
from bot.seeding.people import citizen_number, resident
from bot.seeding.prices import invented
from bot.seeding.web import phone
from bot.services.ports import Person
from bot.services.register.files import ACCOUNTS, CONNECTIONS, CUSTOMERS, INVOICES, WebAccount

FOLDER = Path(__file__).parent.parent / "services" / "data" / "demo"
UNTIL = date(2026, 10, 1)
VALID, EXPIRED = date(2036, 5, 14), date(2026, 3, 31)
OTHERS, SEED = 6, 2026


@dataclass(frozen=True, slots=True)
class Picked:
    person: Person
    lives: tuple[tuple[Home, Habit], ...]


def _person(number: str, first_name: str, last_name: str, id_valid_until: date = VALID) -> Person:
    return Person(number, first_name, last_name, id_valid_until)


ORDINARY = Picked(
    _person("1234567892", "Arta", "Krasniqi"),
    (
        (
            Home("DPR 6687", "10482215", "Rr. Nënë Tereza 27/4, 10000 Prishtinë", HOUSEHOLD),
            Habit(415, 0.62, "not yet"),
        ),
    ),
)
SERBIAN = Picked(
    _person(citizen_number(901), "Đorđe", "Živković"),
    (
        (
            Home("DPR 20415", "10733908", "Ul. Cara Dušana 12, 10500 Gračanica", HOUSEHOLD),
            Habit(520, 0.58, "all"),
        ),
    ),
)
TWO_METERS = Picked(
    _person(citizen_number(902), "Gëzim", "Hoxha"),
    (
        (
            Home("DPZ 4471", "10260177", "Rr. Lidhja e Prizrenit 9, 20000 Prizren", HOUSEHOLD),
            Habit(380, 0.66, "all"),
        ),
        (
            Home("DPZ 4472", "10260178", "Rr. Lidhja e Prizrenit 9/A, 20000 Prizren", COMMERCIAL),
            Habit(890, 0.83, "not yet"),
        ),
    ),
)
UNPAID = Picked(
    _person(citizen_number(903), "Shpresa", "Çeku"),
    (
        (
            Home("DPE 1290", "10518840", "Rr. Adem Jashari 61, 30000 Pejë", HOUSEHOLD),
            Habit(610, 0.64, "never"),
        ),
    ),
)
EXPIRED_ID = Picked(
    _person(citizen_number(904), "Bekim", "Gashi", EXPIRED),
    ((Home("DGL 815", "10377406", "Rr. Bardhosh 3, 60000 Gjilan", HOUSEHOLD), Habit(340, 0.6, "all")),),
)
WITH_ACCOUNT = Picked(
    _person(citizen_number(905), "Drita", "Berisha"),
    (
        (
            Home("DFE 2044", "10604431", "Rr. Dëshmorët e Kombit 18/11, 70000 Ferizaj", HOUSEHOLD),
            Habit(450, 0.67, "part"),
        ),
    ),
)
PICKED = (ORDINARY, SERBIAN, TWO_METERS, UNPAID, EXPIRED_ID, WITH_ACCOUNT)


def write(path: Path) -> None:
    """Write the demo's files; prices are those the program ships."""
    with Folder(path, (CUSTOMERS, CONNECTIONS, INVOICES, ACCOUNTS)) as folder:
        household = Household(folder, UNTIL, invented())
        for picked in PICKED:
            number = picked.person.personal_number
            household.put(Random(f"{SEED}/{number}"), picked.person, picked.lives)
        others = [_other(n, household) for n in range(OTHERS)]
        folder.put(ACCOUNTS, _account(0, WITH_ACCOUNT.person, ARGON2ID[0], ("DFE 2044",)))
        folder.put(ACCOUNTS, _account(1, *others[0]))


def _other(n: int, household: Household) -> tuple[Person, str, tuple[str, ...]]:
    """Somebody of whom nothing is special, and what their account would be made of."""
    rng = Random(f"{SEED}/{n}")
    lives = resident(rng, n, household.as_of)
    own = homes(rng, lives, household.connections)
    household.put(rng, lives.person, [(home, habit(rng, home)) for home in own])
    return lives.person, BCRYPT[0], tuple(home.customer_code for home in own)


def _account(n: int, person: Person, password_hash: str, codes: tuple[str, ...]) -> WebAccount:
    """An account whose address tells that it is the demo's."""
    return WebAccount(
        personal_number=person.personal_number,
        email=f"demo{n + 1}@example.com",
        phone=phone(3 * n + 3),
        password_hash=password_hash,
        customer_codes=codes,
    )


if __name__ == "__main__":
    write(FOLDER)
