"""Faults that only an operator can mend: a wrong token, a sender that is not allowed."""

from __future__ import annotations

import logging

log = logging.getLogger(__name__)


class Complaint:
    """Told loudly, and once until it is over: hundreds of letters may wait for the same thing."""

    def __init__(self, gateway: str) -> None:
        self._gateway, self._told = gateway, ""

    def tell(self, why: str) -> None:
        if why != self._told:
            log.critical("gateway needs an operator: gateway=%s why=%s", self._gateway, why)
        self._told = why

    def over(self) -> None:
        self._told = ""
