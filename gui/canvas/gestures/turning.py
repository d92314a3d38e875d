"""Alt and the wheel over a leaf's number change it, and so do Ctrl and Shift together, for many desktops keep
Alt and the wheel for themselves. Else the wheel moves the view and changes none."""

from time import monotonic

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent

from engine import edits
from engine.values.steps import Pace
from gui.canvas.desk import Desk
from gui.canvas.gestures.scrubbing import can_scrub, held_number
from gui.document.live import NumberSteps
from gui.widgets.notches import Notches, held_pace

ALT = Qt.KeyboardModifier.AltModifier
WITHOUT_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
PAUSE = 1.0  # seconds: a notch that comes later is an undo step of its own


class Turning:
    """Notches that follow each other over the same number are one undo step."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._notches, self._steps = desk, Notches(), NumberSteps(desk.bridge.real)
        self._id, self._last = "", 0.0

    def turn(self, event: QWheelEvent) -> bool:
        """Change the number under the mouse. Gives whether the wheel was meant for one."""
        if not _is_meant(event.modifiers()):
            return False
        hit = self._desk.hit(self._desk.camera.view.mapToScene(event.position().toPoint()))
        if hit.kind != "value" or not can_scrub(self._desk.graph.nodes[hit.id]):
            return False
        notches = self._notches.take(event)
        if notches and self._desk.bridge.pending.commit():
            self._step(hit.id, notches, event.modifiers())
        event.accept()
        return True

    def _step(self, id: str, notches: int, held: Qt.KeyboardModifier) -> None:
        if id != self._id or monotonic() - self._last > PAUSE:
            self._steps.finish()
        self._id, self._last = id, monotonic()
        number = self._steps.next(held_number(self._desk.graph, id), notches, _pace(held))
        self._steps.make(lambda graph: edits.set_value(graph, id, number))


def _is_meant(held: Qt.KeyboardModifier) -> bool:
    return bool(held & ALT) or held & WITHOUT_ALT == WITHOUT_ALT


def _pace(held: Qt.KeyboardModifier) -> Pace:
    """Ctrl and Shift stand for Alt where they are held together, and say nothing of how fast."""
    return "plain" if held & WITHOUT_ALT == WITHOUT_ALT else held_pace(held)
