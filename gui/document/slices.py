"""Long work on the window's own thread: an iterator advances piece by piece, and the window stays alive in between."""

from collections.abc import Generator, Iterator
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import GradloomError

AT_ONCE, SLICE = 0.25, 0.03  # seconds: what is done before the window is shown again; each further piece of work


class Slices(QObject):
    """One piece of work at a time. Short work, unless told otherwise, is done when `start` returns."""

    came = Signal(object)  # a piece
    ended = Signal()  # all pieces have come
    failed = Signal(object)  # a GradloomError: no more will come

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pieces: Iterator[object] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(lambda: self._work(SLICE))

    @property
    def busy(self) -> bool:
        return self._pieces is not None

    def start(self, pieces: Iterator[object], short: bool = True) -> None:
        """Begin; what was being worked on is dropped. `short`: it may well be done at once."""
        self.stop()
        self._pieces = pieces
        self._work(AT_ONCE if short else 0.0)

    def stop(self) -> None:
        """Drop what is left."""
        self._timer.stop()
        if isinstance(self._pieces, Generator):
            self._pieces.close()
        self._pieces = None

    def _work(self, seconds: float) -> None:
        until, pieces = perf_counter() + seconds, self._pieces
        assert pieces is not None
        try:
            self.came.emit(next(pieces))
            while self._pieces is pieces and perf_counter() < until:
                self.came.emit(next(pieces))
        except StopIteration:
            self.stop()
            self.ended.emit()
        except GradloomError as error:
            self.stop()
            self.failed.emit(error)
        else:
            if self._pieces is pieces:  # nobody who heard of a piece has stopped it, or begun something else
                self._timer.start()
