"""Recovery: a swap with the unsaved work of this window, so that a crash loses a second or two and never a document.

The swap is an ordinary .gradloom file in the state folder, with what is being typed in it. A note beside it says which
document it belongs to, and a lock says whether its owner lives.
"""

import os
from pathlib import Path
from secrets import token_hex

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from engine.graph.graph import Graph
from engine.show.now import Now
from gui.document.bridge import Bridge
from gui.document.keeper import Keeper
from gui.document.slot import Work
from gui.document.stamp import Stamp

LOOK = 1000  # milliseconds between two looks at what is being typed: dropping it is told by nobody


class Recovery(QObject):
    """Keeps the swap of one window: written a moment after an edit, gone when there is nothing unsaved."""

    failed = Signal(str)  # a sentence: the swap could not be written. Empty: it could again

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._document: Path | None = None
        self._stamp: Stamp | None = None
        self._kept: tuple[Graph, list[tuple[str, str]]] | None = None  # the latest that was given to the keeper
        self.token = f"{os.getpid():x}-{token_hex(4)}"  # what this window is called in the names of its notes and swaps
        self._keeper = Keeper(self.token, self._tell)
        self._closed = False
        self._look = QTimer(self, singleShot=True, interval=LOOK)
        self._look.timeout.connect(self._keep)
        bridge.told.connect(self._on_told)
        bridge.pending.changed.connect(self._keep)

    def follow(self, document: Path | None, stamp: Stamp | None) -> None:
        """The window now shows this document: what was kept for the one before is not needed any more."""
        self._drop()
        self._document, self._stamp = document, stamp
        self._keep()
        self._keeper.hurry()  # it may be an edit that was made long ago, while a large graph was being saved

    def write(self) -> bool:
        """Write the swap now, if there is anything unsaved. False: it cannot be written."""
        self._keep()
        return self._keeper.flush()

    def close(self) -> None:
        """A clean exit: nothing is left behind."""
        self._closed = True
        self._drop()
        self._keeper.stop()

    def end(self) -> None:
        """The program ends at once: what is kept stays for the next start, and nothing more is."""
        self._closed = True
        self._look.stop()
        self._keeper.stop()

    def _on_told(self, now: Now) -> None:
        if now.change and not now.loaded:  # what is loaded is followed in a moment
            self._keep()

    def _keep(self) -> None:
        """Have what is here now kept, if it is unsaved and not kept yet."""
        if self._closed:
            return
        texts, graph = tuple(self._bridge.pending.texts), self._bridge.document.graph
        if texts:
            self._look.start()
        if not (self._bridge.document.modified or texts):
            self._drop()
            return
        said = [(each.what, each.text) for each in texts]
        if self._kept is None or self._kept[0] is not graph or self._kept[1] != said:
            self._kept = graph, said
            self._keeper.keep(Work(graph, texts, self._document, self._stamp))

    def _drop(self) -> None:
        self._look.stop()
        if self._kept is not None:
            self._kept = None
            self._keeper.drop()

    def _tell(self, sentence: str) -> None:
        """Called in the keeper's thread."""
        if shiboken6.isValid(self):
            self.failed.emit(sentence)
