"""Frames of touching tensors: hovering cells in the microscope, dragging in Slopes, pushing, scrubbing; on Iris and on
a 784-256-128-10 net. A frame is one move of the hand and all that is computed and painted for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from itertools import count, pairwise
from typing import TYPE_CHECKING

import numpy as np

from engine.files import disk
from engine.graph.graph import Graph
from engine.passes.trace import ContributionStep
from tests.bench.begun import begun
from tests.bench.frames import LIMIT, at, in_turns, share_held
from tests.bench.timing import Row
from tests.building import graph_of

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QWidget

    from gui.main_window import MainWindow

FRAMES, PATIENCE = 120, 4.0  # frames of a kind, and seconds that they may take
WIDTHS, BATCH = (784, 256, 128, 10), 32


def net(widths: tuple[int, ...] = WIDTHS, batch: int = BATCH) -> Graph:
    """A classifier of so many neurons in each layer, over a batch of noise."""
    rng, rows, last = np.random.default_rng(0), list[tuple[object, ...]](), "x"
    rows.append(("x", "input", rng.normal(size=(batch, widths[0]))))
    rows.append(("t", "input", np.eye(widths[-1])[rng.integers(0, widths[-1], batch)]))
    for layer, (below, here) in enumerate(pairwise(widths), 1):
        rows.append((f"W{layer}", "parameter", rng.normal(size=(here, below)) / below**0.5))
        rows.append((f"b{layer}", "parameter", np.zeros(here)))
        rows.append((f"z{layer}", "linear", [last, f"W{layer}", f"b{layer}"]))
        last = f"z{layer}"
        if layer + 1 < len(widths):
            rows.append((f"h{layer}", "relu", [last]))
            last = f"h{layer}"
    return graph_of(*rows, ("loss", "cross_entropy", [last, "t"]), target="loss")


def rows() -> Iterator[Row]:
    """The whole table."""
    with begun():
        iris = disk.load(files("assets").joinpath("examples", "iris.gradloom"))
        for name, graph in (("Iris", iris), ("-".join(map(str, WIDTHS)), net())):
            yield from Touched(name, graph).rows()


class Touched:
    """A window on a graph, and a hand in it."""

    def __init__(self, name: str, graph: Graph) -> None:
        from gui.look import style
        from gui.main_window import MainWindow

        self.name = f"touch, {name}"
        self.window: MainWindow = MainWindow()
        style.dress(self.window)
        self.window.resize(1440, 900)
        self.window.show()
        self.window.bridge.load(graph)
        self._settle()

    def rows(self) -> Iterator[Row]:
        yield self._row("hover the cells of dW", self._hover("W1"))
        yield self._row("hover the cells of db", self._hover("b1"))
        player, length = self.window.bridge.player, len(self.window.bridge.now.trace)
        places = iter([abs((i % 200) / 100 - 1) * length for i in range(4 * FRAMES)])
        yield self._row("scrub the pass", lambda: player.seek(next(places)))
        player.go_to_end()
        yield self._row("push by keys", self._push())
        yield self._row("drag in Slopes", self._drag())
        self.window.bridge.mark_saved()
        self.window.close()
        self._settle()

    def _hover(self, leaf: str) -> Callable[[], object]:
        """From cell to cell of what comes back to a leaf, line by line."""
        from gui.panels.inspector.paper_view import PaperView

        steps, bridge = self.window.bridge.now.trace.steps, self.window.bridge
        bridge.player.seek(
            next(i for i, s in enumerate(steps, 1) if isinstance(s, ContributionStep) and s.edge.source == leaf)
        )
        page = next(view for view in self.window.findChildren(PaperView) if view.accessibleName().startswith("Tensors"))
        self._settle(until=lambda: bool(page.placed))
        result, turn = next(each for each in page.placed if each.sheet.place == "result"), count()
        lines, columns = result.grid.shape

        def move() -> None:
            line, column = divmod(next(turn) % (lines * columns), columns)
            self._move(page, result.box(line, column).center())

        return move

    def _push(self) -> Callable[[], object]:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        window, turn = self.window, count()
        window.selection.select(["W1"])
        window.canvas.setFocus()
        QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
        self._settle(1.0)  # the check that began with the choice has its own slices of time
        keys = (Qt.Key.Key_Left, Qt.Key.Key_Minus, Qt.Key.Key_Right, Qt.Key.Key_Down)
        return lambda: QTest.keyClick(window.canvas, keys[next(turn) % len(keys)])

    def _drag(self) -> Callable[[], object]:
        """The point of the slope of the loss over a weight, to and fro."""
        from PySide6.QtCore import QPointF, Qt
        from PySide6.QtTest import QTest

        from gui.panels.slopes.panel import SlopesPanel

        self.window.canvas.tools.cancel()
        self.window.panels.show_panel("slopes")
        panel = self.window.findChild(SlopesPanel)
        assert panel is not None
        self._settle(2.0)
        plot, turn = panel.slope, count()
        point = next(plot.spot(float(m.x), float(m.y)) for m in [plot.figure.mark] if m is not None)
        assert point is not None
        QTest.mousePress(plot, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point.toPoint())
        return lambda: self._move(plot, point + QPointF(80 * np.sin(next(turn) / 10), 0), pressed=True)

    @staticmethod
    def _move(widget: QWidget, to: QPointF, pressed: bool = False) -> None:
        from PySide6.QtCore import QEvent, QPointF, Qt
        from PySide6.QtGui import QMouseEvent
        from PySide6.QtWidgets import QApplication

        where, button = QPointF(widget.mapToGlobal(to)), Qt.MouseButton
        held = button.LeftButton if pressed else button.NoButton
        none = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, to, where, button.NoButton, held, none))

    def _row(self, what: str, do: Callable[[], object]) -> Row:
        for _ in range(3):
            self._painted(do)
        (times,) = in_turns([lambda: self._painted(do)], FRAMES, PATIENCE)
        share = share_held()
        limit = f"p{share * 100:.0f} ≤ {LIMIT * 1e3:.3g} ms"
        return Row(self.name, what, times.text(), target=limit, reached=at(times.own, share) <= LIMIT)

    @staticmethod
    def _painted(do: Callable[[], object]) -> None:
        from PySide6.QtWidgets import QApplication

        do()
        for _ in range(3):  # what waits for the next turn of the loop belongs to it
            QApplication.processEvents()

    @staticmethod
    def _settle(seconds: float = 0.3, until: Callable[[], bool] = lambda: True) -> None:
        import time

        from PySide6.QtWidgets import QApplication

        end = time.perf_counter() + seconds
        while time.perf_counter() < end or not until():
            QApplication.processEvents()
