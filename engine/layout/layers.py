"""Who stands in which column and in which order there: the combinatorial half of the layout.

Sugiyama, Tagawa and Toda (1981), as Gansner, Koutsofios, North and Vo (1993) refined it: longest-path layers, slack
taken out, an empty cell wherever a long edge passes a column, then sweeps by barycentre and swaps of neighbours.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Sequence

from engine.graph.graph import Graph
from engine.graph.records import Edge
from engine.values.progress import advance

LARGE = 1000  # nodes; above, long edges have no cells and one sweep must do
MOST_CELLS = 4000  # as above: a graph whose long edges would need more counts as large
_SWEEPS = 12
_FEW = 400  # cells: columns of so few are ordered from several starts
_IDLE = 3  # sweeps that may come to nothing before it is called done
Ends = tuple[list[int], list[float]]  # places in the column before and in the one after


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
        self._disentangle()

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

    def _disentangle(self) -> None:
        """Sweep until fewest edges cross: where there are few cells from several orders, for each leads elsewhere."""
        first = [*map(list, self.columns)]
        fewest = self._improve()
        starts = _STARTS if len(self.node) <= _FEW else ()
        for start in starts:
            if not fewest:
                return
            best, self.columns = self.columns, [start(self, column) for column in first]
            crossings = self._improve()
            if crossings < fewest:
                fewest = crossings
            else:
                self.columns = best

    def upside_down(self, column: Sequence[int]) -> list[int]:
        return [*reversed(column)]

    def passages_first(self, column: Sequence[int]) -> list[int]:
        """Long edges above all nodes."""
        return sorted(column, key=lambda cell: self.node[cell] is not None)

    def passages_last(self, column: Sequence[int]) -> list[int]:
        """Long edges below all nodes."""
        return sorted(column, key=lambda cell: self.node[cell] is None)

    def _improve(self) -> int:
        """Order the columns so that fewer edges cross; gives how many do."""
        best, fewest, last = [*map(list, self.columns)], self.crossings(), 0
        for sweep in range(1 if self.large else _SWEEPS):
            if not fewest or sweep > last + _IDLE:
                break
            self._sweep(leftwards=sweep % 2 == 0)
            if not self.large:
                self._transpose()
            count = self.crossings()
            if count < fewest:
                best, fewest, last = [*map(list, self.columns)], count, sweep
        self.columns = best
        return fewest

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
        todo = set(range(len(self.columns)))
        for _ in range(8):
            swapped = {place for place in sorted(todo) if self._swap(self.columns[place], index)}
            if not swapped:
                return
            todo = {near for place in swapped for near in (place - 1, place, place + 1)} & set(range(len(self.columns)))

    def _swap(self, column: list[int], index: list[int]) -> bool:
        """Swap neighbours in one column where that saves crossings. Gives whether it does anywhere."""
        swapped = False
        ends = {cell: self._ends(cell, index) for cell in column} if len(column) > 1 else {}
        for i in range(len(column) - 1):
            upper, lower = column[i], column[i + 1]
            if _is_better_below(ends[upper], ends[lower]):
                column[i], column[i + 1] = lower, upper
                index[upper], index[lower] = i + 1, i
                swapped = True
        return swapped

    def _ends(self, cell: int, index: list[int]) -> Ends:
        """Where a cell's edges end in the columns on both sides, from top to bottom."""
        before = sorted(index[c] for c, _ in self.before[cell])
        return before, sorted(index[c] + port for c, port in self.after[cell])

    def _indices(self) -> list[int]:
        index = [0] * len(self.node)
        for column in self.columns:
            for i, cell in enumerate(column):
                index[cell] = i
        return index

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


_STARTS: tuple[Callable[[Columns, Sequence[int]], list[int]], ...] = (
    Columns.upside_down,
    Columns.passages_first,
    Columns.passages_last,
)


def _is_better_below(upper: Ends, lower: Ends) -> bool:
    """Whether fewer edges cross if the upper of two neighbours goes below the other."""
    (left, right), (other_left, other_right) = upper, lower
    crossed_left = left and other_left and left[-1] > other_left[0]
    crossed_right = right and other_right and right[-1] > other_right[0]
    return bool(crossed_left or crossed_right) and _saved(left, other_left) + _saved(right, other_right) > 0


def _saved(upper: Sequence[float], lower: Sequence[float]) -> int:
    """How many crossings fewer there are if the upper of two neighbours goes below; ends rise."""
    return sum(len(upper) - bisect_right(upper, end) - bisect_left(upper, end) for end in lower)


def _layers(graph: Graph, ids: Sequence[str]) -> dict[str, int]:
    """Each node in the column of its generation, then as near to its consumers as saves edge length."""
    generation = graph.topology.generation
    layer = {id: generation[id] for id in ids}
    for id in reversed(ids):
        onwards, into = graph.out_of(id), graph.into(id)
        held = sum(not _is_own_leaf(graph, edge.source) for edge in into)  # the others come along
        feeds_on_leaves = held < len(into) and not any(graph.into(edge.source) for edge in into)
        if onwards and len(onwards) >= held + (0 if feeds_on_leaves else 1):
            layer[id] = min(layer[edge.dest] for edge in onwards) - 1
    return layer


def _is_own_leaf(graph: Graph, id: str) -> bool:
    """Whether a node has no inputs, and feeds one port only."""
    return not graph.into(id) and len(graph.out_of(id)) == 1


def _spans(graph: Graph, ids: Sequence[str], layer: dict[str, int]) -> int:
    """How many cells the long edges need."""
    furthest = (max((layer[edge.dest] for edge in graph.out_of(id)), default=0) - layer[id] - 1 for id in ids)
    return sum(span for span in furthest if span > 0)
