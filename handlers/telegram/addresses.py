"""Which addresses Telegram takes in a button.  It refuses the whole message for one that it does not take."""

from __future__ import annotations

from urllib.parse import urlsplit


def fits_button(url: str) -> bool:
    """Whether a button may open it: no name without a dot, so no `localhost`; an IP address will do."""
    scheme, host = _parts(url)
    return scheme in ("http", "https") and ("." in host or ":" in host)


def fits_app(url: str) -> bool:
    """Whether it may open inside Telegram, as a Mini App (https://core.telegram.org/bots/webapps)."""
    return fits_button(url) and _parts(url)[0] == "https"


def _parts(url: str) -> tuple[str, str]:
    """The scheme and the host, both empty for what is no address."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or ""
    except ValueError:
        return "", ""
