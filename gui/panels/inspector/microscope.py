"""The tensor microscope: what the tensors of a step are made of, and any cell of them written out as a sum."""

from collections.abc import Iterable
from typing import Literal

import numpy as np
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from engine.passes.trace import DropStep, UpdateStep
from engine.show.cell_text import cell_text
from engine.show.names import Names
from engine.show.now import Now
from engine.show.sheets import Paper, cell_paper, paper_of
from engine.truth.cells import Cell, WrittenCell, cell_at
from gui.document.bridge import Bridge
from gui.document.lit_cells import LitCell
from gui.panels.inspector.paper_layout import pooled_words
from gui.panels.inspector.paper_view import PaperView
from gui.widgets.boxes import column
from gui.widgets.labels import label, set_role, sign_role

QUICK = 3_000  # elements: what has more waits until the hand rests
REST = 120  # milliseconds


class Microscope(QWidget):
    """Of the current step; after a click on a cell of a card, of that cell until the step is another."""

    appearing = Signal()  # there is something to be seen

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._paper: Paper | None = None
        self._names: Names | None = None
        self._of: tuple[object, ...] = ()
        self._about: tuple[object, ...] | None = None  # what the paper of the step is of
        self._chosen: LitCell | None = None  # the cell of a card that was clicked, while that is so
        self._asked: Cell | None = None  # that a hand asked for; of itself it is the largest
        self._lit: frozenset[LitCell] = frozenset()  # what is to be lit while this is in sight
        self._away = True
        self._page = PaperView()
        self._pooled = label("", "faint", wraps=True)
        self._title, self._symbols = label("", "title", wraps=True), label("", "soft", wraps=True)
        self._numbers, self._result = label("", "number", wraps=True), label("", "number")
        self._why = label("", "why", wraps=True)
        self._late = QTimer(self, singleShot=True, interval=REST)
        self._late.timeout.connect(self._show_step)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._settle)
        parts = (self._title, self._symbols, self._numbers, self._result, self._why)
        column(self, 6, self._page, self._pooled, *parts)
        self.hide()
        self._page.cell_chosen.connect(self._point)
        bridge.cells.chosen.connect(self._look_at_chosen)

    def refresh(self) -> None:
        """The tensors of the step that is spoken of; of large ones only when the pass rests."""
        now = self._bridge.now
        called = tuple(now.graph.name_counts.items())
        fresh, size = (now.telling, now.told.index, now.wording, called), _size(now)
        is_quick = 0 < size <= QUICK and not now.hurried
        if fresh == self._of and not (is_quick and self._late.isActive()):  # it hurried here, and hurries no more
            return
        self._of = fresh
        if not size:
            self._late.stop()
            self._about = self._chosen = self._asked = None
            self._show_paper(None)
        elif is_quick:
            self._late.stop()
            self._show_step()
        else:
            self._show_paper(None)  # nothing stale stays in sight
            self._late.start()

    def come(self) -> None:
        """In sight again: what was looked at is lit again, unless the step is another one by now."""
        self._away = False
        self.refresh()
        self._bridge.cells.light(self._lit)

    def rest(self) -> None:
        """Out of sight: nothing stays lit, and what waits is begun anew when it is seen again."""
        self._away = True
        self._bridge.cells.light(())
        if self._late.isActive():
            self._of = ()
        self._late.stop()
        self._soon.stop()

    def _show_step(self) -> None:
        """The paper of the step. While that is of the same tensors, whatever their numbers, the same cell stays."""
        now = self._bridge.now
        self._names = Names(now.graph, now.telling)
        paper = paper_of(self._names, now.told.step)
        about, before = None if paper is None else _about(paper), self._about
        self._about = about
        asked = self._paper_of_chosen(now) if about == before else None
        if asked is None:
            self._chosen = None
        if about != before:
            self._asked = None
        self._show_paper(asked or paper, self._asked)

    def _paper_of_chosen(self, now: Now) -> Paper | None:
        """Of the cell of a card that was clicked, if there is such a node now."""
        chosen = self._chosen
        if chosen is None or self._names is None or chosen.node not in now.graph.nodes:
            return None
        return cell_paper(self._names, chosen.kind, chosen.node, now.told.done)

    def _look_at_chosen(self, chosen: LitCell) -> None:
        """What a cell of a card is made of."""
        now = self._bridge.now
        self._names, self._chosen, before = Names(now.graph, now.telling), chosen, self._chosen
        paper = self._paper_of_chosen(now)
        if paper is None:
            self._chosen = before
        else:
            self._late.stop()
            self._asked = chosen.cell
            self._show_paper(paper, chosen.cell)

    def _show_paper(self, paper: Paper | None, cell: Cell | None = None) -> None:
        if paper is None and self._paper is None:
            return
        self._paper = paper
        if paper is not None:
            self.appearing.emit()
        self.setVisible(paper is not None)
        self._page.show_paper(paper)
        if paper is None:
            self._shine(())
            return
        words = pooled_words(self._page.placed)
        self._pooled.setText(words)
        self._pooled.setVisible(bool(words))
        self._look_at(cell if cell is not None and _has(paper, cell) else _largest(paper))

    def _point(self, cell: Cell) -> None:
        self._asked = cell
        self._look_at(cell)

    def _look_at(self, cell: Cell) -> None:
        """Write a cell of the result out, and light all that it is made of."""
        if self._paper is None or self._names is None:
            return
        written = self._paper.ask(cell)
        self._page.light(cell, written)
        if written is None:  # no sum of products: the rule that the step tells holds for each cell
            for part in (self._title, self._symbols, self._numbers, self._result, self._why):
                part.setVisible(False)
            self._shine([LitCell("value", self._paper.node, cell)])
            self._soon.start()
            return
        said = cell_text(self._names, written, self._paper.edge, self._bridge.now.wording)
        for part, text in (
            (self._title, said.title), (self._symbols, said.symbols), (self._numbers, said.numbers),
            (self._result, said.result), (self._why, said.why),
        ):  # fmt: skip
            part.setText(text)
            part.setVisible(bool(text))
        is_value = self._paper.kind == "value"
        set_role(self._result, "number" if is_value else sign_role(written.recorded))
        self._page.setAccessibleDescription(f"{said.title} {said.numbers} {said.result}")
        self._light(self._paper, cell, written)
        self._soon.start()

    def _settle(self) -> None:
        """Ask for the height that is needed now: in a page that scrolls Qt goes on with one that it has kept."""
        page = self.parentWidget()
        layout = page.layout() if page is not None else None
        if page is not None and layout is not None and self.heightForWidth(self.width()) != self.height():
            layout.invalidate()
            page.updateGeometry()

    def _light(self, paper: Paper, cell: Cell, written: WrittenCell) -> None:
        """The same cells on the canvas."""
        kind: Literal["value", "gradient"] = "value" if paper.kind == "value" else "gradient"
        lit = [LitCell(kind, paper.node, cell)]
        for factor in written.factors:
            if factor.kind in ("value", "gradient"):
                lit.append(LitCell("value" if factor.kind == "value" else "gradient", factor.node, factor.cell))
        self._shine(lit)

    def _shine(self, cells: Iterable[LitCell]) -> None:
        """Light these on the canvas, as long as one sees here why."""
        self._lit = frozenset(cells)
        self._bridge.cells.light(() if self._away else self._lit)


def _size(now: Now) -> int:
    """How many elements the tensors of a step have; 0: there is no tensor."""
    step = now.told.step
    if step is None or isinstance(step, DropStep):
        return 0
    if isinstance(step, UpdateStep):
        return step.after.size if step.after.ndim else 0
    arrays = [part for part in step if isinstance(part, (np.ndarray, tuple))]
    flat = [np.asarray(x) for part in arrays for x in (part if isinstance(part, tuple) else (part,))]
    return sum(x.size for x in flat if x.ndim)


def _about(paper: Paper) -> tuple[object, ...]:
    """What a paper is of, but for the numbers."""
    return paper.kind, paper.node, paper.edge, np.shape(paper.result.value)


def _has(paper: Paper, cell: Cell) -> bool:
    """Whether there is such a cell in the result."""
    shape = np.shape(paper.result.value)
    return len(cell) == len(shape) and all(at < size for at, size in zip(cell, shape, strict=True))


def _largest(paper: Paper) -> Cell:
    """The cell to begin with: that of the largest magnitude."""
    value = np.asarray(paper.result.value)
    sizes = np.where(np.isnan(value), -1.0, np.abs(value))
    return cell_at(int(np.argmax(sizes)), value.shape)
