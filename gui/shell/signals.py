"""What the system says to the program: end, or the terminal is gone. Heard from the first moment to the last.

No Qt here: signals are taken before anything large is imported.
"""

import os
import signal
import socket
from collections.abc import Iterator

TAKEN = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Signals:
    """Takes the signals that would end a process; they wait here until somebody reads them from `ear`."""

    def __init__(self) -> None:
        self.ear, self._told = socket.socketpair()
        for end in (self.ear, self._told):
            end.setblocking(False)
        self._before = {number: signal.getsignal(number) for number in _wanted()}
        signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)
        for number in self._before:
            signal.signal(number, lambda *_: None)  # Python writes its number into the socket

    def read(self) -> list[int]:
        """Those that have come since they were last read."""
        try:
            return list(self.ear.recv(64))
        except BlockingIOError:
            return []

    def give_back(self) -> None:
        """Not the editor, but a command: signals do what they did before, those that have come already too."""
        signal.set_wakeup_fd(-1)
        for number, before in self._before.items():
            signal.signal(number, before)
        waiting = self.read()
        for end in (self.ear, self._told):
            end.close()
        for number in waiting:
            signal.raise_signal(number)

    def deafen(self) -> None:
        """The program is ending: no signal can hurry it any more, up to the last moment of the interpreter."""
        for number in self._before:
            signal.signal(number, signal.SIG_IGN)
        signal.set_wakeup_fd(-1)


def _wanted() -> Iterator[int]:
    """All of them; but what was started with `nohup` outlives its terminal."""
    hang_up = getattr(signal, "SIGHUP", None)
    return (number for number in TAKEN if number != hang_up or signal.getsignal(number) != signal.SIG_IGN)


def hold_standard_streams() -> None:
    """Where stdin, stdout or stderr was closed (`2>&-`), nothing else may be opened in its place and be written to.

    To Python they stay closed: `sys.stdout` is None.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number: this one
