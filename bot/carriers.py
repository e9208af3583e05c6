"""From the settings to what carries SMS and e-mails."""

from __future__ import annotations

from collections.abc import Mapping

from bot.gateways.carrier import Carrier
from bot.gateways.demo_phone import DemoPhone
from bot.gateways.email import open_email
from bot.gateways.sms import open_sms
from bot.services.post import EMAIL, SMS
from bot.settings import Settings


def carriers(settings: Settings, phone: DemoPhone | None = None) -> Mapping[str, Carrier]:
    """What carries each kind of letter: the demo's phone where there is one, else what the URLs name.

    Raises `BadGateway` for an URL that names nothing.
    """
    if phone is not None:
        return {SMS: phone, EMAIL: phone}
    shows = settings.log_format == "console"  # a machine that reads the output must not read codes
    return {
        SMS: open_sms(
            settings.sms_url.get_secret_value(),
            settings.sms_sender,
            settings.sms_token.get_secret_value(),
            shows=shows,
        ),
        EMAIL: open_email(
            settings.email_url.get_secret_value(),
            settings.email_from,
            settings.email_password.get_secret_value(),
            shows=shows,
        ),
    }
