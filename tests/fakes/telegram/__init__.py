"""A strict Telegram of our own: `FakeTelegram` serves the Bot API on loopback, `Customer` holds the phone."""

from tests.fakes.telegram.chats import Customer, Shown
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.server import TOKEN, Call, FakeTelegram

__all__ = ["TOKEN", "Call", "Customer", "FakeTelegram", "Fault", "Shown"]
