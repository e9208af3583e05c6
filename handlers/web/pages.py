"""Pages and fragments of the web chat, from templates; the same fragment serves the page and the stream."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.demo_register import DemoPerson
from dialogs.engine.prompts import redraws
from handlers.web.bubbles import Bubble, Note
from handlers.web.languages import LANGUAGES, PageLanguage

HERE = Path(__file__).parent
#: From a language code and a message id to the words.
Speak = Callable[[str, str], str]


class Pages:
    """Renders in the language it is told; every value is escaped by the templates."""

    def __init__(self, speak: Speak, *, demo: bool, people: Sequence[DemoPerson] = ()) -> None:
        """`people` are those whom a visitor of the demo may be."""
        self._speak, self._demo, self._people = speak, demo, people
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )
        self._environment.globals["redraws"] = redraws

    def t(self, language: PageLanguage) -> Callable[[str], str]:
        return partial(self._speak, language.code)

    def chat(
        self,
        language: PageLanguage,
        bubbles: Sequence[Bubble],
        notes: Sequence[Note],
        *,
        csrf: str,
        nonce: str,
        cursor: str,
        guess: str,
    ) -> str:
        return self._render(
            "chat.html",
            language,
            bubbles=bubbles,
            notes=notes,
            csrf=csrf,
            nonce=nonce,
            cursor=cursor,
            guess=guess,
            demo=self._demo,
            people=self._people,
            languages=LANGUAGES,
        )

    def bubble(self, language: PageLanguage, bubble: Bubble, *, csrf: str, nonce: str) -> str:
        return self._render("bubble.html", language, bubble=bubble, csrf=csrf, nonce=nonce)

    def note(self, language: PageLanguage, note: Note) -> str:
        return self._render("note.html", language, note=note)

    def trouble(self, language: PageLanguage, sentence: str, again: dict[str, str] | None = None) -> str:
        """A sentence on a page of its own; `again` are the fields of a form that tries once more."""
        return self._render("trouble.html", language, sentence=sentence, again=again)

    def page(self, template: str, language: PageLanguage, **values: object) -> str:
        """Any other page, by the name of its template."""
        return self._render(template, language, languages=LANGUAGES, **values)

    def _render(self, template: str, language: PageLanguage, **values: object) -> str:
        found = self._environment.get_template(template)
        return found.render(values, language=language, t=self.t(language))
