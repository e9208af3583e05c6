"""The contract of a register, as `openapi.yaml` has it: what may be asked, and what an answer is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import bot.gateways.registry
from tests.fakes.registry import yaml

DOCUMENT = Path(bot.gateways.registry.__file__).with_name("openapi.yaml")

#: What a schema may say here; what says more is not understood, and must not pass as if it were.
_KEYWORDS = frozenset(
    {"type", "description", "pattern", "format", "minLength", "maxLength", "minimum", "maximum"}
    | {"required", "properties", "items", "maxItems", "allOf"}
)


@dataclass(frozen=True, slots=True)
class Question:
    """An operation that fits a request: its path as the document writes it, and its arguments."""

    path: str
    arguments: Mapping[str, str]


class Contract:
    def __init__(self, document: Path = DOCUMENT) -> None:
        self._document = yaml.load(document)

    def question(self, method: str, path: str, query: Mapping[str, str]) -> Question:
        """The operation of a request, whose path is still encoded.  Raises ValueError when it is none."""
        for template, operations in self._document["paths"].items():
            names = re.findall(r"\{(\w+)\}", template)
            found = re.fullmatch(re.sub(r"\\\{\w+\\\}", "([^/]+)", re.escape(template)), path)
            if found and method.lower() in operations:
                arguments = dict(zip(names, map(unquote, found.groups()), strict=True))
                self._check_arguments(operations[method.lower()], arguments, query)
                return Question(template, arguments | dict(query))
        raise ValueError(f"{method} of something that is not in the document")

    def faults(self, path: str, status: int, body: Any) -> list[str]:
        """What is wrong with an answer."""
        responses = self._document["paths"][path]["get"]["responses"]
        if str(status) not in responses:
            return [f"{path}: {status} is no answer"]
        response = self._resolved(responses[str(status)])
        if "content" not in response:
            return []
        return [
            f"{path}: {fault}"
            for fault in self._faults(response["content"]["application/json"]["schema"], body)
        ]

    def _check_arguments(
        self, operation: Mapping[str, Any], path: Mapping[str, str], query: Mapping[str, str]
    ) -> None:
        given: dict[tuple[str, str], Any] = {("path", name): value for name, value in path.items()}
        given |= {("query", name): value for name, value in query.items()}
        for parameter in map(self._resolved, operation["parameters"]):
            place = (parameter["in"], parameter["name"])
            if place not in given:
                raise ValueError(f"{place} is missing")
            if faults := [
                *self._faults(parameter["schema"], self._typed(parameter["schema"], given.pop(place)))
            ]:
                raise ValueError(f"{place}: {faults[0]}")
        if given:
            raise ValueError(f"{[*given]} are unknown")

    def _typed(self, schema: Mapping[str, Any], value: str) -> Any:
        whole = self._resolved(schema)["type"] == "integer" and value.isascii() and value.isdigit()
        return int(value) if whole else value

    def _resolved(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" not in part:
            return part
        found: Any = self._document
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        return self._resolved(found)

    def _faults(self, schema: Mapping[str, Any], value: Any) -> Iterator[str]:
        schema = self._resolved(schema)
        assert set(schema) <= _KEYWORDS, set(schema) - _KEYWORDS
        for part in schema.get("allOf", ()):
            yield from self._faults(part, value)
        match schema.get("type"):
            case "object":
                yield from self._faults_of_object(schema, value)
            case "array":
                yield from self._faults_of_list(schema, value)
            case "string":
                yield from _faults_of_text(schema, value)
            case "integer":
                yield from _faults_of_number(schema, value)

    def _faults_of_object(self, schema: Mapping[str, Any], value: Any) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{value!r} is no object"
            return
        yield from (f"{name} is missing" for name in schema.get("required", ()) if name not in value)
        for name, part in schema["properties"].items():
            if name in value:
                yield from (f"{name}: {fault}" for fault in self._faults(part, value[name]))

    def _faults_of_list(self, schema: Mapping[str, Any], value: Any) -> Iterator[str]:
        if not isinstance(value, list) or len(value) > schema["maxItems"]:
            yield "no list, or too long a one"
            return
        for item in value:
            yield from self._faults(schema["items"], item)


def _faults_of_text(schema: Mapping[str, Any], value: Any) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{value!r} is no string"
        return
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**9):
        yield f"{len(value)} characters"
    if not re.search(schema.get("pattern", ""), value):
        yield f"{value!r} is not like {schema['pattern']}"
    elif schema.get("format") == "date":
        yield from _faults_of_day(value)


def _faults_of_day(value: str) -> Iterator[str]:
    try:
        date.fromisoformat(value)
    except ValueError:
        yield f"{value!r} is no day"


def _faults_of_number(schema: Mapping[str, Any], value: Any) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield f"{value!r} is no whole number"
    elif not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{value} is out of range"
