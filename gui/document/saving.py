"""Writing a graph to its file: a large one by a thread, as it is when that is asked for, while one goes on working."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine.errors import FileError, GradloomError
from engine.files import disk
from engine.files.replace import write_atomically
from engine.graph.change import LARGE
from engine.graph.graph import Graph
from gui.document.jobs import Job, Jobs, Work, in_thread, to_its_end

LARGE_VALUES = 10_000  # numbers in all leaves together: to write more takes long enough to be felt


@dataclass(frozen=True)
class Save:
    """A graph on its way into a file. `spare` is where a draft goes if the file's own folder takes none.

    `done` is called when the file holds it, `failed` when the file is as it was, and `over` in any case, at the end.
    """

    graph: Graph
    path: Path
    spare: Path | None
    done: Callable[[], object]
    failed: Callable[[GradloomError], object]
    over: Callable[[], object]


class Saving:
    """One save at a time."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._job: Job | None = None

    @property
    def busy(self) -> bool:
        return self._job is not None and self._job.busy

    def begin(self, save: Save) -> None:
        """A small graph is in its file when this returns; of a large one that is told."""
        if is_large(save.graph):
            job = self._jobs.begin(f"Saving {save.path.name[:60]}", _saved(save), failed=save.failed)
            self._job = job if job.busy else None
            return
        try:
            disk.save(save.graph, save.path, save.spare)
        except FileError as error:
            save.failed(error)
        else:
            save.done()
        finally:
            save.over()

    def finish(self) -> None:
        """Wait here until it is over."""
        if self._job is not None:
            self._job.finish()

    def stop(self) -> None:
        """The file is as it was, or holds the graph: not for long is this unknown."""
        if self._job is not None:
            self._job.stop()


def _saved(save: Save) -> Work[None]:
    """It can be cancelled until writing begins."""
    try:
        data = yield from in_thread(partial(disk.proven_data, save.graph, save.path))
        yield from to_its_end(partial(write_atomically, save.path, data, save.spare), save.done)
    finally:
        save.over()


def is_large(graph: Graph) -> bool:
    """Whether it takes long to write a graph."""
    if len(graph.nodes) + len(graph.edges) > LARGE:
        return True
    return sum(node.value.size for node in graph.nodes.values() if node.value is not None) > LARGE_VALUES
