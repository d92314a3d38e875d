"""The window that is going to be killed: edits, keys and saves that never pause, each told with its time."""

from __future__ import annotations

import os
import time
from hashlib import blake2s
from pathlib import Path
from random import Random

from engine import edits
from engine.files import disk
from engine.files.codec import encode
from engine.graph.graph import Graph
from engine.graph.records import Node
from gui.document.pending import with_texts
from tests.gui.graphs import product

SHORTEST, LONGEST = 0.005, 1.0  # seconds between two edits
SIZES = (0, 0, 0, 0, 0, 0, 300, 1500)  # nodes beside those of the product


def digest(graph: Graph) -> str:
    """A graph in a few letters."""
    return blake2s(encode(graph).encode(), digest_size=8).hexdigest()


def graph_of(random: Random) -> Graph:
    """What the victim opens: mostly small."""
    more = [
        Node(f"n{i}", "input", product().nodes["x"].value, pos=(120.0 * i, 600.0)) for i in range(random.choice(SIZES))
    ]
    small = product()
    return Graph.of([*small.nodes.values(), *more], small.ordered_edges(), title="", target="f")


class Victim:
    """Works in a window by chance, and says through a pipe what it is about to do, and what there is afterwards."""

    def __init__(self, folder: Path, seed: str, told: int) -> None:
        from PySide6.QtCore import QTimer

        from gui.main_window import MainWindow
        from tests.attack.program import make_program
        from tests.gui.document.answers import Answers

        self._random, self._told, self._path = Random(seed), told, folder / "work.gradloom"
        self._app = make_program()
        self._window = MainWindow()
        self._window.files.ask = self._answers = Answers()
        self._answers.save_path, self._answers.overwrite = self._path, True
        self._timer = QTimer(singleShot=True)
        self._timer.timeout.connect(self._do)
        self._typed = 0

    def live(self) -> None:
        """Until it is killed."""
        self._window.resize(1000, 700)
        self._window.show()
        if self._path.exists():
            self._window.begin(self._path)
            while self._window.files.path is None:
                self._app.processEvents()
        else:
            self._window.bridge.load(graph_of(self._random), saved=False)
            self._window.files.recovery.follow(None, None)
        self._tell_state()
        self._wait()
        self._app.exec()

    def _wait(self) -> None:
        """The shorter the likelier."""
        seconds = SHORTEST * (LONGEST / SHORTEST) ** self._random.random()
        self._timer.start(round(seconds * 1000))

    def _do(self) -> None:
        act = self._random.choices((self._edit, self._type, self._go_back, self._save), (8, 3, 1, 1))[0]
        self._tell("about")
        act()
        self._tell_state()
        self._wait()

    # --- acts

    def _edit(self) -> None:
        bridge, chance = self._window.bridge, self._random
        graph = bridge.now.graph
        leaves = [id for id, node in graph.nodes.items() if node.op.holds_value]
        kind = chance.choice(("value", "value", "move", "add", "label", "delete"))
        if kind == "value" and leaves:
            value = chance.uniform(-9, 9)
            bridge.edit(lambda graph: edits.set_value(graph, leaves[0], value))
        elif kind == "move" and graph.nodes:
            id, place = chance.choice(list(graph.nodes)), (chance.uniform(0, 900), chance.uniform(0, 900))
            bridge.edit(lambda graph: edits.move_nodes(graph, {id: place}), gesture="drag")
        elif kind == "label" and graph.nodes:
            id, text = chance.choice(list(graph.nodes)), f"label {chance.random()}"
            bridge.edit(lambda graph: edits.set_label(graph, id, text))
        elif kind == "delete" and len(graph.nodes) > 8:
            id = chance.choice(list(graph.nodes))
            bridge.edit(lambda graph: edits.delete(graph, [id]))
        else:
            bridge.edit(lambda graph: edits.add_node(graph, "input", (chance.uniform(0, 900), 300.0)))

    def _type(self) -> None:
        """One more key into the open field of the canvas; it is opened first, and taken now and then."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        field = QApplication.focusWidget()
        if field is None or field is self._window.canvas or self._typed == 0:
            leaves = [id for id, node in self._window.bridge.now.graph.nodes.items() if node.op.holds_value]
            if leaves:
                self._window.canvas.desk.editor.type_value(self._random.choice(leaves[:5]))
                self._typed = 1
        elif self._random.random() < 0.2:
            QTest.keyClick(field, self._random.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape)))
            self._typed = 0
        else:
            QTest.keyClicks(field, self._random.choice("0123456789.-e"))

    def _go_back(self) -> None:
        """Undo or redo."""
        self._random.choice((self._window.bridge.undo, self._window.bridge.redo))()

    def _save(self) -> None:
        self._tell("saving", self._digest())  # what is being typed is taken first
        if self._window.files.save():
            self._tell("saved", digest(self._window.bridge.now.graph))

    # --- what is told

    def _tell(self, kind: str, what: str = "-") -> None:
        os.write(self._told, f"{kind} {time.monotonic()!r} {what}\n".encode())

    def _tell_state(self) -> None:
        self._tell("state", self._digest())

    def _digest(self) -> str:
        bridge = self._window.bridge
        return digest(with_texts(bridge.now.graph, bridge.pending.texts)[0])


def set_scene(folder: Path, random: Random) -> None:
    """Two of three documents are in a file."""
    if random.random() < 2 / 3:
        disk.save(graph_of(random), folder / "work.gradloom")
