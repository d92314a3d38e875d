"""Which cell of a tensor a hand has asked for in a page: what its inspector writes out, until the step is another."""

from __future__ import annotations

from typing import NamedTuple

from engine.show.names import Names
from engine.show.now import Now
from engine.show.sheets import Paper, cell_paper, paper_of
from engine.truth.cells import Cell
from gui.document.lit_cells import LitCell
from gui.main_window import MainWindow
from gui.panels.inspector.microscope import Microscope
from gui.panels.inspector.paper_view import PaperView


class Asked(NamedTuple):
    """The cell of a card that was clicked, and the one on the paper in the inspector that was pointed at after it."""

    picked: LitCell | None = None
    pointed: Cell | None = None

    def paper(self, now: Now) -> Paper | None:
        """On which the cell stands, if there is one at this moment: a number that was typed is made of nothing."""
        names = Names(now.graph, now.telling)
        if self.picked is None:
            return paper_of(names, now.told.step)
        if self.picked.node not in now.graph.nodes:
            return None
        return cell_paper(names, self.picked.kind, self.picked.node, now.told.done)

    def fits(self, now: Now) -> bool:
        """Whether there is such a cell at this moment."""
        if self == Asked():
            return True
        paper = self.paper(now)
        shape = None if paper is None else paper.result.value.shape
        if self.pointed is None or shape is None:
            return shape is not None
        return len(shape) == len(self.pointed) and all(at < size for at, size in zip(self.pointed, shape, strict=True))


class Looked:
    """Listens to the hands in one page."""

    def __init__(self, window: MainWindow) -> None:
        self._asked, self._bridge = Asked(), window.bridge
        window.bridge.cells.chosen.connect(self._pick)
        window.findChild(Microscope).findChild(PaperView).cell_chosen.connect(self._point)

    def _pick(self, cell: LitCell) -> None:
        if Asked(cell).paper(self._bridge.now) is not None:
            self._asked = Asked(cell)

    def _point(self, cell: Cell) -> None:
        self._asked = Asked(self._asked.picked, cell)

    def ways(self, now: Now) -> list[Asked]:
        """What may be written out: the step may have been another since, and then is so for itself again."""
        picked, pointed = self._asked
        every = dict.fromkeys([Asked(), Asked(None, pointed), Asked(picked), Asked(picked, pointed)])
        return [asked for asked in every if asked.fits(now)]
