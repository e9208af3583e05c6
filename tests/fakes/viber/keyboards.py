"""The keyboard beneath a chat: what Viber takes, how its grid lays the buttons out, what is read on them."""

from __future__ import annotations

import html
import re
from typing import Annotated, Literal

from pydantic import Field, model_validator

from tests.fakes.viber.fields import Strict, length

COLUMNS, MOST_ROWS = 6, 12
#: The api level from which a client knows what a button does, and a keyboard's `InputFieldState`.
LEVELS = {"share-phone": 3, "location-picker": 3}
INPUT_FIELD_LEVEL = 4

Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
_TAG = re.compile(r"</?(?:b|i|u|s|br|font)(?:\s+color=(?:\"#\w{6}\"|'#\w{6}'|#\w{6}))?\s*/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z]+[0-9]*);")


class Button(Strict):
    """Columns, Rows, ActionType and TextSize may be left out, as Viber has values for them."""

    Columns: Annotated[int, Field(ge=1, le=COLUMNS)] = COLUMNS
    Rows: Annotated[int, Field(ge=1, le=2)] = 1
    ActionType: Literal["reply", "open-url", "share-phone", "location-picker", "none"] = "reply"
    ActionBody: Annotated[str, length(250, 1)]
    Text: Annotated[str, length(250, 1)]
    TextSize: Literal["small", "regular", "large"] = "regular"
    Silent: bool = False
    BgColor: Colour | None = None

    @property
    def label(self) -> str:
        """As the customer reads it."""
        return html.unescape(_TAG.sub("", self.Text)).strip()

    @property
    def is_escaped(self) -> bool:
        return not set("<>&") & set(_ENTITY.sub("", _TAG.sub("", self.Text)))


class Keyboard(Strict):
    Type: Literal["keyboard"]
    Buttons: Annotated[list[Button], Field(min_length=1)]
    DefaultHeight: bool = False
    InputFieldState: Literal["regular", "minimized", "hidden"] | None = None
    BgColor: Colour | None = None

    @model_validator(mode="after")
    def _fits(self) -> Keyboard:
        used = max(row + button.Rows for row, button in self.placed)
        if used > MOST_ROWS:
            raise ValueError(f"{used} rows; at most {MOST_ROWS} are allowed")
        return self

    @property
    def placed(self) -> list[tuple[int, Button]]:
        """Each button with the row of its upper edge: from left to right, to the next row when it is full."""
        taken: set[tuple[int, int]] = set()
        found: list[tuple[int, Button]] = []
        spot = 0
        for button in self.Buttons:
            while not _free(spot, button, taken):
                spot += 1
            taken |= _cells(spot, button)
            found.append((spot // COLUMNS, button))
        return found

    @property
    def rows(self) -> list[list[Button]]:
        """The buttons by the row that they begin in."""
        rows: dict[int, list[Button]] = {}
        for row, button in self.placed:
            rows.setdefault(row, []).append(button)
        return list(rows.values())

    @property
    def level(self) -> int:
        """The api level that a client needs for it."""
        own = INPUT_FIELD_LEVEL if self.InputFieldState is not None else 1
        return max(own, *(LEVELS.get(button.ActionType, 1) for button in self.Buttons))


def _cells(spot: int, button: Button) -> set[tuple[int, int]]:
    top, left = divmod(spot, COLUMNS)
    return {(top + row, left + column) for row in range(button.Rows) for column in range(button.Columns)}


def _free(spot: int, button: Button, taken: set[tuple[int, int]]) -> bool:
    return spot % COLUMNS + button.Columns <= COLUMNS and not _cells(spot, button) & taken
