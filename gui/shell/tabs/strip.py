"""The strip of tabs: a name for each document, a dot where it is unsaved; dragged, closed, asked for more."""

from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QIcon, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QTabBar, QWidget

from engine.errors import one_line
from gui.look import icons
from gui.look.as_is import as_is, unmarked
from gui.look.theme import theme, themes
from gui.shell.doors import OpenDocument
from gui.widgets.boxes import STRETCH, row
from gui.widgets.buttons import ToolButton

HEIGHT, WIDEST = 34, 220
DOT, BUTTON = 7, 22  # pixels


class TabStrip(QTabBar):
    """Shows the documents that it is told of, by their places in that list, and asks for what a hand wants of them."""

    wanted = Signal(int)  # to be in front
    closing_asked = Signal(int)
    others_closing_asked = Signal(int)
    dragged = Signal(int, int)  # from one place to another

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("tab-strip")
        self.setAccessibleName("Open documents")
        self.setMovable(True)
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setIconSize(QSize(DOT, DOT))
        self._shown: list[tuple[str, Path | None, bool]] = []
        self._telling = False
        self._pressed = -1  # by the middle button
        self.currentChanged.connect(self._on_current)
        self.tabMoved.connect(self._on_moved)
        themes.changed.connect(self._dress)

    def show_documents(self, documents: list[OpenDocument], front: int) -> None:
        """Whatever is new about them; a slider may ask for it sixty times a second."""
        said = [(document.name, document.path, document.unsaved) for document in documents]
        if said == self._shown and front == self.currentIndex():
            return
        self._telling = True
        while self.count() > len(said):
            self.removeTab(self.count() - 1)
        while self.count() < len(said):
            self._add(self.addTab(""))
        for at, one in enumerate(said):
            if at >= len(self._shown) or self._shown[at] != one:
                self._name(at, *one)
        self.setCurrentIndex(front)
        self._shown, self._telling = said, False

    def _add(self, at: int) -> None:
        button = ToolButton(self)
        button.setProperty("role", "flat")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setIconSize(QSize(12, 12))
        button.setFixedSize(BUTTON, BUTTON)
        icons.keep(button, button.setIcon, "cross")
        button.clicked.connect(lambda: self._close_by(button))
        self.setTabButton(at, QTabBar.ButtonPosition.RightSide, button)

    def _close_by(self, button: QWidget) -> None:
        for at in range(self.count()):
            if self.tabButton(at, QTabBar.ButtonPosition.RightSide) is button:
                self.closing_asked.emit(at)
                return

    def _name(self, at: int, name: str, path: Path | None, unsaved: bool) -> None:
        self.setTabText(at, unmarked(one_line(name)))
        self.setTabIcon(at, _dot(unsaved))
        where = str(path) if path else f"{name}: in no file yet"
        self.setTabToolTip(at, as_is(one_line(f"{where} (unsaved changes)" if unsaved else where)))
        self.setAccessibleTabName(at, one_line(f"{name}, unsaved" if unsaved else name))
        button = self.tabButton(at, QTabBar.ButtonPosition.RightSide)
        button.setToolTip(as_is(one_line(f"Close {name}")))
        button.setAccessibleName(one_line(f"Close {name}"))

    def _dress(self) -> None:
        for at, (_, _, unsaved) in enumerate(self._shown):
            self.setTabIcon(at, _dot(unsaved))

    def _on_current(self, at: int) -> None:
        if not self._telling and at >= 0:
            self.wanted.emit(at)

    def _on_moved(self, start: int, end: int) -> None:
        if not self._telling:
            self._shown.insert(end, self._shown.pop(start))
            self.dragged.emit(start, end)

    # --- Qt

    def tabSizeHint(self, index: int) -> QSize:
        return super().tabSizeHint(index).boundedTo(QSize(WIDEST, HEIGHT))

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._pressed = self.tabAt(event.position().toPoint())
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.MiddleButton:
            super().mouseReleaseEvent(event)
            return
        at, pressed, self._pressed = self.tabAt(event.position().toPoint()), self._pressed, -1
        if at >= 0 and at == pressed:
            self.closing_asked.emit(at)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        at = self.currentIndex() if by_key else self.tabAt(event.pos())
        if at >= 0:
            self._ask(at, self.mapToGlobal(self.tabRect(at).bottomLeft()) if by_key else event.globalPos())

    def _ask(self, at: int, place: QPoint) -> None:
        path = self._shown[at][1]
        menu = QMenu(self)
        menu.addAction("Close", lambda: self.closing_asked.emit(at))
        menu.addAction("Close the others", lambda: self.others_closing_asked.emit(at)).setEnabled(self.count() > 1)
        menu.addSeparator()
        copy = menu.addAction("Copy the path", lambda: QGuiApplication.clipboard().setText(str(path)))
        copy.setEnabled(path is not None)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)


class TabBand(QWidget):
    """The strip, and beside it a button for one more."""

    new_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("tab-band")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self.strip = TabStrip()
        self.more = ToolButton()
        self.more.setProperty("role", "flat")
        self.more.setToolTip("New document (Ctrl+N)")
        self.more.setAccessibleName("New document")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        icons.keep(self.more, self.more.setIcon, "add")
        self.more.clicked.connect(self.new_asked)
        row(self, 4, self.strip, self.more, STRETCH, margins=(8, 0, 8, 0))


def _dot(unsaved: bool) -> QIcon:
    """What says that a document is unsaved; its tool tip says it in words. The others keep its room: no tab moves."""
    dpr = QGuiApplication.primaryScreen().devicePixelRatio()
    image = QPixmap(round(DOT * dpr), round(DOT * dpr))
    image.setDevicePixelRatio(dpr)
    image.fill(Qt.GlobalColor.transparent)
    if unsaved:
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("focus"))
            painter.drawEllipse(QRectF(0, 0, DOT, DOT))
    return QIcon(image)
