"""Numbers in fields, moved by a hand: a drag on the field or on its label, ↑ and ↓, the wheel in the field that has the
focus. It knows no document: who owns the number hears of each next one, once a frame, and of the end."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from engine.values.steps import Stepping
from gui.look.guard import guarded_filter
from gui.widgets.notches import Notches, held_pace, key_way
from gui.widgets.once_a_frame import OnceAFrame
from gui.widgets.sideways import SidewaysWay

THRESHOLD = 4  # pixels: less is a click


class NumberDrag(QObject):
    """One drag at a time. Esc takes it back, whoever has the keys."""

    begun = Signal()
    moved = Signal(float)  # the next number
    ended = Signal()
    taken_back = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._hold: Stepping | None = None
        self._first, self._told = QPoint(), 0.0
        self._way = SidewaysWay(self._first)
        self.going = False  # it is a drag, and no click any more
        self._frames = OnceAFrame(self, self._tell)

    def press(self, hold: Stepping, event: QMouseEvent) -> None:
        """A button goes down on a number."""
        self._hold, self._told = hold, hold.value
        self._first = event.globalPosition().toPoint()
        self._way = SidewaysWay(self._first)

    def move(self, event: QMouseEvent) -> None:
        """The mouse moves with the button down."""
        if self._hold is None:
            return
        at = event.globalPosition().toPoint()
        if not self.going and abs(at.x() - self._first.x()) >= THRESHOLD:
            self._begin()
        if self.going and self._hold is not None:
            self._hold = self._hold.moved(self._way.to(at), held_pace(event.modifiers()))
            self._frames.soon()

    def release(self) -> bool:
        """The button is let go. Gives whether it was a drag."""
        was_going = self.going
        if was_going:
            self._frames.now()
            self._rest()
            self.ended.emit()
        self._rest()
        return was_going

    def cancel(self) -> None:
        """Drop it, with everything as before."""
        if self.going:
            self._rest()
            self.taken_back.emit()
        self._rest()

    def _begin(self) -> None:
        self.going = True
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        self.begun.emit()

    def _rest(self) -> None:
        self._frames.stop()
        if self.going and (app := QApplication.instance()) is not None:
            app.removeEventFilter(self)
        self.going, self._hold = False, None

    def _tell(self) -> bool:
        if self._hold is None or self._hold.value == self._told:
            return False
        self._told = self._hold.value
        self.moved.emit(self._told)
        return True

    @guarded_filter
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While it lasts: Esc is its own, before any shortcut."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
            elif event.type() == QEvent.Type.KeyPress:
                self.cancel()
            return True
        return False


class Scrub(QObject):
    """Lets the number in a line be dragged, stepped and wheeled. `take` gives it with its bounds, or None."""

    def __init__(self, line: QLineEdit, take: Callable[[], Stepping | None]) -> None:
        super().__init__(line)
        self._line, self._take = line, take
        self.drag, self._notches = NumberDrag(self), Notches()
        self._hold: Stepping | None = None  # while the line has the focus
        self.stepping = False  # keys or the wheel have moved it since the line got the focus
        self._pressed = False
        self.drag.taken_back.connect(self._let_go)
        line.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a press may be the beginning of a drag
        line.installEventFilter(self)

    def add_handle(self, label: QLabel) -> None:
        """A label on which the number is dragged as well."""
        label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        label.setCursor(Qt.CursorShape.SizeHorCursor)
        label.installEventFilter(self)

    # --- Qt

    @guarded_filter
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QMouseEvent):
            return self._on_mouse(watched, event)
        if watched is not self._line:
            return False
        if kind in (QEvent.Type.Enter, QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._show_cursor(kind)
        if kind == QEvent.Type.FocusOut:
            self.end_steps()
        if isinstance(event, QWheelEvent) and self._line.hasFocus():
            self._step(self._notches.take(event), event.modifiers())
            event.accept()
            return True
        return isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress and self._on_key(event)

    def _show_cursor(self, kind: QEvent.Type) -> None:
        typing = kind == QEvent.Type.FocusIn or (kind == QEvent.Type.Enter and self._line.hasFocus())
        free = not typing and self._take() is not None
        self._line.setCursor(Qt.CursorShape.SizeHorCursor if free else Qt.CursorShape.IBeamCursor)

    def _on_mouse(self, watched: QObject, event: QMouseEvent) -> bool:
        kind, in_line = event.type(), watched is self._line
        if kind == QEvent.Type.MouseMove:
            self.drag.move(event)
            return self.drag.going
        if event.button() != Qt.MouseButton.LeftButton or not self._line.isEnabled():
            return False
        if kind == QEvent.Type.MouseButtonPress and not (in_line and self._line.hasFocus()):
            return self._press(event, in_line)
        if kind == QEvent.Type.MouseButtonRelease and self._pressed:
            self._pressed = False
            if not self.drag.release():
                self._begin_typing()
            return True
        return False

    def _press(self, event: QMouseEvent, in_line: bool) -> bool:
        hold = self._take()
        if hold is None:
            if in_line:
                self._line.setFocus(Qt.FocusReason.MouseFocusReason)
            return False
        self._pressed = True
        self.drag.press(hold, event)
        return True

    def _let_go(self) -> None:
        """Esc: the rest of the drag is nothing."""
        self._pressed = False

    def _begin_typing(self) -> None:
        self._line.setFocus(Qt.FocusReason.MouseFocusReason)
        self._line.selectAll()

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape and self.stepping:
            self.stepping, self._hold = False, None
            self.drag.taken_back.emit()
            return True
        way = key_way(event)
        return bool(way) and self._step(way, event.modifiers())

    def _step(self, steps: int, held: Qt.KeyboardModifier) -> bool:
        found = self._take()
        if found is None or not steps:
            return False
        if not self.stepping:
            self.stepping, self._hold = True, None
            self.drag.begun.emit()
        hold = self._hold if self._hold is not None and self._hold.value == found.value else found
        self._hold = hold.stepped(steps, held_pace(held))
        self.drag.moved.emit(self._hold.value)
        self._line.selectAll()
        return True

    def end_steps(self) -> None:
        """What was stepped is done: the next step is another editing."""
        if self.stepping:
            self.stepping, self._hold = False, None
            self.drag.ended.emit()


def number_scrub(line: QLineEdit, take: Callable[[], Stepping | None], *handles: QWidget) -> Scrub:
    """A line whose number can be moved, and labels on which it can be dragged too."""
    scrub = Scrub(line, take)
    for handle in handles:
        if isinstance(handle, QLabel):
            scrub.add_handle(handle)
    return scrub
