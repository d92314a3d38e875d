"""The problems panel: what is unfinished or suspicious, where, what to do, and a button where an edit mends it."""

from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea

from engine.show.now import Now
from engine.show.wording import Wording, worded
from engine.truth.problem import Problem
from gui.document.bridge import Bridge
from gui.document.preferences import Preferences
from gui.document.selection import Selection
from gui.look import icons
from gui.look.as_is import unmarked
from gui.look.guard import guarded
from gui.look.theme import theme
from gui.panels import Panel
from gui.widgets.boxes import STRETCH, column, holder
from gui.widgets.buttons import PushButton
from gui.widgets.labels import label

MOST = 100  # rows at once; the rest is counted
NONE, HELD_BACK = "No problems", "Problems would give numbers away: they are hidden until the question is answered."
MANY, LARGE, REST = 1000, 4000, 120  # of so many nodes, or numbers, they are counted at rest of so many ms
SEVERITIES = {  # the icon, its colour, and the word
    "unfinished": ("unfinished", "warn", "Unfinished"),
    "warning": ("warning", "warn", "Warning"),
    "note": ("note", "soft", "Note"),
}


class ProblemsPanel(QScrollArea):
    """A row a problem. A click or Enter on one brings its nodes into view. Rows are made once and written over."""

    count_changed = Signal(object)  # how many; None while a question is open: to tell would give numbers away

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__()
        self._bridge, self._selection = bridge, selection
        self._rows: list[ProblemRow] = []
        self._shown: list[tuple[object, ...]] | None = None
        self._none, self._more = label(NONE, "faint"), label("", "faint")
        self.count: int | None = 0
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Problems")
        self._layout = column(None, 2, self._none, self._more, STRETCH, margins=(8, 8, 8, 8))
        self.setWidget(holder(self._layout))
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._refresh)
        bridge.told.connect(self._on_told)
        self._refresh()

    def sizeHint(self) -> QSize:
        return QSize(320, 180)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fill()

    def _on_told(self, now: Now) -> None:
        if now.trace.is_part != (self.count is None):  # a question begins or ends: at once
            self._refresh()
        elif now.content_changed and now.change.only_values and not self.isVisible() and _takes_long(now):
            self._rest.start()  # a number may be on the move: to look for problems would take longer than all else
        elif now.content_changed or now.wording_changed:
            self._refresh()

    def _refresh(self) -> None:
        self._rest.stop()
        count = None if self._bridge.now.trace.is_part else len(self._bridge.now.problems)
        if self.isVisible():
            self._fill()
        if count != self.count:
            self.count = count
            self.count_changed.emit(count)

    def _fill(self) -> None:
        """Write the rows, if they say something new."""
        problems = [_in_words(problem, self._bridge.now.wording) for problem in self._bridge.now.problems]
        keys = [_key(problem) for problem in problems]
        self._none.setText(HELD_BACK if self._bridge.now.trace.is_part else NONE)
        if keys == self._shown:
            return
        self._shown = keys
        while len(self._rows) < min(len(problems), MOST):
            self._rows.append(ProblemRow(self._bridge, self._selection))
            self._layout.insertWidget(len(self._rows) - 1, self._rows[-1])
        for i, row in enumerate(self._rows):
            row.setVisible(i < len(problems))
            if i < len(problems):
                row.show_problem(problems[i])
        self._none.setVisible(not problems)
        self._more.setVisible(len(problems) > MOST)
        self._more.setText(f"… and {len(problems) - MOST} more")


def _takes_long(now: Now) -> bool:
    """Whether there are many nodes, or many numbers in them."""
    return len(now.graph.nodes) >= MANY or sum(step.value.size for step in now.trace.forward_steps) >= LARGE


def _in_words(problem: Problem, wording: Wording) -> Problem:
    """The problem in the language that was chosen."""
    return replace(problem, sentence=worded(problem.sentence, wording), remedy=worded(problem.remedy, wording))


def _key(problem: Problem) -> tuple[object, ...]:
    fix = problem.fix.text if problem.fix else ""
    return (problem.kind, problem.severity, problem.sentence, problem.ids, problem.remedy, fix)


class ProblemRow(QFrame):
    """One problem: its sign, the sentence, what to do, and perhaps a button that does it."""

    own_keys = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Up, Qt.Key.Key_Down})  # see gui.keys

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__()
        self._bridge, self._selection = bridge, selection
        self._problem: Problem | None = None
        self._sentence, self._remedy = label("", wraps=True), label("", "soft", wraps=True)
        self._fix = PushButton()
        self._fix.setCursor(Qt.CursorShape.ArrowCursor)
        self._fix.clicked.connect(self._mend)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        for line in (self._sentence, self._remedy):
            line.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)  # a click is the row's
        button = (self._fix, 0, Qt.AlignmentFlag.AlignLeft)
        column(self, 2, self._sentence, self._remedy, button, margins=(36, 8, 8, 8))

    def show_problem(self, problem: Problem) -> None:
        """Be about this problem."""
        self._problem = problem
        self._sentence.setText(problem.sentence)
        self._remedy.setText(problem.remedy)
        self._remedy.setVisible(bool(problem.remedy))
        self._fix.setVisible(problem.fix is not None)
        if problem.fix is not None:
            self._fix.setText(unmarked(problem.fix.text))
        self.setAccessibleName(f"{SEVERITIES[problem.severity][2]}: {problem.sentence} {problem.remedy}")
        self.update()

    def _mend(self) -> None:
        if self._problem is not None and self._problem.fix is not None:
            self._bridge.edit(self._problem.fix.edit)

    def _reveal(self) -> None:
        if self._problem is not None:
            self._selection.reveal(id for id in self._problem.ids if id in self._bridge.now.graph.nodes)

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

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(look.color("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(look.color("chip") if self.underMouse() else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
            if self._problem is not None:
                icon, colour, _ = SEVERITIES[self._problem.severity]
                icons.paint(painter, icon, QRectF(9, 8, 18, 18), look.color(colour))


@Panel("problems", "Problems", side="right", key="Ctrl+4", order=40, icon="warning", closed=True)
def make_panel(bridge: Bridge, selection: Selection, preferences: Preferences) -> ProblemsPanel:
    return ProblemsPanel(bridge, selection)
