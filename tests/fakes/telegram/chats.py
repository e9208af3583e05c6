"""The chats as customers see them, and what a customer can do in one."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.keyboards import Keyboard, Markup

Json = dict[str, Any]
Push = Callable[[str, Json], int]


@dataclass(slots=True)
class Shown:
    """A message on the customer's screen, as it looks now.

    What changed the keyboard beneath the chat is `lasting`: it cannot be edited.
    """

    id: int
    text: str
    html: str = ""
    rows: list[list[Json]] = field(default_factory=list)
    photo: bytes = b""
    mine: bool = False
    edits: int = 0
    params: Json = field(default_factory=dict)
    lasting: bool = False
    sent_at: float = field(default_factory=time.time)

    @property
    def age(self) -> float:
        """In seconds."""
        return time.time() - self.sent_at

    @property
    def buttons(self) -> list[Json]:
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [button["text"] for button in self.buttons]


@dataclass(slots=True)
class Room:
    """One chat: what stands in it and beneath it, and whether the bot may write there."""

    id: int
    kind: str = "private"
    title: str = ""
    first_name: str = ""
    messages: dict[int, Shown] = field(default_factory=dict)
    typing: int = 0
    refusal: str = ""
    keyboard: Keyboard | None = None

    def put(self, shown: Shown, markup: Markup) -> None:
        """A message of the bot's comes in."""
        self.messages[shown.id] = shown
        if markup.beneath is not None:
            markup.beneath.message = shown.id
            self.keyboard = markup.beneath
        elif markup.removed:
            self.keyboard = None

    def take(self, number: int) -> None:
        """A message goes, and with it the keyboard that it had brought."""
        del self.messages[number]
        if self.keyboard is not None and self.keyboard.message == number:
            self.keyboard = None

    def as_json(self) -> Json:
        if self.kind == "private":
            return {"id": self.id, "type": "private", "first_name": self.first_name}
        return {"id": self.id, "type": self.kind, "title": self.title}


class World:
    """All chats, and the one counter of message ids."""

    def __init__(self, bot: Json, push: Push) -> None:
        self.bot = bot
        self.push = push
        self.rooms: dict[int, Room] = {}
        self.customers: dict[int, Customer] = {}
        self.clicks: dict[str, float] = {}
        self.answered: list[str] = []
        self._ids = itertools.count(1)

    def next_id(self) -> int:
        return next(self._ids)

    def room(self, chat: int, kind: str = "private", title: str = "", first_name: str = "") -> Room:
        return self.rooms.setdefault(chat, Room(chat, kind, title, first_name))

    def user(self, number: int, language_code: str | None = None, first_name: str = "Arta") -> Customer:
        if number not in self.customers:
            self.room(number, first_name=first_name)
            person = {"id": number, "is_bot": False, "first_name": first_name}
            if language_code is not None:
                person["language_code"] = language_code
            self.customers[number] = Customer(self, person, number)
        return self.customers[number]

    def click(self, query: str) -> None:
        self.clicks[query] = time.monotonic()

    def age_clicks(self, seconds: float = 151) -> None:
        """Let the open clicks get too old to be answered."""
        self.clicks = {query: at - seconds for query, at in self.clicks.items()}

    def message_json(self, room: Room, shown: Shown) -> Json:
        """A message as Telegram describes it to a bot."""
        message: Json = {"message_id": shown.id, "date": int(time.time()), "chat": room.as_json()}
        message["from"] = self.bot
        if shown.photo:
            size = {
                "file_id": f"photo{shown.id}",
                "file_unique_id": f"p{shown.id}",
                "width": 640,
                "height": 480,
            }
            message["photo"] = [size]
            if shown.text:
                message["caption"] = shown.text
        else:
            message["text"] = shown.text
        if shown.rows:
            message["reply_markup"] = {"inline_keyboard": shown.rows}
        return message


