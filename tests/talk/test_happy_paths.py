"""What most customers do, with nothing in the way."""

from __future__ import annotations

import pytest

from dialogs.engine.prompts import DONE
from dialogs.estimate import EstimateBill
from dialogs.home import Home
from tests.talk.customer import Customer

LANGUAGES = ("sq", "sr", "sr_Cyrl", "en")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_estimate_takes_two_taps(customer: Customer, language: str) -> None:
    await customer.comes_in(language)
    assert customer.language == language
    assert customer.hears(Home.menu.text)
    await customer.tap(EstimateBill.title)
    await customer.tap(DONE)
    assert customer.reads(EstimateBill.result.text)
