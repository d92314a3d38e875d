"""The field in which a question about the pass is answered: it stands at the edge or node that is asked about."""

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from engine.graph.records import EdgeKey
from gui.canvas.desk import Desk
from gui.canvas.edge_layer import AT_ONCE
from gui.canvas.keyboard import typed_sign
from gui.canvas.paint.labels import is_labelled, labels_extents, place_labels
from gui.look.guard import guarded_filter
from gui.look.text_size import keep_scaled, scaled
from gui.look.theme import NAME, font
from gui.widgets.fields import TextLine
from gui.widgets.labels import mark

WIDTH, HEIGHT, GAP = 132, 32, 6
# The price of a square pixel hidden: of a card, of the numbers at the edge that is asked about, of those at others;
# and that of a place farther away.
CARD_HIDDEN, OWN_HIDDEN, LABEL_HIDDEN, FARTHER = 3.0, 6.0, 0.4, 60.0
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
PLACEHOLDERS = {"number": "? then ↵", "sign": "+, − or 0", "shape": "(2, 3)", "silent": "names, or none"}


class AnswerField(TextLine):
    """Enter answers, or goes on once the answer is told; Esc leaves. Signs typed on the canvas come here."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.camera.view.viewport())
        self._desk, self._asking = desk, desk.bridge.real.asking
        self._asked: object = None
        self.setProperty("role", "typing")
        self.setAccessibleName("Answer")
        keep_scaled(self, lambda: self.setFont(font(scaled(NAME), bold=True)))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hide()
        desk.camera.view.installEventFilter(self)
        self._asking.changed.connect(self._follow)
        desk.camera.looked.connect(self._place)
        self.textEdited.connect(lambda: mark(self, "invalid", False))

    def _follow(self) -> None:
        asking, question = self._asking, self._asking.question
        had_focus = self.hasFocus() or self._desk.camera.view.hasFocus()
        is_open = asking.phase == "asked" and question is not None
        if question is not None and question is not self._asked:
            self.clear()
            self.setPlaceholderText(PLACEHOLDERS[question.ask])
            self.setAccessibleDescription(asking.text)
            self._show_where()
            had_focus = had_focus or is_open
        self._asked = question
        self.setVisible(is_open)
        mark(self, "invalid", is_open and (bool(asking.unread) or asking.judgement is not None))
        if is_open:
            self._place()
            QTimer.singleShot(0, self, self._place)  # once the labels beside the edges have found their places
            self.raise_()
            if had_focus:
                self.setFocus(Qt.FocusReason.OtherFocusReason)
                self.selectAll()
        elif had_focus:
            self._desk.camera.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- where it stands

    @property
    def _key(self) -> EdgeKey | None:
        """The edge that is asked about, as it is shown; None: it is a node, or within a folded group."""
        question = self._asking.question
        if question is None or question.edge is None:
            return None
        key = self._desk.shown.cover.shown_key(question.edge.key)
        return key if key in self._desk.scene.stage.rows else None

    @property
    def _node(self) -> str | None:
        question, stage = self._asking.question, self._desk.scene.stage
        if question is None:
            return None
        place = self._desk.shown.cover.place_of(question.node)
        return place if place in stage.graph.nodes else None

    def _show_where(self) -> None:
        """Bring it into view, and select what is asked about."""
        key, node = self._key, self._node
        if key is not None:
            edge = self._desk.scene.stage.graph.edges[key]
            self._desk.camera.show_nodes([edge.source, edge.dest])
            self._desk.selection.select((), (key,))
        elif node is not None:
            self._desk.camera.bring_in(node)
            self._desk.selection.select([node])

    def _place(self) -> None:
        """At the middle of the edge, or below the card, where it hides least; within the canvas wherever that is."""
        question = self._asking.question
        if self._asking.phase != "asked" or question is None or question.graph is not self._desk.document:
            return
        view, stage = self._desk.camera.view, self._desk.scene.stage
        room = view.viewport().rect().adjusted(GAP, GAP, -GAP, -GAP)
        cards = [QRectF(QPointF(*box[:2]), QPointF(*box[2:])) for box in stage.node_boxes.tolist()]
        zoom = view.transform().m11()
        if is_labelled(stage, zoom) and len(stage.keys) <= AT_ONCE:
            place_labels(stage, stage.keys, zoom)  # they keep where they stand: what is painted later finds them there
        own = labels_extents(stage, [self._key] if self._key is not None else [], zoom)
        said = labels_extents(stage, stage.keys, zoom)
        in_the_way = [
            (view.mapFromScene(rect).boundingRect(), weight)
            for rects, weight in ((cards, CARD_HIDDEN), (own, OWN_HIDDEN), (said, LABEL_HIDDEN))
            for rect in rects
            if not rect.isNull()
        ]
        boxes = [_inside(box, room) for box in self._places()]
        cost = [FARTHER * at + sum(w * _overlap(box, rect) for rect, w in in_the_way) for at, box in enumerate(boxes)]
        self.setGeometry(boxes[cost.index(min(cost))])

    def _places(self) -> list[QRect]:
        """Where it may stand, the best first: at the middle of the edge, below the card, and farther round them."""
        view, stage, size = self._desk.camera.view, self._desk.scene.stage, QSize(scaled(WIDTH), scaled(HEIGHT))
        key, node = self._key, self._node
        if key is not None:
            near = QRect(view.mapFromScene(QPointF(*stage.at(key, 0.5))), QSize(1, 1))
        elif node is not None:
            left, top, right, bottom = stage.box(node)
            near = view.mapFromScene(QRectF(left, top, right - left, bottom - top)).boundingRect()
        else:
            near = QRect(view.viewport().rect().center(), QSize(1, 1))
        down, aside = (near.height() + size.height()) // 2 + GAP, (near.width() + size.width()) // 2 + GAP
        ways = [(0, down), (0, -down), (aside, 0), (-aside, 0), (aside, down), (aside, -down)]
        if key is not None:  # farther from the edge, too: where it is short, cards stand on both sides of it
            ways = [(0, 0), *((0, (down * way) // 2) for way in (1, -1, 2, -2, 3, -3, 4, -4, 6, -6)), *ways[2:]]
        box = QRect(QPoint(0, 0), size)
        box.moveCenter(near.center())
        return [box.translated(*way) for way in ways]

    # --- keys

    @guarded_filter
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is typed on the canvas while a question is open is the answer."""
        if not self._asking.is_on or not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self._asking.leave()
            return True
        if event.key() in ENTER and self._asking.phase == "told":
            self._asking.go_on()
            return True
        sign = typed_sign(event)
        if self._asking.phase == "asked" and (sign or event.key() in ENTER):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            if sign:
                self.insert(sign)
            return True
        return bool(sign)  # nothing is added to the graph meanwhile

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self._asking.answer(self.text())
        elif event.key() == Qt.Key.Key_Escape:
            self._asking.leave()
        else:
            super().keyPressEvent(event)
        event.accept()


def _overlap(box: QRect, other: QRect) -> float:
    """How much of a box lies over another, in square pixels."""
    shared = box.intersected(other)
    return float(max(shared.width(), 0) * max(shared.height(), 0))


def _inside(box: QRect, room: QRect) -> QRect:
    """As much of a box as there is room for."""
    left = max(min(box.left(), room.right() - box.width()), room.left())
    return QRect(QPoint(left, max(min(box.top(), room.bottom() - box.height()), room.top())), box.size())
