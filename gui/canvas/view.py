"""The canvas: shows what the bridge tells, paints what moves over what rests, and listens to the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from engine.show.now import Now
from gui.canvas import keyboard
from gui.canvas.editor import ValueEditor
from gui.canvas.follow import Follower
from gui.canvas.gestures.drop import Drop
from gui.canvas.gestures.gesture import Gesture
from gui.canvas.hint import Hint
from gui.canvas.hits import Hit, find_hit
from gui.canvas.overlay import Overlay
from gui.canvas.paint import style
from gui.canvas.scene import GraphScene
from gui.canvas.tips import tip
from gui.canvas.tools import Interaction
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from gui.look.theme import theme, themes


class CanvasView(Interaction):
    """The view of the graph. Edits go to the bridge; nothing here changes the model."""

    example_requested = Signal(str)
    zoomed = Signal(float)
    looked = Signal()  # another part of the canvas is seen

    def __init__(self, bridge: Bridge, selection: Selection, parent: QWidget | None = None) -> None:
        self.graph_scene = GraphScene(bridge.graph, bridge.frame)
        super().__init__(self.graph_scene, parent)
        self.bridge, self.selection = bridge, selection
        self.gesture: Gesture | None = None
        self.space = keyboard.SpaceKey()
        self.editor = ValueEditor(self)
        self.hint = Hint(self.viewport())
        self.overlay = Overlay(self)
        self.follower = Follower(self)
        self.graph_scene.dirtied = self.overlay.backdrop.mark
        self._hover = Hit()
        self._seen = False
        self._set_up()
        self._connect()
        self.fit_all(animated=False)

    def _set_up(self) -> None:
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Canvas")
        self.hint.setVisible(not self.bridge.graph.nodes)
        self._describe()

    def _connect(self) -> None:
        self.bridge.told.connect(self._on_told)
        self.selection.changed.connect(self._on_selection)
        self.selection.reveal_requested.connect(self._on_reveal)
        self.hint.example_requested.connect(self.example_requested)
        themes.changed.connect(self._on_theme)

    # --- what has happened

    def _on_told(self, now: Now) -> None:
        if now.loaded:
            self.cancel_gesture()
        if now.change:
            self._show_change(now)
        else:
            self._show_frame(now)
        if now.loaded:
            self.fit_all(animated=False)

    def _show_change(self, now: Now) -> None:
        if self.gesture is not None and not isinstance(self.gesture, Drop):
            self.cancel_gesture()
        self._hover = Hit()
        self.graph_scene.apply(now.change, now.graph, now.frame)
        self._mark()
        if now.content_changed:
            self._describe()
            self.hint.setVisible(not now.graph.nodes)
            self._place_hint()
        if self.editor.editing is not None:
            self.editor.place()
        self.overlay.leave()
        self.overlay.refresh()

    def _show_frame(self, now: Now) -> None:
        before = self.graph_scene.stage.frame
        self.graph_scene.show_frame(now.frame, now.wording)
        self.overlay.follow(before, now.frame)
        self.follower.follow(now.frame)

    def _on_selection(self) -> None:
        self.bridge.end_gesture()  # nudges of another selection are another step
        self._mark()
        self._describe()

    def _on_reveal(self, ids: tuple[str, ...]) -> None:
        self.center_on_nodes(ids)
        self.overlay.flash(ids)

    def _on_theme(self) -> None:
        self.overlay.backdrop.drop()
        self.graph_scene.repaint()
        self.viewport().update()

    def _describe(self) -> None:
        self.setAccessibleDescription(keyboard.description(self.bridge, self.selection))

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.overlay.wanted:
            self.overlay.paint(event.rect())
            return
        self.overlay.backdrop.drop()
        super().paintEvent(event)
        if self._keyboard_focus:
            self._paint_focus()

    def _paint_focus(self) -> None:
        painter = QPainter(self.viewport())
        painter.setPen(style.pen(theme().focus, 2))
        painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
        painter.end()

    # --- where the view goes

    def _looked(self) -> None:
        self.overlay.backdrop.drop()
        self.editor.place()
        self._place_hint()
        self.looked.emit()
        self._move_gesture_along()
        if self.overlay.wanted:
            self.viewport().update()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._looked()

    def setTransform(self, matrix, combine: bool = False) -> None:  # type: ignore[no-untyped-def]
        before = self.zoom
        super().setTransform(matrix, combine)
        if self.zoom != before:
            self._looked()
            self.zoomed.emit(self.zoom)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._seen:
            self._seen = True
            self.fit_all(animated=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.shows_all:
            self.fit_all(animated=False)
        self._looked()

    def _place_hint(self) -> None:
        """In the middle; scrolling has taken it along."""
        if not self.hint.isHidden():
            self.hint.centre_in(self.viewport().width(), self.viewport().height())

    # --- keys and the rest

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and keyboard.keeps(self, event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        self.overlay.leave()
        event.setAccepted(keyboard.press(self, event))

    def keyReleaseEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        event.setAccepted(keyboard.release(self, event))

    def show_space(self, down: bool) -> None:
        """Space is held: a drag pans."""
        if self.gesture is None:
            self._show_cursor()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        self._show_keyboard_focus(event.reason() in keys)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.space.forget()
        self._show_keyboard_focus(False)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.Wheel):
            self.overlay.leave()
        if isinstance(event, QHelpEvent):
            hit = find_hit(self.graph_scene, self.mapToScene(event.pos()), self.zoom)
            text = tip(self.bridge.graph, self.bridge.trace, hit, self.bridge.wording)
            QToolTip.showText(event.globalPos(), text, self.viewport())
            return True
        if event.type() == QEvent.Type.Leave and self._hover != Hit():
            self._hover = Hit()
            self._mark()
        return super().viewportEvent(event)

    def sceneRect(self) -> QRectF:
        return self.graph_scene.sceneRect()
