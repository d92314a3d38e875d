"""The palette: every op in its group, to be searched, dragged onto the canvas, or put there with Enter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QDrag, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from engine.ops.op import GROUPS, OPS, Op
from gui.document.bridge import Bridge
from gui.document.preferences import Preferences
from gui.document.selection import Selection
from gui.look import icons
from gui.look.theme import CAPTION, LEFT_WIDTH, font, theme, themes
from gui.panels import panel
from gui.widgets.op_card import OP_MIME, drag_picture, paint_op

Index = QModelIndex | QPersistentModelIndex
OP_ROLE = Qt.ItemDataRole.UserRole
BESIDE = QPoint(-14, -18)  # where the pointer is, seen from the picture of a drag
ROW, HEADING, GAP = 34, 28, 4  # heights; the gap is part of a row


class OpRow(NamedTuple):
    """A row of the list: an op, or without one the heading of a group."""

    text: str
    op: Op | None = None


def found(query: str) -> list[OpRow]:
    """All ops under their headings; or, for a query, those that match, the best first."""
    wanted = query.strip().casefold()
    if not wanted:
        groups = {title: [op for op in OPS.values() if op.group == group] for group, title in GROUPS.items()}
        return [e for title, ops in groups.items() if ops for e in (OpRow(title), *(OpRow(op.title, op) for op in ops))]
    ranked = sorted((rank, i) for i, op in enumerate(OPS.values()) if (rank := _rank(op, wanted)) is not None)
    ops = list(OPS.values())
    return [OpRow(ops[i].title, ops[i]) for _, i in ranked]


def _rank(op: Op, wanted: str) -> int | None:
    """How well an op matches: 0 a whole word, 1 the beginning of one, 2 a part; None not at all."""
    words = [word.casefold() for word in (op.name, op.title, op.symbol, *op.aliases)]
    if wanted in words:
        return 0
    if any(word.startswith(wanted) for word in words):
        return 1
    return 2 if any(wanted in word for word in words) else None


class Palette(QWidget):
    """The search field and the list. `op_chosen` asks for an op to be put in the middle of the canvas."""

    op_chosen = Signal(str)

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__()
        self.setAccessibleName("Operations")
        self._model = OpModel()
        self._list = OpList(self._model)
        self._search = SearchField(self._list)
        self._search.textChanged.connect(self._filter)
        self._search.entered.connect(self._choose_current)
        self._list.op_chosen.connect(self.op_chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 4, 0)
        layout.setSpacing(8)
        top = QHBoxLayout()
        top.setContentsMargins(1, 0, 5, 0)
        top.addWidget(self._search)
        layout.addLayout(top)
        layout.addWidget(self._list)
        self.setMinimumWidth(160)

    def focus_search(self) -> None:
        """Begin to search."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def sizeHint(self) -> QSize:
        return QSize(208, 560)

    def _filter(self, query: str) -> None:
        self._model.show_found(query)
        self._list.setCurrentIndex(self._model.index(0) if query.strip() else QModelIndex())
        self._list.scrollToTop()

    def _choose_current(self) -> None:
        op = self._model.op_at(self._list.currentIndex())
        if op is not None:
            self.op_chosen.emit(op.name)


class SearchField(QLineEdit):
    """↓ goes into the list, Enter takes the best match, Esc clears."""

    entered = Signal()

    def __init__(self, results: QListView) -> None:
        super().__init__()
        self._results = results
        self._glass = self.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        icons.keep(self, self._glass.setIcon, "search")
        self.setPlaceholderText("Search operations")
        self.setAccessibleName("Search operations")
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self._results.setFocus(Qt.FocusReason.OtherFocusReason)
            if not self._results.currentIndex().isValid():
                self._results.setCurrentIndex(first_op(self._results))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


def first_op(view: QListView) -> QModelIndex:
    """The first row that is an op."""
    model = view.model()
    rows = (model.index(row, 0) for row in range(model.rowCount()))
    return next((index for index in rows if index.data(OP_ROLE) is not None), QModelIndex())


class OpModel(QAbstractListModel):
    """The rows that match the search."""

    def __init__(self) -> None:
        super().__init__()
        self._entries = found("")

    def show_found(self, query: str) -> None:
        """Show what matches a query."""
        self.beginResetModel()
        self._entries = found(query)
        self.endResetModel()

    def op_at(self, index: Index) -> Op | None:
        return self._entries[index.row()].op if index.isValid() else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if entry.op is None:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.text}. {entry.op.tooltip}"
        return {OP_ROLE.value: entry.op, Qt.ItemDataRole.ToolTipRole.value: entry.op.tooltip}.get(int(role))

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.op_at(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data, op = QMimeData(), self.op_at(indexes[0])
        assert op is not None
        data.setData(OP_MIME, op.name.encode())
        data.setText(op.name)
        return data


class OpList(QListView):
    """The rows, painted by hand; a drag carries the op as a small node."""

    op_chosen = Signal(str)

    def __init__(self, model: OpModel) -> None:
        super().__init__()
        self._ops = model
        self.setModel(model)
        self.setItemDelegate(OpDelegate(self))
        self.setDragEnabled(True)
        self.setDragDropMode(QListView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Operations")
        self.doubleClicked.connect(self._choose)
        themes.changed.connect(self.viewport().update)

    def _choose(self, index: QModelIndex) -> None:
        op = self._ops.op_at(index)
        if op is not None:
            self.op_chosen.emit(op.name)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes here by Tab sees where the keys go: on an op."""
        super().focusInEvent(event)
        by_tab = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_tab and not self.currentIndex().isValid():
            self.setCurrentIndex(first_op(self))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverLeave, QEvent.Type.Leave):
            self.viewport().update()
        return super().viewportEvent(event)

    def startDrag(self, actions: Qt.DropAction) -> None:
        op = self._ops.op_at(self.currentIndex())
        if op is None:
            return
        drag = QDrag(self)
        drag.setMimeData(self._ops.mimeData([self.currentIndex()]))
        drag.setPixmap(drag_picture(op, self.devicePixelRatioF()))
        drag.setHotSpot(BESIDE)
        drag.exec(Qt.DropAction.CopyAction)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._ops.rowCount():
            painter = QPainter(self.viewport())
            painter.setFont(font())
            painter.setPen(theme().color("faint"))
            box = self.viewport().rect().adjusted(4, 12, -12, 0)
            flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(box, int(flags), "No operation matches.")
            painter.end()


class OpDelegate(QStyledItemDelegate):
    """Paints a heading, or an op: a stripe in the colour of its group, its symbol and its title."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, HEADING if index.data(OP_ROLE) is None else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRect(option.rect).adjusted(0, 0, -4, 0)  # type: ignore[attr-defined]
        op = index.data(OP_ROLE)
        if op is None:
            painter.setFont(font(CAPTION, bold=True))
            painter.setPen(theme().color("faint"))
            where = box.adjusted(4, 0, 0, -5)
            painter.drawText(where, int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft), str(index.data()))
        else:
            state = option.state  # type: ignore[attr-defined]
            hovered = bool(state & QStyle.StateFlag.State_MouseOver)
            picked = bool(state & QStyle.StateFlag.State_Selected)
            paint_op(painter, QRectF(box.adjusted(0, 0, 0, -GAP)).adjusted(1, 1, -1, -1), op, hovered, picked)
        painter.restore()


@panel("palette", "Palette", side="left", key="Ctrl+1", order=10, icon="panel-left", size=LEFT_WIDTH)
def make_panel(bridge: Bridge, selection: Selection, preferences: Preferences) -> Palette:
    return Palette(bridge, selection)
