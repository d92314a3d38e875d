"""The tour: five steps on the live canvas. Each waits until the thing is really done, and none stands in the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtWidgets import QFrame, QWidget

from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.show.now import Now
from engine.values.values import as_value
from gui.canvas.view import CanvasView
from gui.document import settings
from gui.document.bridge import Bridge
from gui.shell.tour_ring import Target, TourRing
from gui.widgets.accessible import announce
from gui.widgets.boxes import row
from gui.widgets.buttons import PushButton
from gui.widgets.labels import label

NEW_HERE = "New here? A tour of five steps, on this canvas: drag, connect, change, play, save."
DONE = "That is all of it: build, change, play, look. Help ▸ Take the tour begins it again."
ZOOM, CENTRE = 1.2, (300.0, 120.0)  # how the canvas is shown: with room to the right of them
STARTED = {"x": (2.0, (0.0, 0.0)), "y": (3.0, (0.0, 160.0))}  # the leaves that are there: value and place


@dataclass(frozen=True)
class Walked:
    """How far one has come: the graph as the step began, what is now, and what was seen meanwhile."""

    began: Graph
    now: Now
    played: bool  # the passes have moved
    saved: bool


@dataclass(frozen=True)
class TourStep:
    """What is to be done, in words, and when it is; `about`: what has a ring round it meanwhile."""

    words: str
    about: str
    is_done: Callable[[Walked], bool]


def _has_op(walked: Walked) -> bool:
    return any(not node.op.is_leaf for node in walked.now.graph.nodes.values())


def _is_wired(walked: Walked) -> bool:
    """Some op has all that it needs, and so a value."""
    graph, trace = walked.now.graph, walked.now.trace
    return any(not node.op.is_leaf and trace.value(id) is not None for id, node in graph.nodes.items())


def _has_other_value(walked: Walked) -> bool:
    before, after = walked.began.nodes, walked.now.graph.nodes
    return any(id in before and before[id].value_key != node.value_key for id, node in after.items())


def _is_played(walked: Walked) -> bool:
    return walked.played and walked.now.frame.at_end and not walked.now.playing


STEPS = (
    TourStep("Here are two numbers. Drag Multiply from the list on the left onto the canvas, to the right of them.",
             "op", _has_op),
    TourStep("Connect it: drag from the round port right of x to a port of the new card. Then do the same from y.",
             "port", _is_wired),
    TourStep("Change a number: click the value of x, type another, press Enter. Or drag the number sideways.",
             "value", _has_other_value),
    TourStep("Press Space, or the blue button below, and watch: values go right, then the gradients come back.",
             "play", _is_played),
    TourStep("Keep it: press Ctrl+S and give the file a name.", "file", lambda walked: walked.saved),
)  # fmt: skip


class Tour(QObject):
    """Goes through the steps in one document. `bar` says what is next; `begins` begins one where there is room."""

    def __init__(self, bridge: Bridge, canvas: CanvasView, begins: Callable[[], object], window: QWidget) -> None:
        super().__init__(window)
        self._bridge, self._canvas, self._begins = bridge, canvas, begins
        self.bar, self.ring = TourBar(canvas), TourRing(window)
        self._targets: Mapping[str, Target] = {}
        self._at: int | None = None
        self._began, self._played = Graph(), False
        self.bar.begin.clicked.connect(self._start)
        self.bar.skip.clicked.connect(self._go_on)
        self.bar.end.clicked.connect(self.stop)
        bridge.told.connect(self._on_told)
        bridge.saved.connect(self._on_saved)

    @property
    def step(self) -> int | None:
        """Which step one is at, from 0; None: at none."""
        return self._at

    def lend(self, targets: Mapping[str, Target]) -> None:
        """Where that is of which the steps speak."""
        self._targets = targets

    def offer(self) -> None:
        """At the very first start: say that there is a tour. It is never said again."""
        if not settings.get("tour_offered"):
            settings.put("tour_offered", True)
            self.bar.say(NEW_HERE, offers=True)

    def begin(self) -> bool:
        """The first step, in this document: two numbers stand on its canvas."""
        settings.put("tour_offered", True)
        self._at = None
        nodes = [Node(id, "input", as_value(value), pos=pos) for id, (value, pos) in STARTED.items()]
        self._bridge.load(Graph.of(nodes, []))
        self._canvas.camera.look_at(ZOOM, QPointF(*CENTRE), animated=False)
        self._show(0)
        return True

    def stop(self) -> None:
        self._at = None
        self.ring.follow(None)
        self.bar.leave()

    def present(self, on: bool) -> None:
        """An audience is not asked whether it is new here."""
        if on and self._at is None:
            self.stop()

    def _start(self) -> None:
        self.bar.leave()
        self._begins()

    def _go_on(self) -> None:
        """To the next step, whether this one is done or not."""
        if self._at is not None and self._at + 1 < len(STEPS):
            self._show(self._at + 1)
        else:
            self.stop()

    def _show(self, at: int) -> None:
        self._at, self._began, self._played = at, self._bridge.now.graph, False
        self.bar.say(STEPS[at].words, f"{at + 1} of {len(STEPS)}")
        self.ring.follow(self._targets.get(STEPS[at].about))

    def _on_saved(self) -> None:
        self._look(self._bridge.now, saved=True)

    def _on_told(self, now: Now) -> None:
        if now.loaded:  # another document
            self.stop()
            return
        if now.playing or not now.frame.at_end:
            self._played = True
        self._look(now)

    def _look(self, now: Now, saved: bool = False) -> None:
        """Whether the step is done; then comes the next, which may be done too."""
        while self._at is not None and STEPS[self._at].is_done(Walked(self._began, now, self._played, saved)):
            if self._at + 1 == len(STEPS):
                self._at = None
                self.ring.follow(None)
                self.bar.say(DONE)
                return
            self._show(self._at + 1)


class TourBar(QFrame):
    """One line above the canvas. What has the keys keeps them."""

    def __init__(self, back_to: QWidget) -> None:
        super().__init__()
        self._back_to = back_to
        self.setObjectName("tour-bar")
        self.setAccessibleName("Tour")
        self.number = label("", "number")
        self.sentence = label("", wraps=True)
        self.begin, self.skip, self.end = PushButton("Take the tour"), PushButton("Skip this step"), PushButton("End")
        for button in (self.begin, self.skip, self.end):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after a click the keys are the canvas' as before
        row(self, 12, self.number, (self.sentence, 1), self.begin, self.skip, self.end, margins=(16, 8, 8, 8))
        self.hide()

    def say(self, sentence: str, number: str = "", offers: bool = False) -> None:
        """`number`: which step of how many. `offers`: one may begin, or not."""
        self.number.setText(number)
        self.sentence.setText(sentence)
        self.number.setVisible(bool(number))
        self.begin.setVisible(offers)
        self.skip.setVisible(bool(number))
        self.end.setText("No, thanks" if offers else "End the tour" if number else "Close")
        self.show()
        announce(self, f"{number}: {sentence}" if number else sentence)

    def leave(self) -> None:
        has_keys = self.isAncestorOf(self.window().focusWidget() or self.window())
        self.hide()
        if has_keys:
            self._back_to.setFocus()
