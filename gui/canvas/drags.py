"""Drags that come in from outside: ops out of the palette, and text out of other programs."""

from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent

from engine.ops.op import OPS
from gui.canvas.desk import Desk
from gui.canvas.gestures.dropping import Dropping
from gui.canvas.tools import Tools
from gui.widgets.op_card import BLOCK_MIME, OP_MIME


class Drags(QObject):
    """An op becomes a node by itself; what becomes of a block or of a text is for others to say."""

    text_dropped = Signal(str, QPointF)  # at a place of the scene
    block_dropped = Signal(str, QPointF)  # its name, as the palette knows it

    def __init__(self, desk: Desk, tools: Tools) -> None:
        super().__init__(desk)
        self._desk, self._tools = desk, tools

    @property
    def _carries_op(self) -> bool:
        return isinstance(self._tools.state, Dropping)

    def enter(self, event: QDragEnterEvent) -> None:
        op = bytes(event.mimeData().data(OP_MIME).data()).decode("utf-8", "replace")
        text = _is_text(event.mimeData())
        block = event.mimeData().hasFormat(BLOCK_MIME)
        if not text and not block and op not in OPS:
            event.ignore()
            return
        self._tools.cancel()
        if block:
            self._desk.tell("Let go to put the block here: all that is in it, as a group.")
        elif text:
            self._desk.tell("Let go to turn this text into nodes.")
        else:
            hand = self._tools.hand_of(event)
            self._tools.begin(Dropping(self._desk, hand, op), hand)
        event.acceptProposedAction()

    def move(self, event: QDragMoveEvent) -> None:
        if self._carries_op:
            self._tools.move(self._tools.hand_of(event))
            event.acceptProposedAction()
        else:
            event.setAccepted(_is_text(event.mimeData()) or event.mimeData().hasFormat(BLOCK_MIME))

    def leave(self, event: QDragLeaveEvent | None = None) -> None:
        if self._carries_op:
            self._tools.cancel()
        self._desk.tell("")

    def drop(self, event: QDropEvent) -> None:
        if not self._desk.bridge.pending.commit():
            self.leave()
            event.ignore()
        elif self._carries_op:
            self._tools.finish(self._tools.hand_of(event))
            self._desk.camera.view.setFocus(Qt.FocusReason.OtherFocusReason)
            event.acceptProposedAction()
        elif event.mimeData().hasFormat(BLOCK_MIME):
            self._desk.tell("")
            event.acceptProposedAction()
            name = bytes(event.mimeData().data(BLOCK_MIME).data()).decode("utf-8", "replace")
            self.block_dropped.emit(name, self._tools.hand_of(event).at)
        elif _is_text(event.mimeData()):
            self._desk.tell("")
            event.setDropAction(Qt.DropAction.CopyAction)  # the other program keeps its text
            event.accept()
            self.text_dropped.emit(event.mimeData().text(), self._tools.hand_of(event).at)
        else:
            event.ignore()


def _is_text(data: QMimeData) -> bool:
    """Whether what is dragged is text, and neither an op nor files: those are for others."""
    return data.hasText() and not data.hasUrls() and not data.hasFormat(OP_MIME)
