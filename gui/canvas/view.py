"""The canvas: the view that Qt knows. It makes the parts, and passes on what Qt tells it."""

from collections.abc import Iterator
from time import perf_counter

from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QToolTip

from gui.canvas.access.canvas_thing import CanvasTeller, CanvasThing
from gui.canvas.access.hands import Hands
from gui.canvas.answer_field import AnswerField
from gui.canvas.breadcrumb import Breadcrumb
from gui.canvas.camera import Camera
from gui.canvas.context_menu import ContextMenus
from gui.canvas.desk import Desk
from gui.canvas.drags import Drags
from gui.canvas.edge_words import EdgeWords
from gui.canvas.finder import Finder
from gui.canvas.folds import Folds
from gui.canvas.follow import Follower
from gui.canvas.gathering import Gathering
from gui.canvas.gestures.turning import Turning
from gui.canvas.glide import Glide
from gui.canvas.hint import Hint
from gui.canvas.keyboard import Keyboard
from gui.canvas.listener import Listener
from gui.canvas.mouse_place import HEARD
from gui.canvas.newcomers import Newcomers
from gui.canvas.overlay import Overlay
from gui.canvas.paint import style
from gui.canvas.paint.grid import paint_grid
from gui.canvas.paint.prepared import prepared
from gui.canvas.quick_add import QuickAdd
from gui.canvas.quick_place import QuickPlace
from gui.canvas.rim_pan import RimPan
from gui.canvas.scene import GraphScene
from gui.canvas.selected import Selected
from gui.canvas.selecting import Selecting
from gui.canvas.tips import cell_tip, tip
from gui.canvas.tools import Tools
from gui.canvas.walker import Walker
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from gui.look.as_is import as_is
from gui.look.guard import guarded
from gui.look.theme import theme
from gui.widgets.keys import STILL_HERE

BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class CanvasView(QGraphicsView):
    """Shows a graph on an endless sheet. Edits go to the bridge; nothing here changes the model."""

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        scene = GraphScene(bridge.now.graph, bridge.now.frame)
        super().__init__(scene)
        self.camera = Camera(self, scene)
        self.desk = Desk(bridge, selection, scene, self.camera)
        self.tools = Tools(self.desk)
        self.walker = Walker(self.desk, self.tools)
        self.gathering = Gathering(self.desk, self.tools)
        self.selected, self.newcomers = Selected(self.desk, self.walker, self.gathering), Newcomers(self.desk)
        self.selecting = Selecting(self.desk)
        self.menus = ContextMenus(self.desk, self.selected, self.newcomers, self.gathering)
        self.drags = Drags(self.desk, self.tools, self.newcomers)
        self.follower = Follower(self.desk, self.tools)
        self.hint, self.edge_words = Hint(self.viewport()), EdgeWords(self.desk)
        self.finder = Finder(self.desk)
        self.quick_add = QuickAdd(self.desk, self.tools, QuickPlace(self.desk, self.newcomers, self.gathering))
        self.rim_pan = RimPan(self.camera, self.tools)
        self.folds = Folds(self.desk)
        self.desk.fold_asked.connect(lambda group: self.folds.fold([group]))
        self.tools.card_asked.connect(lambda group: self.folds.unfold([group] if group else []))
        self.breadcrumb = Breadcrumb(self.desk, self.folds)
        self.answer = AnswerField(self.desk)
        self._keyboard = Keyboard(self.desk, self.tools, self.walker, self.selected, self.selecting, self.folds)
        self._turning = Turning(self.desk)
        self._overlay = Overlay(self.desk, self.tools)
        self._preparing: Iterator[None] = iter(())
        self._keyboard_focus = False  # whether the focus came by a key, and is shown
        self._focus_framed = True
        self._set_up()
        self.glide = Glide(self.desk)  # hears of an edit before the listener
        self._listener = Listener(self.desk, self.tools, self._overlay, self.follower, self.hint)
        self.desk.bridge.told.connect(self.glide.follow_folding)  # when all is where it will be
        self._teller = CanvasTeller(self.desk, self.folds)
        self.camera.fit_all(animated=False)

    def told_as(self) -> CanvasThing:
        """What those who do not see it are told."""
        return CanvasThing(Hands(self.desk, self.tools, self.walker, self.selected, self.menus, self.folds))

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.NoViewportUpdate)  # the backdrop knows
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # else all that is below is painted too
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Canvas")

    # --- painting

    def prepare(self, seconds: float) -> bool:
        """Find, for so long, what will be painted of a graph that is new; gives whether there is more to be found."""
        scene = self.desk.scene
        if scene.is_new:
            scene.is_new = False
            self._preparing = prepared(scene.stage, self.camera.zoom, self.camera.visible_scene())
        until = perf_counter() + seconds
        return any(perf_counter() > until for _ in self._preparing)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        paint_grid(painter, QRectF(rect), theme(), self.camera.zoom)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        self._overlay.paint(event.rect())
        if self._keyboard_focus and self._focus_framed and not self._overlay.wanted:
            with QPainter(self.viewport()) as painter:
                painter.setPen(style.pen(theme().focus, 2))
                painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))

    # --- where the view goes

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self.camera.looked.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.desk.scene.wake()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.desk.scene.rest()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.camera.keep_all_shown()
        self.camera.looked.emit()

    # --- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._show_keyboard_focus(False)
        self.tools.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.tools.move(self.tools.hand_of(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.tools.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.tools.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self._turning.turn(event):
            self.camera.turn(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self.desk.bridge.pending.commit():
            return
        self.tools.cancel()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menus.open_by_key()
        else:
            self.menus.open_at(event.pos())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.drags.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.drags.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drags.leave(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.drags.drop(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in HEARD:  # Qt sends others before there is a desk
            self.desk.mouse.hear(event)
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.Wheel):
            self._overlay.leave()
        if event.type() == QEvent.Type.Leave:
            self.tools.leave()
        if isinstance(event, QHelpEvent):
            at = self.mapToScene(event.pos())
            hit = self.desk.hit(at)
            cell = self.desk.cell_at(at, hit)
            text = tip(self.desk.seen, hit, self.camera.zoom) if cell is None else cell_tip(self.desk.seen, *cell)
            QToolTip.showText(event.globalPos(), as_is(text), self.viewport())
            return True
        return self.camera.pinch(event) or super().viewportEvent(event)

    # --- the keyboard

    def event(self, event: QEvent) -> bool:
        key = event if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride else None
        if key is not None and self._keyboard.keeps(key):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._overlay.leave()
        self.tools.keys_changed(event)
        event.setAccepted(self._keyboard.press(event))

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """A sign that takes more than one key, such as ä, begins a search as any other does."""
        if event.commitString() or event.preeditString():
            self._overlay.leave()
            self.quick_add.compose(event)

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        return True if query == Qt.InputMethodQuery.ImEnabled else super().inputMethodQuery(query)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self.tools.keys_changed(event)
        event.setAccepted(self._keyboard.release(event))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)  # Qt takes it away where no item takes text
        self._show_keyboard_focus(event.reason() in BY_KEY)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.tools.space.forget()
        if self.tools.state.by_keys and event.reason() not in STILL_HERE:
            self.tools.cancel()
        self._show_keyboard_focus(False)

    def show_focus_frame(self, shown: bool) -> None:
        """Whether a frame says that the keys come here: not while something is presented."""
        self._focus_framed = shown
        self.viewport().update()

    def _show_keyboard_focus(self, shown: bool) -> None:
        if shown != self._keyboard_focus:
            self._keyboard_focus = shown
            self.viewport().update()
