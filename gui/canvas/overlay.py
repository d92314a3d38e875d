"""What lies over the resting canvas for a while: the pass that moves, the hand's gesture, a flash round what was asked
for, and the last sum of a pass, which stays until it has been read."""

from collections.abc import Iterable
from typing import Literal

from PySide6.QtCore import QRect, Qt, QTimer, QVariantAnimation
from PySide6.QtGui import QPainter

from engine.show.frame import Frame
from engine.truth.cells import Cell
from gui.canvas.desk import Desk
from gui.canvas.paint import style
from gui.canvas.paint.backdrop import FEW, Backdrop
from gui.canvas.paint.bubble import paint_bubble
from gui.canvas.paint.card_forms import FAR_MAPS, has_maps
from gui.canvas.paint.heat_card import paint_rings, ring_boxes
from gui.canvas.paint.lens import paint_push
from gui.canvas.paint.motion import is_moving, paint_motion
from gui.canvas.paint.nodes import sides
from gui.canvas.paint.sums import paint_last_merge
from gui.canvas.tools import Tools
from gui.document import motion
from gui.look.theme import Theme, theme

FLASH_MS, SUM_MS = 900, 1200


class Overlay:
    """Paints the canvas: a frozen picture of it, and over that what moves."""

    def __init__(self, desk: Desk, tools: Tools) -> None:
        self._desk, self._tools, self._view = desk, tools, desk.camera.view
        view = self._view
        tools.changed.connect(self.refresh)
        desk.bridge.real.cells.changed.connect(view.viewport().update)
        desk.bridge.real.lens.changed.connect(self.refresh)
        self.backdrop = Backdrop(view)
        self._shown = False
        self._flashed: frozenset[str] = frozenset()
        self._flash = QVariantAnimation(view, startValue=1.0, endValue=0.0, duration=FLASH_MS)
        self._flash.valueChanged.connect(lambda: view.viewport().update())
        self._sum = QTimer(view, singleShot=True, interval=SUM_MS)
        self._sum.timeout.connect(self.refresh)

    @property
    def wanted(self) -> bool:
        """Whether there is anything to paint."""
        moving = is_moving(self._desk.scene.stage)
        pushed = self._desk.bridge.real.lens.push is not None
        return self._tools.state.overlay or moving or self._flashing or self._sum.isActive() or pushed

    @property
    def _flashing(self) -> bool:
        return self._flash.state() == QVariantAnimation.State.Running

    # --- what has happened

    def refresh(self) -> None:
        """Paint it again, and the canvas once more when there is nothing over it any longer."""
        now = self.wanted
        if now or self._shown:
            self._view.viewport().update()
        self._shown = now

    def flash(self, ids: Iterable[str]) -> None:
        """Draw the eye to nodes."""
        self._flashed = frozenset(ids)
        if not motion.is_reduced():
            self._flash.start()

    def follow(self, before: Frame, now: Frame) -> None:
        """The player has moved: where it has just come to the end step by step, the last sum stays for a moment."""
        near = before.position >= len(now.trace) - max(1.0, now.trace.flight)
        forward = self._desk.scene.stage.lens.is_forward(now.trace)
        if before.trace is now.trace and near and now.at_end and not before.at_end and not forward:
            self._sum.start()
        else:
            self._sum.stop()
        self.refresh()

    def leave(self) -> None:
        """The user goes on: what was left to be read is gone."""
        if self._sum.isActive():
            self._sum.stop()
            self.refresh()

    # --- painting

    def paint(self, area: QRect) -> None:
        """Paint a part of the viewport, the frozen canvas first, and over it what there is."""
        colors, state = theme(), self._tools.state
        with QPainter(self._view.viewport()) as painter:
            stage, zoom = self._desk.scene.stage, self._desk.camera.zoom
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.backdrop.is_small = len(stage.graph.nodes) + len(stage.graph.edges) <= FEW
            self.backdrop.draw(painter, area, is_moving(stage))
            self._paint_lit(painter, colors, zoom)
            if not self.wanted:
                return
            with style.scene_of(painter, self._view.viewportTransform()):
                self._paint_moving(painter, colors, zoom)
            if (push := self._desk.bridge.real.lens.push) is not None:
                paint_push(painter, stage, push, self._view.viewportTransform(), colors)
            if state.sentence and self._tools.hand is not None:
                window = self._view.viewport().rect()
                paint_bubble(painter, self._tools.hand.spot, state.sentence, state.refused, colors, window)

    def _paint_moving(self, painter: QPainter, colors: Theme, zoom: float) -> None:
        """What goes along the edges, what is looked for, and what the hand does."""
        stage, seen = self._desk.scene.stage, sides(self._desk.camera.visible_scene())
        paint_motion(painter, stage, colors, zoom, seen=seen)
        if self._sum.isActive():
            paint_last_merge(painter, stage, colors, zoom, seen)
        if self._flashing:
            self._paint_flash(painter, colors)
        self._tools.state.paint(painter, colors)

    def _paint_lit(self, painter: QPainter, colors: Theme, zoom: float) -> None:
        """Rings round the cells of tensors that take part in the sum that is looked at."""
        stage, lit = self._desk.scene.stage, self._desk.bridge.real.cells.lit
        groups: dict[tuple[Literal["value", "gradient"], str], list[Cell]] = {}
        forward = stage.lens.is_forward(stage.frame.trace)  # no gradients are on the cards then
        for kind, node, cell in lit if zoom >= FAR_MAPS else ():
            if node in stage.graph.nodes and not (forward and kind == "gradient") and has_maps(stage.nodes[node], zoom):
                groups.setdefault((kind, node), []).append(cell)
        if not groups:
            return
        ratio = self._view.viewport().devicePixelRatioF()
        painter.save()
        painter.setTransform(self._view.viewportTransform())
        for (kind, node), cells in groups.items():
            shown = stage.frame.value(node) if kind == "value" else stage.frame.gradient(node)
            if shown is not None:
                boxes = ring_boxes(stage.nodes[node], kind, shown.shape, cells, zoom, ratio)
                paint_rings(painter, [box.translated(*stage.pos(node)) for box in boxes], colors, zoom)
        painter.restore()

    def _paint_flash(self, painter: QPainter, colors: Theme) -> None:
        """A ring that fades round what was asked for."""
        alpha = round(float(self._flash.currentValue()), 2)
        painter.setPen(style.pen(colors.focus, 6, False, alpha))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        items = self._desk.scene.node_items
        for id in self._flashed & set(items):
            painter.drawRoundedRect(items[id].card().adjusted(-6, -6, 6, 6), 14, 14)
