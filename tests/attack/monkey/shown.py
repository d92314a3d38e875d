"""What the window shows, against what a new session computes of the same graph at the same position."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from engine.errors import one_line
from engine.graph.graph import Graph
from engine.layout.shown import shown_of
from engine.session import Session
from engine.show.beside import OnEdges
from engine.show.explain import Explanation
from engine.show.now import Now
from engine.show.story import StoryTrace
from engine.values.values import counted
from gui.canvas.model.edge_lens import EdgeLens
from gui.canvas.model.texts import node_picture
from gui.document.bridge import Bridge
from gui.document.preferences import Preferences
from gui.document.selection import Selection
from gui.look.as_is import unmarked
from gui.look.math_view import GAP, MathView
from gui.main_window import MainWindow
from gui.panels.inspector import Inspector
from gui.panels.inspector.inputs_table import ContributionsList, InputsTable
from gui.panels.inspector.microscope import Microscope
from gui.panels.inspector.paper_view import PaperView
from gui.panels.inspector.probe_view import WAITS
from gui.panels.timeline import Timeline
from gui.shell.tabs.tabbed_window import TabbedWindow
from tests.attack import oracle
from tests.attack.attack import Broken
from tests.attack.monkey.looked import Asked, Looked


def _has_other_numbers(shown: Graph, own: Graph) -> bool:
    """Whether questions are asked about the document's graph with other numbers in its leaves."""
    same = shown.edges == own.edges and shown.facts == own.facts and list(shown.nodes) == list(own.nodes)
    return same and all(
        replace(node, value=None) == replace(own.nodes[id], value=None) for id, node in shown.nodes.items()
    )


class Eye:
    """Compares all that can be read in a window with what is computed of its graph.

    The truth about a graph, position and selection is computed when one of them is new, and kept until the next.
    What is shown is read from the window at every look.
    """

    def __init__(self, front: Callable[[], MainWindow]) -> None:
        self._front = front
        self._truth: Truth | None = None
        self._seen = front()
        self._looked: WeakKeyDictionary[MainWindow, Looked] = WeakKeyDictionary()
        self._watch()
        self._panels = Panels(self._seen.preferences)

    def _watch(self) -> None:
        if self._seen not in self._looked:
            self._looked[self._seen] = Looked(self._seen)

    def look(self) -> None:
        """Raises Broken. Panels are compared with a pair of them that is told of each graph as of a new document."""
        if self._front() is not self._seen:  # another document is in front
            self._seen = self._front()
            self._watch()
            return self.look_anew()
        window, shown = self._seen, self._seen.bridge.now
        own = window.bridge.document.graph
        if shown.graph is not own and not (window.bridge.asking.is_on and _has_other_numbers(shown.graph, own)):
            raise Broken("the views were told of another graph than the document holds")
        on_edges = window.bridge.lens.on_edges
        if self._truth is None or not self._truth.is_of(shown, on_edges):
            known = self._truth is not None and self._truth.shown.graph is shown.graph
            self._truth = Truth(shown, on_edges)
            if not known:
                oracle.round_trip(shown.graph)
        truth = self._truth
        _numbers(shown, truth.now)
        _cards(window, truth)
        _selected(window, shown.graph)
        _words_round_it(window, shown.graph, truth.now)
        if QApplication.activeModalWidget() is None:
            self._panels.compare(window, truth, self._looked[window].ways(shown))

    def look_anew(self) -> None:
        """The same with nothing that is kept: the truth is computed again, and the panels are made again."""
        self._truth = None
        self._panels.close()
        self._panels = Panels(self._seen.preferences)
        self.look()

    def close(self) -> None:
        self._panels.close()


def look_at_tabs(tabs: TabbedWindow) -> None:
    """Raises Broken: the strip, the title and the pages say different things, or a file is open twice."""
    strip, pages = tabs.band.strip, tabs.pages
    said = [(strip.tabText(at), strip.accessibleTabName(at).endswith(", unsaved")) for at in range(strip.count())]
    true = [(unmarked(one_line(page.files.name)), page.files.is_modified) for page in pages]
    if said != true:
        raise Broken("the tabs are stale") from ValueError(f"{said!r}, not {true!r}")
    if strip.currentIndex() != pages.index(tabs.current) or not tabs.current.isVisible():
        raise Broken("another tab is marked than is in front")
    if tabs.isWindowModified() != tabs.current.files.is_modified:
        raise Broken("the star of the window is stale")
    files = [page.files.path.resolve() for page in pages if page.files.path]
    if len(files) != len({*files}):
        raise Broken("a file is open twice") from ValueError(repr(files))


