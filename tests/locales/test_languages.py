from __future__ import annotations

import pytest
from babel import UnknownLocaleError

from locales.languages import LANGUAGES, guess, nearest_locale


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("sq", "sq"),
        ("sq-XK", "sq"),
        ("sr", "sr"),
        ("sr-RS", "sr"),
        ("sr_Latn_RS", "sr"),
        ("sr-Cyrl", "sr_Cyrl"),
        ("sr_Cyrl", "sr_Cyrl"),
        ("SR-CYRL-RS", "sr_Cyrl"),
        ("bs", "sr"),
        ("hr-HR", "sr"),
        ("me", "sr"),
        ("en-US", "en"),
        ("de", "sq"),
        ("", "sq"),
        ("   ", "sq"),
    ],
)
def test_a_clients_tag_asks_for_the_nearest_language(tag: str, code: str) -> None:
    assert guess(tag) == code


def test_every_language_is_named_in_itself() -> None:
    assert {code: language.name for code, language in LANGUAGES.items()} == {
        "sq": "Shqip",
        "sr": "Srpski",
        "sr_Cyrl": "Српски",
        "en": "English",
    }


def test_a_territory_that_babel_lacks_falls_back_to_its_language() -> None:
    assert nearest_locale(("sq_ZZ", "sq")).language == "sq"
    with pytest.raises(UnknownLocaleError):
        nearest_locale(("xx_YY",))
