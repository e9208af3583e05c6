"""A utility's register over HTTP, for tests: answers as `openapi.yaml` says, and with faults to order."""

from tests.fakes.registry.server import TOKEN, FakeRegistry

__all__ = ["TOKEN", "FakeRegistry"]