@dataclass
class Truth:
    """What is true of a graph at a position, with that beside its edges."""

    shown: Now
    on_edges: OnEdges
    words: dict[object, list[list[str]]] = field(default_factory=dict)  # by panel and selection: see `_words`

    def is_of(self, shown: Now, on_edges: OnEdges) -> bool:
        """Whether what is shown now is of the same numbers, to be said in the same words."""
        mine = self.shown
        if on_edges != self.on_edges:
            return False
        same_place = (mine.frame.position, mine.told.position) == (shown.frame.position, shown.told.position)
        return same_place and mine.wording == shown.wording and self.is_run_of(shown)

    def is_run_of(self, shown: Now) -> bool:
        """Whether these are the passes of the same graph, at whatever position."""
        mine, theirs = (each.telling.part_at(0.0) for each in (self.shown, shown))
        return self.shown.graph is shown.graph and self.shown.trace is shown.trace and mine is theirs

    @cached_property
    def now(self) -> Now:
        session = Session(self.shown.graph)
        tell_again(session, self.shown)
        session.player.seek(self.shown.frame.position)
        return session.now

    @cached_property
    def told(self) -> Explanation | None:
        """What is said: while steps fly by it may be of one of the last."""
        session = Session(self.shown.graph)
        tell_again(session, self.shown)
        session.player.seek(self.shown.told.position)
        return session.now.explanation

    @cached_property
    def lens(self) -> EdgeLens:
        lens = EdgeLens()
        lens.choose(self.on_edges)
        return lens

    @cached_property
    def cards(self) -> dict[str, Any]:
        graph, now = self.shown.graph, self.now
        plain = {id: node_picture(graph, now.frame, id, now.wording) for id in graph.nodes}
        return {id: self.lens.node(graph, now.frame, id, picture) for id, picture in plain.items()}

    @cached_property
    def edges(self) -> dict[Any, Any]:
        graph, frame = self.shown.graph, self.now.frame
        return {key: self.lens.edge(graph, frame, edge) for key, edge in graph.edges.items()}


def tell_again(session: Session, shown: Now) -> None:
    """What is shown, in another session of the same graph: of a step that was made, how it came about; of a question,
    what is known before it."""
    session.set_wording(shown.wording)
    told = shown.telling.part_at(0.0)
    if isinstance(told, StoryTrace):
        session.tell_story(told.taken)
    elif shown.trace.is_part:
        session.hold_back(len(shown.trace))


def _numbers(shown: Now, fresh: Now) -> None:
    for id, node in shown.graph.nodes.items():
        for output in range(len(node.op.outputs)):
            _same(shown.frame.value(id, output), fresh.frame.value(id, output), "a value")
        _same(shown.frame.gradient(id), fresh.frame.gradient(id), "a gradient")
    if shown.trace.failures != fresh.trace.failures:
        raise Broken("what cannot be computed is stale")


def _same(shown: Any, fresh: Any, what: str) -> None:
    if (shown is None) != (fresh is None) or (
        shown is not None and np.asarray(shown).tobytes() != np.asarray(fresh).tobytes()
    ):
        raise Broken(f"{what} is stale") from ValueError(f"{shown!r}, not {fresh!r}")


def _cards(window: MainWindow, truth: Truth) -> None:
    scene, graph = window.canvas.desk.scene, truth.shown.graph
    stage = scene.stage
    seen = shown_of(graph, window.canvas.desk.showing.within)
    if not seen.cover.is_plain:  # cards of groups: what is on them has tests of its own
        if set(scene.node_items) != set(seen.graph.nodes):
            raise Broken("the canvas shows other nodes or cards than there are to see")
        return
    if set(scene.node_items) != set(graph.nodes) or set(stage.edges) != set(graph.edges):
        raise Broken("the canvas shows other nodes or edges than the graph has")
    for id, item in scene.node_items.items():
        if item.picture != (wanted := truth.cards[id]):
            raise Broken("a card is stale") from ValueError(f"{item.picture!r}, not {wanted!r}")
        if id not in stage.previewed and (item.pos().x(), item.pos().y()) != graph.nodes[id].pos:
            raise Broken("a card stands elsewhere than its node")
    for key, picture in stage.edges.items():
        if picture != (wanted := truth.edges[key]):
            raise Broken("the numbers at an edge are stale") from ValueError(f"{picture!r}, not {wanted!r}")
    marked = {id for id, item in scene.node_items.items() if item.marks.selected}
    if not window.canvas.tools.state.busy and marked != set(window.selection.nodes):
        raise Broken("other nodes are marked than are selected")


