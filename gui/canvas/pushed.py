"""Begins the push of a leaf by keys, and ends it: says why where there is nothing to push."""

import numpy as np

from engine.passes.trace import Trace
from engine.truth.along import Knob, can_turn
from engine.truth.cells import cell_at
from gui.canvas.desk import Desk
from gui.canvas.gestures.nudging import Nudging
from gui.canvas.gestures.pushing import NO_PUSH
from gui.canvas.tools import Tools

NO_LEAF = "Select a leaf that holds a number: that is what is pushed."
MOST = 20_000  # elements that are gone through by keys


def push_by_keys(desk: Desk, tools: Tools) -> None:
    """Begin to push the selected leaf, or end it; says why where it cannot be."""
    if isinstance(tools.state, Nudging):
        tools.cancel()
        return
    (*picked,) = desk.picked
    trace: Trace = desk.bridge.real.now.trace
    value = trace.value(picked[0]) if len(picked) == 1 and desk.document.nodes[picked[0]].op.holds_value else None
    if tools.state.busy or value is None:
        desk.tell(NO_LEAF)
        return
    knobs = [Knob(picked[0], cell_at(at, value.shape)) for at in range(min(value.size, MOST))]
    turned = [knob for knob in knobs if can_turn(trace, knob)]
    if not turned:
        desk.tell(NO_PUSH)
        return
    gradient = trace.gradient(picked[0])
    sizes = [0.0 if gradient is None else abs(float(np.asarray(gradient)[knob.index])) for knob in turned]
    state = Nudging(desk, turned, int(np.argmax(sizes)))
    desk.camera.view.setFocus()
    tools.begin(state)
    state.show()
