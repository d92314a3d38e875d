"""The document as a file: new, open, save, recent files, dropped files, and what becomes of unsaved work."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from engine import edits
from engine.errors import FileError, GradloomError
from engine.files import disk
from engine.files.examples import is_example
from engine.files.lock import FileLock
from engine.files.open import MODEL_SUFFIXES, PROGRAM_SUFFIXES, Tell, read_file, remarks_text, with_values
from engine.files.replace import interrupted_save
from engine.graph.graph import Graph
from engine.graph.sound import flaw_of
from engine.session import Run
from gui.document import folders, recent
from gui.document.bridge import Bridge
from gui.document.cut_short import choice_about_draft
from gui.document.file_words import OPEN_HERE, filled_sentence, named_error, with_advice
from gui.document.jobs import Job
from gui.document.naming import document_name, file_name
from gui.document.on_disk import NOT_SEEN, Look, OnDisk, look_of
from gui.document.questions import Questions
from gui.document.reading import Found, holds, reading
from gui.document.recovery import Recovery
from gui.document.saving import Save, Saving
from gui.document.stamp import Stamp, disk_stamp
from gui.document.watch import SHARED, Watch


class Files(QObject):
    """Which file the open document is, and everything that is done with files. Bad news goes to `failed`."""

    told = Signal(str)  # good news for the status bar
    failed = Signal(object)  # a GradloomError: the open document is as it was
    recovered = Signal(str)  # the token of the window whose lost work is open now
    opened = Signal(object)  # the Path of a document that is shown now

    def __init__(self, bridge: Bridge, ask: Questions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ask = ask
        self.told_apart: Callable[[str], str] = str  # makes of a name one that no other open document has
        self.recovery = Recovery(bridge, self)
        self.jobs = bridge.jobs
        bridge.opening.connect(self.jobs.drop)
        self._bridge = bridge
        self._opening: Job | None = None
        self._saving, self._saves_again = Saving(self.jobs), False
        self._stamp: Stamp | None = None
        self._on_disk = OnDisk(self)
        self.watch = Watch(bridge, self._on_disk, lambda: self.ask, self.reload, self.save, self)
        bridge.unsaved.connect(self._follow)

    @property
    def path(self) -> Path | None:
        """The file of the open document; None: it is untitled."""
        return self._on_disk.path

    @property
    def name(self) -> str:
        """What the document is called in the title and in questions."""
        name = document_name(self.path, self._bridge.now.graph.title)
        return name if self.path else self.told_apart(name)

    @property
    def plain_name(self) -> str:
        """The name without its ending, as a file name that every system takes: what an export is called."""
        return file_name(self.name)

    @property
    def folder(self) -> Path:
        """Where the document is; where the last one was if it is in no file."""
        return self.path.parent if self.path else Path(recent.last_folder())

    @property
    def is_modified(self) -> bool:
        return self._bridge.document.modified

    @property
    def is_opening(self) -> bool:
        """Whether a file is still being read that will be shown."""
        return self._opening is not None and self._opening.busy

    @property
    def can_revert(self) -> bool:
        return self.path is not None and self._bridge.document.modified and os.path.exists(self.path)

    # --- opening

    def new(self) -> bool:
        """An empty untitled document. False: the user would rather stay."""
        self._open_no_other()
        return self.show_made(Graph())

    def open(self, path: Path | None = None) -> bool:
        """Open a file, asking which if none is given. A bad file is told, and the open document stays as it was.

        A long one is read while one goes on working. True: it is on screen now.
        """
        path = path or self.ask.path_to_open(recent.last_folder())
        if path is None:
            return False
        path = path.absolute()
        if is_example(path):
            return self.open_example(path)
        if path.suffix.lower() in (*PROGRAM_SUFFIXES, *MODEL_SUFFIXES):
            return self._open_other(path)
        return self._open_document(path)

    def _open_document(self, path: Path) -> bool:
        """Open a .gradloom file; if another window has it open, the user says how."""
        look, whole = look_of(path), interrupted_save(path, folders.state_folder())
        if whole is not None and (answer := choice_about_draft(path, whole, self.ask)) != "file":
            return answer == "draft" and self._open_draft(path, whole)
        return self._read_then(path, lambda found: self._take_document(path, look, *found))

    def _take_document(self, path: Path, look: Look | None, graph: Graph | None, run: Run | None) -> bool:
        """Show what was read from a .gradloom file, which looked like that, as that file."""
        lock, holder = self._on_disk.claim(path)
        shown = False
        try:
            answer = self.ask.open_elsewhere(path.name, holder.words) if holder else "anyway"
            if answer != "anyway":
                shown = answer == "copy" and graph is not None and self._open_copy(graph, path)
                return shown
            if not self.may_leave():
                return False
            if look_of(path) != look:  # it was this very document, and has just been saved
                look, graph, run = look_of(path), self._read(path), None
            shown = graph is not None and self._show(graph, path, lock, look, run=run)
            return shown
        finally:
            self._on_disk.give_up(lock)
            if shown:
                self.opened.emit(path)

    def _open_copy(self, graph: Graph, path: Path) -> bool:
        return self.show_made(replace(graph, facts={**graph.facts, "title": f"{path.stem} (copy)"}))

    def _open_draft(self, path: Path, whole: Path) -> bool:
        """Show what was being saved, as unsaved: saving it ends what was cut short."""
        try:
            graph = disk.load(whole, of=path)
        except FileError as error:
            self.failed.emit(named_error(error, path))
            return False
        lock, _ = self._on_disk.claim(path)
        try:
            return self.may_leave() and self._show(graph, path, lock, look_of(path), saved=False)
        finally:
            self._on_disk.give_up(lock)

    def _open_other(self, path: Path) -> bool:
        """Open a program or a model."""
        remarks: list[str] = []
        return self._read_then(path, lambda found: self._import(found[0], path, remarks), remarks.append)

    def open_example(self, path: Path) -> bool:
        """Open an example as an untitled copy: saving asks for a name."""
        self._open_no_other()
        graph = self._read(path)
        return graph is not None and self.show_made(graph)

    def show_made(self, graph: Graph, said: str = "") -> bool:
        """Show a graph that comes from nowhere but another one, as an untitled document, and say something of it."""
        if (shown := self.may_leave() and self._show(graph, None)) and said:
            self.told.emit(said)
        return shown

    def _import(self, graph: Graph, path: Path, remarks: Sequence[str]) -> bool:
        """Show a program or a model as an untitled document: saving asks for a name, the file stays as it is."""
        whole, filled = with_values(graph)
        titled = replace(whole, facts={**whole.facts, "title": whole.title or path.stem})
        said = f"Read from {path.name}.{filled_sentence(whole, filled)}{remarks_text(remarks)}"
        if shown := self.show_made(titled, said):
            recent.remember(path)
        return shown

    def drop(self, paths: list[Path]) -> bool:
        """Open a file that was dropped on the window: the first, if there are several."""
        if (opened := self.open(paths[0])) and len(paths) > 1:
            self.told.emit(f"One document at a time: only {paths[0].name} of {len(paths)} files was opened.")
        return opened

    def revert(self) -> bool:
        """Go back to what is on disk."""
        return self.path is not None and self.ask.may_revert(self.name) and self.reload()

    def reload(self) -> bool:
        """Show what is on disk now, as an edit: the view stays where it is, and what was here can be had back."""
        self._settle()
        path = self.path
        if path is None:
            return False
        look, graph = look_of(path), self._read(path)
        if graph is None or self._bridge.edit(lambda here: edits.reload(here, graph)) is None:
            return False
        self._settle_on(path, self._on_disk.claim(path)[0], graph, look)
        self._bridge.mark_saved()
        self._follow()
        self.told.emit(f"This is {path.name} as it is on disk. Undo brings back what was here.")
        return True

    # --- saving

    def save(self) -> bool:
        """Save to the document's file, asking which if it has none. True: it is saved now.

        A large one is written while one goes on working, as it is now.
        """
        if self._bridge.steps.busy:
            self._bridge.steps.then(self.save)
            return False
        if not self._bridge.pending.commit():
            return False
        if self.path is None:
            return self.save_as()
        if self._saving.busy:
            self._saves_again = True
            return False
        return self.watch.may_write() and self._write(self.path, self._on_disk.claim(self.path)[0])

    def save_as(self) -> bool:
        """Save to a file that the user names, as `save` does."""
        self._settle()
        path = self.ask.path_to_save(self.path or Path(recent.last_folder()) / (file_name(self.name) + disk.SUFFIX))
        if path is None:
            return False
        if self._on_disk.is_at(path := path.absolute()):
            return self.save()
        lock, holder = self._on_disk.claim(path)
        if holder is not None and holder.is_here:
            self.failed.emit(FileError(OPEN_HERE, where=str(path)))
        elif (not holder and not os.path.exists(path)) or self.ask.may_overwrite(path, holder.words if holder else ""):
            return self._write(path, lock)
        self._on_disk.give_up(lock)
        return False

    @property
    def is_busy(self) -> bool:
        """Whether something was asked for that is not in the document yet, or not in its file."""
        return self._bridge.steps.busy or self._saving.busy

    def stop_saving(self) -> None:
        """The program ends at once: what is in no file then is for the recovery."""
        self._saves_again = False
        self._saving.stop()

    def _settle(self) -> None:
        """Wait until all that was asked for is in the document, and in its file."""
        self._bridge.steps.finish()
        self._saving.finish()

    # --- leaving

    def close(self) -> bool:
        """Before the window closes. False: it must stay open."""
        if not self.may_leave():
            return False
        self.leave()
        return True

    def leave(self) -> None:
        """The window has closed, or will at once: nothing is left behind."""
        self.recovery.close()
        self._on_disk.close()

    # --- after a crash

    def show_recovered(self, graph: Graph, path: Path | None, stamp: Stamp | None) -> bool:
        """Show lost work as the unsaved document that it is; as saved, where only a typed text was lost. False: the
        user would rather stay.

        `stamp`: what the file was then. Saving asks if it was written since.
        """
        if not self.may_leave():
            return False
        if path is None:
            return self._show(graph, None, saved=graph == Graph())
        same = disk_stamp(path) == stamp
        lock, _ = self._on_disk.claim(path)
        look = look_of(path) if same else NOT_SEEN
        return self._show(graph, path, lock, look, saved=same and holds(path, graph), stamp=stamp)

    # --- helpers

    def may_leave(self) -> bool:
        """Whether the open document may go: what is typed is in it, and it is saved, or the user says so."""
        self._settle()
        if not self._bridge.pending.commit():
            return False
        if not self._bridge.document.modified:
            return True
        answer = self.ask.what_about_unsaved(self.name)
        if answer != "save":
            return answer == "discard"
        self.save()
        self._settle()
        return not self._bridge.document.modified

    def _read(self, path: Path, tell: Tell = lambda sentence: None) -> Graph | None:
        try:
            return read_file(path, tell)
        except GradloomError as error:
            self.failed.emit(named_error(error, path))
            return None

    def _read_then(self, path: Path, show: Callable[[Found], bool], tell: Tell = lambda sentence: None) -> bool:
        """Read a file beside the work, and then show it. True: it is shown now."""
        self._open_no_other()
        shown: list[bool] = []
        job = self.jobs.begin(
            f"Opening {path.name[:60]}",
            reading(path, tell),
            lambda found: shown.append(show(found)),
            lambda error: self._on_unread(path, error),
        )
        self._opening = job if job.busy else None
        return any(shown)

    def _on_unread(self, path: Path, error: GradloomError) -> None:
        self.failed.emit(named_error(error, path))
        if not os.path.exists(path):
            recent.forget(path)

    def _open_no_other(self) -> None:
        """What was still being read is not wanted any more."""
        opening, self._opening = self._opening, None
        if opening is not None and opening in self.jobs.running:
            opening.stop()

    def _write(self, path: Path, lock: FileLock) -> bool:
        """True: it is done. The lock is given up in the end, unless this is the document's file then."""
        graph, point = self._bridge.document.graph, self._bridge.document.point  # what is lent for a question is not it
        self._bridge.end_gesture()
        written: list[Path] = []

        def done() -> None:
            written.append(path)
            self._settle_on(path, lock, graph, look_of(path))
            self._bridge.mark_saved(point)
            self._follow()
            self.told.emit(f"Saved {path}")

        def over() -> None:
            self._on_disk.is_writing = False
            self._on_disk.give_up(lock)
            if self._saves_again:
                QTimer.singleShot(0, self, self.save)
            self._saves_again = False

        self._on_disk.is_writing = True
        self._saving.begin(
            Save(graph, path, folders.state_folder(), done, lambda error: self.failed.emit(with_advice(error)), over)
        )
        return bool(written)

    def _show(
        self,
        graph: Graph,
        path: Path | None,
        lock: FileLock | None = None,
        look: Look | None = None,
        saved: bool = True,
        stamp: Stamp | None = None,
        run: Run | None = None,
    ) -> bool:
        """Show another document, or say why it cannot be: all stays then. `saved`: `path`, which looked so, has it."""
        if flaw := flaw_of(graph):
            self.failed.emit(flaw.refusal())
            return False
        self._settle_on(path, lock, graph if saved else None, look, stamp)
        self._bridge.load(graph, saved, run)
        self._follow()
        return True

    def _settle_on(
        self,
        path: Path | None,
        lock: FileLock | None,
        held: Graph | None,
        look: Look | None,
        stamp: Stamp | None = None,
    ) -> None:
        """This is the document's file from now on, before anybody is told of it."""
        if path != self.path:
            self.watch.settled.emit(SHARED)
        self._on_disk.settle(path, lock, held, look)
        self._stamp = stamp or (disk_stamp(path) if path else None)
        self.watch.forget()
        if path is not None:
            recent.remember(path)

    def _follow(self) -> None:
        """Recovery keeps what is unsaved here, from now on for this file."""
        self.recovery.follow(self.path, self._stamp)