class Customer:
    """Somebody with a phone.  Every method returns the id of the update that it caused."""

    def __init__(self, world: World, person: Json, chat: int) -> None:
        self._world = world
        self._person = person
        self.id: int = person["id"]
        self.chat_id = chat
        #: As Telegram hands it over: with or without a "+".
        self.phone = "38344123456"

    @property
    def room(self) -> Room:
        return self._world.rooms[self.chat_id]

    # What the customer sees

    @property
    def chat(self) -> list[Shown]:
        return list(self.room.messages.values())

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
    def buttons(self) -> list[str]:
        """The labels that can be tapped, anywhere in the chat."""
        return [label for message in self.chat for label in message.labels]

    @property
    def keys(self) -> list[str]:
        """The labels on the keyboard beneath the chat."""
        return [key["text"] for key in self._keyboard.keys]

    # What the customer does

    def start(self, payload: str = "") -> int:
        return self.say(f"/start {payload}".strip())

    def say(self, text: str) -> int:
        content: Json = {"text": text}
        if text.startswith("/"):
            length = len(text.split()[0])
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self.send(content)

    def send(self, content: Json) -> int:
        """Any message, by its Bot API fields."""
        shown = Shown(self._world.next_id(), content.get("text", ""), mine=True)
        self.room.messages[shown.id] = shown
        return self._world.push("message", self._message(shown.id) | content)

    def change(self, text: str) -> int:
        """Edit the customer's own last message."""
        mine = [message for message in self.chat if message.mine][-1]
        mine.text = text
        return self._world.push(
            "edited_message", self._message(mine.id) | {"text": text, "edit_date": int(time.time())}
        )

    def send_sticker(self) -> int:
        kind = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self.send({"sticker": {"file_id": "s", "file_unique_id": "s", "emoji": "👍"} | kind})

    def send_voice(self) -> int:
        return self.send({"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}})

    def send_photo(self, caption: str = "") -> int:
        size = {"file_id": "p", "file_unique_id": "p", "width": 90, "height": 90}
        return self.send({"photo": [size]} | ({"caption": caption} if caption else {}))

    def send_document(self) -> int:
        return self.send({"document": {"file_id": "d", "file_unique_id": "d", "file_name": "bill.pdf"}})

    def send_location(self) -> int:
        return self.send({"location": {"latitude": 42.66, "longitude": 21.16}})

    def send_contact(self, phone: str = "", own: bool = True) -> int:
        """A contact out of the address book: the customer's own, or somebody else's."""
        return self.send({"contact": self._contact(phone or self.phone, own)})

    def press(self, label: str) -> int:
        """A key of the keyboard beneath the chat: it says its label, or hands over the customer's number."""
        keyboard = self._keyboard
        key = next((key for key in keyboard.keys if key["text"] == label), None)
        assert key is not None, f"no key {label!r}; there are {self.keys}"
        keyboard.hidden = keyboard.one_time
        if not key.get("request_contact"):
            return self.say(label)
        asked = self._world.message_json(self.room, self.room.messages[keyboard.message])
        return self.send({"contact": self._contact(self.phone, own=True), "reply_to_message": asked})

    def share(self, own: bool = True) -> int:
        """The customer's own number by the key that asks for it, or in its place somebody else's contact."""
        asking = [key["text"] for key in self._keyboard.keys if key.get("request_contact")]
        assert asking, f"no key asks for a phone number; there are {self.keys}"
        return self.press(asking[0]) if own else self.send_contact("38349765432", own=False)

    def tap(self, what: str, on: Shown | None = None) -> int:
        """Press a button by its label or payload, on the newest message that has it (or had it: `on`)."""
        message, button = self._find(what, on)
        assert "callback_data" in button, f"{what!r} opens {button}"
        return self.tap_payload(button["callback_data"], message)

    def tap_payload(self, data: str, on: Shown | None = None) -> int:
        query = f"{self.id}{self._world.next_id():010d}"
        message = self._world.message_json(self.room, on or self.last)
        self._world.click(query)
        content = {"id": query, "from": self._person, "chat_instance": str(self.chat_id), "data": data}
        return self._world.push("callback_query", content | {"message": message})

    def block(self) -> int:
        self.room.refusal = "bot was blocked by the user"
        return self._membership("member", "kicked")

    def unblock(self) -> int:
        self.room.refusal = ""
        return self._membership("kicked", "member")

    def in_group(self, chat: int = -100500, title: str = "Neighbours") -> Customer:
        """The same person in a group."""
        self._world.room(chat, "supergroup", title)
        return Customer(self._world, self._person, chat)

    def add_bot(self) -> int:
        return self._membership("left", "member")

    @property
    def _keyboard(self) -> Keyboard:
        return self.room.keyboard or Keyboard([])

    def _contact(self, phone: str, own: bool) -> Json:
        owner = self.id if own else self.id + 1
        return {"phone_number": phone, "first_name": "Arta", "user_id": owner}

    def _find(self, what: str, on: Shown | None) -> tuple[Shown, Json]:
        for message in [on] if on else reversed(self.heard):
            for button in message.buttons:
                if what in (button["text"], button.get("callback_data")):
                    return message, button
        raise AssertionError(f"no button {what!r}; there are {self.buttons}")

    def _message(self, number: int) -> Json:
        start = {"message_id": number, "date": int(time.time()), "chat": self.room.as_json()}
        return start | {"from": self._person}

    def _membership(self, before: str, after: str) -> int:
        change: Json = {"chat": self.room.as_json(), "from": self._person, "date": int(time.time())}
        change["old_chat_member"] = self._member(before)
        change["new_chat_member"] = self._member(after)
        return self._world.push("my_chat_member", change)

    def _member(self, status: str) -> Json:
        member = {"user": self._world.bot, "status": status}
        return member | ({"until_date": 0} if status == "kicked" else {})
