"""The inspector: what happens at the current step and why, and everything about what is selected."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout

from engine.show.now import Now
from gui.document.bridge import Bridge
from gui.document.preferences import Preferences
from gui.document.selection import Selection
from gui.look.text_size import keep_scaled, scaled
from gui.look.theme import RIGHT_WIDTH
from gui.panels import Panel
from gui.panels.inspector.document_view import DocumentView
from gui.panels.inspector.edge_view import EdgeView
from gui.panels.inspector.keys_order import neighbour, put_in_reading_order
from gui.panels.inspector.many_view import ManyView
from gui.panels.inspector.microscope import Microscope
from gui.panels.inspector.node_view import NodeView
from gui.panels.inspector.step_view import StepView
from gui.widgets.boxes import STRETCH, column, holder
from gui.widgets.labels import rule

__all__ = ["Inspector"]

MARGIN, LEAST_SEEN = 12, 200  # pixels: above what is brought into sight, and how much of it must be seen

View = DocumentView | NodeView | EdgeView | ManyView


class Inspector(QScrollArea):
    """The step on top, the selection below. Only what is different is written again."""

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__()
        self._bridge, self._selection = bridge, selection
        self._step, self._microscope = StepView(bridge), Microscope(bridge, self)  # what has no parent outlives it
        self._views = (
            DocumentView(bridge),
            NodeView(bridge, selection),
            EdgeView(bridge, selection),
            ManyView(bridge, selection),
        )
        self._view: View = self._views[0]
        self._brought = 0  # how far down the page was taken for what was selected
        self._build()
        self._microscope.appearing.connect(self._put_microscope)
        bridge.told.connect(self._on_told)
        selection.changed.connect(self._show_selected)
        selection.changed.connect(self._bring_soon)
        self._refresh()

    def _build(self) -> None:
        self.setAccessibleName("Inspector")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        keep_scaled(self, lambda: self.setMinimumWidth(scaled(240)))
        for view in self._views:
            view.hide()
        self.setWidget(holder(column(None, 16, self._step, rule(), *self._views, STRETCH, margins=(16, 12, 12, 12))))

    def _put_microscope(self) -> None:
        """Below the step, from the first tensor on: a graph of single numbers has no room for it."""
        page = self.widget()
        layout = page.layout() if page is not None else None
        if isinstance(layout, QVBoxLayout) and layout.indexOf(self._microscope) < 0:
            layout.insertWidget(1, self._microscope)

    def showEvent(self, event: QShowEvent) -> None:
        self._refresh()
        self._microscope.come()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is looked for out of sight."""
        self._microscope.rest()
        super().hideEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes as one reads. Qt asks here too when what has the keys goes: they stay beside where it was."""
        here, page = QApplication.focusWidget(), self.widget()
        if page is not None and here is not None and page.isAncestorOf(here):
            if here.isVisible() and here.isEnabled():
                put_in_reading_order(page)
            elif goal := neighbour(page, here):
                goal.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return super().focusNextPrevChild(next)

    def take_seed(self) -> None:
        """Let the seed of the selected target be typed."""
        for view in self._views:
            if isinstance(view, NodeView):
                view.take_seed()

    def sizeHint(self) -> QSize:
        return QSize(RIGHT_WIDTH, 600)

    def _on_told(self, now: Now) -> None:
        """Write what may be different; out of sight nothing, for `showEvent` catches up."""
        if not self.isVisible():
            return
        if now.content_changed or now.wording_changed:
            self._refresh()
        elif now.step_changed:
            self._bring_step()
            self._step.refresh()
            self._microscope.refresh()
            if isinstance(self._view, (NodeView, EdgeView)):
                self._view.refresh()

    def _refresh(self) -> None:
        self._step.refresh()
        self._microscope.refresh()
        self._show_selected()

    def _show_selected(self) -> None:
        document, node, edge, many = self._views
        nodes, edges = self._selection.nodes, self._selection.edges
        if len(nodes) + len(edges) > 1:
            self._show(many)
        elif nodes:
            self._show(node)
        else:
            self._show(edge if edges else document)

    def _show(self, view: View) -> None:
        view.refresh()
        if view is not self._view or view.isHidden():
            self._view.hide()
            self._view = view
            view.show()

    def _bring_soon(self) -> None:
        QTimer.singleShot(0, self, self._bring_selected)

    def _bring_selected(self) -> None:
        """Let what is selected be seen where the step leaves it little room."""
        bar, page = self.verticalScrollBar(), self.widget()
        layout = page.layout() if page is not None else None
        if layout is None or not (self._selection.nodes or self._selection.edges) or not self.isVisible():
            return
        layout.activate()
        top = self._view.y() - MARGIN
        if top + min(self._view.height(), LEAST_SEEN) > bar.value() + self.viewport().height():
            bar.setValue(top)
            self._brought = bar.value()

    def _bring_step(self) -> None:
        """Let the step be seen again, if nobody has scrolled since."""
        if self._brought and self.verticalScrollBar().value() == self._brought:
            self.verticalScrollBar().setValue(0)
        self._brought = 0


@Panel("inspector", "Inspector", side="right", key="Ctrl+2", order=20, icon="panel-right", size=600)
def make_panel(bridge: Bridge, selection: Selection, preferences: Preferences) -> Inspector:
    return Inspector(bridge, selection)
