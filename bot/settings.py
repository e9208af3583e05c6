"""Settings: environment variables that begin with EKESCO_, or the same in `.env` (see `.env.example`)."""

from __future__ import annotations

import secrets
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.services.phones import REGIONS
from bot.services.ports import Claims


class Settings(BaseSettings):
    """What an operator decides.  Secrets are never shown, not even by `repr`."""

    model_config = SettingsConfigDict(
        env_prefix="EKESCO_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    database_url: str = "sqlite:///var/ekesco.db"
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    public_url: str = ""
    secret_key: SecretStr = SecretStr("")
    #: The key before this one, while updates sealed under it may still wait.
    secret_key_before: SecretStr = SecretStr("")
    telegram_token: SecretStr = SecretStr("")
    telegram_api: str = "https://api.telegram.org"
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_secret: SecretStr = SecretStr("")
    #: The secret before this one, until `ekesco webhook set` has told Telegram.
    telegram_secret_before: SecretStr = SecretStr("")
    viber_token: SecretStr = SecretStr("")
    viber_api: str = "https://chatapi.viber.com"
    #: Whom the customer sees as the sender.
    viber_name: str = Field("KESCO", min_length=1, max_length=28)
    #: Whether we may write to who has not written for a day, for which Viber charges.
    viber_paid: bool = False
    #: What such a message costs in euros, for the metrics alone.
    viber_price: Decimal = Field(Decimal(0), ge=0)
    #: `local:` or `https://…`, which may hold a token.
    registry_url: SecretStr = SecretStr("local:")
    registry_token: SecretStr = SecretStr("")
    #: `console:`, `file:PATH`, `https://…`; of e-mails also `smtp://…` and `smtps://…`.  May hold a password.
    sms_url: SecretStr = SecretStr("console:")
    sms_sender: str = "KESCO"
    sms_token: SecretStr = SecretStr("")
    email_url: SecretStr = SecretStr("console:")
    email_from: str = ""
    #: Of the SMTP server, or the token of a JSON gateway.
    email_password: SecretStr = SecretStr("")
    #: `sandbox:` or `raiaccept://…`, which may hold a password.
    payments_url: SecretStr = SecretStr("sandbox:")
    payments_password: SecretStr = SecretStr("")
    #: Where phone numbers may be from that get an SMS, as countries' two letters.
    phone_regions: str = ",".join(REGIONS)
    #: What becomes of a meter in another person's name.
    meter_claims: Claims = "notify"
    log_format: Literal["console", "json"] = "console"
    #: Who works with `ekesco ops`; "" for the user of the machine.
    operator: str = ""

    def keys(self) -> tuple[str, ...]:
        """The secret keys, today's first.  Raises `MissingKey` when there is none."""
        keys = (self.secret_key.get_secret_value(), self.secret_key_before.get_secret_value())
        if not keys[0]:
            raise MissingKey(
                "EKESCO_SECRET_KEY is not set. Make one with: "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return tuple(key for key in keys if key)

    def regions(self) -> tuple[str, ...]:
        """Where phone numbers may be from that get an SMS."""
        return tuple(region.strip().upper() for region in self.phone_regions.split(",") if region.strip())

    def hook_secrets(self) -> tuple[str, ...]:
        """What a webhook may be signed with, today's secret first."""
        secrets = (self.telegram_secret.get_secret_value(), self.telegram_secret_before.get_secret_value())
        return tuple(secret for n, secret in enumerate(secrets) if secret or n == 0)


class MissingKey(Exception):
    """There is no secret key, and nothing may be sealed under a guess."""


def demo_settings() -> Settings:
    """The settings of the demo: what is set counts, and a key is made and kept beside the database."""
    settings = Settings()
    if settings.secret_key.get_secret_value():
        return settings
    return settings.model_copy(update={"secret_key": SecretStr(_kept_key(Path("var/demo.key")))})


def kept_settings() -> Settings:
    """The settings, with the key that the demo has kept where none is set: this makes none."""
    settings, path = Settings(), Path("var/demo.key")
    if settings.secret_key.get_secret_value() or not path.exists():
        return settings
    return settings.model_copy(update={"secret_key": SecretStr(path.read_text(encoding="ascii"))})


def _kept_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(48), encoding="ascii")
        new.rename(path)
    return path.read_text(encoding="ascii")
