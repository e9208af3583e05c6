"""One-time pages as a turn opens them: an unguessable address for each, of which the database keeps a hash.

What waits in the outbox names only a seed; the address follows from it and the secret key at delivery.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from bot.clock import millis
from bot.services import link_codes
from bot.services.ports import Turn
from bot.services.vault import Vault
from dialogs.engine.lines import FILE, LINK_CODE, PAGE, PAY, Line
from dialogs.engine.text import Hidden, Phrase
from storage import forms
from storage.base import Write

#: How long a page may be used after it was shown.
OPEN_FOR = timedelta(minutes=10)


def hashed(token: str) -> str:
    """What the database knows of a token."""
    return sha256(token.encode()).hexdigest()


def opened(lines: Sequence[Line], turn: Turn, question: str) -> tuple[list[Line], list[Write]]:
    """The lines with an address for each page they offer, and the writes that let it be opened."""
    found, writes = [], []
    for n, line in enumerate(lines):
        if any(option.url == PAGE for option in line.options):
            seed = turn.derived(f"page {n}")
            expires = millis(turn.at + OPEN_FOR)
            writes.append(forms.open_page(hashed(_token(turn.vault, seed)), turn.chat, question, expires))
            line = seeded(line, PAGE, seed)
        found.append(line)
    return found, writes


def seeded(line: Line, kind: str, seed: str) -> Line:
    """The line with a seed for its addresses of a kind."""
    options = (replace(o, url=f"{kind}{seed}") if o.url == kind else o for o in line.options)
    return replace(line, options=tuple(options))


def _token(vault: Vault, seed: str) -> str:
    return vault.derived("page", seed)


def file_token(vault: Vault, seed: str) -> str:
    """What opens the document of that seed."""
    return vault.derived("file", seed)


def address(url: str, vault: Vault, public_url: str, language: str) -> str:
    """The full address of an option: of a one-time page, a document, or a page in the customer's language."""
    if url.startswith(PAGE):
        return f"{public_url}/form/{_token(vault, url.removeprefix(PAGE))}"
    if url.startswith(FILE):
        return f"{public_url}/file/{file_token(vault, url.removeprefix(FILE))}"
    if url.startswith(PAY):
        return f"{public_url}/pay/{vault.derived('pay', url.removeprefix(PAY))}"
    if url.startswith(LINK_CODE):
        seed, _colon, start = url.removeprefix(LINK_CODE).partition(":")
        return f"{start}{link_codes.code_of(vault, seed)}"
    return f"{public_url}{url}?lang={language}" if url.startswith("/") else url


def _revealed(phrase: Phrase, vault: Vault) -> Phrase:
    values = {
        name: link_codes.shown(link_codes.code_of(vault, value)) if isinstance(value, Hidden) else value
        for name, value in phrase.values.items()
    }
    return replace(phrase, values=values)


def addressed(line: Line, vault: Vault, public_url: str, language: str, host: str = "") -> Line:
    """The line with addresses that can be opened; those in its picture, from anywhere, at `host`.

    A code that was hidden until now stands in its place.
    """
    if any(isinstance(value, Hidden) for phrase in line.body for value in phrase.values.values()):
        line = replace(line, body=tuple(_revealed(phrase, vault) for phrase in line.body))
    if line.picture is not None and "url" in line.picture.values:
        url = address(str(line.picture.values["url"]), vault, host or public_url, language)
        line = replace(line, picture=replace(line.picture, values={**line.picture.values, "url": url}))
    if not any(option.url for option in line.options):
        return line
    options = (
        replace(o, url=address(o.url, vault, public_url, language), app=o.url.startswith(PAGE))
        if o.url
        else o
        for o in line.options
    )
    return replace(line, options=tuple(options))
