"""The palette: every op in its group, to be searched, dragged onto the canvas, or put there with Enter.

In a narrow one, the rail, each op is a tile of its symbol and name, and the search waits behind a button.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import (
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from engine.errors import GradloomError
from engine.ops.matching import found_ops
from engine.ops.op import GROUPS, OPS, Op
from engine.show.now import Now
from engine.show.wording import Wording, worded
from gui.document.block_menu import add_block_entries
from gui.document.blocks import BlockCard, BlockLibrary
from gui.document.bridge import Bridge
from gui.document.preferences import Preferences
from gui.document.selection import Selection
from gui.look import icons
from gui.look.as_is import as_is, unmarked
from gui.look.guard import guarded
from gui.look.text_size import keep_scaled, scaled
from gui.look.theme import BODY, CAPTION, LEFT_WIDTH, RAIL_WIDTH, font, theme
from gui.panels import Panel
from gui.widgets.boxes import column, row
from gui.widgets.buttons import ToolButton
from gui.widgets.carrying import carry
from gui.widgets.fields import TextLine
from gui.widgets.op_card import BLOCK_MIME, OP_MIME, ListCard, drag_picture, paint_op, paint_tile, tile_height
from gui.widgets.painted_list import set_up_painted
from gui.widgets.told_rows import RowsThing

Index = QModelIndex | QPersistentModelIndex
OP_ROLE = Qt.ItemDataRole.UserRole
BESIDE = QPoint(-14, -18)  # where the pointer is, seen from the picture of a drag
ROW, HEADING, GAP = 34, 28, 4  # heights; the gap is part of a row
TILE_HEADING = 13  # in the rail, where a heading is a line
TILE_WIDE = 64
LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
Entry = Op | BlockCard | str
LEAST_LIST = 150  # of width: in less the names do not fit beside their symbols, and the palette is a rail


def found(query: str, library: BlockLibrary) -> list[Entry]:
    """All ops under the headings of their groups, and the blocks; or, for a query, those that match, the best first."""
    blocks = {"Blocks": library.shipped(), "Your blocks": library.kept()}
    if wanted := query.strip().casefold():
        cards = (card for some in blocks.values() for card in some)
        return [*found_ops(query), *(card for card in cards if wanted in card.title.casefold())]
    entries: list[Entry] = []
    for group, title in GROUPS.items():
        ops = [op for op in OPS.values() if op.group == group]
        entries += [title, *ops] if ops else []
    for title, some in blocks.items():
        entries += [title, *some] if some else []
    return entries


class Palette(QWidget):
    """The search field and the list. `op_chosen` asks for an op to be put in the middle of the canvas.

    How wide it is says whether it is a rail; `width_asked` asks for another width.
    """

    op_chosen = Signal(str)
    block_chosen = Signal(object, object)  # a block as a graph, and where in the scene it is wanted, or None
    told = Signal(str)
    failed = Signal(object)  # a GradloomError
    looked_up = Signal(str)  # an op that somebody wants to read about
    width_asked = Signal(int)
    folded = Signal()  # it has become a rail, or a list again

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__()
        self.setAccessibleName("Operations")
        self.library = BlockLibrary(self)
        self._bridge, self._list = bridge, OpList(self.library)
        self._list.block_chosen.connect(self.choose_block)
        self._list.failed.connect(self.failed)
        self._search = SearchField(self._list)
        self._search.textChanged.connect(self._list.show_found)
        self.library.changed.connect(lambda: self._list.show_found(self._search.text()))
        self._search.returnPressed.connect(self._list.choose_current)
        self._list.op_chosen.connect(self.op_chosen)
        self._list.looked_up.connect(self.looked_up)
        self._glass = self._button("search", "Search operations", self.focus_search)
        self._fold = self._button("fold-left", "Fold the palette to a rail", partial(self.fold, True))
        self._unfold = self._button("fold-right", "Unfold the palette", partial(self.fold, False))
        self._head = row(None, 4, (self._search, 1), self._fold, (self._glass, 0, LEFT), (self._unfold, 0, RIGHT))
        self._column = column(self, 6, self._head, self._list)
        self._shown_as_rail: bool | None = None
        keep_scaled(self, self._scale)
        bridge.told.connect(self._on_told)
        self._list.speak(bridge.now.wording)

    def choose_block(self, name: str, at: QPointF | None = None) -> None:
        """Ask for a block to be put on the canvas; why it cannot be read is told."""
        try:
            self.block_chosen.emit(self.library.read(name), at)
        except GradloomError as error:
            self.failed.emit(error)

    def keep_block(self, group: str) -> None:
        """Keep a group of the open document as a block, and say so."""
        try:
            title = self.library.keep(self._bridge.now.graph, group)
        except GradloomError as error:
            self.failed.emit(error)
        else:
            self.told.emit(f"“{title}” is a block in the palette now, for every document.")

    def _on_told(self, now: Now) -> None:
        if now.wording_changed:
            self._list.speak(now.wording)

    def _button(self, icon: str, name: str, press: Callable[[], object]) -> ToolButton:
        button = ToolButton()
        icons.keep(button, button.setIcon, icon)
        button.setProperty("role", "flat")
        button.setToolTip(as_is(name))
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # by the keys there is an action for each
        button.clicked.connect(lambda: press())
        return button

    @property
    def is_rail(self) -> bool:
        """Whether it is too narrow for more than tiles."""
        return self.width() < scaled(LEAST_LIST)

    def fold(self, folded: bool) -> None:
        """Ask for the width of a rail, or for that of a list."""
        self.width_asked.emit(scaled(RAIL_WIDTH if folded else LEFT_WIDTH))

    def _scale(self) -> None:
        """In its own width: the window scales that."""
        self.setMinimumWidth(scaled(RAIL_WIDTH))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_as(self.is_rail)

    def _show_as(self, rail: bool) -> None:
        """As a rail, or as a list with words."""
        if rail == self._shown_as_rail:
            return
        self._shown_as_rail = rail
        if rail:
            self._search.clear()
        for part in (self._search, self._fold):
            part.setVisible(not rail)
        for part in (self._glass, self._unfold):
            part.setVisible(rail)
        self._head.setContentsMargins(*((2, 0, 2, 0) if rail else (1, 0, 2, 0)))
        self._column.setContentsMargins(*((4, 8, 0, 0) if rail else (12, 8, 4, 0)))
        self._list.show_tiles(rail)
        self.folded.emit()

    def focus_search(self) -> None:
        """Begin to search."""
        if self.is_rail:
            self.fold(False)
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def sizeHint(self) -> QSize:
        return QSize(LEFT_WIDTH, 560)


class SearchField(TextLine):
    """↓ goes into the list, Enter takes the best match, Esc clears."""

    def __init__(self, results: QListView) -> None:
        super().__init__()
        self._results = results
        self._glass = self.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        icons.keep(self, self._glass.setIcon, "search")
        self.setPlaceholderText("Search")
        self.setAccessibleName("Search operations")
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self._results.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class OpList(QListView):
    """The ops that match the search, painted by hand; a drag carries the op as a small node."""

    op_chosen = Signal(str)
    block_chosen = Signal(str)
    failed = Signal(object)
    looked_up = Signal(str)

    def __init__(self, library: BlockLibrary) -> None:
        super().__init__()
        self._library = library
        self._rows = QStandardItemModel(self)
        set_up_painted(self, "Operations", self._rows, OpDelegate(self))
        self.setDragEnabled(True)
        self.setDragDropMode(QListView.DragDropMode.DragOnly)
        self.doubleClicked.connect(self.choose_current)
        self._wording: Wording = "gradient"
        self._tiles = False
        self.searched = False
        self.show_found("")
        keep_scaled(self, self._make_room)

    def told_as(self) -> RowsThing:
        """Its rows, each of which puts its op on the canvas."""
        return RowsThing(self, self.choose_current)

    def speak(self, wording: Wording) -> None:
        """Say what the ops do in this language."""
        self._wording = wording
        for at in range(self._rows.rowCount()):
            _describe(self._rows.item(at), wording)

    def show_found(self, query: str) -> None:
        """Show what matches a query, the best match ready to be chosen."""
        self._rows.clear()
        self.searched = bool(query.strip())
        for entry in found(query, self._library):
            self._rows.appendRow(_item(entry, self._wording, self._tiles))
        self.setCurrentIndex(self._rows.index(0, 0) if self.searched else QModelIndex())
        self.scrollToTop()

    def show_tiles(self, tiles: bool) -> None:
        """Each op as a tile, its name under its symbol; or as a row."""
        self._tiles = tiles
        self._make_room()

    def _make_room(self) -> None:
        for at in range(self._rows.rowCount()):
            item = self._rows.item(at)
            item.setSizeHint(_room(item.data(OP_ROLE), self._tiles))

    def choose_current(self) -> None:
        if op := self.currentIndex().data(OP_ROLE):
            self._choose(op)

    def _choose(self, entry: Op | BlockCard) -> None:
        (self.block_chosen if isinstance(entry, BlockCard) else self.op_chosen).emit(entry.name)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes here by a key sees where the keys go: on an op."""
        super().focusInEvent(event)
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and not self.currentIndex().isValid():
            self.setCurrentIndex(self.moveCursor(QListView.CursorAction.MoveNext, Qt.KeyboardModifier.NoModifier))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose_current()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Under the mouse, or by the keys where they are."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        op = index.data(OP_ROLE)
        if op is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Add", lambda: self._choose(op))
        if isinstance(op, BlockCard):
            add_block_entries(menu, self._library, op, self, self.failed.emit)
        else:
            menu.addAction(unmarked(f"About {op.title}…"), lambda: self.looked_up.emit(op.name))
        menu.popup(self.viewport().mapToGlobal(self.visualRect(index).center()) if by_key else event.globalPos())

    def startDrag(self, actions: Qt.DropAction) -> None:
        op, drag, data = self.currentIndex().data(OP_ROLE), QDrag(self), QMimeData()
        if isinstance(op, BlockCard):
            data.setData(BLOCK_MIME, op.name.encode())
        else:
            data.setData(OP_MIME, op.name.encode())
            data.setText(op.name)
        drag.setMimeData(data)
        drag.setPixmap(drag_picture(op, self.devicePixelRatioF()))
        drag.setHotSpot(BESIDE)
        carry(drag)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._rows.rowCount():
            with QPainter(self.viewport()) as painter:
                painter.setFont(font(scaled(BODY)))
                painter.setPen(theme().color("faint"))
                box = self.viewport().rect().adjusted(4, 12, -12, 0)
                flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
                painter.drawText(box, int(flags), "No operation matches.")


