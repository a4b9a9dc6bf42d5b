"""What recurs is made as the tests of patterns make it."""

from tests.patterns.conftest import service, struck

__all__ = ["service", "struck"]
