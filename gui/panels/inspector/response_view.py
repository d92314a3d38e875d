"""An operation of one number drawn over its input, with its slope dashed: where this node is on it, and how steep it is
there; of a tensor, how its elements are spread along it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from engine.graph.records import Node
from engine.show.now import Now
from engine.show.reference import FROM, TO, can_sketch, response, sketch
from engine.show.wording import worded
from engine.values.values import counted, number_text
from gui.document.bridge import Bridge
from gui.look.as_is import as_is
from gui.widgets.boxes import column
from gui.widgets.labels import label
from gui.widgets.plot import Bars, Curve, Figure, Mark, Plot
from gui.widgets.plot_axes import Axis, ticked

POINTS, BINS = 241, 24
FARTHEST = 1e6  # an input beyond this is not drawn
WEAK = 0.1  # of the steepest slope
SQUEEZED = 98  # percent of the heights are shown at least
TIP = "Dashed: the slope, which is what a gradient is multiplied by on its way back"
Numbers = NDArray[np.float64]


class ResponseView(QWidget):
    """Shows nothing where a node is no such operation, or the pass has not reached it."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._of: object = None
        self.plot, self._note = Plot("", QSize(240, 176)), label("", "soft", wraps=True)
        column(self, 8, self.plot, self._note)

    def show_node(self, node: Node) -> None:
        """Draw the operation of this node, with its input of this moment."""
        now = self._bridge.now
        xs = _inputs(now, node)
        self.setVisible(xs is not None)
        of = None if xs is None else (node.op_name, node.settings, node.name, xs.shape, xs.tobytes(), now.wording)
        if xs is None or of == self._of:
            return
        self._of = of
        self.plot.setToolTip(as_is(worded(TIP, now.wording)))
        self.plot.show_figure(_figure(node, xs))
        note = worded(_note(node, xs), now.wording)
        self._note.setText(note)
        self._note.setVisible(bool(note))


def _inputs(now: Now, node: Node) -> Numbers | None:
    """The finite elements of what goes in, in the shape that it has; None: there is nothing to draw."""
    edges = now.graph.into(node.id)
    if not can_sketch(node.op) or len(edges) != 1 or now.told.value(node.id) is None:
        return None
    value = now.told.value(edges[0].source, edges[0].output)
    if value is None:
        return None
    xs = np.asarray(value, np.float64)
    fits = np.isfinite(xs) & (np.abs(xs) < FARTHEST)
    if not fits.any():
        return None
    return xs if not xs.ndim else xs[fits]


def _figure(node: Node, xs: Numbers) -> Figure:
    low, high = min(FROM, float(xs.min()) - 0.5), max(TO, float(xs.max()) + 0.5)
    drawn = sketch(node.op, node.settings, low, high, POINTS)
    curves = (Curve("", "text", drawn.xs, drawn.ys), Curve("", "faint", drawn.xs, drawn.slopes, dashed=True))
    axes = ticked(low, high), _heights(np.concatenate([drawn.ys, drawn.slopes]), node, xs)
    if xs.ndim:
        counts, edges = np.histogram(xs, BINS)
        said = counted(xs.size, "element")
        return Figure(node.op.title, *axes, curves, said=said, bars=Bars(edges, counts.astype(np.float64)))
    (y,), (slope,) = response(node.op, node.settings, xs.reshape(1))
    steep = float(slope) if np.isfinite(slope) else None
    said = f"slope {number_text(steep)}" if steep is not None else ""
    return Figure(node.op.title, *axes, curves, said=said, mark=Mark(float(xs), float(y), steep))


def _heights(numbers: Numbers, node: Node, xs: Numbers) -> Axis:
    """Room for the curves without their wildest ends, for 0, and for where a single input is."""
    finite = numbers[np.isfinite(numbers)]
    if not finite.size:
        return Axis(-1.0, 1.0)
    low, high = (float(end) for end in np.percentile(finite, [100 - SQUEEZED, SQUEEZED]))
    here = response(node.op, node.settings, xs.reshape(1))[0] if not xs.ndim else np.zeros(0)
    ends = [0.0, low, high, *here[np.isfinite(here)].tolist()]
    slack = 0.08 * (max(ends) - min(ends)) or 1.0
    return ticked(min(ends) - slack, max(ends) + slack)


def _note(node: Node, xs: Numbers) -> str:
    """How many elements let little or nothing of a gradient through."""
    slopes = response(node.op, node.settings, np.atleast_1d(xs))[1]
    shut = int(np.count_nonzero(slopes == 0))
    weak = int(np.count_nonzero(np.abs(slopes) < WEAK * node.op.steepest)) if node.op.steepest else 0
    which = f"At {shut or weak} of {slopes.size} elements" if xs.ndim else "Here"
    if shut:
        return f"{which} the slope is 0: no gradient goes through."
    return f"{which} the slope is under a tenth of its largest: little gradient goes through." if weak else ""
