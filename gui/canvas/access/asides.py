"""Regions, notes and the rims of open groups as things: what they are called, what is in them, what can be done."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible

from engine.values.values import counted
from gui.canvas.access.hands import Hands
from gui.canvas.model.aside_boxes import Aside
from gui.document.selection import AsideKey
from gui.widgets.things import FOCUS, PRESS, Deed, Thing


class AsideThing(Thing):
    """A note says its text; a box says how many nodes are in it."""

    def __init__(self, hands: Hands, key: AsideKey) -> None:
        self._hands, self.key, self._aside_key = hands, key, key
        self.role = QAccessible.Role.Note if key[0] == "note" else QAccessible.Role.Grouping

    @property
    def is_there(self) -> bool:
        return self._aside_key in self._hands.asides

    @property
    def _aside(self) -> Aside:
        return self._hands.asides[self._aside_key]

    def name(self) -> str:
        title = self._aside.title
        return f"{self._aside.kind} {title}" if title else self._aside.kind

    def description(self) -> str:
        graph, (kind, id) = self._hands.desk.document, self._aside_key
        if kind == "note":
            return ""
        if kind == "group":
            return counted(len(graph.grouping.within(id)), "node")
        boxes = self._hands.stage.node_boxes
        left, top, right, bottom = self._aside.box
        across, down = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
        inside = (across >= left) & (across <= right) & (down >= top) & (down <= bottom)
        return counted(int(inside.sum()), "node")

    def box(self) -> QRect:
        return self._hands.box(*self._aside.box)

    def mark(self, state: QAccessible.State) -> None:
        state.focusable = state.selectable = 1
        state.selected = self._aside_key in self._hands.desk.selection.asides

    def deeds(self) -> Sequence[Deed]:
        hands, key = self._hands, self._aside_key
        deeds = [
            Deed(PRESS, "Select this", partial(hands.pick, key)),
            Deed(FOCUS, "Take the keys here", partial(hands.pick, key)),
            Deed("Rename", "Type another text", partial(hands.rename_aside, key), "F2"),
        ]
        if key[0] == "group":
            deeds.append(Deed("Fold", "Show this group as one card", partial(hands.fold, key[1]), "F7"))
            deeds.append(Deed("Look into", "Show this group alone", partial(hands.look_into, key[1])))
        else:
            deeds.append(Deed("Delete", "Delete this; the nodes in it stay", partial(hands.delete_aside, key), "Del"))
        return deeds
