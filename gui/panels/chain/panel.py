"""The paths panel: choose where a path begins and where it ends, and read the gradient off as a sum of products."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from engine.graph.graph import Graph
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import trace_of
from engine.passes.trace import Trace
from engine.show.chain import ChainRow, Chains, ChainView, count_text
from engine.show.modes import modes_text
from engine.show.now import Now
from engine.show.readable import readable
from engine.values.values import bracketed, number_text, value_text
from gui.document.bridge import Bridge
from gui.document.preferences import Preferences
from gui.document.selection import Selection
from gui.panels import Panel
from gui.panels.chain.choice import NodeChoice
from gui.panels.chain.rows import PathRows
from gui.widgets.boxes import column, row
from gui.widgets.labels import ElidedLabel, label, set_role, sign_role

LARGE, REST = 1500, 90  # of so many steps the paths are looked for when the numbers rest for this long, in ms
HEIGHT, LEAST = 236, QSize(320, 120)
MOST_ADDED = 4  # paths whose parts of a change are written side by side
HOW = "Multiply along a path, add over paths. A bar to the left makes the gradient smaller, to the right larger."
NO_TARGET = "There is no target: choose what is to be differentiated, and the paths to it are shown here."


class PathsPanel(QWidget):
    """Follows the selection: one node is where paths begin, of two the later one is where they end."""

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__()
        self._bridge, self._selection = bridge, selection
        self._start = self._end = ""  # chosen; an empty end is the target of the graph
        self._made: tuple[Graph, Trace, str] | None = None
        self._chains: Chains | None = None
        self.view: ChainView | None = None
        self.rows = PathRows()
        self._lay_out()
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._refresh)
        self.rows.pointed.connect(self._point)
        self.rows.taken.connect(self._take)
        self.start.chosen.connect(self._choose_start)
        self.end.chosen.connect(self._choose_end)
        bridge.told.connect(self._on_told)
        selection.changed.connect(self._on_selection)

    def _lay_out(self) -> None:
        self.setAccessibleName("Paths")
        self.start = NodeChoice("Where the paths begin", self._starts)
        self.end = NodeChoice("Where the paths end", self._ends)
        self.heading, self.how = label("Paths", "title"), ElidedLabel("faint")
        self.how.show_text(HOW)
        self.sum, self.rest = label("", "number"), ElidedLabel("soft")
        self.modes = ElidedLabel("faint")
        head = row(None, 8, self.heading, label("from", "faint"), self.start, label("to", "faint"), self.end,
                   (self.how, 1))  # fmt: skip
        foot = row(None, 12, self.sum, (self.rest, 1))
        area = QScrollArea(widgetResizable=True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.rows)
        area.horizontalScrollBar().valueChanged.connect(self.rows.update)
        self.area = area
        column(self, 4, head, (area, 1), foot, self.modes, margins=(16, 8, 12, 8))

    def sizeHint(self) -> QSize:
        return QSize(900, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return LEAST

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rows.fit(self.area.viewport().width())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.rows.fit(self.area.viewport().width())
        self._on_selection()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._selection.point_at()

    # --- what is chosen

    def _on_selection(self) -> None:
        """One node: where paths begin, or of the target nothing; of two the one that comes first, and the other."""
        graph, picked = self._bridge.now.graph, self._selection.nodes
        if len(picked) == 2:
            first, last = (id for id in graph.order if id in picked)
            self._start, self._end = first, last
        elif len(picked) == 1:
            (only,) = picked
            if only != (self._end or graph.target):
                self._start = only
        if self.isVisible():
            self._refresh()

    def _choose_start(self, id: str) -> None:
        self._start = id
        self._selection.select([id])
        self._refresh()

    def _choose_end(self, id: str) -> None:
        self._end = "" if id == self._bridge.now.graph.target else id
        self._refresh()

    def _starts(self) -> list[tuple[str, str]]:
        """Whatever reaches the end, leaves first."""
        graph, counts = self._bridge.now.graph, self._chains.counts if self._chains else {}
        reached = [id for id in graph.order if counts.get(id) and id != self._end_id]
        reached.sort(key=lambda id: not graph.nodes[id].op.is_leaf)
        return [(id, graph.nodes[id].name) for id in reached]

    def _ends(self) -> list[tuple[str, str]]:
        graph, trace = self._bridge.now.graph, self._bridge.now.trace
        computed = [id for id in reversed(graph.order) if graph.into(id) and trace.value(id) is not None]
        return [(id, graph.nodes[id].name) for id in computed]

    @property
    def _end_id(self) -> str:
        return self._end or self._bridge.now.graph.target or ""

    # --- what is shown

    def _on_told(self, now: Now) -> None:
        if now.loaded:
            self._start = self._end = ""
        if not self.isVisible() or not (now.numbers_changed or now.content_changed):
            return
        if len(now.trace) >= LARGE and not now.loaded:
            self.rows.show_view(None, {})  # nothing old is shown as if it were of now
            self._rest.start()
        else:
            self._refresh()

    def _refresh(self) -> None:
        self._rest.stop()
        if not self.isVisible():
            return
        graph = self._bridge.now.graph
        self._forget_lost(graph)
        self._look(graph)
        self.view = self._chains.view(self._start) if self._chains and self._start else None
        self._show(graph)

    def _forget_lost(self, graph: Graph) -> None:
        if self._end and self._end not in graph.nodes:
            self._end = ""
        if self._start not in graph.nodes:
            self._start = ""

    def _look(self, graph: Graph) -> None:
        """Have the chains of this graph's numbers to the end that is chosen, and a node where they begin."""
        trace, end = self._bridge.now.trace, self._end_id
        if self._made is None or self._made[0] is not graph or self._made[1] is not trace or self._made[2] != end:
            self._made = (graph, trace, end)
            run = trace if end == graph.target else _run_to(graph, end)
            self._chains = Chains(graph, run) if run is not None and run.plan.target else None
        if not self._start and self._chains:
            starts = self._starts()
            self._start = starts[0][0] if starts else ""

    def _show(self, graph: Graph) -> None:
        names = {id: graph.nodes[id].name for row in (self.view.rows if self.view else ()) for id in row.path.nodes}
        start, end = self._start, self._end_id
        self.start.show_node(start, graph.nodes[start].name if start else "")
        self.end.show_node(end, graph.nodes[end].name if end else "")
        self.rows.show_view(self.view, names)
        self.rest.show_text(self._rest_text(graph))
        self.modes.show_text(modes_text(graph, self._chains.trace, start) if self.view and self._chains else "")
        self.sum.setText(self._sum_text(graph))
        set_role(self.sum, sign_role(self.view.gradient) if self.view else "faint")

    def _sum_text(self, graph: Graph) -> str:
        view = self.view
        if view is None or view.gradient is None:
            return ""
        of = graph.nodes[view.node].name
        name = f"∂{view.goal}/∂{of}"
        return f"{name} = {value_text(view.gradient)}"

    def _rest_text(self, graph: Graph) -> str:
        """What the sum is of: one path, all of them, or the largest and what the others add."""
        view = self.view
        if view is None:
            return self._nothing_text(graph)
        if view.found.count == 1:
            (only,) = view.rows
            return f"the one path: {' = '.join(filter(None, (only.formula, only.product)))}"
        if not view.left:
            kinked = self._chains.kinked(view) if self._chains else None
            return f"the sum of all {view.found.count} paths{_why_added(view, graph, kinked)}"
        more = count_text(view.left)
        rest = value_text(view.found.rest)
        return f"the {len(view.rows)} largest of {count_text(view.found.count)} paths; the other {more} add {rest}"

    def _nothing_text(self, graph: Graph) -> str:
        if not self._end_id:
            return NO_TARGET
        end = graph.nodes[self._end_id].name
        if self._chains is None:
            return f"{end} is not computed yet, so there is nothing to differentiate."
        if not self._start:
            return f"Nothing that could change reaches {end}."
        return f"{graph.nodes[self._start].name} does not reach {end}: no path, so its gradient is 0."

    # --- the canvas

    def _point(self, row: ChainRow | None) -> None:
        if row is None:
            self._selection.point_at()
        else:
            self._selection.point_at(row.path.nodes, (edge.key for edge in row.path.edges))

    def _take(self, row: ChainRow) -> None:
        start, end = self._start, self._end
        self._selection.reveal(row.path.nodes)
        self._start, self._end = start, end
        self._refresh()


