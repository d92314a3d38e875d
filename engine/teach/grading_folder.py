"""A folder of submissions, graded in processes: one row a file. What a file does to its process harms no other.

A process gets one file at a time. If it dies, or takes longer than it may, its file gets a row that says so, and
another process goes on with the next.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from engine.data.access import ReadAtOnce, use
from engine.errors import GradloomError, one_line
from engine.files.codec import decode, encode
from engine.files.open import READ_SUFFIXES, read_file
from engine.graph.exercise import ASPECTS, exercise_of
from engine.graph.graph import Graph
from engine.teach.grading import Grade, grade
from engine.values.memory import MEMORY

COLUMNS = ("file", "student", "points", "of", *ASPECTS, "feedback", "problem")
Row = dict[str, Any]
_FORMULA = ("=", "+", "-", "@")  # with which a cell begins that a spreadsheet would compute


@dataclass(frozen=True)
class Order:
    """What each process is told once: the reference as a file holds it, and what it may read and use."""

    reference: str
    allowed: tuple[str, ...] = ()
    memory: int = field(default_factory=lambda: MEMORY.limit)


def submissions_in(folder: Path, but: Sequence[Path] = ()) -> list[Path]:
    """The files of a folder and of those in it, in order; hidden ones and those that are named are none."""
    left_out = {os.path.realpath(path) for path in but}
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(place, name) for name in sorted(names) if not name.startswith(".")]
    return [path for path in found if os.path.realpath(path) not in left_out]


def graded_folder(
    reference: Graph, paths: Sequence[Path], folder: Path, jobs: int, seconds: float, allowed: Sequence[str] = ()
) -> Iterator[Row]:
    """A row for each file, in the order of the files. Raises GradloomError if the reference cannot be written down."""
    order = Order(encode(reference), tuple(allowed))
    if getattr(sys, "frozen", False):  # a program in one piece cannot start itself as a worker
        rows: Iterator[tuple[int, Row]] = ((i, graded_file(order, path)) for i, path in enumerate(paths))
    else:
        rows = _Crew(order, paths, max(1, min(jobs, len(paths))), seconds).rows()
    done: dict[int, Row] = {}
    for at, row in rows:
        done[at] = row
    for at in range(len(paths)):
        yield {"file": _cell(os.path.relpath(paths[at], folder)), **done[at]}


def _cell(name: str) -> str:
    name = one_line(name.encode("utf-8", "replace").decode("utf-8"))
    return f"'{name}" if name.startswith(_FORMULA) else name


def graded_file(order: Order, path: Path) -> Row:
    """The row of one file: what it is worth, or why nothing can be said of it."""
    try:
        use(ReadAtOnce([os.path.dirname(os.path.realpath(path)), *order.allowed], "Ask your teacher to allow {path}"))
        if path.suffix.lower() not in READ_SUFFIXES:
            raise GradloomError(f"A submission ends in {', '.join(READ_SUFFIXES[:-1])} or {READ_SUFFIXES[-1]}.")
        with MEMORY.allowed(order.memory):
            return _row(grade(decode(order.reference), read_file(path)))
    except GradloomError as error:
        return {"problem": str(error)}
    except MemoryError:
        return {"problem": "There is not enough memory to grade it."}
    except Exception as error:  # whatever a file brings about, it has its row, and the others theirs
        return {"problem": f"It could not be graded ({type(error).__name__})."}


def _row(found: Grade) -> Row:
    aspects = {name: each.points for name, each in found.aspects.items()}
    student = {} if found.student is None else {"student": found.student}
    return {**student, "points": found.points, "of": found.of, **aspects, "feedback": " ".join(found.feedback)}


def asks_answers(reference: Graph) -> bool:
    """Whether there is a column of answers to fill."""
    return bool(exercise_of(reference).hidden)


# --- processes


def _serve(pipe: Connection, order: Order) -> None:
    """What a process does: a row for each file that it is told."""
    with suppress(EOFError, KeyboardInterrupt, OSError):
        while (path := pipe.recv()) is not None:
            pipe.send(graded_file(order, path))


@dataclass
class _Grader:
    """One process, and the file it is at."""

    process: Any
    pipe: Connection
    at: int = -1
    since: float = 0.0

    def end(self) -> None:
        self.pipe.close()
        self.process.terminate()
        self.process.join(1)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


class _Crew:
    """The processes that share the files of a folder."""

    def __init__(self, order: Order, paths: Sequence[Path], jobs: int, seconds: float) -> None:
        self._order, self._paths, self._jobs, self._seconds = order, paths, jobs, seconds
        self._context = get_context("spawn")  # a copy of a process that has threads would not be safe
        self._clock: Callable[[], float] = time.monotonic
        self._next = 0

    def rows(self) -> Iterator[tuple[int, Row]]:
        busy: list[_Grader] = []
        try:
            busy = [self._given(self._started()) for _ in range(self._jobs if self._paths else 0)]
            while busy:
                ready = wait([grader.pipe for grader in busy], timeout=self._patience(busy))
                for grader in list(busy):
                    if (row := self._row_of(grader, grader.pipe in ready)) is None:
                        continue
                    yield grader.at, row
                    busy.remove(grader)
                    if self._next < len(self._paths):
                        busy.append(self._given(grader if grader.process.is_alive() else self._started()))
                    else:
                        grader.end()
        finally:
            for grader in busy:
                grader.end()

    def _started(self) -> _Grader:
        ours, its = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(its, self._order), daemon=True)
        process.start()
        its.close()
        return _Grader(process, ours)

    def _given(self, grader: _Grader) -> _Grader:
        grader.at, grader.since = self._next, self._clock()
        self._next += 1
        with suppress(OSError):  # it is gone already: that is seen when its row is asked for
            grader.pipe.send(self._paths[grader.at])
        return grader

    def _patience(self, busy: Sequence[_Grader]) -> float:
        return max(0.0, min(grader.since + self._seconds - self._clock() for grader in busy))

    def _row_of(self, grader: _Grader, answered: bool) -> Row | None:
        """What is to be said of the file that a process is at; None: it is not done yet."""
        if answered:
            try:
                row: Row = grader.pipe.recv()
                return row
            except (EOFError, OSError):
                grader.end()
                return {"problem": "Grading it ended the process that did it."}
        if self._clock() - grader.since < self._seconds:
            return None
        grader.end()
        return {"problem": f"Grading it took longer than {self._seconds:g} seconds."}
