"""Two tables about a node: what went into each of its ports, and what arrived at its output in the backward pass."""

from enum import IntEnum
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
from gui.widgets.labels import ElidedLabel, Link, label, set_role, sign_role, swap

MOST = 40  # rows at once; the rest is counted
SPACE = 8  # between two columns
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class _Form(IntEnum):
    """Where the numbers of a row stand: the less room there is, the further down."""

    BESIDE = 0  # the name
    BELOW = 1  # it, side by side
    LISTED = 2  # below it and each other, each with its caption


class _Table(QWidget):
    """A heading, and a grid of labels that is made again only when its rows change.

    Where a name has no room beside its numbers, the names stand above them; where these have none side by side, each
    has a line of its own: −1.235e−100 that is cut would be another number.
    """

    def __init__(self, bridge: Bridge, selection: Selection, columns: tuple[str, ...]) -> None:
        super().__init__()
        self._bridge, self._selection, self._columns = bridge, selection, columns
        self._rows: tuple[tuple[str, str], ...] = ()
        self._titles: list[QLabel] = []
        self._links: list[Link] = []
        self._cells: list[list[QLabel]] = []
        self._form = _Form.BESIDE
        self._is_arranging = False
        self._captions: list[ElidedLabel] = []
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
        self._captions = []
        self._arrange(_Form.BESIDE)
        if more:
            self._table.addWidget(label(f"… and {more} more", "faint"), self._line(len(rows)), 0, 1, -1)
        self._page = swap(self._page, page)

    def _line(self, number: int) -> int:
        """In which line of the grid a row begins: there is one for its name, and one for each number."""
        return len(self._columns) * number + 1

    def _arrange(self, form: _Form) -> None:
        """Put the numbers where they have room."""
        self._form, whole, self._is_arranging = form, len(self._columns), True
        for title in self._titles[1:]:
            title.setVisible(form is not _Form.LISTED)
        for caption in self._captions:
            caption.setVisible(form is _Form.LISTED)
        for number, (link, cells) in enumerate(zip(self._links, self._cells, strict=True)):
            line = self._line(number)
            self._table.addWidget(link, line, 0, 1, whole if form else 1)
            for place, cell in enumerate(cells, start=1):
                if form is _Form.LISTED:
                    self._table.addWidget(cell, line + place, 1, 1, whole - 1, RIGHT)
                else:
                    self._table.addWidget(cell, line + form, place, RIGHT)
        if form is _Form.LISTED and not self._captions:
            self._caption()
        self._is_arranging = False

    def _caption(self) -> None:
        """Write the heading of its column beside each number."""
        for number in range(len(self._links)):
            for place, title in enumerate(self._columns[1:], start=1):
                caption = ElidedLabel("caption")
                caption.show_text(title)
                self._table.addWidget(caption, self._line(number) + place, 0)
                self._captions.append(caption)

    def _fit(self) -> None:
        """See to it that every name and number is seen whole: what was moved down for that stays there."""
        while self._rows and self._form < _Form.LISTED and self._needed() > self.width():
            self._arrange(_Form(self._form + 1))

    def _needed(self) -> int:
        """How wide all is in the present form."""
        numbers = 0
        for place, cells in enumerate(zip(*self._cells, strict=True), start=1):
            title = self._titles[place].sizeHint().width() if place > 1 else 0
            numbers += SPACE + max(title, *(cell.sizeHint().width() for cell in cells))
        first = self._titles[0].sizeHint().width()
        return numbers + (first if self._form else max(first, *(link.needed() for link in self._links)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_arranging:
            return  # what is shown may take room at once: whoever arranges fits when all is in its place
        if self._form and event.size().width() > event.oldSize().width():
            self._arrange(_Form.BESIDE)
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
