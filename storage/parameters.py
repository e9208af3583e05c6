"""From the `:named` parameters that our statements share to the `$1` that PostgreSQL counts."""

from __future__ import annotations

import re
from functools import lru_cache

#: What may hold a colon that begins no name comes first: literals, quoted names, comments, casts.
_TOKEN = re.compile(
    r"""
      ' (?: [^'] | '' )* '
    | " (?: [^"] | "" )* "
    | -- [^\n]*
    | /\* .*? \*/
    | ::
    | : (?P<name> [A-Za-z_] \w* )
    """,
    re.VERBOSE | re.DOTALL,
)


@lru_cache(maxsize=1024)
def numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """The statement with `$1`, `$2` and so on, and the names in that order, each once."""
    names: dict[str, int] = {}

    def number(token: re.Match[str]) -> str:
        name = token["name"]
        return f"${names.setdefault(name, len(names) + 1)}" if name else token[0]

    return _TOKEN.sub(number, sql), tuple(names)
