"""Standard output and error while a command runs: where nothing can be written, one sentence, and nothing behind it.

What cannot be written to standard output is refused as any wrong input is; what cannot be said on standard error is
said nowhere. A pipe that nobody reads any more is no error: BrokenPipeError ends the command quietly.
"""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from engine.data.outside import reason
from engine.errors import GradloomError


class OutputError(GradloomError):
    """Standard output cannot be written."""


class _Written(io.RawIOBase):
    """Bytes on their way to a descriptor; None: it was closed before the program began."""

    def __init__(self, descriptor: int | None) -> None:
        self.descriptor, self.ended = descriptor, False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        if self.descriptor is None:
            raise io.UnsupportedOperation("fileno")
        return self.descriptor

    def isatty(self) -> bool:
        return self.descriptor is not None and os.isatty(self.descriptor)

    def write(self, data: Any) -> int:
        """Once it has failed, what is still to come goes nowhere: it has been said."""
        if self.ended:
            return len(data)
        try:
            if self.descriptor is None:
                raise OSError(errno.EBADF, "")
            return os.write(self.descriptor, data)
        except OSError as error:
            self.ended = True
            self.failed(error)
            return len(data)

    def failed(self, error: OSError) -> None:
        if isinstance(error, BrokenPipeError):
            raise error
        raise OutputError(f"standard output cannot be written: {reason(error)}") from None


class _Said(_Written):
    """Where sentences go: that they cannot be said can be told to nobody."""

    def failed(self, error: OSError) -> None:
        pass


@contextmanager
def guarded() -> Iterator[None]:
    """Standard output and error as above. Those that somebody has put in their place already are let be."""
    before = sys.stdout, sys.stderr
    try:
        sys.stdout = _text(sys.stdout, 1, _Written)
        sys.stderr = _text(sys.stderr, 2, _Said)
        yield
    finally:
        sys.stdout, sys.stderr = before


def _text(stream: TextIO | None, descriptor: int, kind: type[_Written]) -> Any:
    """A stream in place of the one that Python made, in the same encoding; a letter that it has not becomes `?`."""
    try:
        if stream is not None and stream.fileno() != descriptor:
            return stream
    except (OSError, ValueError):  # it is no file at all, but what a test has put there
        return stream
    if stream is not None:
        stream.flush()
    raw = kind(None if stream is None else descriptor)
    encoding = stream.encoding if stream is not None else "utf-8"
    buffer = io.BufferedWriter(raw)
    return io.TextIOWrapper(buffer, encoding, "replace", line_buffering=raw.isatty() or kind is _Said)
