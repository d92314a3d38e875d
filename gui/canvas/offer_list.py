"""The rows of quick add: symbol, title, and what each would do; marked by key or by the mouse, chosen by a click."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.edits.offers import Offer
from gui.look.measure import elided, fitting
from gui.look.text_size import scaled
from gui.look.theme import BODY, CAPTION, NAME, font, mixed, theme
from gui.widgets.painted_list import set_up_painted
from gui.widgets.told_rows import RowsThing

Index = QModelIndex | QPersistentModelIndex
OFFER_ROLE = Qt.ItemDataRole.UserRole
ROW, MOST_ROWS = 40, 7
SYMBOL = 44  # the width of the column of symbols
_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: 1 - MOST_ROWS, Qt.Key.Key_PageDown: MOST_ROWS - 1}


class OfferRows(QAbstractListModel):
    """What was found, as a list shows it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._offers: tuple[Offer, ...] = ()

    def show_rows(self, offers: tuple[Offer, ...]) -> None:
        self.beginResetModel()
        self._offers = offers
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._offers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        offer = self._offers[index.row()]
        if role == OFFER_ROLE:
            return offer
        if role == Qt.ItemDataRole.DisplayRole:
            return offer.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{offer.title}. {offer.refusal or offer.effect}"
        return None


class OfferList(QListView):
    """The first row is marked at once, so that Enter takes it, where it is what was typed."""

    chosen = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = OfferRows(self)
        set_up_painted(self, "What can be added", self._rows, OfferDelegate(self))
        self.setUniformItemSizes(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clicked.connect(self.chosen)

    def told_as(self) -> RowsThing:
        """Its rows, each of which is taken at once."""
        return RowsThing(self, self.chosen.emit)

    @property
    def marked(self) -> Offer | None:
        """The row that Enter would take."""
        offer: Offer | None = self.currentIndex().data(OFFER_ROLE)
        return offer

    def show_offers(self, offers: tuple[Offer, ...], sure: bool = True) -> None:
        """Show these, with the first one marked if it is `sure` that it is meant."""
        self._rows.show_rows(offers)
        self.setCurrentIndex(self._rows.index(0) if sure else QModelIndex())
        self.scrollToTop()

    def wanted_height(self) -> int:
        """As high as its rows, as far as they are to be seen at once."""
        return min(self._rows.rowCount(), MOST_ROWS) * scaled(ROW)

    def move_mark(self, key: Qt.Key) -> bool:
        """Mark another row, as a key says; at an end it goes on at the other. Gives whether the key was one for it."""
        step, count = _MOVES.get(key), self._rows.rowCount()
        if step is None or not count:
            return step is not None
        row = self.currentIndex().row()
        at = row + step if row >= 0 else max(step - 1, -1)
        self.setCurrentIndex(self._rows.index(at % count if abs(step) == 1 else min(max(at, 0), count - 1)))
        return True


class OfferDelegate(QStyledItemDelegate):
    """Paints a row: the symbol in the colour of its family, the title, and below it what comes of it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, scaled(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        offer: Offer = index.data(OFFER_ROLE)
        state, box = option.state, QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(painter, QRectF(box), state)
        look, refused = theme(), bool(offer.refusal)
        colour = look.color("faint" if refused else offer.family or "soft")
        _paint_text(painter, QRect(box.left() + 4, box.top(), scaled(SYMBOL) - 4, box.height()), offer.symbol, colour)
        room = box.width() - scaled(SYMBOL) - 16
        left, flags = box.left() + scaled(SYMBOL) + 6, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.setFont(font(scaled(BODY), bold=True))
        painter.setPen(look.color("soft" if refused else "text"))
        painter.drawText(
            QRect(left, box.top() + 3, room, scaled(19)), flags, elided(offer.title, scaled(BODY), True, room)
        )
        painter.setFont(font(scaled(CAPTION)))
        painter.setPen(look.color("warn" if refused else "soft"))
        said = elided(offer.refusal or offer.effect, scaled(CAPTION), False, room)
        painter.drawText(QRect(left, box.top() + scaled(20), room, scaled(16)), flags, said)
        painter.restore()


def _paint_ground(painter: QPainter, box: QRectF, state: QStyle.StateFlag) -> None:
    """The marked row has a frame, that under the mouse a tint."""
    look, inside = theme(), box.adjusted(1, 1, -1, -1)
    marked, hovered = state & QStyle.StateFlag.State_Selected, state & QStyle.StateFlag.State_MouseOver
    tint = 0.14 if marked else 0.06 if hovered else 0.0
    if tint:
        painter.setBrush(mixed(look.color("panel"), look.color("focus"), tint))
        painter.setPen(QPen(look.color("focus"), 1) if marked else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(inside, 5, 5)


def _paint_text(painter: QPainter, box: QRect, symbol: str, colour: QColor) -> None:
    painter.setFont(fitting(symbol, box.width(), *map(scaled, (NAME, BODY, CAPTION, 9))))
    painter.setPen(colour)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), symbol)
