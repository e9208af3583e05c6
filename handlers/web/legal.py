"""The terms of service and the privacy policy, as pages that can be read in every language."""

from __future__ import annotations

from aiohttp import web

from handlers.web.languages import LANGUAGES, PageLanguage, page_language, preferred
from handlers.web.legal_texts import PRIVACY, TERMS, Document
from handlers.web.pages import Pages

_CODES = frozenset(language.code for language in LANGUAGES)


class LegalPages:
    """Serves /terms and /privacy."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/terms", self.terms)
        router.add_get("/privacy", self.privacy)

    async def terms(self, request: web.Request) -> web.Response:
        return self._show(request, TERMS, PRIVACY)

    async def privacy(self, request: web.Request) -> web.Response:
        return self._show(request, PRIVACY, TERMS)

    def _show(self, request: web.Request, document: Document, other: Document) -> web.Response:
        page = self._pages.page("legal_page.html", _language(request), document=document, other=other)
        return web.Response(text=page, content_type="text/html", charset="utf-8")


def _language(request: web.Request) -> PageLanguage:
    """The language of the chat that the link came from (`?lang=`), else the browser's."""
    asked = request.query.get("lang", "")
    return page_language(asked if asked in _CODES else preferred(request.headers.get("Accept-Language", "")))
