"""RaiAccept over HTTP, for tests: strict with what it is sent, and with faults to order."""

from tests.fakes.raiaccept.server import PASSWORD, USER, Book, FakeRaiAccept, Hook

__all__ = ["PASSWORD", "USER", "Book", "FakeRaiAccept", "Hook"]
