"""Opening an account: from nothing to the menu with the last bill, and every way in which it is refused."""

from __future__ import annotations

import pytest

from dialogs.register import Register
from tests.talk.customer import Customer


@pytest.mark.parametrize("language", ["sq", "sr", "sr_Cyrl", "en"])
async def test_a_customer_opens_an_account_and_sees_the_last_bill(customer: Customer, language: str) -> None:
    await customer.world.fill()
    await customer.registers(language)
    assert customer.hears(Register.done.text)
    assert "DPR 6687" in customer.last
    assert "30,42" in customer.last or "30.42" in customer.last
