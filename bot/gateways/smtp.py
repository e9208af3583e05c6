"""E-mail by SMTP (RFC 5321): plain text, over TLS unless the server is this machine.

SMTP takes no key: when the answer to the last dot is lost, nobody knows whether the e-mail went out.
"""

from __future__ import annotations

import logging
import re
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from typing import Final

import aiosmtplib
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from bot.channel import Later, Refused, Uncertain
from bot.clock import Clock, now
from bot.gateways.address import Address
from bot.gateways.carrier import BadGateway, NotYet, Parcel, masked
from bot.gateways.complaint import Complaint

log = logging.getLogger(__name__)

#: Seconds that the server may take for any one answer.
PATIENCE = 10.0
#: Letters with diacritics are encoded: not every server on the way takes eight bits.
_POLICY = SMTP_POLICY.clone(cte_type="7bit")
_SHUTTING_DOWN = 421
#: What stands before the @ without quotes (RFC 5321, 4.1.2); nobody registers with quotes.
_NAME = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class Smtp:
    """`address` as `smtp://user@host:port` or `smtps://…`; `sender` like `KESCO <no-reply@example.com>`."""

    keyed: Final = False

    def __init__(
        self, address: Address, sender: str, password: str, *, clock: Clock = now, patience: float = PATIENCE
    ) -> None:
        self._address, self._sender, self._clock = address, sender, clock
        self._password, self._patience = password or address.password, patience
        self._from = parseaddr(sender)[1]
        self._complaint = Complaint(address.url)

    async def carry(self, parcel: Parcel) -> None:
        to = _mailbox(parcel.to)
        message = self._message(parcel, to)
        server = self._server()
        try:
            await self._greet(server)
            await self._envelope(server, to)
            await self._data(server, message)
        finally:
            await _leave(server)
        self._complaint.over()
        log.info("%s to %s: taken as %s", parcel.kind, masked(parcel.to), parcel.key)

    async def close(self) -> None:
        """Each e-mail has a connection of its own."""

    def _server(self) -> aiosmtplib.SMTP:
        at, implicit = self._address, self._address.scheme == "smtps"
        return aiosmtplib.SMTP(
            hostname=at.host,
            port=at.port or (465 if implicit else 587),
            username=at.user or None,
            password=self._password or None,
            # Found out by itself it would be a look-up that takes seconds where names do not resolve.
            local_hostname=self._from.rpartition("@")[2],
            timeout=self._patience,
            use_tls=implicit,
            # None: where it is offered.
            start_tls=False if implicit else None if at.is_loopback else True,
            validate_certs=not at.is_loopback,
        )

    async def _greet(self, server: aiosmtplib.SMTP) -> None:
        try:
            await server.connect()
        except SMTPAuthenticationError as error:
            if error.code >= 500:
                self._complaint.tell(f"sign-in answered {error.code}: look at user and password")
            raise Later(f"sign-in answered {error.code}") from error
        except (SMTPException, OSError, ValueError) as error:
            # Its heirs are about the line; itself, it says what the server lacks.
            if type(error) is SMTPException:
                self._complaint.tell("the server offers no TLS, or no way to sign in that we know")
            raise Later(f"not reached: {_told(error)}") from error

    async def _envelope(self, server: aiosmtplib.SMTP, to: str) -> None:
        try:
            await server.mail(self._from)
            await server.rcpt(to)
        except SMTPSenderRefused as error:
            if error.code >= 500:
                self._complaint.tell(f"EKESCO_EMAIL_FROM was answered {error.code}")
            raise Later(f"sender answered {error.code}") from error
        except SMTPRecipientRefused as error:
            self._judge(error)
        except (SMTPException, OSError) as error:
            raise Later(f"lost before the e-mail: {_told(error)}") from error

    def _judge(self, error: SMTPRecipientRefused) -> None:
        """What it means that a recipient is not taken."""
        if error.code == _SHUTTING_DOWN:
            raise Later(f"recipient answered {error.code}") from error
        # RFC 3463: 5.7 is about what we may do, not about the mailbox; 530 asks to sign in.
        if error.code == 530 or error.message.startswith("5.7."):
            self._complaint.tell(f"recipients are answered {error.code}: the server does not send for us")
            raise NotYet(f"recipient answered {error.code}") from error
        if error.code < 500:
            raise NotYet(f"recipient answered {error.code}") from error
        raise Refused(f"recipient answered {error.code}") from error

    async def _data(self, server: aiosmtplib.SMTP, message: bytes) -> None:
        try:
            await server.data(message)
        except SMTPDataError as error:
            if 400 <= error.code < 500:
                raise Later(f"e-mail answered {error.code}") from error
            if error.code >= 500:
                raise Refused(f"e-mail answered {error.code}") from error
            raise Uncertain(f"e-mail answered {error.code}") from error
        except (SMTPException, OSError) as error:
            raise Uncertain(f"lost with the e-mail: {_told(error)}") from error

    def _message(self, parcel: Parcel, to: str) -> bytes:
        message = EmailMessage(_POLICY)
        message["From"], message["To"] = self._sender, to
        message["Subject"] = " ".join(parcel.subject.split())
        message["Date"] = format_datetime(self._clock())
        # Of the row's id: a mailbox that gets it twice after all can tell.
        message["Message-ID"] = f"<{parcel.key}@{self._from.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes back, please
        message.set_content(parcel.text)
        message["Content-Language"] = parcel.language.replace("_", "-")
        return message.as_bytes()


def expect_mailbox(sender: str) -> None:
    """Raises `BadGateway` when nobody can be written to as this sender."""
    try:
        _mailbox(parseaddr(sender)[1])
    except Refused as error:
        raise BadGateway(
            "EKESCO_EMAIL_FROM must be an e-mail address, like KESCO <no-reply@example.com>"
        ) from error


def _mailbox(to: str) -> str:
    """The mailbox as the wire takes it, its domain in ASCII.  Raises `Refused`."""
    name, _at, domain = to.rpartition("@")
    try:
        wire = domain.encode("idna").decode("ascii")
    except UnicodeError:
        wire = ""
    if not _NAME.fullmatch(name) or not _DOMAIN.fullmatch(wire):
        raise Refused("not a mailbox that every server takes")
    return f"{name}@{wire}"


async def _leave(server: aiosmtplib.SMTP) -> None:
    try:
        if server.is_connected:
            await server.quit(timeout=1.0)
    except (SMTPException, OSError):
        pass  # whatever was to be said has been said
    finally:
        server.close()


def _told(error: Exception) -> str:
    """An error without the server's words, which may name the recipient."""
    code = f" {error.code}" if isinstance(error, SMTPResponseException) else ""
    return f"{type(error).__name__}{code}"
