"""The methods of the Bot API that an assistant calls, with Telegram's refusals."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.telegram.chats import Json, Room, Shown, World
from tests.fakes.telegram.keyboards import checked_markup
from tests.fakes.telegram.rules import Refusal, bad, checked_caption, checked_text
from tests.fakes.telegram.updates import Hook, Updates

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
STAYS = "message can't be deleted for everyone"
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
ACTIONS = {"typing", "upload_photo", "record_voice", "upload_voice", "upload_document", "choose_sticker"}
CLICK_LIFETIME = 150
LIMITS = {"name": 64, "description": 512, "short_description": 120}
CHANGEABLE = 48 * 3600


class Methods:
    """One bot's methods; `call` answers with the result or raises `Refusal`."""

    def __init__(self, world: World, updates: Updates, hook_pause: float) -> None:
        self.world = world
        self.updates = updates
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.about: dict[tuple[str, str], str] = {("name", ""): world.bot["first_name"]}
        self.menu: Json = {"type": "default"}
        self._hook_pause = hook_pause
        self._table: dict[str, Callable[[Json], Awaitable[Any]]] = {
            name.removeprefix("do_"): getattr(self, name) for name in dir(self) if name.startswith("do_")
        }

    def knows(self, method: str) -> bool:
        return method.lower() in self._table

    async def call(self, method: str, params: Json) -> Any:
        return await self._table[method.lower()](params)

    # Receiving

    async def do_getupdates(self, params: Json) -> list[Json]:
        if "allowed_updates" in params:
            self.updates.allowed = params["allowed_updates"] or None
        limit = min(max(params.get("limit", 100), 1), 100)
        return await self.updates.poll(params.get("offset", 0), limit, min(params.get("timeout", 0), 50))

    async def do_setwebhook(self, params: Json) -> bool:
        parts = urlsplit(params["url"])
        if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if "allowed_updates" in params:
            self.updates.allowed = params["allowed_updates"] or None
        self._drop_pending(params)
        connections = params.get("max_connections", 40)
        secret = params.get("secret_token", "")
        await self.updates.set_hook(Hook(self.updates, params["url"], secret, connections, self._hook_pause))
        return True

    async def do_deletewebhook(self, params: Json) -> bool:
        self._drop_pending(params)
        await self.updates.set_hook(None)
        return True

    async def do_getwebhookinfo(self, params: Json) -> Json:
        hook = self.updates.hook
        info: Json = {"url": hook.url if hook else "", "has_custom_certificate": False}
        info["pending_update_count"] = len(self.updates.pending)
        if hook:
            info["max_connections"] = hook.connections
        if hook and hook.last_error:
            info |= {"last_error_message": hook.last_error, "last_error_date": int(time.time())}
        return info

    def _drop_pending(self, params: Json) -> None:
        if params.get("drop_pending_updates"):
            self.updates.pending.clear()

    # Speaking

    async def do_getme(self, params: Json) -> Json:
        can = {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
        return self.world.bot | can

    async def do_sendmessage(self, params: Json) -> Json:
        room = self._writable(params)
        text = checked_text(params["text"], params.get("parse_mode"))
        return self._show(room, params, Shown(0, text, html=params["text"]))

    async def do_sendphoto(self, params: Json) -> Json:
        room = self._writable(params)
        caption = checked_caption(params.get("caption", ""), params.get("parse_mode"))
        photo = params["photo"]
        if not isinstance(photo, bytes) or not photo.startswith((b"\x89PNG", b"\xff\xd8")):
            raise bad("IMAGE_PROCESS_FAILED")
        return self._show(room, params, Shown(0, caption, html=params.get("caption", ""), photo=photo))

    async def do_editmessagetext(self, params: Json) -> Json:
        room = self._writable(params)
        shown = self._editable(room, params)
        if shown.photo:
            raise bad("there is no text in the message to edit")
        text = checked_text(params["text"], params.get("parse_mode"))
        rows = _buttons(room, params)
        if (text, params["text"], rows) == (shown.text, shown.html, shown.rows):
            raise bad(NOT_MODIFIED)
        shown.text, shown.html, shown.rows = text, params["text"], rows
        shown.edits += 1
        return self.world.message_json(room, shown)

    async def do_editmessagereplymarkup(self, params: Json) -> Json:
        room = self._writable(params)
        shown = self._editable(room, params)
        rows = _buttons(room, params)
        if rows == shown.rows:
            raise bad(NOT_MODIFIED)
        shown.rows = rows
        shown.edits += 1
        return self.world.message_json(room, shown)

    async def do_deletemessage(self, params: Json) -> bool:
        room = self._writable(params)
        shown = room.messages.get(params["message_id"])
        if shown is None:
            raise bad("message to delete not found")
        if shown.age > CHANGEABLE:
            raise bad(STAYS)
        room.take(shown.id)
        return True

    async def do_answercallbackquery(self, params: Json) -> bool:
        query = params["callback_query_id"]
        asked = self.world.clicks.pop(query, None)
        if asked is None or time.monotonic() - asked > CLICK_LIFETIME:
            raise bad(TOO_OLD)
        self.world.answered.append(query)
        return True

    async def do_sendchataction(self, params: Json) -> bool:
        if params["action"] not in ACTIONS:
            raise bad("wrong parameter action in request")
        self._writable(params).typing += 1
        return True

    def _writable(self, params: Json) -> Room:
        chat = params["chat_id"]
        room = self.world.rooms.get(chat) if isinstance(chat, int) else None
        if room is None:
            raise bad("chat not found")
        if room.refusal:
            raise Refusal(403, f"Forbidden: {room.refusal}")
        return room

    def _editable(self, room: Room, params: Json) -> Shown:
        shown = room.messages.get(params["message_id"])
        if shown is None:
            raise bad("message to edit not found")
        if shown.mine or shown.lasting or shown.age > CHANGEABLE:
            raise bad("message can't be edited")
        return shown

    def age_messages(self, seconds: float = CHANGEABLE + 1) -> None:
        """Let all messages get too old to be edited or deleted."""
        for room in self.world.rooms.values():
            for shown in room.messages.values():
                shown.sent_at -= seconds

    def _show(self, room: Room, params: Json, shown: Shown) -> Json:
        markup = checked_markup(params.get("reply_markup"), private=room.kind == "private")
        shown.rows, shown.lasting = markup.rows, not markup.is_inline
        shown.id = self.world.next_id()
        shown.params = params
        room.put(shown, markup)
        return self.world.message_json(room, shown)

    # The bot's own face

    async def do_setmycommands(self, params: Json) -> bool:
        if len(params["commands"]) > 100:
            raise bad("too many commands specified")
        for each in params["commands"]:
            if not each["command"].replace("_", "").isalnum() or not each["command"].islower():
                raise bad("BOT_COMMAND_INVALID")
            if len(each["command"]) > 32 or not 1 <= len(each["description"]) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[_audience(params)] = params["commands"]
        return True

    async def do_getmycommands(self, params: Json) -> list[Json]:
        return self.commands.get(_audience(params), [])

    async def do_deletemycommands(self, params: Json) -> bool:
        self.commands.pop(_audience(params), None)
        return True

    async def do_setmyname(self, params: Json) -> bool:
        return self._describe("name", params)

    async def do_getmyname(self, params: Json) -> Json:
        return self._described("name", params)

    async def do_setmydescription(self, params: Json) -> bool:
        return self._describe("description", params)

    async def do_getmydescription(self, params: Json) -> Json:
        return self._described("description", params)

    async def do_setmyshortdescription(self, params: Json) -> bool:
        return self._describe("short_description", params)

    async def do_getmyshortdescription(self, params: Json) -> Json:
        return self._described("short_description", params)

    async def do_setchatmenubutton(self, params: Json) -> bool:
        self.menu = params.get("menu_button", {"type": "default"})
        return True

    async def do_getchatmenubutton(self, params: Json) -> Json:
        return self.menu

    def _describe(self, what: str, params: Json) -> bool:
        text = params.get(what, "")
        if len(text) > LIMITS[what]:
            raise bad(f"{what} is too long")
        self.about[what, params.get("language_code", "")] = text
        return True

    def _described(self, what: str, params: Json) -> Json:
        return {what: self.about.get((what, params.get("language_code", "")), "")}


def _buttons(room: Room, params: Json) -> list[list[Json]]:
    """The buttons that an edit gives a message."""
    return checked_markup(params.get("reply_markup"), private=room.kind == "private", edits=True).rows


def _audience(params: Json) -> tuple[str, str]:
    scope = params.get("scope") or {"type": "default"}
    return scope["type"], params.get("language_code", "")
