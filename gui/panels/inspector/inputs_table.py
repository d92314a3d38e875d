"""Two tables about a node: what went into each of its ports, and what arrived at its output in the backward pass."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from engine.graph.records import Edge
from engine.show.wording import worded
from engine.values.values import Value, shape_text, value_text
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from gui.look.as_is import as_is
from gui.panels.inspector.reading import WAITING, EdgeReading, all_digits, edge_reading
from gui.widgets.boxes import column, grid
from gui.widgets.labels import Link, label, set_role, sign_role, swap

MOST = 40  # rows at once; the rest is counted
SPACE = 8  # between two columns
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class _Table(QWidget):
    """A heading, and a grid of labels that is made again only when its rows change.

    Where a name has no room beside its numbers, the names stand above them.
    """

    def __init__(self, bridge: Bridge, selection: Selection, columns: tuple[str, ...]) -> None:
        super().__init__()
        self._bridge, self._selection, self._columns = bridge, selection, columns
        self._rows: tuple[tuple[str, str], ...] = ()
        self._titles: list[QLabel] = []
        self._links: list[Link] = []
        self._cells: list[list[QLabel]] = []
        self._stacked = False
        self._page = QWidget()
        column(self, 0, self._page, margins=(0, 4, 0, 4))
        self.setMinimumWidth(1)  # it stacks what it holds rather than to be wider than the page

    def _lay_out(self, rows: tuple[tuple[str, str], ...], more: int = 0) -> None:
        """Rows are (what comes first, the node that a press on it shows)."""
        if rows == self._rows:
            return
        self._rows, page = rows, QWidget()
        self._table = grid(page, SPACE, 2)
        self._table.setColumnStretch(0, 1)
        self._titles = [label(title, "caption") for title in self._columns]
        self._table.addWidget(self._titles[0], 0, 0)
        self._table.addWidget(self._titles[1], 0, 0, 1, 2, RIGHT)  # it may be wider than all that stands under it
        for place, title in enumerate(self._titles[2:], start=2):
            self._table.addWidget(title, 0, place, RIGHT)
        self._links = [Link(text, partial(self._selection.reveal, [id])) for text, id in rows]
        self._cells = [[label("", "number") for _ in self._columns[1:]] for _ in rows]
        self._arrange(stacked=False)
        if more:
            self._table.addWidget(label(f"… and {more} more", "faint"), 2 * len(rows) + 1, 0, 1, -1)
        self._page = swap(self._page, page)

    def _arrange(self, stacked: bool) -> None:
        """Put the names beside their numbers, or above them."""
        self._stacked = stacked
        for number, (link, cells) in enumerate(zip(self._links, self._cells, strict=True)):
            row = 2 * number + 1
            self._table.addWidget(link, row, 0, 1, len(self._columns) if stacked else 1)
            for place, cell in enumerate(cells, start=1):
                self._table.addWidget(cell, row + stacked, place, RIGHT)

    def _fit(self) -> None:
        """See to it that every name is seen whole: once they stand above their numbers they stay there."""
        if self._rows and not self._stacked and self._is_cramped():
            self._arrange(stacked=True)

    def _is_cramped(self) -> bool:
        numbers = 0
        for place, cells in enumerate(zip(*self._cells, strict=True), start=1):
            title = self._titles[place].sizeHint().width() if place > 1 else 0
            numbers += SPACE + max(title, *(cell.sizeHint().width() for cell in cells))
        return max(link.needed() for link in self._links) + numbers > self.width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._stacked and event.size().width() > event.oldSize().width():
            self._arrange(stacked=False)
        self._fit()

    def _name(self, id: str) -> str:
        return self._bridge.now.graph.nodes[id].name


def _write(cell: QLabel, value: Value | None, role: str | None = None) -> None:
    """A number with four digits, of a vector its shape, which takes the least room; all numbers on hover."""
    is_vector = value is not None and value.ndim == 1
    cell.setText(WAITING if value is None else shape_text(value.shape) if is_vector else value_text(value, most=1))
    cell.setToolTip("" if value is None else as_is(all_digits(value)))
    set_role(cell, "faint" if value is None else role or sign_role(value))


class InputsTable(_Table):
    """For each port: what it is fed by, with value, local derivative and contribution."""

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__(bridge, selection, ("inputs", "value", "local", "contribution"))

    def show_node(self, id: str) -> None:
        """Write a node's inputs."""
        edges = self._bridge.now.graph.into(id)
        op = self._bridge.now.graph.nodes[id].op
        self.setVisible(bool(edges))
        rows = tuple((f"{op.port_name(e.port)} ← {self._name(e.source)}", e.source) for e in edges[:MOST])
        self._lay_out(rows, max(len(edges) - MOST, 0))
        for edge, cells in zip(edges, self._cells, strict=False):
            self._write_row(edge, cells)
        self._fit()

    def _write_row(self, edge: Edge, cells: list[QLabel]) -> None:
        read = edge_reading(self._bridge.now.telling, self._bridge.now.told, edge)
        _write(cells[0], read.value, "number")
        if not read.gets_gradient:
            for cell in cells[1:]:
                cell.setText("–")
                cell.setToolTip(as_is(worded("no gradient flows here", self._bridge.now.wording)))
                set_role(cell, "faint")
            return
        _write(cells[1], read.local, "number")
        if not read.has_rule:
            cells[1].setText("rule")
        _write(cells[2], read.contribution)


class ContributionsList(_Table):
    """Where a node's gradient comes from: each contribution to it. Shown where there are several: they add up."""

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__(bridge, selection, ("from", "upstream × local", "contribution"))

    def show_node(self, id: str) -> None:
        """Write what arrives at a node."""
        trace, frame = self._bridge.now.telling, self._bridge.now.told
        edges = [e for e in self._bridge.now.graph.out_of(id) if e.key in trace.contribution_at]
        edges.sort(key=lambda edge: trace.contribution_at[edge.key])
        self.setVisible(bool(edges))
        self._lay_out(tuple((self._name(e.dest), e.dest) for e in edges[:MOST]), max(len(edges) - MOST, 0))
        for edge, cells in zip(edges, self._cells, strict=False):
            read = edge_reading(trace, frame, edge)
            _write(cells[1], read.contribution)
            cells[0].setText(_product(read))
            set_role(cells[0], "soft")
        self._fit()


def _product(read: EdgeReading) -> str:
    if read.contribution is None or read.upstream is None or read.local is None:
        return ""
    if read.upstream.ndim or read.local.ndim:
        return "by element" if read.contribution.ndim else "summed"
    return f"{value_text(read.upstream, 4, most=1)} × {value_text(read.local, 4, most=1)}"
