"""What stands in the way of a command, in a sentence instead of a traceback."""

from __future__ import annotations

import errno
from typing import Any

import typer


def failed(error: Exception) -> typer.Exit:
    in_use = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
    why = "the port is in use already; set EKESCO_PORT to another" if in_use else error
    typer.echo(f"ekesco: {why}", err=True)
    return typer.Exit(1)


def read(settings: Any) -> Any:
    """Settings, or a sentence for each that is wrong."""
    from pydantic import ValidationError

    try:
        return settings()
    except ValidationError as error:
        for wrong in error.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in wrong["loc"]).upper()
            typer.echo(f"ekesco: EKESCO_{name}: {wrong['msg']}", err=True)
        raise typer.Exit(1) from None
