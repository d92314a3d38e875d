"""A node as the hand finds it on the scene: where it is, and where on it things are."""

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QPointF, QRectF

from engine.layout.layout import NODE_WIDTH
from engine.values.heat import Heat
from gui.canvas.model.stage import Stage
from gui.canvas.model.texts import NodePicture
from gui.canvas.node_layer import NodeLayer
from gui.canvas.paint.card_forms import CardForm, has_maps
from gui.canvas.paint.heat_card import cell_under
from gui.canvas.paint.node import COARSE, PLAIN, Marks, caption_box, name_box, value_box
from gui.canvas.paint.nodes import extent_in
from gui.canvas.paint.slider import slider_band
from gui.document.lit_cells import LitCell


class NodeItem:
    """One node of a stage, in scene coordinates. It keeps nothing: it says what the stage says."""

    def __init__(self, stage: Stage, layer: NodeLayer, id: str) -> None:
        self.id = id
        self._stage, self._layer = stage, layer

    @property
    def picture(self) -> NodePicture:
        """What it shows."""
        return self._stage.nodes[self.id]

    @property
    def marks(self) -> Marks:
        """What the user's hand adds."""
        return self._layer.marked.get(self.id, PLAIN)

    def pos(self) -> QPointF:
        """Its top left corner."""
        return QPointF(*self._stage.pos(self.id))

    def extent(self) -> QRectF:
        """All that may be painted for it."""
        return extent_in(self._stage, self.id)

    def card(self) -> QRectF:
        """The card."""
        return QRectF(self.pos().x(), self.pos().y(), NODE_WIDTH, self._stage.height(self.id))

    def form(self, zoom: float) -> CardForm:
        """What is seen of it at a zoom."""
        return self._layer.form(self.id, zoom)

    def outline(self, zoom: float) -> QRectF:
        """The card, or from far away its plate."""
        return self.card() if zoom >= COARSE else self.form(zoom).plate.translated(self.pos())

    def value_rect(self, zoom: float = 1.0) -> QRectF:
        """Where the value stands at a zoom; nothing on a plate that has no room for it."""
        if zoom >= COARSE:
            return value_box(self.picture, zoom).translated(self.pos())
        lines = (line.box() for line in self.form(zoom).lines if line.tone == self.picture.value_tone)
        return next(lines, QRectF()).translated(self.pos())

    def slider_rect(self, zoom: float) -> QRectF:
        """Where the slider is taken hold of; nothing where there is none."""
        return slider_band(self.picture, zoom).translated(self.pos()) if self.picture.slider else QRectF()

    def cell_at(self, at: QPointF, zoom: float, ratio: float) -> tuple[LitCell, Heat] | None:
        """The cell of a tensor on the card at a place of the scene, and the heat map in which it is."""
        if not has_maps(self.picture, zoom):
            return None
        frame = self._stage.frame
        found = cell_under(self.picture, frame.value(self.id), frame.gradient(self.id), at - self.pos(), zoom, ratio)
        return None if found is None else (LitCell(found[0], self.id, found[1]), found[2])

    def caption_rect(self) -> QRectF:
        """Where it stands what the value is called."""
        return caption_box(self.picture).translated(self.pos())

    def name_rect(self) -> QRectF:
        """Where the name stands."""
        return name_box(self.picture).translated(self.pos())


class NodeItems(Mapping[str, NodeItem]):
    """All nodes of a stage, by id. Of a large graph most are never asked for."""

    def __init__(self, stage: Stage, layer: NodeLayer) -> None:
        self._stage, self._layer = stage, layer

    def __getitem__(self, id: str) -> NodeItem:
        if id not in self._stage.graph.nodes:
            raise KeyError(id)
        return NodeItem(self._stage, self._layer, id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._stage.graph.nodes)

    def __len__(self) -> int:
        return len(self._stage.graph.nodes)
