"""Writes swaps in a thread of its own: the window never waits for the disk, nor the swap for a window that is busy."""

import sys
import threading
from collections.abc import Callable
from itertools import count
from time import monotonic

from engine.data.outside import reason
from engine.errors import FileError
from engine.values.progress import resting
from gui.document.jobs import let_the_window_in
from gui.document.slot import Slot, Work

DELAY = 0.4  # seconds from the first edit that is in no swap to the beginning of the next swap
LATEST = 1.5  # seconds from that edit to the end of its swap: a swap that takes long is written less often
REST_OF_A_PIECE, MOST_RESTS = 0.003, 0.4  # seconds after each millisecond of writing, and in all: the window goes on
REST = 4  # times as long as it took to write is nothing written
AGAIN = 5.0  # seconds until what could not be written is tried again
PATIENCE = 5.0  # seconds that closing waits for a disk that does not answer


def delay_after(took: float) -> float:
    """Seconds that work may wait, if the last swap took so many: large graphs are not written all the time, but soon
    enough that nothing is lost for more than 2 s, a swap that is being written meanwhile included."""
    return max(DELAY, min(REST * took, LATEST - took))


class Keeper:
    """Keeps the latest work of a window, until it is told to drop it.

    `told` hears, in the thread, what went wrong, and an empty sentence when all is well again.
    """

    def __init__(self, window: str, told: Callable[[str], None]) -> None:
        self._told = told
        self._slots = (Slot(f"{window}-{number}") for number in count())
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._wanted: Work | None = None  # to be written when it is due
        self._due = 0.0
        self._dropping = self._busy = self._stopping = False
        self._slot, self._took, self._trouble = next(self._slots), 0.0, ""  # of the thread

    # --- what the window asks for

    def keep(self, work: Work) -> None:
        """Write this soon. The time runs from the first work that waits: it does not begin again with each."""
        with self._changed:
            soon = monotonic() + delay_after(self._took)
            if self._wanted is None or soon < self._due:
                self._due = soon
                self._changed.notify_all()
            self._wanted = work
            self._start()

    def drop(self) -> None:
        """Remove what was written: the work is saved, or nobody wants it."""
        with self._changed:
            self._wanted, self._dropping = None, self._thread is not None
            self._changed.notify_all()

    def hurry(self) -> None:
        """Write what waits as soon as can be: what was written of it before is removed."""
        with self._changed:
            self._due = 0.0
            self._changed.notify_all()

    def flush(self) -> bool:
        """Write at once what waits. True: all that was to be kept is on disk when this returns."""
        with self._changed:
            self._due = 0.0
            self._changed.notify_all()
            self._changed.wait_for(lambda: not (self._busy or self._dropping or self._is_due()))
            return not self._trouble

    def stop(self) -> None:
        """For good; what was dropped is removed first."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(PATIENCE)

    # --- the thread

    def _start(self) -> None:
        if self._thread is None and not self._stopping:
            let_the_window_in()
            self._thread = threading.Thread(target=self._run, name="recovery", daemon=True)
            self._thread.start()

    def _is_due(self) -> bool:
        return self._wanted is not None and monotonic() >= self._due

    def _run(self) -> None:
        while True:
            with self._changed:
                self._wait()
                dropping, self._dropping = self._dropping, False
                work = self._wanted if self._is_due() else None
                self._wanted = None if work else self._wanted
                if work is None and not dropping:
                    return  # it is to stop
                self._busy = True
            if dropping:
                self._slot.remove()
                self._slot = next(self._slots)
            if work is not None:
                self._write(work)
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _wait(self) -> None:
        while not (self._dropping or self._is_due() or self._stopping):
            self._changed.wait(None if self._wanted is None else max(0.0, self._due - monotonic()))

    def _write(self, work: Work) -> None:
        began = monotonic()
        trouble = ""
        try:
            with resting(REST_OF_A_PIECE, MOST_RESTS):
                self._slot.write(work)
        except (FileError, OSError) as error:
            why = reason(error) if isinstance(error, OSError) else str(error)
            trouble = f"What you do now could not be recovered after a crash, so save it: {why}."
        except Exception as error:
            sys.excepthook(type(error), error, error.__traceback__)  # the same place as every other fault
            trouble = "What you do now could not be recovered after a crash, so save it."
        self._took = monotonic() - began
        with self._changed:
            if trouble and self._wanted is None:
                self._wanted, self._due = work, monotonic() + AGAIN
            news, self._trouble = trouble != self._trouble, trouble
        if news:
            self._told(trouble)
