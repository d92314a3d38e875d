"""The document as a file: new, open, save, recent files, dropped files, and what becomes of unsaved work."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.errors import FileError, GradloomError
from engine.files import disk
from engine.files.disk import SUFFIX
from engine.files.examples import is_example
from engine.files.open import MODEL_SUFFIXES, PROGRAM_SUFFIXES, Tell, read_file, remarks_text, with_values
from engine.graph.graph import Graph
from gui.document import settings
from gui.document.bridge import Bridge
from gui.document.naming import document_name, file_name
from gui.document.questions import Questions
from gui.document.recovery import Recovery
from gui.document.stamp import Stamp, disk_stamp

RECENT = 10  # how many files are remembered


class Files(QObject):
    """Which file the open document is, and everything that is done with files. Bad news goes to `failed`."""

    told = Signal(str)  # good news for the status bar
    failed = Signal(object)  # a GradloomError: the open document is as it was
    recovered = Signal(str)  # the token of the window whose lost work is open now
    opened = Signal(object)  # the Path of a document that is shown now

    def __init__(self, bridge: Bridge, ask: Questions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ask = ask
        self.path: Path | None = None
        self.recovery = Recovery(bridge, self)
        self._bridge = bridge
        self._stamp: Stamp | None = None

    @property
    def name(self) -> str:
        """What the document is called in the title and in questions."""
        return document_name(self.path, self._bridge.now.graph.title)

    @property
    def plain_name(self) -> str:
        """The name without its ending, as a file name that every system takes: what an export is called."""
        return file_name(self.name)

    @property
    def folder(self) -> Path:
        """Where the document is; where the last one was if it is in no file."""
        return self.path.parent if self.path else Path(self._folder())

    @property
    def is_modified(self) -> bool:
        return self._bridge.document.modified

    @property
    def can_revert(self) -> bool:
        return self.path is not None and self._bridge.document.modified

    # --- opening

    def new(self) -> bool:
        """An empty untitled document. False: the user would rather stay."""
        return self._may_leave() and self._show(Graph(), None)

    def open(self, path: Path | None = None) -> bool:
        """Open a file, asking which if none is given. A bad file is told, and the open document stays as it was."""
        path = path or self.ask.path_to_open(self._folder())
        if path is None:
            return False
        path = path.absolute()
        if is_example(path):
            return self.open_example(path)
        remarks: list[str] = []
        graph = self._read(path, remarks.append)
        if graph is None:
            if not path.exists():
                settings.put("recent", [str(other) for other in self.recent() if other != path])
            return False
        if path.suffix.lower() in (*PROGRAM_SUFFIXES, *MODEL_SUFFIXES):
            return self._import(graph, path, remarks)
        if not self._may_leave():
            return False
        self._show(graph, path)
        self.opened.emit(path)
        return True

    def open_example(self, path: Path) -> bool:
        """Open an example as an untitled copy: saving asks for a name."""
        graph = self._read(path)
        return graph is not None and self._may_leave() and self._show(graph, None)

    def _import(self, graph: Graph, path: Path, remarks: Sequence[str]) -> bool:
        """Show a program or a model as an untitled document: saving asks for a name, the file stays as it is."""
        whole, filled = with_values(graph)
        titled = replace(whole, facts={**whole.facts, "title": whole.title or path.stem})
        if not self._may_leave() or not self._show(titled, None):
            return False
        self._remember(path)
        self.told.emit(f"Read from {path.name}.{filled_sentence(whole, filled)}{remarks_text(remarks)}")
        return True

    def drop(self, paths: list[Path]) -> bool:
        """Open a file that was dropped on the window: the first, if there are several."""
        opened = self.open(paths[0])
        if opened and len(paths) > 1:
            self.told.emit(f"One document at a time: only {paths[0].name} of {len(paths)} files was opened.")
        return opened

    def revert(self) -> bool:
        """Go back to what is on disk."""
        path = self.path
        if path is None or not self.ask.may_revert(self.name):
            return False
        graph = self._read(path)
        return graph is not None and self._show(graph, path)

    # --- saving

    def save(self) -> bool:
        """Save to the document's file, asking which if it has none. False: it was not saved."""
        if self.path is None:
            return self.save_as()
        changed = disk_stamp(self.path) not in (None, self._stamp)
        return (not changed or self.ask.may_overwrite_newer(self.path)) and self._write(self.path)

    def save_as(self) -> bool:
        """Save to a file that the user names."""
        path = self.ask.path_to_save(self.path or Path(self._folder()) / (file_name(self.name) + SUFFIX))
        if path is None:
            return False
        path = path.absolute()
        if path == self.path:
            return self.save()
        return (not path.exists() or self.ask.may_overwrite(path)) and self._write(path)

    # --- leaving

    def close(self) -> bool:
        """Before the window closes. False: it must stay open."""
        if not self._may_leave():
            return False
        self.recovery.close()
        return True

    # --- after a crash

    def show_recovered(self, graph: Graph, path: Path | None, stamp: Stamp | None) -> bool:
        """Show lost work as the unsaved document that it is. False: the user would rather stay.

        `stamp`: what the file was then. Saving asks if it was written since.
        """
        return self._may_leave() and self._show(graph, path, saved=False, stamp=stamp)

    # --- recent files

    @staticmethod
    def recent() -> list[Path]:
        return [Path(name) for name in settings.get("recent")]

    def clear_recent(self) -> None:
        settings.put("recent", [])

    def _remember(self, path: Path) -> None:
        names = [str(path), *(str(other) for other in self.recent() if other != path)]
        settings.put("recent", names[:RECENT])
        settings.put("last_folder", str(path.parent))

    # --- helpers

    def _may_leave(self) -> bool:
        """Whether the open document may go: it is saved, or the user says so."""
        if not self._bridge.document.modified:
            return True
        answer = self.ask.what_about_unsaved(self.name)
        return self.save() if answer == "save" else answer == "discard"

    def _read(self, path: Path, tell: Tell = lambda sentence: None) -> Graph | None:
        try:
            return read_file(path, tell)
        except GradloomError as error:
            self.failed.emit(_named(error, path))
            return None

    def _write(self, path: Path) -> bool:
        try:
            disk.save(self._bridge.now.graph, path)
        except FileError as error:
            self.failed.emit(error)
            return False
        self._settle_on(path)
        self._bridge.mark_saved()
        self.recovery.follow(path, self._stamp)
        self.told.emit(f"Saved {path}")
        return True

    def _show(self, graph: Graph, path: Path | None, saved: bool = True, stamp: Stamp | None = None) -> bool:
        self._settle_on(path, stamp)
        self._bridge.load(graph, saved)
        self.recovery.follow(path, self._stamp)
        return True

    def _settle_on(self, path: Path | None, stamp: Stamp | None = None) -> None:
        self.path, self._stamp = path, stamp or (disk_stamp(path) if path else None)
        if path is not None:
            self._remember(path)

    @staticmethod
    def _folder() -> str:
        return settings.get("last_folder") or os.path.expanduser("~")


def filled_sentence(graph: Graph, filled: tuple[str, ...]) -> str:
    """What is said about leaves that got ones because nobody gave them a value; begins with a space."""
    if not filled:
        return ""
    names = [graph.nodes[id].name for id in filled]
    shown = names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} more"]
    ones = "ones" if any(getattr(graph.nodes[id].value, "ndim", 0) for id in filled) else "1"
    listed = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return f" {listed} had no value: {'it holds' if len(names) == 1 else 'they hold'} {ones} until you type a value."


def _named(error: GradloomError, path: Path) -> GradloomError:
    """The error with the name of the file in it: a place inside a file says nothing without."""
    if str(path) in error.sentence:
        return error
    place = f"at {error.where}, " if error.where else ""
    return FileError(f"“{path.name}” cannot be opened: {place}{error.sentence}", error.ids)
