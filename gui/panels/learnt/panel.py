"""The panel of what a model has learnt: its map, its mistakes, and the pass of any one row, while it is trained too."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping

import numpy as np
from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from engine import edits
from engine.errors import GradloomError
from engine.graph.graph import Graph
from engine.learn.decisions import Ids
from engine.learn.learnt import Learnt, Marked, joined
from engine.learn.samples import Shares, shares
from engine.passes.plan import Plan
from engine.show.now import Now
from engine.values.values import Value, counted
from gui.document.bridge import Bridge
from gui.document.preferences import Preferences
from gui.document.selection import Selection
from gui.look.theme import themes
from gui.panels import Panel
from gui.panels.learnt.large import LargeMap
from gui.panels.learnt.mistakes import MOST_CLASSES, MistakesView
from gui.panels.learnt.pictures import FINE, PLACES, has_picture, picture_of
from gui.panels.learnt.scatter import Scatter
from gui.panels.learnt.unit_maps import UnitMaps
from gui.panels.learnt.words import how_right, legend, row_said, shares_said
from gui.widgets.boxes import STRETCH, column, scrolling
from gui.widgets.buttons import PushButton
from gui.widgets.flow import Flow
from gui.widgets.labels import label
from gui.widgets.slices import Slices

HEIGHT, MARGIN, SPACE = 520, 12, 8
LOOK = 250  # milliseconds between two looks at all rows while a training runs: its maps move meanwhile
QUIET = 300  # milliseconds without a change before the rows' gradients are added up
MOST_MARKED = 4000  # rows: of more, the first ones in their random order
AT_ONCE = 512  # rows a piece: larger ones would hold the window up
NO_PLANE = "There is no plane to draw for {features}: here {what}."
TAKEN, WORST = "is how each class was taken", "are the worst mistakes"  # the latter of more classes than a matrix has


class LearntPanel(QWidget):
    """Follows the graph: what its parameters hold now is what is shown, whoever put it there."""

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__()
        self._bridge, self._selection = bridge, selection
        self._learnt: Learnt | None = None
        self._of: tuple[Plan, str] | None = None
        self._stale = False  # something has changed while it was looked at
        self._heading = ""  # of the picture
        self._is_judged = False  # how right this document's model is has been found
        self._looking, self._adding = Slices(self), Slices(self)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET)
        self._later = QTimer(self, singleShot=True, interval=LOOK)
        self._make_parts()
        self._quiet.timeout.connect(self._add_up)
        self._later.timeout.connect(self._refresh)
        self._bridge.told.connect(self._on_told)
        themes.changed.connect(self._refresh)

    def _make_parts(self) -> None:
        self.setAccessibleName("What it has learnt")
        self.sentence, self.legend = label("", "soft", wraps=True), label("", "faint", wraps=True)
        self.scatter, self.units, self.mistakes = Scatter(), UnitMaps(), MistakesView()
        self.point, self.sums = label("", "", wraps=True), label("", "soft", wraps=True)
        self.first_rows = PushButton("First rows")  # beside the title, where it is seen in a low panel too
        self.first_rows.setToolTip("The canvas shows the first few training rows again, as before")
        self.first_rows.clicked.connect(lambda: self._show_row(-1))
        self.scatter.chosen.connect(self._show_row)
        self._bridge.live.seen.connect(self._mark_batch)
        self._bridge.live.moved.connect(self._follow)
        self.scatter.pointed.connect(self._point_at)
        self.mistakes.chosen.connect(self._show_row)
        self.units.chosen.connect(lambda id: self._selection.reveal([id]))
        self.enlarge = PushButton("Large")
        self.enlarge.setToolTip("See the picture large, over the canvas. Esc brings the canvas back")
        self.enlarge.clicked.connect(self._enlarge)
        self.scatter.wanted_large.connect(self._enlarge)
        self.large = LargeMap(self.scatter, self.legend)
        self.large.turned.connect(self._on_large)
        self._selection.reveal_requested.connect(lambda _: self.large.end())  # it is on the canvas
        self._title = Flow(8, 4, label("What it has learnt", "title"), self.enlarge, self.first_rows)
        parts = (
            self._title, self.sentence, self.scatter, self.legend,
            self.point, self.sums, self.units, self.mistakes, STRETCH,
        )  # fmt: skip
        self._column = column(None, SPACE, *parts, margins=(16, MARGIN, 16, MARGIN))
        column(self, 0, scrolling(self._column))

    def sizeHint(self) -> QSize:
        return QSize(300, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """All of the picture is to be seen at once, below the title."""
        super().resizeEvent(event)
        self._fit_map()

    def _fit_map(self) -> None:
        if not self.large.is_on:
            self.scatter.be_seen_in(self.height() - 2 * MARGIN - SPACE - self._title.sizeHint().height())

    def _enlarge(self) -> None:
        self.large.end() if self.large.is_on else self.large.begin(self._column)

    def _on_large(self, is_on: bool) -> None:
        self.enlarge.setText("Small" if is_on else "Large")
        self._fit_map()
        if not is_on:
            self.scatter.setFocus()
        self._refresh()  # it is finer, or may be coarser again

    # --- when

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        for work in (self._looking, self._adding, self._quiet, self._later):
            work.stop()
        if not event.spontaneous():
            self.large.end()

    def _on_told(self, now: Now) -> None:
        if now.loaded:
            self._forget()
        if not self.isVisible() or not (now.loaded or now.content_changed or now.numbers_changed):
            return
        if self._bridge.live.runs and self._is_of(now):
            self._follow({})
            if not self._later.isActive():
                self._later.start()
        else:
            self._refresh()

    def _forget(self) -> None:
        """Another document: nothing that is said of the one before may stand there until this one is looked at."""
        self._of, self._heading, self._is_judged = None, "", False
        self._looking.stop()
        self.scatter.say("")
        self.mistakes.hide()

    def _refresh(self) -> None:
        """Look again; where it is still being looked at, once that is done: a late picture is better than none."""
        if not self.isVisible():
            return
        self._adding.stop()
        self.sums.setText("")
        if self._looking.is_working:
            self._stale = True
            return
        self._stale = False
        self._prepare()
        self._show_parts()
        if self._learnt is not None:
            self._looking.start(self._looked_at(self._learnt))

    def _prepare(self) -> None:
        """What answers is made anew only where more than numbers is other than before."""
        now = self._bridge.now
        if self._is_of(now):
            return
        self._of = (now.trace.plan, now.graph.target or "")
        try:
            self._learnt = Learnt(now.graph, now.trace)
            self.sentence.setText("")
        except GradloomError as refusal:
            self._learnt = None
            self.sentence.setText(str(refusal))

    def _is_of(self, now: Now) -> bool:
        """Whether what answers was made for this graph, but for its numbers."""
        return self._of is not None and self._of[0] is now.trace.plan and self._of[1] == (now.graph.target or "")

    def _show_parts(self) -> None:
        learnt, at = self._learnt, self._row
        pictured = learnt is not None and has_picture(learnt)
        if not pictured:
            self.large.end()
        for part in (self.scatter, self.legend, self.enlarge):
            part.setVisible(pictured)
        self.sentence.setVisible(not pictured)
        self.mistakes.setVisible(learnt is not None and self._is_judged)
        if not pictured:
            self.units.hide()
        for below in (self.point, self.sums, self.first_rows):
            below.setVisible(learnt is not None and at >= 0)
        self._fit_map()  # a button has come or gone above it
        if learnt is not None:
            self.legend.setText(legend(learnt, bool(len(learnt.data.held_out))))

    # --- what

    def _looked_at(self, learnt: Learnt) -> Iterator[None]:
        """The map first, then how right it is."""
        try:
            graph = self._bridge.now.graph
            if has_picture(learnt):
                fine = self.large.is_on and not self._bridge.live.runs
                picture = picture_of(learnt, graph, FINE if fine else PLACES)
                self.scatter.show_scene(picture, self._row, self.scatter.said)
                yield
                self.units.show_network(learnt, graph)
                yield
            if self._row >= 0:
                self.point.setText(row_said(learnt, learnt.marked(graph, np.array([self._row]))))
            training = yield from _marked(learnt, graph, learnt.data.training)
            held = None
            if len(learnt.data.held_out):
                held = yield from _marked(learnt, graph, learnt.data.held_out)
            self._show_marks(learnt, training, held)
        except GradloomError as refusal:  # rows that do not fit, as shapes were typed for those that are shown
            self._learnt = None
            self._show_parts()
            self.sentence.setText(str(refusal))
        if self._stale:
            QTimer.singleShot(0, self, self._refresh)
        elif self._row >= 0:
            self._quiet.start()

    def _show_marks(self, learnt: Learnt, training: Marked, held: Marked | None) -> None:
        said = how_right(training, held)
        if has_picture(learnt):
            self._heading = said[:1].upper() + said[1:]
            self.scatter.say(self._heading)
        else:
            features = counted(learnt.data.features.shape[1], "feature")
            what = TAKEN if len(learnt.classes) <= MOST_CLASSES else WORST
            self.sentence.setText(f"{said[:1].upper()}{said[1:]}. {NO_PLANE.format(features=features, what=what)}")
        self.mistakes.show_marks(learnt, training, held)
        self._is_judged = True
        self.mistakes.show()

    def _add_up(self) -> None:
        """The gradients of the single rows, in slices."""
        self._adding.start(self._added())

    def _added(self) -> Iterator[None]:
        found: Shares | None = None
        try:
            for step in shares(self._bridge.now.graph):
                found = step
                yield
        except GradloomError:
            return  # the training panel says why it cannot be trained
        if found is not None and self._row >= 0:
            self.sums.setText(shares_said(found, self._row))

    # --- one row

    @property
    def _row(self) -> int:
        """The row whose pass is on the canvas, counted from 0; −1: those of the first few rows are."""
        node = self._bridge.now.graph.nodes.get(self._learnt.dataset) if self._learnt is not None else None
        return int(node.chosen["row"]) - 1 if node is not None and node.op_name == "dataset" else -1

    def _show_row(self, at: int) -> None:
        """Its own pass is played, forward and back; −1: that of the first few rows stands there again."""
        learnt = self._learnt
        if learnt is None or not self._bridge.pending.commit():
            return
        if self._bridge.edit(lambda graph: edits.show_row(graph, learnt.dataset, at + 1)) is None:
            return
        if at >= 0:
            self.large.end()  # the pass is seen on the canvas
            self._bridge.player.go_to_start()
            self._bridge.player.play()

    def _follow(self, parameters: Mapping[str, Value]) -> None:
        """The maps of a training that runs, between two looks at all of it."""
        learnt = self._learnt
        if learnt is None or not self.isVisible() or self._looking.is_working or not has_picture(learnt):
            return
        graph = self._bridge.now.graph
        with learnt.holding(parameters):
            self.scatter.show_ground(picture_of(learnt, graph))
            self.units.show_maps(learnt, graph)

    def _mark_batch(self) -> None:
        """The rows of the last step of a training; where it sees all of them, none stands out."""
        learnt = self._learnt
        if learnt is not None and self.isVisible():
            rows = self._bridge.live.of(learnt.dataset)
            self.scatter.mark_batch(rows if len(rows) < len(learnt.data.training) else rows[:0])
        if self._later.isActive() and not self._bridge.live.runs:  # it has come to rest: nothing shown is older
            self._later.stop()
            self._refresh()

    def _point_at(self, at: int) -> None:
        """What is under the mouse is told in the heading."""
        if self._learnt is None or at < 0:
            self.scatter.say(self._heading)
            return
        marked = self._learnt.marked(self._bridge.now.graph, np.array([at]))
        self.scatter.say(row_said(self._learnt, marked))


def _marked(learnt: Learnt, graph: Graph, rows: Ids) -> Generator[None, None, Marked]:
    """How it does on rows, in pieces."""
    pieces = []
    for start in range(0, min(len(rows), MOST_MARKED), AT_ONCE):
        pieces.append(learnt.marked(graph, rows[start : min(start + AT_ONCE, MOST_MARKED)]))
        yield
    return joined(pieces)


@Panel("learnt", "Decision map", side="right", key="Ctrl+Shift+M", order=45, icon="learnt", size=HEIGHT, closed=True)
def make_learnt(bridge: Bridge, selection: Selection, preferences: Preferences) -> LearntPanel:
    return LearntPanel(bridge, selection)
