"""Somebody with Viber: what they see, and what they can do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.fakes.viber.callbacks import Callback
from tests.fakes.viber.keyboards import Button, Keyboard
from tests.fakes.viber.schema import Sent
from tests.fakes.viber.shown import Device, Shown

if TYPE_CHECKING:
    from tests.fakes.viber.world import World

Json = dict[str, Any]
SESSION = 24 * 3600.0
#: Actions that a desktop does not know.
PHONE_ONLY = {"share-phone", "location-picker"}


@dataclass(slots=True)
class Whim:
    """What the phone will refuse after Viber has said 0: the next `times` messages of `type` (`*`: any)."""

    why: str
    type: str = "*"
    times: int = 1


class ViberUser:
    """Every deed returns the callback that it caused, or None when nothing is told to the bot."""

    def __init__(
        self, world: World, user_id: str, name: str, language: str, country: str, devices: list[Device]
    ) -> None:
        self._world = world
        self.id = user_id
        self.name = name
        self.language = language
        self.country = country
        #: The first is the one in their hand.
        self.devices = devices
        self.subscribed = False
        #: As Viber hands it over, without a "+".
        self.phone = "38344123456"
        #: Whether the address of a `Silent` open-url button comes as a message too, marked silent.
        self.tells_silent_openings = False
        self.chat: list[Shown] = []
        self.opened: list[str] = []
        self.failures: list[str] = []
        #: Whether something was refused, here or by Viber: then words without a keyboard may come.
        self.refused = False
        self.spoke_at: float | None = None
        self.farewell: Callback | None = None
        self._keyboard: Keyboard | None = None
        self._tracking_data = ""
        self._whims: list[Whim] = []

    # What they see

    @property
    def heard(self) -> list[Shown]:
        return [message for message in self.chat if not message.mine]

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.heard]

    @property
    def last(self) -> Shown:
        return self.heard[-1]

    @property
    def rows(self) -> list[list[str]]:
        """The keyboard beneath the chat, which is the last one that came: its labels, row by row."""
        return [[button.label for button in row] for row in self._keyboard.rows] if self._keyboard else []

    @property
    def labels(self) -> list[str]:
        return [label for row in self.rows for label in row]

    @property
    def api_version(self) -> int:
        return max((device.api_version for device in self.devices), default=1)

    @property
    def in_session(self) -> bool:
        return self.spoke_at is not None and self._world.clock.time - self.spoke_at < SESSION

    # What they do

    def open(self, context: str = "") -> Callback:
        """Press a deep link, or the bot's "message" button."""
        fields: Json = {"type": "open", "user": self.profile, "subscribed": self.subscribed}
        return self._world.open(self, fields | ({"context": context} if context else {}))

    def say(self, text: str) -> Callback:
        return self.send({"type": "text", "text": text})

    def send_picture(self, caption: str = "") -> Callback:
        file = {"media": "https://dl-media.viber.com/1/p.jpg", "file_name": "p.jpg", "size": 5120}
        return self.send({"type": "picture", "thumbnail": file["media"]} | file | _text(caption))

    def send_sticker(self) -> Callback:
        media = "https://content.cdn.viber.com/stickers/40133.png"
        return self.send({"type": "sticker", "sticker_id": 40133, "media": media})

    def send_file(self) -> Callback:
        file = {"media": "https://dl-media.viber.com/1/bill.pdf", "file_name": "bill.pdf", "size": 10_000}
        return self.send({"type": "file"} | file)

    def send_location(self) -> Callback:
        return self.send({"type": "location", "location": {"lat": 42.66, "lon": 21.16}})

    def send_url(self, url: str) -> Callback:
        return self.send({"type": "url", "media": url})

    def send_contact(self, phone: str = "38349765432", name: str = "Besa") -> Callback:
        """Somebody out of the address book: no proof of whose number it is."""
        return self.send({"type": "contact", "contact": {"name": name, "phone_number": phone}})

    def send(self, message: Json, silent: bool = False) -> Callback:
        """Any message, by its fields.  The first one subscribes, without an event of its own."""
        self.subscribed, self.farewell = True, None
        self.spoke_at = self._world.clock.time
        self._world.unanswered.renew(self.id)
        tracked = {"tracking_data": self._tracking_data} if self._tracking_data else {}
        fields = {"sender": self.profile, "message": message | tracked, "silent": silent}
        callback = self._world.tell("message", self, fields)
        if not silent:
            shown = Shown(callback.token, message["type"], message.get("text", ""), mine=True, params=message)
            self.chat.append(shown)
        return callback

    def press(self, label: str, on: Shown | None = None) -> Callback | None:
        """A button of the keyboard beneath the chat, or of an earlier one that was still there: `on`."""
        button = self._find(label, self._keyboard if on is None else on.keyboard)
        if button.ActionType in PHONE_ONLY and self.devices[0].kind != "phone":
            return None
        match button.ActionType:
            case "reply":
                return self.send({"type": "text", "text": button.ActionBody}, button.Silent)
            case "open-url":
                return self._open(button)
            case "share-phone":
                return self.send(self._own_contact | _text(button.ActionBody))
            case "location-picker":
                return self.send_location()
            case _:
                return None

    def look(self) -> list[Callback]:
        """Read what has come: a receipt for each message that was not seen yet."""
        unseen = [message for message in self.heard if not message.seen]
        for message in unseen:
            message.seen = True
        return [self._receipt("seen", message) for message in unseen]

    def subscribe(self) -> Callback:
        self.subscribed, self.farewell = True, None
        return self._world.tell("subscribed", self, {"user": self.profile})

    def unsubscribe(self) -> Callback:
        self.subscribed = False
        self.farewell = self._world.tell("unsubscribed", self, {"user_id": self.id})
        return self.farewell

    def refuse(self, why: str, type: str = "*", times: int = 1) -> None:
        """Let the phone refuse what comes next, although Viber's server takes it: `failed` follows."""
        self._whims.append(Whim(why, type, times))

    # What reaches them

    def receive(self, sent: Sent, shown: Shown, trouble: str = "") -> list[Callable[[], Callback]]:
        """A message of the bot's; what its devices will say to it.  `trouble`: why it cannot be shown."""
        if refused := trouble or self._refused(sent):
            return [partial(self._fail, shown, refused)]
        able = [device for device in self.devices if device.api_version >= sent.level]
        if able:
            self._show(sent, shown)
        told = partial(self._receipt, "delivered", shown)
        failed = partial(self._fail, shown, "the api version of the client is too low")
        return [told if device in able else failed for device in self.devices]

    def _show(self, sent: Sent, shown: Shown) -> None:
        self.chat.append(shown)
        self._tracking_data = sent.tracking_data or ""
        if sent.keyboard is not None:
            self._keyboard = sent.keyboard

    @property
    def profile(self) -> Json:
        """How Viber describes them to a bot."""
        known = {"id": self.id, "name": self.name, "language": self.language, "country": self.country}
        version = self.devices[0].api_version if self.devices else 1
        return known | {"avatar": "https://media-direct.cdn.viber.com/pa/a.jpg", "api_version": version}

    def _refused(self, sent: Sent) -> str:
        for whim in self._whims:
            if whim.type in ("*", sent.type):
                whim.times -= 1
                if whim.times <= 0:
                    self._whims.remove(whim)
                return whim.why
        return ""

    def _fail(self, shown: Shown, why: str) -> Callback:
        self.failures.append(why)
        self.refused = True
        return self._receipt("failed", shown, {"desc": why})

    def _receipt(self, event: str, shown: Shown, more: Json | None = None) -> Callback:
        return self._world.tell(event, self, {"user_id": self.id} | (more or {}), int(shown.token))

    def _open(self, button: Button) -> Callback | None:
        self.opened.append(button.ActionBody)
        if button.Silent and not self.tells_silent_openings:
            return None
        return self.send({"type": "text", "text": button.ActionBody}, button.Silent)

    @property
    def _own_contact(self) -> Json:
        return {"type": "contact", "contact": {"name": self.name, "phone_number": self.phone}}

    def _find(self, label: str, keyboard: Keyboard | None) -> Button:
        buttons: Sequence[Button] = keyboard.Buttons if keyboard is not None else ()
        found = next((button for button in buttons if button.label == label), None)
        assert found is not None, f"no button {label!r}; there are {[button.label for button in buttons]}"
        return found


def _text(words: str) -> Json:
    return {"text": words} if words else {}
