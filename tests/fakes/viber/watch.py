"""What a good client never does, though Viber may let it pass.

Nothing here changes an answer: it is written into `violations`, which a test expects to be empty.
"""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.fakes.viber.clock import Clock
from tests.fakes.viber.schema import Picture, Sent
from tests.fakes.viber.users import ViberUser

Json = dict[str, Any]
#: Seconds for which a message that failed is expected again; later, the same words are another message.
MEMORY = 600.0


class Watch:
    def __init__(self, clock: Clock, violations: list[str]) -> None:
        self.violations = violations
        self._order = Order(clock)
        self._pictures: dict[str, str] = {}

    def message(self, user: ViberUser, sent: Sent) -> None:
        """A message that Viber has found to be well made."""
        if sent.keyboard is None:
            if not user.refused:
                self.note(user, f"a {sent.type} without a keyboard")
            return
        user.refused = False
        for button in sent.keyboard.Buttons:
            if not button.is_escaped:
                self.note(user, f"unescaped HTML in the label {button.Text!r}")

    def picture(self, user: ViberUser, sent: Sent) -> None:
        if isinstance(sent, Picture) and self._pictures.setdefault(sent.media, user.id) != user.id:
            self.note(user, f"a picture's address that another user was given: {sent.media}")

    def unwanted(self, user: ViberUser) -> None:
        """A message to somebody not subscribed: no fault while the bot has not heard of their farewell."""
        if user.farewell is None or user.farewell.taken:
            self.note(user, "a message to somebody who is not subscribed")

    def note(self, user: ViberUser, what: str) -> None:
        self.violations.append(f"{user.name}: {what}")

    @contextlib.contextmanager
    def sending(self, receiver: str, params: Json) -> Iterator[None]:
        """While a request for this user is open."""
        with self._order.one(receiver) as alone:
            if not alone:
                self.violations.append(f"{receiver}: two requests in flight at once")
            if self._order.comes_too_late(receiver, content_of(params)):
                self.violations.append(f"{receiver}: sent again after a newer message: out of order")
            yield

    def went(self, receiver: str, params: Json, well: bool) -> None:
        """How a request looked to the client: it did `well`, or is worth another try."""
        self._order.went(receiver, content_of(params), well)


@dataclass(slots=True)
class Failure:
    """A message that is worth another try; `overtaken` once a newer one has gone out."""

    at: float
    overtaken: bool = False


class Order:
    """A message that failed has to be tried again before a newer one is sent."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: Counter[str] = Counter()
        self._failures: dict[str, dict[str, Failure]] = defaultdict(dict)

    @contextlib.contextmanager
    def one(self, receiver: str) -> Iterator[bool]:
        self._open[receiver] += 1
        try:
            yield self._open[receiver] == 1
        finally:
            self._open[receiver] -= 1

    def comes_too_late(self, receiver: str, content: str) -> bool:
        failure = self._failures[receiver].get(content)
        return failure is not None and failure.overtaken and self._clock.time - failure.at < MEMORY

    def went(self, receiver: str, content: str, well: bool) -> None:
        failures = self._failures[receiver]
        if not well:
            failures.setdefault(content, Failure(self._clock.time))
            return
        failures.pop(content, None)
        for other in failures.values():
            other.overtaken = True


def content_of(params: Json) -> str:
    """A message without what may change from one try to the next: keyboard, api version and token."""
    kept = {name: value for name, value in params.items() if name not in ("keyboard", "min_api_version")}
    return repr(sorted((name, value) for name, value in kept.items() if name != "auth_token"))
