"""The methods of the REST API, as far as a bot like ours may call them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.viber.callbacks import Callbacks, Hook
from tests.fakes.viber.fields import is_loopback, is_public
from tests.fakes.viber.pictures import trouble_with
from tests.fakes.viber.quotas import HOUR, Quota
from tests.fakes.viber.rules import Refusal, Status
from tests.fakes.viber.schema import (
    MANDATORY_EVENTS,
    OPTIONAL_EVENTS,
    AccountRequest,
    Broadcast,
    Sent,
    Single,
    UserRequest,
    WebhookRequest,
    parsed,
    read,
    read_addressed,
    read_message,
)
from tests.fakes.viber.shown import shown_of
from tests.fakes.viber.users import ViberUser
from tests.fakes.viber.watch import Watch
from tests.fakes.viber.world import World

Json = dict[str, Any]


@dataclass(slots=True)
class Billing:
    """`free_left` pushes outside a session cost nothing; the three statuses can be set to Viber's others."""

    in_session: int = 1
    free: int = 3
    charged: int = 5
    free_left: int = 0
    charges: int = 0

    def of(self, user: ViberUser) -> int:
        if user.in_session:
            return self.in_session
        if self.free_left > 0:
            self.free_left -= 1
            return self.free
        self.charges += 1
        return self.charged


#: What is to be told once the answer has gone out.
Receipts = list[Callable[[], object]]


class Methods:
    def __init__(self, world: World, callbacks: Callbacks, watch: Watch, loopback: bool) -> None:
        self.billing = Billing()
        self._world = world
        self._callbacks = callbacks
        self._watch = watch
        self._loopback = loopback
        self._details = Quota(world.clock, 2, 12 * HOUR)
        self._broadcasts = Quota(world.clock, 500, 10)
        self._by_name: dict[str, Callable[[Json, Receipts], Awaitable[Json]]] = {
            "set_webhook": self._set_webhook,
            "send_message": self._send_message,
            "broadcast_message": self._broadcast_message,
            "get_account_info": self._get_account_info,
            "get_user_details": self._get_user_details,
        }

    def knows(self, method: str) -> bool:
        return method in self._by_name

    def refuse(self, receivers: list[str]) -> None:
        """These are told that Viber cannot read what they were to be sent."""
        for user in (self._world.users[each] for each in receivers if each in self._world.users):
            user.refused = True

    async def call(self, method: str, params: Json, receipts: Receipts) -> Json:
        return await self._by_name[method](params, receipts)

    async def _set_webhook(self, params: Json, _: Receipts) -> Json:
        asked = read(WebhookRequest, params)
        if not asked.url:
            self._callbacks.hook = None
            return {}
        if not is_public(asked.url) and not (self._loopback and is_loopback(asked.url)):
            raise Refusal(Status.INVALID_URL, "no public https address")
        if not await self._callbacks.verify(asked.url):
            raise Refusal(Status.INVALID_URL, "the webhook did not answer 200")
        wished = OPTIONAL_EVENTS if asked.event_types is None else asked.event_types
        events = [*MANDATORY_EVENTS, *(event for event in OPTIONAL_EVENTS if event in wished)]
        self._callbacks.hook = Hook(asked.url, events)
        return {"event_types": events}

    async def _send_message(self, params: Json, receipts: Receipts) -> Json:
        to, sent = read_addressed(Single, params, loopback=self._loopback)
        self._needs_webhook()
        token = self._world.next_token()
        billing = await self._send(to.receiver, sent, token, receipts)
        return {"message_token": token, "billing_status": billing}

    async def _broadcast_message(self, params: Json, receipts: Receipts) -> Json:
        to, sent = read_addressed(Broadcast, params, loopback=self._loopback)
        self._needs_webhook()
        if not self._broadcasts.take():
            raise Refusal(Status.TOO_MANY_REQUESTS, "more than 500 broadcasts in 10 seconds")
        token, failed = self._world.next_token(), []
        for receiver in to.broadcast_list:
            try:
                await self._send(receiver, sent, token, receipts)
            except Refusal as refusal:
                failed.append(
                    {"receiver": receiver, "status": int(refusal.status), "status_message": str(refusal)}
                )
        return {"message_token": token, "failed_list": failed}

    async def _get_account_info(self, params: Json, _: Receipts) -> Json:
        read(AccountRequest, params)
        hook = self._callbacks.hook
        subscribers = sum(user.subscribed for user in self._world.users.values())
        account = {"id": "pa:75346594275468546724", "name": "eKESCO", "uri": "ekesco"}
        told = {"webhook": hook.url, "event_types": hook.events} if hook is not None else {}
        return account | told | {"subscribers_count": subscribers}

    async def _get_user_details(self, params: Json, _: Receipts) -> Json:
        user = self._known(read(UserRequest, params).id)
        if not user.subscribed:
            raise Refusal(Status.RECEIVER_NOT_SUBSCRIBED, user.name)
        if not self._details.take(user.id):
            raise Refusal(Status.TOO_MANY_REQUESTS, "more than 2 requests for one user in 12 hours")
        device = {"primary_device_os": "android 15", "viber_version": "25.1.0", "device_type": "Pixel 8"}
        return {"message_token": self._world.next_token(), "user": user.profile | device}

    async def _send(self, receiver: str, sent: Sent, token: int, receipts: Receipts) -> int:
        user = self._known(receiver)
        if not user.subscribed:
            self._watch.unwanted(user)
            raise Refusal(Status.RECEIVER_NOT_SUBSCRIBED, user.name)
        if not user.devices:
            raise Refusal(Status.RECEIVER_NO_SUITABLE_DEVICE)
        if user.api_version < sent.level:
            raise Refusal(Status.API_VERSION_NOT_SUPPORTED, f"{user.name} has {user.api_version}")
        if not self._world.unanswered.take(user.id):
            self._watch.note(user, "more than 100 messages in an hour without an answer")
            raise Refusal(Status.TOO_MANY_REQUESTS, "more than 100 messages in an hour without an answer")
        billing = self.billing.of(user)
        receipts += await self.show(user, sent, token, billing)
        return billing

    async def show(self, user: ViberUser, sent: Sent, token: int, billing: int = 0) -> Receipts:
        """Put a message on the user's screen, if their client can."""
        self._watch.message(user, sent)
        self._watch.picture(user, sent)
        trouble = await trouble_with(sent)
        if trouble:
            self._watch.note(user, trouble)
        return list(user.receive(sent, shown_of(sent, str(token), billing), trouble))

    async def greet(self, user: ViberUser, body: bytes, token: int) -> Receipts:
        """Show the welcome in an answer to conversation_started.  Raises `Refusal`."""
        sent = read_message(parsed(body), self._loopback)
        if user.api_version < sent.level:
            raise Refusal(Status.API_VERSION_NOT_SUPPORTED, f"{user.name} has {user.api_version}")
        return await self.show(user, sent, token)

    def _needs_webhook(self) -> None:
        if self._callbacks.hook is None:
            raise Refusal(Status.WEBHOOK_NOT_SET)

    def _known(self, receiver: str) -> ViberUser:
        user = self._world.users.get(receiver)
        if user is None:
            raise Refusal(Status.RECEIVER_NOT_REGISTERED, receiver)
        return user