def _selected(window: MainWindow, graph: Graph) -> None:
    if not window.selection.nodes <= set(graph.nodes) or not window.selection.edges <= set(graph.edges):
        raise Broken("something is selected that is not there")


def _words_round_it(window: MainWindow, graph: Graph, fresh: Now) -> None:
    waits = window.presenter.hand == "pen" or window.bridge.asking.is_on  # the key is the pen's, or a question is open
    said = {
        "how many nodes": (window.status.nodes.text(), counted(len(graph.nodes), "node")),
        "how many problems": (window.status.problems.text(), _problems(fresh)),
        "the zoom": (window.status.zoom.text(), _percent(window.canvas.camera.zoom)),
        "the title": (window.windowTitle(), f"{window.files.name}[*] — Gradloom"),
        "the star": (window.isWindowModified(), window.bridge.document.modified),
        "the undo text": (
            bool(window.action_set.by_id["undo"].isEnabled()),
            not waits and (window.bridge.document.undo_text is not None or window.bridge.steps.busy),
        ),
        "the redo text": (
            bool(window.action_set.by_id["redo"].isEnabled()),
            not waits and (window.bridge.document.redo_text is not None or window.bridge.steps.busy),
        ),
    }
    for what, (shown, true) in said.items():
        if shown != true:
            raise Broken(f"{what} is stale") from ValueError(f"{shown!r}, not {true!r}")


def _problems(now: Now) -> str:
    told = counted(len(now.problems), "problem") if now.problems else "No problems"
    return "Problems hidden" if now.trace.is_part else told


def _percent(share: float) -> str:
    return f"{round(share * 100)} %" if share >= 0.01 else f"{share * 100:.1g} %"


class Panels:
    """A timeline and an inspector of their own: what they say is what those of the window have to say."""

    def __init__(self, preferences: Preferences) -> None:
        self._bridge = Bridge()
        self._selection = Selection(self._bridge)
        self._panels = (Timeline(self._bridge, preferences), Inspector(self._bridge, self._selection))
        self._frame = QWidget()
        self._panels[0].setParent(self._frame)
        self._truth: Truth | None = None
        self._asked = Asked()  # what the inspector writes out at present

    def compare(self, window: MainWindow, truth: Truth, asked: list[Asked]) -> None:
        """The texts of the timeline, and of the step and the selection in the inspector, are those of these."""
        for panel in self._panels:
            there = window.findChild(type(panel))
            if there is None or not there.isVisible():
                continue
            question = _question(window) if isinstance(there, Timeline) and window.presenting else ""
            if isinstance(there, Timeline) and window.presenting and (question or truth.told is not None):
                _told_in_large(there, truth.told, question)
            else:
                ways = 1 + window.bridge.now.hurried
                of = asked if isinstance(there, Inspector) else [Asked()]
                wanted = [text for each in of for text in self._words(panel, there, window, truth, each)[:ways]]
                _same_words(_texts(there), wanted, type(panel).__name__.lower())

    def _words(self, panel: QWidget, there: QWidget, window: MainWindow, truth: Truth, asked: Asked) -> list[list[str]]:
        """What a new panel says; and what it says before the pass rests, when what takes long to draw comes."""
        selected, size = window.selection, (there.size().toTuple(), window.height(), window.presenting)
        folded = not window.panels.is_open("inspector")
        key = (panel, frozenset(selected.nodes), frozenset(selected.edges), size, folded, asked)
        if key not in truth.words:
            self._take(truth)
            self._selection.select(selected.nodes, selected.edges)
            self._dress(panel, there, window)
            self._show(panel)
            self._ask(asked)
            truth.words[key] = [_texts(panel), _texts(panel, but=panel.findChild(Microscope))]
        return truth.words[key]

    def _dress(self, panel: QWidget, there: QWidget, window: MainWindow) -> None:
        """A folded inspector's reason is told by the timeline."""
        if isinstance(panel, Timeline):
            panel.tell_reasons(not window.panels.is_open("inspector"))
            self._frame.resize(window.size())
            panel.present(window.presenting)
            panel.resize(there.size())

    def _ask(self, asked: Asked) -> None:
        """Have a cell written out; kept until the next is asked, which may be none."""
        if asked.picked is not None:
            self._bridge.cells.choose(asked.picked)
        if asked.pointed is not None:
            self._panels[1].findChild(Microscope).findChild(PaperView).cell_chosen.emit(asked.pointed)
        self._asked = asked

    def _show(self, panel: QWidget) -> None:
        """As it begins with a step: a cell that was asked for is forgotten with the step."""
        if self._asked != Asked():
            here, self._asked = self._bridge.player.position, Asked()
            self._bridge.player.seek(0.0 if here else float(len(self._bridge.now.telling)))
            QCoreApplication.sendEvent(self._panels[1], QShowEvent())
            self._bridge.player.seek(here)
        QCoreApplication.sendEvent(panel, QShowEvent())

    def _take(self, truth: Truth) -> None:
        if truth is self._truth:
            return
        if self._truth is None or not self._truth.is_run_of(truth.shown):
            self._bridge.load(truth.shown.graph)
            tell_again(self._bridge.session, truth.shown)
        self._bridge.set_wording(truth.shown.wording)
        self._bridge.player.seek(truth.shown.told.position)
        self._truth = truth

    def close(self) -> None:
        for thing in (*self._panels, self._frame, self._selection, self._bridge):
            thing.deleteLater()
            QCoreApplication.sendPostedEvents(thing, QEvent.Type.DeferredDelete.value)


