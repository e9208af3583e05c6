"""What an operator may read of a customer: enough to know them on the phone, unless more is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.phones import masked, masked_email

NOBODY = "-"
_HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Veil:
    """`lifted`: all is shown.  What is empty is nobody's."""

    lifted: bool = False

    def name(self, *names: object) -> str:
        """A••• K•••"""
        words = " ".join(str(name) for name in names if name).split()
        return " ".join(word if self.lifted else f"{word[0]}{_HIDDEN}" for word in words) or NOBODY

    def phone(self, phone: str) -> str:
        """+383•••456"""
        return phone if self.lifted or not phone else masked(phone)

    def email(self, address: str) -> str:
        """a•••@example.com"""
        return address if self.lifted or not address else masked_email(address)

    def number(self, personal_number: str) -> str:
        """••••••••92"""
        if self.lifted or not personal_number:
            return personal_number or NOBODY
        return f"{'•' * (len(personal_number) - 2)}{personal_number[-2:]}"