def _why_added(view: ChainView, graph: Graph, kinked: str | None) -> str:
    """That a push goes along all paths at once; of few numbers with what each path makes of it, which it does not where
    a node is at its kink."""
    of, products = graph.nodes[view.node].name, [row.path.contribution for row in view.rows]
    if len(products) > MOST_ADDED or any(product.ndim for product in products):
        return f": what moves {of} moves {view.goal} along each of them at once"
    if kinked is not None:
        return f": {graph.nodes[kinked].name} is at a kink, where a slope was chosen: a push does otherwise"
    first, *others = [number_text(float(product), 4) for product in products]
    added = " + ".join(f"{text} · h" for text in (first, *map(bracketed, others)))
    return f": a small push h of {of} goes along each of them at once, and moves {view.goal} by {added}"


def _run_to(graph: Graph, end: str) -> Trace | None:
    """The passes with another target, which the graph is not told of; its gradient is 1 there."""
    if end not in graph.nodes:
        return None
    return readable(trace_of(make_plan(graph, end), leaf_values(graph)))


@Panel("paths", "Paths", side="bottom", key="Ctrl+6", order=60, icon="paths", size=HEIGHT, closed=True)
def make_panel(bridge: Bridge, selection: Selection, preferences: Preferences) -> PathsPanel:
    return PathsPanel(bridge, selection)
