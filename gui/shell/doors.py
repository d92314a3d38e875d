"""The doors: where another document comes in, and where this one goes. A window alone has one; tabs have many."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from engine.graph.graph import Graph
from gui.document.files import Files
from gui.document.lost import Lost
from gui.document.recent import last_folder
from gui.document.rescue import Rescue
from gui.shell.tour import Tour


@dataclass(frozen=True)
class OpenDocument:
    """A document that is open: its name, its file, whether it is unsaved; and how to go there."""

    name: str
    path: Path | None
    unsaved: bool
    show: Callable[[], object]


class Doors(Protocol):
    """What a window asks of whatever holds it. Each gives whether it is done."""

    @property
    def documents(self) -> list[OpenDocument]:
        """All that are open, in their order."""

    def new(self) -> bool: ...
    def open(self, path: Path | None = None) -> bool: ...
    def open_example(self, path: Path) -> bool: ...
    def show_made(self, graph: Graph, said: str = "") -> bool: ...
    def drop(self, paths: list[Path]) -> bool: ...
    def recover(self, lost: Lost) -> bool: ...
    def show_tour(self) -> bool: ...
    def show_lesson(self, path: Path | None = None) -> bool: ...
    def close_document(self) -> bool: ...
    def go(self, way: int) -> bool: ...
    def quit(self) -> bool: ...


class OneDoor:
    """A window with one document: another one takes its place, and when it goes so does the window."""

    def __init__(
        self, files: Files, rescue: Rescue, tour: Tour, lesson: Callable[[Path], bool], close: Callable[[], bool]
    ) -> None:
        self.documents: list[OpenDocument] = []
        self.new, self.open, self.open_example, self.drop = files.new, files.open, files.open_example, files.drop
        self.show_made = files.show_made
        self.quit = self.close_document = close
        self._files, self._rescue, self._tour, self._lesson = files, rescue, tour, lesson

    def recover(self, lost: Lost) -> bool:
        self._rescue.ask(lost)
        return True

    def show_tour(self) -> bool:
        return self.new() and self._tour.begin()

    def show_lesson(self, path: Path | None = None) -> bool:
        path = path or self._files.ask.path_to_lesson(last_folder())
        return path is not None and self._files.may_leave() and self._lesson(path)

    def go(self, way: int) -> bool:
        """There is no other."""
        return False
