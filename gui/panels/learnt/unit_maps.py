"""The network with a small map in each unit, of its answers over the plane; wider edges have larger weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.errors import one_line
from engine.graph.graph import Graph
from engine.learn.decisions import Numbers
from engine.learn.learnt import Learnt, plane_of
from engine.learn.network import UnitLayer, unit_layers
from engine.values.values import number_text
from gui.look.as_is import as_is
from gui.look.guard import guarded
from gui.look.measure import elided
from gui.look.text_size import keep_scaled, scaled
from gui.look.theme import CAPTION, Theme, font, theme, themes
from gui.panels.learnt.colours import number_picture

PLACES = 20  # of a map, in each direction
MOST_UNITS, MOST_LAYERS = 16, 5  # that are drawn
HEAD, ROW, LEAST_HIGH = 38, 21, 96  # pixels; a unit has a row: flatter maps are stripes
TILE = 40.0  # pixels: a map is no wider, nor higher than three quarters of it
WIDEST, THINNEST = 3.6, 0.3
BESIDE = 4.0  # pixels between the name of a feature and its weights
MOST_SAID = 4  # weights
MOST_LINES = 96  # between two layers: the weaker ones would hardly be seen
TIP = (
    "In each unit, what it answers over the plane. Orange weights add, blue ones take away. "
    "Click a unit: its node is shown on the canvas"
)


@dataclass(frozen=True)
class Tile:
    """A unit of a layer (0: the features), where it stands, and its map."""

    layer: int
    unit: int
    box: QRectF
    picture: QImage | None


class UnitMaps(QWidget):
    """Draws the network that it is given; a click on a unit tells its node."""

    chosen = Signal(str)

    def __init__(self, highest: int = ROW * MOST_UNITS) -> None:
        """All rows of it take no more than `highest` pixels."""
        super().__init__()
        self._highest = highest
        self.layers: list[UnitLayer] = []
        self.names: dict[str, str] = {}
        self._columns: tuple[str, ...] = ()
        self._pictures: list[list[QImage]] = []
        self._near: tuple[int, int] | None = None
        self._behind: QPixmap | None = None  # the weights as they were drawn last
        themes.changed.connect(self._draw_anew)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What each unit has learnt")
        self.setToolTip(as_is(TIP))
        keep_scaled(self, self._size)

    def _size(self) -> None:
        most = max([len(self._columns), *(len(layer.weights) for layer in self.layers)], default=0)
        self.setFixedHeight(scaled(min(max(LEAST_HIGH, ROW * min(most, MOST_UNITS)), self._highest) + HEAD))

    def show_network(self, learnt: Learnt, graph: Graph) -> None:
        """What the units answer now, and the weights between them; hidden where there is no plain chain of layers."""
        layers = unit_layers(graph, learnt)
        fits = 1 < len(layers) <= MOST_LAYERS and len(learnt.columns) <= 2
        self.layers = layers if fits else []
        self.setVisible(fits)
        if fits:
            self.names = {id: one_line(node.name) for id, node in graph.nodes.items()}
            self._columns = learnt.columns
            self._pictures = _maps(learnt, graph, layers)
            self._size()
            self.setAccessibleDescription(self.reading())
            self._draw_anew()

    def show_maps(self, learnt: Learnt, graph: Graph) -> None:
        """What the same units answer now."""
        if self.layers:
            self._pictures = _maps(learnt, graph, self.layers)
            self.update()

    def reading(self) -> str:
        """What stands above it: the unit under the mouse with its weights, or how to read the picture."""
        if self._near is None:
            return "Each unit's map, and the weights"
        at, unit = self._near
        if not at:
            return self._columns[unit]
        layer = self.layers[at - 1]
        weights = layer.weights[unit]
        said = ", ".join(number_text(float(w), 3) for w in weights[:MOST_SAID])
        more = f" and {len(weights) - MOST_SAID} more" if len(weights) > MOST_SAID else ""
        named = self.names[_node_of(layer, unit)]
        return f"{named}{'' if layer.nodes else f', unit {unit + 1}'}: weights {said}{more}"

    def tile(self, layer: int, unit: int) -> QRectF:
        """Where a unit stands; layer 0 are the features."""
        counts = [len(self._columns), *(min(len(each.weights), MOST_UNITS) for each in self.layers)]
        high = (self.height() - scaled(HEAD) - 4) / counts[layer]
        wide = self.width() / len(counts)
        width = min(scaled(TILE), wide * 0.5)
        height = min(width * 0.75, high - 3)
        middle = QPointF(wide * (layer + 0.5), scaled(HEAD) + high * (unit + 0.5))
        return QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)

    def _tiles(self) -> list[Tile]:
        found = [Tile(0, unit, self.tile(0, unit), None) for unit in range(len(self._columns))] if self.layers else []
        for at, pictures in enumerate(self._pictures if self.layers else [], 1):
            found += [Tile(at, unit, self.tile(at, unit), picture) for unit, picture in enumerate(pictures)]
        return found

    # --- the hand

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._look_at(self._tile_at(event.position()))

    def leaveEvent(self, event: object) -> None:
        self._look_at(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        tile = self._tile_at(event.position())
        if tile is not None and tile.layer and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(_node_of(self.layers[tile.layer - 1], tile.unit))

    def _tile_at(self, spot: QPointF) -> Tile | None:
        return next((tile for tile in self._tiles() if tile.box.contains(spot)), None)

    def _look_at(self, tile: Tile | None) -> None:
        near = None if tile is None else (tile.layer, tile.unit)
        if near != self._near:
            self._near = near
            self.setAccessibleDescription(self.reading())
            self._draw_anew()

    # --- the picture

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look, tiles = theme(), self._tiles()
        if not tiles:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(font(scaled(CAPTION), bold=True))
            painter.setPen(look.color("soft"))
            painter.drawText(QPointF(0, scaled(13)), elided(self.reading(), scaled(CAPTION), True, float(self.width())))
            if self._behind is None or self._behind.size() != self.size() * self.devicePixelRatioF():
                self._behind = self._drawn_behind(look)
            painter.drawPixmap(0, 0, self._behind)
            for tile in tiles:
                self._paint_tile(painter, look, tile)

    def _drawn_behind(self, look: Theme) -> QPixmap:
        """The weights and the names, which stay while the maps change."""
        ratio = self.devicePixelRatioF()
        behind = QPixmap(self.size() * ratio)
        behind.setDevicePixelRatio(ratio)
        behind.fill(Qt.GlobalColor.transparent)
        with QPainter(behind) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for at, layer in enumerate(self.layers, 1):
                self._paint_weights(painter, look, at, layer)
                self._paint_name(painter, look, at, layer)
        return behind

    def _draw_anew(self) -> None:
        self._behind = None
        self.update()

    def _paint_name(self, painter: QPainter, look: Theme, at: int, layer: UnitLayer) -> None:
        wide, count = self.width() / (len(self.layers) + 1), len(layer.weights)
        more = f" ({MOST_UNITS} of {count})" if count > MOST_UNITS else ""
        painter.setFont(font(scaled(CAPTION)))
        painter.setPen(look.color("faint"))
        box = QRectF(wide * at, scaled(18), wide, scaled(16))
        said = " ".join(self.names[id] for id in layer.nodes[:MOST_UNITS] or (layer.id,))
        said = elided(said + more, scaled(CAPTION), False, wide)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), said)

    def _paint_weights(self, painter: QPainter, look: Theme, at: int, layer: UnitLayer) -> None:
        """Those of the unit under the mouse stand out; the others are then faint."""
        weights = np.nan_to_num(layer.weights[:MOST_UNITS, :MOST_UNITS])
        scale = float(np.max(np.abs(weights), initial=0.0)) or 1.0
        order = np.argsort(np.abs(weights), axis=None)[-MOST_LINES:]
        for unit, source in zip(*np.unravel_index(order, weights.shape), strict=True):
            part = float(weights[unit, source]) / scale
            colour = look.color("pos" if part > 0 else "neg")
            seen = self._near is None or self._near in ((at, int(unit)), (at - 1, int(source)))
            colour.setAlphaF((0.1 + 0.65 * abs(part)) if seen else 0.05)
            start, end = self.tile(at - 1, int(source)), self.tile(at, int(unit))
            painter.setPen(QPen(colour, THINNEST + WIDEST * abs(part)))
            painter.drawLine(QLineF(start.right(), start.center().y(), end.left(), end.center().y()))

    def _paint_tile(self, painter: QPainter, look: Theme, tile: Tile) -> None:
        if tile.picture is None:
            painter.setFont(font(scaled(CAPTION), bold=True))
            painter.setPen(look.color("text"))
            box = tile.box.adjusted(0, 0, -BESIDE, 0)
            said = elided(self._columns[tile.unit], scaled(CAPTION), True, box.width())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), said)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(tile.box, tile.picture)
        near = self._near == (tile.layer, tile.unit)
        painter.setPen(QPen(look.color("focus" if near else "edge"), 2.0 if near else 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(tile.box)


def _node_of(layer: UnitLayer, unit: int) -> str:
    return layer.nodes[unit] if layer.nodes else layer.id


def _maps(learnt: Learnt, graph: Graph, layers: list[UnitLayer]) -> list[list[QImage]]:
    """A picture of each unit, those of a layer on one scale: a unit that is always 0 is blank."""
    plane, look = plane_of(learnt.data.features, PLACES), theme()
    reply = learnt.answer(graph, plane.rows)
    shape = plane.shape if len(plane.shape) == 2 else (1, *plane.shape)
    found = []
    for layer in layers:
        columns = [reply.units.get(id, reply.outputs) for id in layer.nodes or (layer.id,)]
        values = np.concatenate(columns, axis=1)[:, :MOST_UNITS]
        scale = _scale(values)
        count, (high, wide) = values.shape[1], shape
        stacked = (values.T / scale).reshape(count * high, wide)  # one picture, from the last unit at its top
        picture = number_picture(look, stacked)
        found.append([picture.copy(0, (count - 1 - unit) * high, wide, high) for unit in range(count)])
    return found


def _scale(values: Numbers) -> float:
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max(initial=0.0)) or 1.0
