"""Reading a file to be shown: what is in it and its passes, as work for a job."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from engine.errors import GradloomError
from engine.files import disk
from engine.files.open import Tell, read_file
from engine.graph.graph import Graph
from engine.session import Run, reads, run_of
from gui.document.jobs import Waiting, Work, in_thread

Found = tuple[Graph, Run | None]


def reading(path: Path, tell: Tell) -> Work[Found]:
    """A file's graph and its passes, by a thread. While a question is open, nothing new is shown behind it."""
    found = yield from in_thread(lambda: _read_and_run(path, tell))
    while QApplication.activeModalWidget() is not None:
        yield Waiting()
    return found


def _read_and_run(path: Path, tell: Tell) -> Found:
    graph = read_file(path, tell)
    return graph, None if reads(graph) else run_of(graph)


def holds(path: Path, graph: Graph) -> bool:
    """Whether a document can be read, and has just this in it."""
    try:
        return disk.load(path) == graph
    except GradloomError:
        return False
