"""What asyncpg's errors mean: what the network or the server did to us, what passes, what is our mistake."""

from __future__ import annotations

import asyncpg

#: By class of SQLSTATE: connections, authorisation, no such database, resources (disk full, too many
#: connections), operator (shutdown, starting up, cancelled), input and output.
_CLASSES = ("08", "28", "3D", "53", "57", "58")
#: Read-only; idle or open for too long; outcome unknown; no permission; lock not to be had; corrupted.
_STATES = frozenset({"25006", "25P03", "25P04", "40003", "42501", "55P03", "XX001", "XX002"})

#: Tables have changed since the connection prepared the statement.
STALE = (
    asyncpg.InvalidCachedStatementError,
    asyncpg.OutdatedSchemaCacheError,
    asyncpg.InvalidSQLStatementNameError,
)
#: Besides, two turns waited for each other and the server gave up this one.  Nothing was written, and what
#: was asked may be asked again as it is.
PASSING = (*STALE, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
#: Rules that another turn can have come between; a missing or impossible value is our own mistake.
RULES = (
    asyncpg.UniqueViolationError,
    asyncpg.ExclusionViolationError,
    asyncpg.ForeignKeyViolationError,
)


def is_outage(error: BaseException) -> bool:
    if isinstance(error, asyncpg.PostgresError):
        state = str(error.sqlstate or "")
        return state in _STATES or state.startswith(_CLASSES)
    if isinstance(error, asyncpg.InterfaceError):
        # A closed connection is one; a setting or value that cannot be is a ValueError besides.
        return not isinstance(error, ValueError)
    # A lost server shows as bare OSErrors (a time-out is one), or as the end of what was to be read.
    return isinstance(error, OSError | EOFError | asyncpg.InternalClientError)
