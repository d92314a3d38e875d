"""Who stands in which column and in which order there: the combinatorial half of the layout.

Sugiyama, Tagawa and Toda (1981), as Gansner, Koutsofios, North and Vo (1993) refined it: longest-path layers, slack
taken out, an empty cell wherever a long edge passes a column, then sweeps by barycentre and swaps of neighbours.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence

from engine.graph.graph import Graph
from engine.graph.records import Edge
from engine.progress import advance

LARGE = 1000  # nodes; above, long edges have no cells and one sweep must do
MOST_CELLS = 4000  # as above: a graph whose long edges would need more counts as large
_SWEEPS = 12


class Columns:
    """Cells in columns, left to right. A cell is a node, or a place that a long edge passes through.

    `columns` are lists of cells from top to bottom; `before` and `after` are a cell's neighbours in the columns to its
    left and right, as (cell, port fraction); `node` is the cell's node id or None.
    """

    def __init__(self, graph: Graph, ids: Sequence[str]) -> None:
        layer = _layers(graph, ids)
        self.node: list[str | None] = list(ids)
        self.column: list[int] = [layer[id] for id in ids]
        cells = {id: cell for cell, id in enumerate(ids)}
        self.before: list[list[tuple[int, float]]] = [[] for _ in ids]
        self.after: list[list[tuple[int, float]]] = [[] for _ in ids]
        self.large = len(ids) > LARGE or _spans(graph, ids, layer) > MOST_CELLS
        for id in ids:
            for edge in graph.into(id):
                self._thread(edge, cells, graph.port_count(id))
        self.columns = self._first_order(graph, ids, cells)
        self._improve()

    def _thread(self, edge: Edge, cells: dict[str, int], ports: int) -> None:
        """Lead an edge to its end, through the cells of the columns between; edges of one source share them."""
        start, end = cells[edge.source], cells[edge.dest]
        if not self.large:
            for _ in range(self.column[start] + 1, self.column[end]):
                start = self._passage(start)
        self.after[start].append((end, (edge.port + 1) / (ports + 1)))
        self.before[end].append((start, (edge.port + 1) / (ports + 1)))

    def _passage(self, start: int) -> int:
        for cell, _ in self.after[start]:
            if self.node[cell] is None:
                return cell
        cell = len(self.node)
        self.node.append(None)
        self.column.append(self.column[start] + 1)
        self.before.append([(start, 0.5)])
        self.after.append([])
        self.after[start].append((cell, 0.5))
        return cell

    def _first_order(self, graph: Graph, ids: Sequence[str], cells: dict[str, int]) -> list[list[int]]:
        """As a walk back from the ends meets them, port by port: a tree comes out without a crossing."""
        columns: list[list[int]] = [[] for _ in range(max(self.column) + 1)]
        seen = [False] * len(self.node)
        for end in (cells[id] for id in ids if not graph.out_of(id)):
            todo = [end]
            while todo:
                cell = todo.pop()
                if not seen[cell]:
                    seen[cell] = True
                    columns[self.column[cell]].append(cell)
                    todo.extend(source for source, _ in reversed(self.before[cell]))
        return columns

    # --- fewer crossings

    def _improve(self) -> None:
        best, fewest = [*map(list, self.columns)], self.crossings()
        for sweep in range(1 if self.large else _SWEEPS):
            if not fewest:
                break
            self._sweep(leftwards=sweep % 2 == 0)
            if not self.large:
                self._transpose()
            count = self.crossings()
            if count < fewest:
                best, fewest = [*map(list, self.columns)], count
        self.columns = best

    def _sweep(self, leftwards: bool) -> None:
        """Sort each column by the mean place of its neighbours in the column before it on the way."""
        index = self._indices()
        for done, column in enumerate(reversed(self.columns) if leftwards else self.columns):
            advance(done, len(self.columns))
            keys = {cell: self._barycentre(cell, index, leftwards) for cell in column}
            column.sort(key=keys.__getitem__)
            for i, cell in enumerate(column):
                index[cell] = i

    def _barycentre(self, cell: int, index: list[int], leftwards: bool) -> float:
        """The mean place of the neighbours on one side; where there are none, of those on the other."""
        before = [self._place(c, 0.5, index) for c, _ in self.before[cell]]
        after = [self._place(c, port, index) for c, port in self.after[cell]]
        near = (after or before) if leftwards else (before or after)
        return sum(near) / len(near) if near else self._place(cell, 0.5, index)

    def _place(self, cell: int, port: float, index: list[int]) -> float:
        """How far down its column a place in a cell stands, from 0 to 1."""
        height = len(self.columns[self.column[cell]])
        return (index[cell] + 0.5) / height + (port - 0.5) / height

    def _transpose(self) -> None:
        """Swap neighbours in a column for as long as that saves crossings."""
        index = self._indices()
        for _ in range(8):
            swapped = False
            for column in self.columns:
                for i in range(len(column) - 1):
                    upper, lower = column[i], column[i + 1]
                    if self._crossed(upper, lower, index) > self._crossed(lower, upper, index):
                        column[i], column[i + 1] = lower, upper
                        index[upper], index[lower] = i + 1, i
                        swapped = True
            if not swapped:
                return

    def _indices(self) -> list[int]:
        index = [0] * len(self.node)
        for column in self.columns:
            for i, cell in enumerate(column):
                index[cell] = i
        return index

    def _crossed(self, upper: int, lower: int, index: list[int]) -> int:
        """How many pairs of edges of two neighbours cross, on both sides."""
        left = _inversions([index[c] for c, _ in self.before[upper]], [index[c] for c, _ in self.before[lower]])
        after = [[index[c] + port for c, port in self.after[cell]] for cell in (upper, lower)]
        return left + _inversions(*after)

    def crossings(self) -> int:
        """How many pairs of edges cross between neighbouring columns."""
        index = self._indices()
        total = 0
        for column in self.columns:
            passed: list[float] = []
            for cell in column:
                ends = sorted(index[c] + port for c, port in self.after[cell])
                total += sum(len(passed) - bisect_right(passed, end) for end in ends)
                for end in ends:
                    insort(passed, end)
        return total


def _inversions(upper: Iterable[float], lower: Iterable[float]) -> int:
    ends = sorted(upper)
    return sum(len(ends) - bisect_right(ends, end) for end in lower)


def _layers(graph: Graph, ids: Sequence[str]) -> dict[str, int]:
    """Each node in the column of its generation, then as near to its consumers as saves edge length."""
    generation = graph.topology.generation
    layer = {id: generation[id] for id in ids}
    for id in reversed(ids):
        onwards = graph.out_of(id)
        if len(onwards) > len(graph.into(id)):
            layer[id] = min(layer[edge.dest] for edge in onwards) - 1
    return layer


def _spans(graph: Graph, ids: Sequence[str], layer: dict[str, int]) -> int:
    """How many cells the long edges need."""
    furthest = (max((layer[edge.dest] for edge in graph.out_of(id)), default=0) - layer[id] - 1 for id in ids)
    return sum(span for span in furthest if span > 0)
