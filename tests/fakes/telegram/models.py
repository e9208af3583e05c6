"""The two libraries check each other: aiogram what is asked of us, python-telegram-bot what we push."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

Params = dict[str, Any]


@cache
def _methods() -> dict[str, type[BaseModel]]:
    import aiogram.methods as methods

    known = [getattr(methods, name) for name in methods.__all__]
    return {
        kind.__api_method__.lower(): kind
        for kind in known
        if isinstance(getattr(kind, "__api_method__", None), str)
    }


def load() -> None:
    """Import and build the models, some seconds on a busy machine, before anybody waits for an answer."""
    faults_of_request("getMe", {})


def faults_of_request(method: str, params: Params) -> list[str]:
    """What aiogram's model of this method finds wrong: types, missing fields, fields that do not exist."""
    try:
        model = _methods()[method.lower()].model_validate(params)
    except ValidationError as error:
        return [f"{method}: {'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
    return [f"{method}: unknown field {name}" for name in _unknown(model)]


def _unknown(value: object) -> list[str]:
    if isinstance(value, BaseModel):
        inner = [name for field in type(value).model_fields for name in _unknown(getattr(value, field))]
        return list(value.model_extra or ()) + inner
    if isinstance(value, (list, tuple)):
        return [name for each in value for name in _unknown(each)]
    return []


def faults_of_update(update: Params) -> list[str]:
    """What python-telegram-bot does not know in an update."""
    from telegram import Update

    read = Update.de_json(update, None)
    content = read.effective_message or read.callback_query or read.my_chat_member
    if content is None:
        return ["nothing that python-telegram-bot knows is in it"]
    return list(read.api_kwargs) + list(content.api_kwargs)