def _same_words(shown: list[str], new: list[list[str]], what: str) -> None:
    """All that a new one says, in one of its ways, is said in the same order; sections that were folded open may say
    more, and what a new one has not found yet may have been found."""
    missing = [_first_missing(shown, texts) for texts in new]
    if all(text is not None for text in missing):
        raise Broken(f"the {what} is stale") from ValueError(f"{missing[0]!r} is missing in {shown!r}")


def _first_missing(shown: list[str], new: list[str]) -> str | None:
    left = iter(shown)
    found_later = {at + 1 for at, text in enumerate(new) if text == "finite difference" and new[at + 1] == WAITS}
    return next((text for at, text in enumerate(new) if at not in found_later and text not in left), None)


def _question(window: MainWindow) -> str:
    """The one that is open on the stage, where no lesson asks."""
    asking, lesson = window.bridge.asking, window.bridge.lesson.lesson
    return asking.text if lesson is None and asking.phase in ("asked", "done") else ""


def _told_in_large(there: QWidget, said: Explanation | None, question: str) -> None:
    """A presentation says of a step what it has room for: a sentence, or its heading above some of the equations; or it
    asks."""
    told = {" = ".join(sides) for sides in said.typeset} if said else set[str]()
    formulas = [
        formula for view in there.findChildren(MathView) if view.isVisibleTo(there) for formula in view.formulas()
    ]
    others = [each for formula in formulas for each in formula.split(GAP) if each not in told]
    sentences = {question}
    if said and not question:
        sentences = {said.caption, f"{said.caption} {said.why}", f"{said.heading}."}
    if others or sentences.isdisjoint(label.text() for label in there.findChildren(QLabel)):
        raise Broken("the timeline is stale") from ValueError(f"{_texts(there)!r}, not {sentences!r}, {told!r}")


def _headings(widget: QWidget) -> set[QLabel]:
    """Those of the tables of an inspector."""
    kinds: tuple[type[QWidget], ...] = (InputsTable, ContributionsList)
    tables = [table for kind in kinds for table in widget.findChildren(kind)]
    return {each for table in tables for each in table.findChildren(QLabel) if each.property("role") == "caption"}


def _texts(widget: QWidget, but: QWidget | None = None) -> list[str]:
    """The texts that one can read, and behind them the formulas; of a timeline those too that it has no room for, of a
    table no headings, which stand once or beside each number as there is room."""
    crowded = isinstance(widget, Timeline)
    labels = [child for child in widget.findChildren(QLabel) if crowded or child.isVisibleTo(widget)]
    equations = [child for child in widget.findChildren(MathView) if child.isVisibleTo(widget)]
    headings = _headings(widget)
    shown = [label for label in labels if label.text() and label not in headings]
    seen = [label for label in shown if not (but and but.isAncestorOf(label))]
    return [label.text() for label in seen] + [f for view in equations for f in view.formulas()]
