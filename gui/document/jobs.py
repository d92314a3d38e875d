"""Long work of the window: done piece by piece between two events, or on a thread, so that the window always answers.

Work is a generator. What it yields is a piece of the result, or how much is done; what it returns is the result. It is
ended by being closed: then it cleans up in its `finally`. `in_thread` is the part of it that cannot be cut in pieces.
"""

import sys
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import GradloomError
from engine.values.progress import Cancelled, listening

AT_ONCE, SLICE = 0.05, 0.03  # seconds: what is done before the window is shown again; each further piece of work
FIRST_LOOK, LOOK = 0.03, 0.002  # seconds that one waits for a thread: most have done by the first look
LOOK_AGAIN = 12  # milliseconds between two looks
SWITCH = (
    0.0005  # seconds that a working thread keeps the interpreter while the window wants it; Python's own is 10 times
)
PATIENCE = 1.0  # seconds that an ending program waits for its threads, all together
THREAD = "gradloom job"

Result = TypeVar("Result")
Work = Generator[object, None, Result]


@dataclass(frozen=True)
class Waiting:
    """A piece that is none: the work goes on elsewhere. `share` of it is done, if that is known."""

    share: float | None = None


class Job(QObject):
    """One piece of work at a time. Short work, unless told otherwise, is done when `start` returns."""

    came = Signal(object)  # a piece, or a Waiting
    ended = Signal(object)  # what the work returns: all pieces have come
    failed = Signal(object)  # a GradloomError: no more will come
    over = Signal()  # ended, failed or stopped: before that is told

    def __init__(self, parent: QObject | None = None, title: str = "") -> None:
        super().__init__(parent)
        self.title = title
        self.share: float | None = None  # how much is done, if that is known
        self._pieces: Iterator[object] | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(lambda: self._work(SLICE, waits=False))

    @property
    def busy(self) -> bool:
        return self._pieces is not None

    def start(self, pieces: Iterator[object], short: bool = True) -> None:
        """Begin; what was being worked on is dropped. `short`: it may well be done at once."""
        self.stop()
        self._pieces, self.share = pieces, None
        self._work(AT_ONCE if short else 0.0, waits=True)

    def stop(self) -> None:
        """Drop what is left."""
        if (pieces := self._let_go()) is not None:
            if isinstance(pieces, Generator):
                pieces.close()
            self.over.emit()

    def finish(self) -> None:
        """Wait here until it is over."""
        while self.busy:
            self._work(AT_ONCE, waits=True)

    def _let_go(self) -> Iterator[object] | None:
        self._timer.stop()
        pieces, self._pieces = self._pieces, None
        return pieces

    def _work(self, seconds: float, waits: bool) -> None:
        """Go on for so long, or until somebody who hears of a piece has stopped it or begun something else."""
        until, pieces, piece = perf_counter() + seconds, self._pieces, None
        while pieces is not None and pieces is self._pieces:
            if (piece := self._next(pieces)) is None or perf_counter() >= until:
                break
            if isinstance(piece, Waiting) and not waits:
                break
        if pieces is not None and pieces is self._pieces:
            self._timer.start(LOOK_AGAIN if isinstance(piece, Waiting) else 0)

    def _next(self, pieces: Iterator[object]) -> object:
        """The next piece, told; None if the work is over."""
        try:
            piece = next(pieces)
        except StopIteration as end:
            self._finish()
            self.ended.emit(end.value)
            return None
        except GradloomError as error:
            self._finish()
            self.failed.emit(error)
            return None
        except BaseException:
            self._finish()
            raise
        self.share = piece.share if isinstance(piece, Waiting) else piece if isinstance(piece, float) else self.share
        self.came.emit(piece)
        return piece if piece is not None else True

    def _finish(self) -> None:
        self._let_go()
        self.over.emit()


