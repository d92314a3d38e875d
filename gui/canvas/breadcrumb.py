"""The path to the group that is looked into, at the top of the canvas: Document › Layer 1 › Neuron 2."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.show.now import Now
from gui.canvas.desk import Desk
from gui.canvas.folds import Folds
from gui.look.as_is import PlainLabel, unmarked
from gui.widgets.buttons import PushButton

MARGIN, LONGEST = 8, 28  # pixels from the corner of the canvas; letters of a name
WHOLE = "Document"


class Breadcrumb(QWidget):
    """There only while a group is looked into."""

    def __init__(self, desk: Desk, folds: Folds) -> None:
        super().__init__(desk.camera.view.viewport())
        self._desk, self._folds = desk, folds
        self._told: list[tuple[str | None, str]] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 4, 8, 4)
        self._row.setSpacing(4)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "breadcrumb")
        self.setAccessibleName("Path to the group that is looked into")
        self.hide()
        folds.looked.connect(self.refresh)
        desk.bridge.told.connect(self._on_told)  # no lambda: that outlives the widget
        desk.camera.looked.connect(self._place)

    def _on_told(self, now: Now) -> None:
        if now.change or now.loaded:
            self.refresh()

    def refresh(self) -> None:
        """Show the path of now."""
        groups = self._desk.now.graph.groups
        path = self._folds.path
        wanted: list[tuple[str | None, str]] = [(None, self._desk.now.graph.title or WHOLE)]
        wanted += [(id, groups[id].name) for id in path]
        self.setVisible(bool(path))
        if path and wanted != self._told:
            self._told = wanted
            self._fill()
        self._place()

    def _fill(self) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        for at, (id, name) in enumerate(self._told):
            is_last = at == len(self._told) - 1
            if at:
                self._row.addWidget(PlainLabel("›"))
            shown = name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
            if is_last:
                here = PlainLabel(shown)
                here.setProperty("role", "here")
                self._row.addWidget(here)
                continue
            button = PushButton(unmarked(shown))
            button.setProperty("role", "crumb")
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setToolTip(unmarked(f"Back to {name}"))
            button.clicked.connect(lambda checked=False, id=id: self._go(id))
            self._row.addWidget(button)

    def _go(self, group: str | None) -> None:
        self._folds.go_to(group)
        self._desk.camera.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self) -> None:
        """In the upper left corner, wherever scrolling has taken it."""
        if not self.isHidden():
            for part in self.findChildren(QWidget):
                part.show()  # what is not shown yet has no size
            self._row.activate()
            self.adjustSize()
            self.move(MARGIN, MARGIN)
            self.raise_()
