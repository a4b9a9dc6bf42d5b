"""A spool: the bytes of one request body or answer, in memory while few and on disk beyond, within bounds for all of them."""

from __future__ import annotations

import threading
from tempfile import SpooledTemporaryFile

from followthrough.core.errors import DomainError

IN_MEMORY_BYTES = 256 * 1024
"""Of one spool; what is longer goes to disk."""
ALL_IN_MEMORY_BYTES = 64 * 1024 * 1024
"""Of all spools of this process; once there are so many, new bytes go to disk at once."""
ALL_BYTES = 1024 * 1024 * 1024
"""Of all spools of this process, in memory and on disk."""


class SpoolFull(DomainError):
    """There is no room for more bytes now."""

    status = 503


class Spool:
    """Written by one, then read by one; `close` gives its room back. SpoolFull where there is none."""

    def __init__(self) -> None:
        self.length = 0
        self._file = SpooledTemporaryFile[bytes](max_size=0)
        self._in_memory = 0

    def goes_to_disk(self, more: int) -> bool:
        """Whether writing so many bytes more touches the disk, which may take its time."""
        return self.length + more > IN_MEMORY_BYTES or _held.memory + more > ALL_IN_MEMORY_BYTES

    @property
    def is_on_disk(self) -> bool:
        return self.length > self._in_memory

    def write(self, part: bytes) -> None:
        """Adds bytes at the end."""
        on_disk = self.is_on_disk or self.goes_to_disk(len(part))
        freed = self._in_memory if on_disk else -len(part)
        _held.take(len(part), memory=-freed)
        self.length += len(part)
        self._in_memory -= freed
        try:
            if on_disk:
                self._file.rollover()
            self._file.write(part)
        except OSError as error:
            raise SpoolFull(
                "The server's disk is full. Nothing was saved; tell whoever looks after it."
            ) from error

    def read(self, length: int = -1) -> bytes:
        return self._file.read(length)

    def readline(self, length: int = -1) -> bytes:
        return self._file.readline(length)

    def rewind(self) -> None:
        """To the beginning, for who reads."""
        self._file.seek(0)

    def close(self) -> None:
        self._file.close()
        _held.take(-self.length, memory=-self._in_memory)
        self.length = self._in_memory = 0


class _Held:
    """What all spools of this process hold, in bytes."""

    def __init__(self) -> None:
        self.all = self.memory = 0
        self._lock = threading.Lock()

    def take(self, more: int, *, memory: int) -> None:
        with self._lock:
            if more > 0 and self.all + more > ALL_BYTES:
                raise SpoolFull(
                    "Too much is being sent at this moment. Nothing was saved; try again in a minute."
                )
            self.all += more
            self.memory += memory


_held = _Held()