class Jobs(QObject):
    """The jobs of a window, each with its title, so that it can show them and end them."""

    changed = Signal()  # one has begun, or is over

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.running: list[Job] = []

    def begin(
        self,
        title: str,
        work: Work[Result],
        done: Callable[[Result], object] = lambda result: None,
        failed: Callable[[GradloomError], object] = lambda error: None,
        short: bool = True,
    ) -> Job:
        """Begin work that is called so. Short work is done, and has told its end, when this returns."""
        job = Job(self, title)
        job.ended.connect(done)
        job.failed.connect(failed)
        job.over.connect(partial(self._forget, job))
        self.running.append(job)
        self.changed.emit()
        job.start(work, short)
        return job

    def drop(self) -> None:
        """End all of them: what they are about is no more."""
        for job in tuple(self.running):
            job.stop()

    def stop(self) -> None:
        """End all of them, and wait a moment for their threads: the window closes."""
        self.drop()
        join_threads()

    def _forget(self, job: Job) -> None:
        self.running.remove(job)
        job.deleteLater()
        self.changed.emit()


# --- what cannot be cut in pieces


def in_thread(work: Callable[[], Result]) -> Work[Result]:
    """Have something done by a thread, and wait for it in pieces. It touches nothing that belongs to the window.

    When the waiting is over before it is done, it is told so at its next word on how far it is; one that says nothing,
    or waits for a disk that does not answer, ends when it ends, and nobody hears of it.
    """
    errand = _Errand(work)
    try:
        yield from errand.waited_for()
    finally:
        errand.cancelled = True
    return errand.result()


def to_its_end(work: Callable[[], object], done: Callable[[], object]) -> Work[None]:
    """Have a thread do what must not be left without knowing what became of it: ended early, it is waited for a while.

    `done` is called when it is done, and then even if nobody waits any more.
    """
    errand = _Errand(work)
    try:
        yield from errand.waited_for()
    except GeneratorExit:
        if errand.done.wait(PATIENCE) and errand.succeeded:
            done()
        raise
    errand.result()
    done()


def beside(work: Callable[[], object]) -> None:
    """Have something done by a thread that nobody waits for."""
    _Errand(work).start()


def let_the_window_in() -> None:
    """Before a thread computes: while the window wants the interpreter, it keeps that for a moment only."""
    sys.setswitchinterval(SWITCH)


class _Errand(Generic[Result]):
    """Something done by a thread.

    It is kept here until its thread is no more: or the thread might be the last to hold what the work is about, and
    take down there what belongs to the window.
    """

    _kept: ClassVar[list["_Errand[Any]"]] = []

    def __init__(self, work: Callable[[], Result]) -> None:
        self._work = work
        self._thread = threading.Thread(target=self._run, name=THREAD, daemon=True)
        self.share: float | None = None
        self.cancelled = False
        self.done = threading.Event()
        self._result: list[Result] = []
        self._error: BaseException | None = None

    def start(self) -> None:
        let_the_window_in()
        _Errand._kept[:] = [each for each in _Errand._kept if each._thread.is_alive()]
        _Errand._kept.append(self)
        self._thread.start()

    def waited_for(self) -> Iterator[Waiting]:
        """It is begun, and looked for until it is done."""
        self.start()
        patience = min(FIRST_LOOK, AT_ONCE)
        while not self.done.wait(patience):
            patience = LOOK
            yield Waiting(self.share)

    @property
    def succeeded(self) -> bool:
        return bool(self._result)

    def result(self) -> Result:
        """What was found. Raises what the work has raised."""
        if self._error is not None:
            error, self._error = self._error, None  # its traceback leads to all that waits for it
            raise error
        return self._result.pop()

    def _run(self) -> None:
        try:
            with listening(self._hear):
                self._result.append(self._work())
        except BaseException as error:  # it is raised where it is waited for
            self._error = error
        self.done.set()

    def _hear(self, done: int, total: int) -> None:
        if self.cancelled:
            raise Cancelled
        if total:
            self.share = min(done / total, 1.0)


def join_threads(patience: float = PATIENCE) -> None:
    """Wait for the threads that have been told to end."""
    until = perf_counter() + patience
    for thread in threading.enumerate():
        if thread.name == THREAD:
            thread.join(max(until - perf_counter(), 0.0))
