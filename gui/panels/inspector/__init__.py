"""The inspector: what happens at the current step and why, and everything about what is selected."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from engine.graph.change import Change
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from gui.look.theme import RIGHT_WIDTH
from gui.panels.inspector.document_view import DocumentView
from gui.panels.inspector.edge_view import EdgeView
from gui.panels.inspector.many_view import ManyView
from gui.panels.inspector.node_view import NodeView
from gui.panels.inspector.step_view import StepView
from gui.widgets.labels import rule

__all__ = ["Inspector"]

View = DocumentView | NodeView | EdgeView | ManyView


class Inspector(QScrollArea):
    """The step on top, the selection below. Both follow the bridge; while playing only what changes is written."""

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__()
        self._bridge, self._selection = bridge, selection
        self._step = StepView(bridge)
        self._views = (
            DocumentView(bridge),
            NodeView(bridge, selection),
            EdgeView(bridge, selection),
            ManyView(bridge, selection),
        )
        self._view: View = self._views[0]
        self._graph = bridge.graph  # what is written here is about this one
        self._seen: object = None
        self._build()
        bridge.changed.connect(self._refresh)
        bridge.reworded.connect(self._refresh)
        bridge.moved.connect(self._follow)
        selection.changed.connect(self._refresh)
        self._refresh()

    def _build(self) -> None:
        self.setAccessibleName("Inspector")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumWidth(300)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(20, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(self._step)
        layout.addWidget(rule())
        for view in self._views:
            view.hide()
            layout.addWidget(view)
        layout.addStretch(1)
        self.setWidget(page)

    def showEvent(self, event: QShowEvent) -> None:
        self._refresh()
        super().showEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(RIGHT_WIDTH, 600)

    def _refresh(self, change: object = None) -> None:
        """Something that is written here may be different: write it all again."""
        if isinstance(change, Change):
            self._selection.follow(change)  # whoever hears of a change first: a renamed node stays selected
        self._graph, self._seen = self._bridge.graph, self._place()
        self._step.refresh()
        document, node, edge, many = self._views
        nodes = self._selection.nodes & self._bridge.graph.nodes.keys()
        edges = self._selection.edges & self._bridge.graph.edges.keys()
        if len(nodes) + len(edges) > 1:
            self._show(many)
        elif nodes:
            self._show(node)
        else:
            self._show(edge if edges else document)

    def _follow(self) -> None:
        """The player has moved: numbers differ only where a step has begun or ended."""
        if self._bridge.graph is not self._graph or (place := self._place()) == self._seen:
            return  # a move that comes with a change: `changed` follows at once
        if not self.isVisible():
            return  # `showEvent` catches up
        self._seen = place
        self._step.refresh()
        if isinstance(self._view, (NodeView, EdgeView)):
            self._view.refresh()

    def _place(self) -> tuple[object, ...]:
        frame = self._bridge.frame
        return (id(frame.trace), frame.index, frame.done)

    def _show(self, view: View) -> None:
        view.refresh()
        if view is not self._view or view.isHidden():
            self._view.hide()
            self._view = view
            view.show()
