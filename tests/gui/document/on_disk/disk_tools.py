"""Windows as far as files go, and what something else writes into theirs."""

from __future__ import annotations

import os
from pathlib import Path

from engine import edits
from engine.graph.graph import Graph
from gui.document.bridge import Bridge
from gui.document.files import Files
from tests.gui.document.answers import Answers
from tests.gui.graphs import product

THEIRS = product().apply(edits.set_value(product(), "x", 99.0))


class Seen:
    """A window as far as files go, and what it has said."""

    def __init__(self) -> None:
        self.bridge = Bridge()
        self.files = Files(self.bridge, Answers())
        self.ask = self.files.ask
        self.notices: list = []
        self.failures: list[str] = []
        self.standing: set[str] = set()
        self.files.watch.noticed.connect(self._note)
        self.files.watch.settled.connect(self.standing.discard)
        self.files.failed.connect(lambda error: self.failures.append(str(error)))

    def _note(self, notice) -> None:
        self.notices.append(notice)
        self.standing.add(notice.topic)

    @property
    def graph(self) -> Graph:
        return self.bridge.now.graph

    def value(self, id: str = "x") -> float:
        return float(self.graph.nodes[id].value)

    def edit(self, value: float, id: str = "x") -> None:
        self.bridge.edit(lambda graph: edits.set_value(graph, id, value))

    def choose(self, words: str) -> None:
        """Press a button of the bar that was shown last; the bar goes."""
        [choice] = [choice for choice in self.notices[-1].choices if choice.words == words]
        choice.do()

    def close(self) -> None:
        self.ask.unsaved = "discard"
        self.files.close()


def left_in(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))
