"""An op, looked up: its sentence, its formula, its derivatives, both as curves, and what counts at its corners."""

from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QWidget

from engine.ops.op import GROUPS, Op
from engine.show.reference import Reference, Sketch, reference
from engine.show.wording import Wording, worded
from gui.look.math_view import MathView
from gui.shell.dialogs.help import HelpDialog
from gui.widgets.boxes import STRETCH, column, row, scrolling
from gui.widgets.labels import label
from gui.widgets.plot import Curve, Figure, Plot
from gui.widgets.plot_axes import Axis, Numbers, ticked

WIDTH, HEIGHT, LOW = 560, 620, 430  # of the dialog, with a curve and without
PLOT = QSize(500, 220)
FORMULA, LEAST = 17, 30  # pixels: an em, and the least height of the formulas
SQUEEZED = 98  # per cent of all heights that are shown: the wildest are cut off


def reference_dialog(parent: QWidget, op: Op, wording: Wording) -> QDialog:
    """All that is known of an op, to be read."""
    found = reference(op)
    body = scrolling(column(None, 12, *_parts(found, wording), STRETCH, margins=(4, 4, 12, 4)))
    return HelpDialog(parent, f"{op.title}: reference", body, WIDTH, HEIGHT if found.sketch else LOW)


def _parts(found: Reference, wording: Wording) -> Iterator[QWidget]:
    op = found.op
    head = QWidget()
    symbol = [label(op.symbol, op.family)] if op.symbol != op.title else []
    row(head, 12, *symbol, label(op.title, "heading"), label(GROUPS[op.group], "faint"), STRETCH)
    yield head
    yield label(worded(op.tooltip, wording), wraps=True)
    if found.equations:
        view = MathView(FORMULA, LEAST)
        view.show_equations(found.equations, "; ".join(found.said))
        yield view
    yield from _sentences("", [_ports(op), found.written_for])
    yield from _sentences("Jacobian", found.jacobian)
    if found.sketch is not None:
        plot = Plot(f"{op.title} and its slope", PLOT)
        plot.setMinimumHeight(PLOT.height())
        plot.show_figure(figure(op, found.sketch))
        yield plot
    yield from _sentences("At corners, ties and ends", found.conventions)
    yield from _sentences("Take care", found.cautions)


def _ports(op: Op) -> str:
    """What its ports are for, where they have parts of their own."""
    if op.repeats:
        return "It takes as many inputs as you connect."
    return f"Inputs: {', '.join(map(op.port_text, range(len(op.ports))))}." if op.roles else ""


def _sentences(title: str, sentences: Sequence[str]) -> Iterator[QWidget]:
    said = [each for each in sentences if each]
    if said and title:
        yield label(title, "caption")
    for each in said:
        yield label(each, "soft", wraps=True)


def figure(op: Op, sketch: Sketch) -> Figure:
    """y, and dashed its slope, over x."""
    xs = sketch.xs
    curves = (Curve("y", "text", xs, sketch.ys), Curve("∂y/∂x", "focus", xs, sketch.slopes, dashed=True))
    high = _heights(np.concatenate([sketch.ys, sketch.slopes]))
    return Figure(op.title, ticked(float(xs[0]), float(xs[-1])), high, curves, unit="x =")


def _heights(numbers: Numbers) -> Axis:
    finite = numbers[np.isfinite(numbers)]
    if not finite.size:
        return Axis(-1.0, 1.0)
    low, high = (float(end) for end in np.percentile(finite, [100 - SQUEEZED, SQUEEZED]))
    low, high = min(low, 0.0), max(high, 0.0)
    slack = 0.08 * (high - low) or 1.0
    return ticked(low - slack, high + slack)
