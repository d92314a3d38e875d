"""The files that the open document's datasets name: asked about, read beside the work, read anew when they change."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from engine.data.access import not_allowed, use
from engine.data.csv import ALL, Table, Wanted, read_csv
from engine.data.outside import real_path, reason, refusal
from engine.data.tables import forget_datasets, prepared
from engine.errors import FileError, GradloomError
from gui.document.allowed import AllowedFiles
from gui.document.bridge import Bridge
from gui.document.errors import Choice, Notice
from gui.document.files import Files
from gui.document.jobs import Job, Jobs, Work, in_thread

TOPIC = "data"
BREATH = 600  # milliseconds between an answer and the next question: more than between the clicks of a double click
REMEDY = "To allow it, select the node and press “Read it” in the inspector"
Wish = tuple[str, Wanted]  # the path and what is wanted of it, as a dataset says them
Stamp = tuple[int, int]


@dataclass(frozen=True)
class _Found:
    """What came of a wish: a table or a refusal; of which file, as it was then."""

    table: Table | None
    refused: FileError | None
    file: str
    stamp: Stamp | None


class DataFiles(QObject):
    """Gives the engine the tables that are there, and gets those that are not: then the numbers are computed again."""

    asks = Signal(object)  # a Notice: the document wants to read a file
    answered = Signal(str)  # the topic of that Notice: nothing is asked any more

    def __init__(self, bridge: Bridge, files: Files, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._files, self._jobs = bridge, files, jobs
        self._allowed = AllowedFiles()
        self._untitled = _untitled(files.recovery.token)
        self._document = ""
        self._found: dict[Wish, _Found] = {}
        self._wanted: dict[Wish, Job | None] = {}
        self._waiting: dict[str, list[Wish]] = {}  # file → what is asked about
        self._declined: set[str] = set()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._get_all)
        self._next = QTimer(self, singleShot=True, interval=BREATH)
        self._next.timeout.connect(self._ask_next)
        bridge.opening.connect(self._begin)
        bridge.saved.connect(self._on_saved)
        bridge.file_chosen.connect(self.allow)
        files.recovered.connect(self._on_recovered)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._on_state)
        self._begin()

    # --- what the engine asks

    def table(self, path: str, wanted: Wanted = ALL) -> Table:
        """The table, if it is there. Raises FileError: it is not allowed, not there yet, or cannot be read."""
        found = self._found.get((path, wanted))
        if found is not None and found.table is not None:
            return found.table
        if found is not None and found.refused is not None:
            raise found.refused
        self._wanted.setdefault((path, wanted), None)
        self._soon.start()
        raise FileError(f"“{path}” is being read", kind="not there yet")

    # --- what is asked of the user

    def allow(self, path: str) -> None:
        """The user has chosen a file himself, or says yes: this document may read it."""
        file = str(real_path(path))
        self._allowed.add(self._document, file)
        self._declined.discard(file)
        self._waiting.pop(file, None)
        self._drop(wish for wish, found in self._found.items() if found.file == file)
        self._answer()

    def _on_recovered(self, window: str) -> None:
        """What is open now is what another window had open when it died: it may read what it could there."""
        self._allowed.carry_over(_untitled(window), self._document)
        self._allowed.forget(_untitled(window))
        self._drop(tuple(self._found))

    def _decline(self, file: str) -> None:
        self._declined.add(file)
        self._waiting.pop(file, None)
        self._answer()

    def _answer(self) -> None:
        """Ask about the next file, if there is one, a little later: the second click of two is no answer to that."""
        self.answered.emit(TOPIC)
        if self._waiting:
            self._next.start()

    def _ask_next(self) -> None:
        if not self._waiting:
            return
        file, more = next(iter(self._waiting)), len(self._waiting) - 1
        others = f" ({more} more to ask about)" if more else ""
        choices = (Choice("Read it", partial(self.allow, file)), Choice("Not now", partial(self._decline, file)))
        self.asks.emit(Notice(f"This document wants to read “{file}”.{others}", topic=TOPIC, choices=choices))

    # --- reading

    def _get_all(self) -> None:
        """Begin to read whatever is wanted and not yet on its way."""
        for wish in [wish for wish, job in self._wanted.items() if job is None]:
            name = os.path.basename(wish[0]) or wish[0]
            job = self._jobs.begin(
                f"Reading {name[:60]}",
                self._reading(wish),
                partial(self._take, wish),
                partial(self._take_failure, wish),
            )
            if wish in self._wanted:
                self._wanted[wish] = job
                job.over.connect(partial(self._on_over, wish))

    def _reading(self, wish: Wish) -> Work[_Found]:
        """What is in a file, if it may be read; else the refusal."""
        path, wanted = wish
        try:
            file = yield from in_thread(partial(os.path.realpath, path))
        except ValueError as error:
            return _Found(None, refusal(path, f"cannot be read: {reason(error)}"), path, None)
        if not self._allowed.has(self._document, file):
            return _Found(None, not_allowed(file, REMEDY), file, None)
        stamp = yield from in_thread(partial(_stamp, file))
        try:
            forget_datasets()  # what the new rows take the place of
            table = yield from in_thread(partial(read_csv, file, wanted))
            for chosen in self._settings_with(wish):  # of the document as it is by now: it may have been opening
                yield from in_thread(partial(_made_ready, table, chosen))
        except FileError as error:
            return _Found(None, error, file, stamp)
        return _Found(table, None, file, stamp)

    def _settings_with(self, wish: Wish) -> list[Mapping[str, Any]]:
        """Of each dataset that wishes so."""
        return [node.chosen for node in self._bridge.now.graph.nodes.values() if _wish_of(node) == wish]

    def _take(self, wish: Wish, found: _Found) -> None:
        self._wanted.pop(wish, None)
        self._found[wish] = found
        if found.refused is not None and found.stamp is None and found.file not in self._declined:
            self._waiting.setdefault(found.file, []).append(wish)
            if not self._next.isActive():
                self._ask_next()
        self._refresh()

    def _take_failure(self, wish: Wish, error: GradloomError) -> None:
        self._take(wish, _Found(None, FileError(str(error)), wish[0], (0, 0)))

    def _on_over(self, wish: Wish) -> None:
        """Cancelled: it is not tried again by itself."""
        if self._wanted.pop(wish, None) is not None:
            said = FileError(f"“{wish[0]}” was not read, because that was cancelled: choose it again to read it")
            self._found[wish] = _Found(None, said, os.path.abspath(wish[0]), (0, 0))
            self._refresh()

    # --- other documents, other contents

    def take_over(self) -> None:
        """The engine asks this one from now on: its document is the one that is computed."""
        forget_datasets()
        use(self)

    def _refresh(self) -> None:
        use(self)  # and nothing is forgotten: it has just been made ready
        self._bridge.refresh()

    def _begin(self) -> None:
        """Another document is about to open: nothing that this one was allowed is there for it."""
        jobs = [job for job in self._wanted.values() if job is not None]
        self._wanted.clear()
        for job in jobs:
            job.stop()
        self._found.clear()
        self._wanted.clear()
        self._waiting.clear()
        self._declined.clear()
        self._next.stop()
        self.take_over()
        self._allowed.forget(self._untitled)
        self._document = _key(self._files.path) or self._untitled
        self.answered.emit(TOPIC)

    def _on_saved(self) -> None:
        document = _key(self._files.path)
        if document and document != self._document:
            self._allowed.carry_over(self._document, document)
            self._document = document

    def _drop(self, wishes: Iterable[Wish]) -> None:
        dropped = list(wishes)
        for wish in dropped:
            del self._found[wish]
        if dropped:
            self._refresh()

    def _on_state(self, state: Qt.ApplicationState) -> None:
        """The user comes back from elsewhere: perhaps a file has changed."""
        if state == Qt.ApplicationState.ApplicationActive and self._found:
            seen = {wish: found for wish, found in self._found.items() if found.stamp is not None}
            self._jobs.begin("Looking at the data files", in_thread(partial(_changed, seen)), self._drop_changed)

    def _drop_changed(self, changed: dict[Wish, _Found]) -> None:
        self._drop(wish for wish, found in changed.items() if self._found.get(wish) is found)

    def stop(self) -> None:
        """For good: the window closes."""
        self._soon.stop()
        self._next.stop()
        if not self._bridge.document.modified:  # else it may be recovered
            self._allowed.forget(self._untitled)


def _untitled(window: str) -> str:
    """What a document that is in no file is called in the table of allowed files."""
    return f"untitled in {window}"


def _wish_of(node: Any) -> Wish | None:
    if node.op_name != "dataset":
        return None
    chosen = node.chosen
    return (chosen["path"], Wanted.of(chosen)) if chosen["name"] == "csv" else None


def _made_ready(table: Table, chosen: Mapping[str, Any]) -> None:
    """Do now, on a thread, what the next pass would do; what is wrong with the settings is told there."""
    try:
        prepared(table, chosen)
    except FileError:
        return


def _changed(seen: Mapping[Wish, _Found]) -> dict[Wish, _Found]:
    return {wish: found for wish, found in seen.items() if found.stamp != _stamp(found.file)}


def _stamp(file: str) -> Stamp:
    """When a file was last written, and its size; zeros where it is not there."""
    try:
        found = os.stat(file)
    except (OSError, ValueError):
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _key(path: Path | None) -> str:
    return "" if path is None else str(real_path(path))
