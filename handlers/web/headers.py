"""What every answer tells the browser to refuse, and what a failure looks like to a customer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
#: No search engine may keep what one customer alone is shown.
_UNLISTED = {"X-Robots-Tag": "noindex, nofollow"}
#: One-time pages open within Telegram's own site, too.
_OF_FORMS = {
    "Content-Security-Policy": _POLICY.replace(
        "frame-ancestors 'none'", "frame-ancestors https://web.telegram.org"
    ),
    **_UNLISTED,
}


def security_headers(*, secure: bool) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """A handler of aiohttp's `on_response_prepare`; `secure` adds what makes sense on https alone."""
    headers = dict(_HEADERS)
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    async def add(request: web.Request, response: web.StreamResponse) -> None:
        of_forms = _OF_FORMS if request.path.startswith("/form/") else {}
        unlisted = _UNLISTED if request.path.startswith(("/pay/", "/sandbox/", "/file/")) else {}
        for name, value in (headers | of_forms | unlisted).items():
            response.headers.setdefault(name, value)
        fresh = "no-cache" if request.path.startswith("/static/") else "no-store"
        response.headers.setdefault("Cache-Control", fresh)

    return add
