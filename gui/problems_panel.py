"""The problems panel: what is unfinished or suspicious, where, what to do, and a button where an edit mends it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from engine.problems import Problem
from gui import icons
from gui.bridge import Bridge
from gui.theme import theme
from gui.view_state import ViewState
from gui.widgets.labels import label

MOST = 200  # rows at once; the rest is counted
SEVERITIES = {  # the icon, its colour, and the word
    "unfinished": ("unfinished", "focus", "Unfinished"),
    "warning": ("warning", "warn", "Warning"),
    "note": ("note", "soft", "Note"),
}


class ProblemsPanel(QScrollArea):
    """A row a problem. A click or Enter on one brings its nodes into view."""

    count_changed = Signal(int)

    def __init__(self, bridge: Bridge, state: ViewState) -> None:
        super().__init__()
        self._bridge, self._state = bridge, state
        self._shown: list[tuple[object, ...]] | None = None
        self.count = 0
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Problems")
        bridge.changed.connect(self._refresh)
        self._refresh()

    def sizeHint(self) -> QSize:
        return QSize(320, 180)

    def _refresh(self, change: object = None) -> None:
        problems = self._bridge.problems
        keys = [_key(problem) for problem in problems]
        if keys == self._shown:
            return
        self._shown = keys
        self._fill(problems)
        if len(problems) != self.count:
            self.count = len(problems)
            self.count_changed.emit(self.count)

    def _fill(self, problems: list[Problem]) -> None:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(2)
        for problem in problems[:MOST]:
            layout.addWidget(ProblemRow(problem, self._bridge, self._state))
        if len(problems) > MOST:
            layout.addWidget(label(f"… and {len(problems) - MOST} more", "faint"))
        if not problems:
            layout.addWidget(label("No problems", "faint"))
        layout.addStretch(1)
        old = self.takeWidget()
        if old is not None:
            old.deleteLater()  # it may be the one whose Fix button was pressed
        self.setWidget(page)


def _key(problem: Problem) -> tuple[object, ...]:
    fix = problem.fix.text if problem.fix else ""
    return (problem.kind, problem.severity, problem.sentence, problem.ids, problem.remedy, fix)


class ProblemRow(QFrame):
    """One problem: its sign, the sentence, what to do, and perhaps a button that does it."""

    def __init__(self, problem: Problem, bridge: Bridge, state: ViewState) -> None:
        super().__init__()
        self._problem, self._bridge, self._state = problem, bridge, state
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{SEVERITIES[problem.severity][2]}: {problem.sentence} {problem.remedy}")
        words = QVBoxLayout()
        words.setSpacing(2)
        for text, role in ((problem.sentence, ""), (problem.remedy, "soft")):
            if text:
                line = label(text, role, wraps=True)
                line.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)  # a click is the row's
                words.addWidget(line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(36, 8, 8, 8)
        layout.addLayout(words, 1)
        if problem.fix is not None:
            layout.addWidget(self._fix_button(problem.fix.text))

    def _fix_button(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.clicked.connect(self._mend)
        return button

    def _mend(self) -> None:
        assert self._problem.fix is not None
        self._bridge.edit(self._problem.fix.edit)

    def _reveal(self) -> None:
        self._state.reveal(id for id in self._problem.ids if id in self._bridge.graph.nodes)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._reveal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._reveal()
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.color("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(look.color("chip") if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        icon, colour, _ = SEVERITIES[self._problem.severity]
        icons.paint(painter, icon, QRectF(9, 8, 18, 18), look.color(colour))
        painter.end()
