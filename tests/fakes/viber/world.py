"""All who have Viber, and the one counter of message tokens."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from tests.fakes.viber.callbacks import Callback, Callbacks
from tests.fakes.viber.clock import Clock
from tests.fakes.viber.quotas import HOUR, Quota
from tests.fakes.viber.shown import Device, id_of
from tests.fakes.viber.users import ViberUser

Json = dict[str, Any]
#: Above 2**53, where a float no longer tells neighbours apart.
FIRST_TOKEN = 4_912_661_846_655_238_145


class World:
    """`users` are by their id.  `welcome` takes the answer to a conversation_started: user, token, body."""

    def __init__(self, clock: Clock, callbacks: Callbacks, welcome: Callable[[ViberUser, str, bytes], None]):
        self.clock = clock
        self.callbacks = callbacks
        self.users: dict[str, ViberUser] = {}
        #: Messages to one user since they last wrote.
        self.unanswered = Quota(clock, 100, HOUR)
        self._tokens = itertools.count(FIRST_TOKEN, 7)
        self._welcome = welcome

    def next_token(self) -> int:
        return next(self._tokens)

    def user(self, key: str, name: str, language: str, country: str, devices: Sequence[Device]) -> ViberUser:
        user_id = id_of(key)
        if user_id not in self.users:
            self.users[user_id] = ViberUser(self, user_id, name, language, country, list(devices))
        return self.users[user_id]

    def tell(self, event: str, user: ViberUser, fields: Json, token: int | None = None) -> Callback:
        """Something happened; receipts come with the token of the message that they are for."""
        number = self.next_token() if token is None else token
        return self.callbacks.post(event, user.id, fields, number)

    def open(self, user: ViberUser, fields: Json) -> Callback:
        """A conversation begins: the answer's body is its welcome."""
        token = self.next_token()

        def welcomes(body: bytes) -> None:
            self._welcome(user, str(token), body)

        return self.callbacks.post("conversation_started", user.id, fields, token, welcomes)
