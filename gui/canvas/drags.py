"""Drags that come in from outside: ops out of the palette, and text out of other programs."""

from contextlib import suppress

from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent

from engine.errors import GradloomError
from engine.ops.op import OPS
from gui.canvas.desk import Desk
from gui.canvas.gestures.dropping import Dropping
from gui.canvas.gestures.putting import Putting
from gui.canvas.gestures.state import Hand
from gui.canvas.newcomers import Newcomers
from gui.canvas.tools import Tools
from gui.document.blocks import BlockLibrary
from gui.widgets.op_card import BLOCK_MIME, OP_MIME


class Drags(QObject):
    """An op becomes a node by itself; what becomes of a block or of a text is for others to say."""

    text_dropped = Signal(str, QPointF)  # at a place of the scene
    block_dropped = Signal(str, QPointF)  # its name, as the palette knows it

    def __init__(self, desk: Desk, tools: Tools, newcomers: Newcomers) -> None:
        super().__init__(desk)
        self._desk, self._tools, self._newcomers = desk, tools, newcomers
        self._blocks = BlockLibrary(self)

    @property
    def _carries_op(self) -> bool:
        return isinstance(self._tools.state, Dropping)

    @property
    def _carries_block(self) -> bool:
        return isinstance(self._tools.state, Putting)

    def _take_block(self, name: str, hand: Hand) -> None:
        """Show it where it would be; why one cannot be read is told when it is let go."""
        with suppress(GradloomError):
            block = self._blocks.read(name)
            if block.nodes and self._desk.showing.within is None:
                self._tools.begin(Putting(self._desk, hand, block, self._newcomers.block_corner), hand)

    def enter(self, event: QDragEnterEvent) -> None:
        op = bytes(event.mimeData().data(OP_MIME).data()).decode("utf-8", "replace")
        text = _is_text(event.mimeData())
        block = event.mimeData().hasFormat(BLOCK_MIME)
        if not text and not block and op not in OPS:
            event.ignore()
            return
        self._tools.cancel()
        if block:
            self._take_block(_block_name(event.mimeData()), self._tools.hand_of(event))
            self._desk.tell("Let go to put the block here: all that is in it, as a group.")
        elif text:
            self._desk.tell("Let go to turn this text into nodes.")
        else:
            hand = self._tools.hand_of(event)
            self._tools.begin(Dropping(self._desk, hand, op), hand)
        event.acceptProposedAction()

    def move(self, event: QDragMoveEvent) -> None:
        if self._carries_op or self._carries_block:
            self._tools.move(self._tools.hand_of(event))
            event.acceptProposedAction()
        else:
            event.setAccepted(_is_text(event.mimeData()) or event.mimeData().hasFormat(BLOCK_MIME))

    def leave(self, event: QDragLeaveEvent | None = None) -> None:
        if self._carries_op or self._carries_block:
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
            self._tools.cancel()
            self._desk.tell("")
            event.acceptProposedAction()
            self.block_dropped.emit(_block_name(event.mimeData()), self._tools.hand_of(event).at)
        elif _is_text(event.mimeData()):
            self._desk.tell("")
            event.setDropAction(Qt.DropAction.CopyAction)  # the other program keeps its text
            event.accept()
            self.text_dropped.emit(event.mimeData().text(), self._tools.hand_of(event).at)
        else:
            event.ignore()


def _block_name(data: QMimeData) -> str:
    return bytes(data.data(BLOCK_MIME).data()).decode("utf-8", "replace")


def _is_text(data: QMimeData) -> bool:
    """Whether what is dragged is text, and neither an op nor files: those are for others."""
    return data.hasText() and not data.hasUrls() and not data.hasFormat(OP_MIME)
