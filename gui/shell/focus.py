"""Where the keys are in the window: from one pane to the next, and what takes them over where a control goes.

pane   a part of the window that F6 goes to: the canvas, each panel, the bars, a message
"""

from collections.abc import Callable, Iterator, Sequence

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QScrollArea, QTextEdit, QWidget

FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox)
BY_TAB = Qt.FocusReason.TabFocusReason


class PaneFocus(QObject):
    """F6 goes round the panes, each time to what had the keys there last.

    Qt lets the keys slide to whatever stands next in the order of Tab when a button is switched off or a field goes:
    here a neighbour gets them, or else the canvas.
    """

    def __init__(self, window: QWidget, canvas: QWidget, panes: Callable[[], Sequence[QWidget]]) -> None:
        super().__init__(window)
        self._window, self._canvas, self._panes = window, canvas, panes
        self._last: dict[QWidget, QWidget] = {}  # what had the keys in each pane
        self._was_off = False  # whether what has lost the keys was off or hidden before: nobody took them from it
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_moved)

    # --- round the panes

    def go(self, way: int) -> None:
        """To the next pane (1) or the one before (−1) in which anything takes keys."""
        panes = [pane for pane in self._panes() if pane.isVisible()]
        here = QApplication.focusWidget()
        at = next((k for k, pane in enumerate(panes) if _holds(pane, here)), panes.index(self._canvas))
        for step in range(1, len(panes) + 1):
            goal = self._door(panes[(at + way * step) % len(panes)])
            if goal is not None:
                _give(goal)
                return

    def _door(self, pane: QWidget) -> QWidget | None:
        """What takes the keys in a pane."""
        last = self._last.get(pane)
        if last is not None and shiboken6.isValid(last) and _takes_keys(last) and _holds(pane, last):
            return last
        return next(_stops(pane), None)

    # --- what goes

    def _on_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if not shiboken6.isValid(self._window):  # it goes while a field in it has the keys
            return
        if new is not None and self._window.isAncestorOf(new):
            self._last |= {pane: new for pane in self._panes() if _holds(pane, new)}
        if new is not None:
            new.installEventFilter(self)
        was_off, self._was_off = self._was_off, False
        if old is None:
            return
        old.removeEventFilter(self)
        if not was_off or not self._window.isVisible() or not self._window.isAncestorOf(old):
            return
        parents, place = _parents(old, self._window), old.mapTo(self._window, old.rect().center())
        QTimer.singleShot(0, self, lambda: self._mend(old, new, parents, place))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What has the keys is about to lose them. A field that closes itself when it is left is still on here."""
        if event.type() == QEvent.Type.FocusOut and isinstance(watched, QWidget):
            self._was_off = not _is_on(watched)
        return False

    def _mend(self, old: QWidget, new: QWidget | None, parents: list[QWidget], place: QPoint) -> None:
        """The control that had the keys has gone, and nobody has sent them elsewhere since."""
        if QApplication.focusWidget() is not new or QApplication.activeModalWidget() is not None:
            return
        if shiboken6.isValid(old) and _takes_keys(old):
            _give(old)  # it is back already
            return
        _give(self._neighbour(parents, place) or self._canvas)

    def _neighbour(self, parents: list[QWidget], place: QPoint) -> QWidget | None:
        """What takes keys nearest to a place, in the smallest part of the pane that has anything.

        No field is one: what is typed on would go into another than was meant.
        """
        panes = self._panes()
        for parent in parents:
            if shiboken6.isValid(parent):
                inside = [widget for widget in _stops(parent) if not isinstance(widget, FIELDS)]
                if inside:
                    return min(inside, key=lambda widget: self._far(widget, place))
                if parent in panes:
                    return None
        return None

    def _far(self, widget: QWidget, place: QPoint) -> int:
        return (widget.mapTo(self._window, widget.rect().center()) - place).manhattanLength()


def _give(widget: QWidget) -> None:
    """Give the keys to a widget, in view: Qt scrolls there for Tab alone."""
    widget.setFocus(BY_TAB)
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()


def _holds(part: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (part is widget or part.isAncestorOf(widget))


def _is_on(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled()


def _takes_keys(widget: QWidget) -> bool:
    """Whether Tab stops there."""
    stops = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return stops and _is_on(widget) and widget.focusProxy() is None


def _stops(part: QWidget) -> Iterator[QWidget]:
    """What takes keys in a part of the window, itself too."""
    # Not along nextInFocusChain(): it makes PySide believe that a widget holds the next, and the canvas loses its own.
    return (widget for widget in (part, *part.findChildren(QWidget)) if _takes_keys(widget))


def _parents(widget: QWidget, window: QWidget) -> list[QWidget]:
    """From the one that holds a widget up to the window, without it."""
    found, parent = [], widget.parentWidget()
    while parent is not None and parent is not window:
        found.append(parent)
        parent = parent.parentWidget()
    return found
