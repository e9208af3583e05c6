"""The words of SMS and e-mails: what they say, and that an SMS is one message whatever the language."""

from __future__ import annotations

from datetime import date

import pytest

from bot.gsm7 import ONE_MESSAGE, septets
from bot.letters import LETTERS, Letter, written
from bot.services import post
from bot.services.post import EMAIL, NEEDS, SMS, CodeOf, LetterName, Ordered
from dialogs.engine.text import Phrase, Text
from locales.languages import LANGUAGES
from locales.speaker import Speaker
from locales.template import gaps
from tests.locales.catalogues import words

SPEAKERS = {code: Speaker(code, strict=True) for code in LANGUAGES}
#: The longest that each value can be.
LONGEST: dict[str, list[post.Value]] = {
    "code": [CodeOf("c1")],
    "minutes": [1, 2, 5, 30],
    "day": [date(2026, 9, day) for day in (1, 29)],
    "who": ["Mbretëreshë-Aleksandra Gj."],
    "meter": ["DPR 1234567"],
}


def say(language: str, phrase: Phrase) -> str:
    return SPEAKERS[language].plain(phrase)


def code(challenge: str) -> str:
    return {"c1": "123456"}[challenge]


def longest(letter: LetterName) -> list[Ordered]:
    count = max((len(LONGEST[name]) for name in NEEDS[letter]), default=1)
    return [
        Ordered("+38344123456", letter, {n: LONGEST[n][i % len(LONGEST[n])] for n in NEEDS[letter]})
        for i in range(count)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", LetterName)
def test_an_sms_is_one_message_in_every_language(letter: LetterName, language: str) -> None:
    for ordered in longest(letter):
        text = written(SMS, ordered, language, say, code).text
        assert septets(text) <= ONE_MESSAGE, f"{septets(text)} septets: {text}"
        assert text.startswith("KESCO: ")
        assert "?" not in text


def texts(letter: Letter) -> tuple[Text, ...]:
    return (letter.sms, letter.subject, *letter.body)


def test_every_letter_has_words_and_shows_exactly_what_it_needs() -> None:
    assert LETTERS.keys() == set(LetterName)
    for name, letter in LETTERS.items():
        for whole in ((letter.sms,), letter.body):
            shown = {gap for text in whole for form in (text.msgid, text.plural) for gap, _ in gaps(form)}
            assert shown == NEEDS[name], name


def test_letters_have_no_bold_words_since_plain_text_has_none() -> None:
    assert not [text for letter in LETTERS.values() for text in texts(letter) if "<b>" in text.msgid]


def test_a_code_by_sms_says_what_it_is_in_one_line() -> None:
    ordered = Ordered("+38344123456", LetterName.CODE, {"code": CodeOf("c1"), "minutes": 5})
    sms = written(SMS, ordered, "en", say, code)
    assert sms.to == "+38344123456"
    assert sms.text == "KESCO: your code is 123456. It is valid for 5 minutes. Do not give it to anybody."
    assert sms.subject == ""
    once = Ordered("+38344123456", LetterName.CODE, {"code": CodeOf("c1"), "minutes": 1})
    assert "1 minute." in written(SMS, once, "en", say, code).text


def test_an_email_has_a_subject_paragraphs_and_the_way_to_a_person() -> None:
    ordered = Ordered("a@example.com", LetterName.ACCOUNT_TO_BE_DELETED, {"day": date(2026, 3, 9)})
    email = written(EMAIL, ordered, "en", say, code)
    assert email.subject == "Your account will be deleted on 9 March 2026"
    first, *others = email.text.split("\n\n")
    assert first == "As you asked, your KESCO account will be deleted on 9 March 2026."
    assert "0800 791 00" in others[-1]
    assert email.language == "en"


def test_an_sms_loses_its_marks_and_speaks_serbian_in_latin_letters_alone() -> None:
    gone = LETTERS[LetterName.ACCOUNT_DELETED]
    albanian = Speaker("sq", words=words("sq", {gone.sms.msgid: "KESCO: llogaria është fshirë. Çdo herë."}))
    serbian: dict[str | tuple[str, str], str | tuple[str, ...]] = {
        gone.sms.msgid: "KESCO: nalog je obrisan, đače.",
        gone.subject.msgid: "Nalog je obrisan",
    }
    voices = {
        "sq": albanian,
        "sr": Speaker("sr", words=words("sr", serbian)),
        "sr_Cyrl": Speaker("sr_Cyrl", words=words("sr", serbian)),
    }

    def tell(language: str, phrase: Phrase) -> str:
        return voices[language].plain(phrase)

    def sms(language: str) -> str:
        ordered = Ordered("+38344123456", LetterName.ACCOUNT_DELETED, {})
        return written(SMS, ordered, language, tell, code).text

    assert sms("sq") == "KESCO: llogaria eshte fshire. Çdo here."
    assert sms("sr") == sms("sr_Cyrl") == "KESCO: nalog je obrisan, djace."
    mail = Ordered("a@example.com", LetterName.ACCOUNT_DELETED, {})
    assert written(EMAIL, mail, "sr_Cyrl", tell, code).subject == "Налог је обрисан"


def test_a_letter_that_names_its_language_is_written_in_it_whatever_the_chat_speaks() -> None:
    ordered = Ordered("a@example.com", LetterName.ACCOUNT_TO_BE_DELETED, {"day": date(2026, 3, 9)}, "en")
    assert written(EMAIL, ordered, "sq", say, code).language == "en"
    unnamed = Ordered("a@example.com", LetterName.ACCOUNT_TO_BE_DELETED, {"day": date(2026, 3, 9)})
    assert written(EMAIL, unnamed, "sr_Cyrl", say, code).language == "sr_Cyrl"
    assert "9. марта 2026" in written(EMAIL, unnamed, "sr_Cyrl", say, code).subject
