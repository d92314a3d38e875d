"""What the tour speaks of has a ring round it, which goes along with it: a row of the palette, a port, a button."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QModelIndex, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QListView, QMenuBar, QWidget

from gui.canvas.view import CanvasView
from gui.look.guard import guarded
from gui.look.theme import theme
from gui.panels.palette import OP_ROLE, Palette
from gui.panels.timeline import Timeline

LOOKS_AGAIN = 80  # milliseconds: views scroll, panels fold, nodes are dragged
WIDTH, AWAY, CURVE = 3, 5, 10.0  # of the ring; from what it is round; its corners
PORT = 22  # pixels round a port
Spot = tuple[QWidget, QRect]  # a part of a widget
Target = Callable[[], Spot | None]


class TourRing(QWidget):
    """Lets the mouse through, has no keys and says nothing: the sentence of the tour tells what is meant."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._over = window
        self._target: Target | None = None
        self._again = QTimer(self, interval=LOOKS_AGAIN)
        self._again.timeout.connect(self._place)
        self.hide()

    def follow(self, target: Target | None) -> None:
        """Stand round something from now on; None: round nothing."""
        self._target = target
        if target is None:
            self._again.stop()
        else:
            self._again.start()
        self._place()

    def _place(self) -> None:
        """Where it is now; nowhere while that is not seen."""
        spot = None if self._target is None else self._target()
        if spot is None or not spot[0].isVisible() or not spot[0].rect().intersects(spot[1]):
            self.hide()
            return
        widget, box = spot
        seen = box & widget.rect()
        around = QRect(widget.mapTo(self._over, seen.topLeft()), seen.size())
        around = around.adjusted(-AWAY, -AWAY, AWAY, AWAY)
        if around != self.geometry():
            self.setGeometry(around)
        if self.isHidden():
            self.show()
            self.raise_()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme().color("focus"), WIDTH))
            half = WIDTH / 2
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), CURVE, CURVE)


def tour_targets(palette: Palette, canvas: CanvasView, timeline: Timeline, menus: QMenuBar) -> Mapping[str, Target]:
    """What the steps of the tour speak of, by the names that these have for it."""
    return {
        "op": lambda: _row(palette, "mul"),
        "port": lambda: _free_output(canvas),
        "value": lambda: _value(canvas),
        "play": lambda: (timeline.play_button, timeline.play_button.rect()),
        "file": lambda: (menus, menus.actionGeometry(menus.actions()[0])) if menus.actions() else None,
    }


def _row(palette: Palette, op: str) -> Spot | None:
    """The row of an op in the palette, or all rows, where that is not among those that are seen."""
    rows = palette.findChild(QListView)
    if rows is None:
        return None
    indices = (rows.model().index(at, 0) for at in range(rows.model().rowCount()))
    index = next((each for each in indices if getattr(each.data(OP_ROLE), "name", "") == op), QModelIndex())
    box = rows.visualRect(index)
    whole = rows.viewport().rect()
    return rows.viewport(), box if not box.isEmpty() and whole.contains(box.center()) else whole


def _free_output(canvas: CanvasView) -> Spot | None:
    """The port of the first leaf from which no edge begins yet."""
    scene = canvas.desk.scene
    graph = scene.stage.graph
    leaf = next((id for id, node in graph.nodes.items() if node.op.is_leaf and not graph.out_of(id)), None)
    if leaf is None:
        return None
    spot = canvas.mapFromScene(*scene.stage.output_place(leaf))
    return canvas.viewport(), QRect(spot - QPoint(PORT // 2, PORT // 2), spot + QPoint(PORT // 2, PORT // 2))


def _value(canvas: CanvasView) -> Spot | None:
    """The number of the first leaf."""
    scene = canvas.desk.scene
    leaf = next((id for id, node in scene.stage.graph.nodes.items() if node.op.holds_value), None)
    item = None if leaf is None else scene.node_items.get(leaf)
    if item is None:
        return None
    return canvas.viewport(), canvas.mapFromScene(item.value_rect(canvas.camera.zoom)).boundingRect()
