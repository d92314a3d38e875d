"""How far a hand that drags a number has gone sideways. The edge of the screen does not end it: the pointer is carried
on at the other one, as in Blender."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor, QGuiApplication

SURE = 2  # pixels: so near the pointer really is to where an event says
INSIDE = 2  # pixels from an edge: it comes out there, and is not at the edge itself


class SidewaysWay:
    """From where a button went down, on. Places are those of the whole desktop."""

    def __init__(self, at: QPoint) -> None:
        self._x, self._carried = at.x(), 0

    def to(self, at: QPoint) -> int:
        """The pixels from where the hand was last to where it is; carried on, it has not gone."""
        way, self._x = at.x() - self._x, at.x()
        if self._carried and abs(way - self._carried) < abs(way):  # an event from before may still come in between
            way, self._carried = way - self._carried, 0
        if not self._carried:
            self._carry_on(at)
        return way

    def _carry_on(self, at: QPoint) -> None:
        goal = other_side(at)
        here = QCursor.pos()
        if goal is not None and (here - at).manhattanLength() <= SURE and can_carry():
            self._carried = goal.x() - at.x()
            QCursor.setPos(goal)


def can_carry() -> bool:
    """Whether a program may say where the pointer is: under Wayland none may."""
    return not QGuiApplication.platformName().startswith("wayland")


def other_side(at: QPoint) -> QPoint | None:
    """Where one comes out who is at the left or the right end of all screens; None anywhere else."""
    screen = QGuiApplication.screenAt(at)
    if screen is None:
        return None
    room = screen.geometry()
    for x, out, goal in ((room.left(), -1, room.right() - INSIDE), (room.right(), 1, room.left() + INSIDE)):
        if at.x() == x and QGuiApplication.screenAt(at + QPoint(out, 0)) is None:
            return QPoint(goal, at.y())
    return None
