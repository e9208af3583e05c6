"""Logs for people at three in the morning: one event a line, and nothing of a customer's in it."""

from __future__ import annotations

import logging
import re
import sys
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

#: A bot's token, a one-time token, an e-mail address, a long number, a user's id on Viber: none of them
#: belongs in a log.
SECRETS = (
    re.compile(r"\b\d{6,12}:[A-Za-z0-9_-]{30,}"),
    re.compile(r"\b[A-Za-z0-9_-]{43,}\b"),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
    re.compile(r"(?<![\w:.-])\+?\d{9,16}(?![\w.-])"),
    # Whose chat it is on Viber; the first four signs tell one chat's lines from another's.
    re.compile(r"(?<=viber:[\w+/]{4})[\w+/]+=*"),
    re.compile(r"(?<=:[\w+/]{4})[\w+/]{18}=="),
    # What PostgreSQL and its driver quote of a row or a parameter that would not do.
    re.compile(r"(?<=DETAIL:  ).+"),
    re.compile(r"(?<=invalid input )(?:for query argument|syntax for).+"),
)


def redacted(text: str) -> str:
    for pattern in SECRETS:
        text = pattern.sub("•••", text)
    return text


def _redact(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    return {key: redacted(value) if isinstance(value, str) else value for key, value in event.items()}


def set_up(style: Literal["console", "json"], level: int = logging.INFO) -> None:
    """Send every logger's lines, the libraries' too, through one formatter to standard error."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _redact, last],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for noisy in ("httpx", "httpcore", "aiohttp.access", "alembic", "asyncio", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