def _describe(item: QStandardItem, wording: Wording) -> None:
    """What is told of an op on hover, and to a screen reader."""
    op = item.data(OP_ROLE)
    if op is not None:
        item.setToolTip(as_is(worded(op.tooltip, wording)))
        item.setAccessibleText(f"{op.title}. {worded(op.tooltip, wording)}")


def _room(op: ListCard | None, tiles: bool) -> QSize:
    """How much room an op takes, or a heading."""
    if tiles:
        return QSize(scaled(TILE_WIDE), tile_height(op, scaled(TILE_WIDE)) + GAP if op else TILE_HEADING)
    return QSize(120, scaled(ROW if op else HEADING))


def _item(entry: Entry, wording: Wording, tiles: bool) -> QStandardItem:
    """An op that can be chosen and dragged, or a heading, which can be neither."""
    item = QStandardItem(entry if isinstance(entry, str) else entry.title)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    item.setSizeHint(_room(None if isinstance(entry, str) else entry, tiles))
    if not isinstance(entry, str):
        item.setData(entry, OP_ROLE)
        _describe(item, wording)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled)
    return item


class OpDelegate(QStyledItemDelegate):
    """Paints a heading, or an op: the colour of its group, its symbol and its title."""

    def __init__(self, ops: OpList) -> None:
        super().__init__(ops)
        self.ops = ops

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRect(option.rect).adjusted(0, 0, -4, 0)
        op = index.data(OP_ROLE)
        tiles = box.width() < scaled(LEAST_LIST) - 40
        if op is None and tiles:
            if index.row():
                painter.fillRect(box.adjusted(6, 6, -6, -6), theme().color("line"))
        elif op is None:
            painter.setFont(font(scaled(CAPTION), bold=True))
            painter.setPen(theme().color("faint"))
            where = box.adjusted(4, 0, 0, -5)
            painter.drawText(where, int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft), str(index.data()))
        else:
            state = option.state
            hovered = bool(state & QStyle.StateFlag.State_MouseOver)
            meant = self.ops.hasFocus() or self.ops.searched  # Enter would take it
            picked = meant and bool(state & QStyle.StateFlag.State_Selected)
            paint = paint_tile if tiles else paint_op
            paint(painter, QRectF(box.adjusted(0, 0, 0, -GAP)).adjusted(1, 1, -1, -1), op, hovered, picked)
        painter.restore()


@Panel("palette", "Palette", side="left", key="Ctrl+1", order=10, icon="panel-left", size=RAIL_WIDTH)
def make_panel(bridge: Bridge, selection: Selection, preferences: Preferences) -> Palette:
    return Palette(bridge, selection)
