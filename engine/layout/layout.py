"""Where nodes stand: a layered drawing from left to right on the 4-pixel grid, the same for the same graph every time.

Owns the size of a node. Columns and their order come from `layers`; here each cell gets its height: as near to
its neighbours as its column allows, by isotonic regression (pool adjacent violators: Ayer and others, 1955).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil, sqrt

from engine.graph.graph import Graph
from engine.graph.records import Pos
from engine.layout.layers import LARGE, Columns
from engine.layout.sheet import Box, Spacing, fitted, shelved
from engine.values.progress import advance

NODE_WIDTH, NODE_HEIGHT = 140, 84
COLUMN_GAP, ROW_GAP, PART_GAP = 100, 36, 60
GRID = 4

_WINDOW, _LONG = 1.75, 1500.0  # a usual window, and a drawing that is long for it, in pixels
_NARROW, _NARROWEST = 0.65, 0.5  # of a gap between columns that is left in a long drawing: of tensors, of numbers
_PASSAGE = 24  # what a long edge needs where it passes a column
_MAIN, _SIDE = 8.0, 1.0  # a leaf gives way to the nodes that something flows through


def node_height(ports: int) -> int:
    """The height of a node that shows this many input ports; a card that stands for a group has its own."""
    return int(getattr(ports, "high", 0)) or max(NODE_HEIGHT, 24 + 20 * ports)


def card_place(places: Iterable[Pos]) -> Pos:
    """Where the card of a group stands: its middle in the middle of the nodes that stand at these places."""
    xs, ys = zip(*places, strict=True)
    return (round((min(xs) + max(xs)) / 2, 2) + 0.0, round((min(ys) + max(ys)) / 2, 2) + 0.0)


def arrange(graph: Graph, aspect: float | None = None) -> dict[str, Pos]:
    """A place (the top left corner) for each node; the part with the target comes first, loose nodes last.

    `aspect` is how many times as wide as it is high the window is: parts stand side by side where that suits it, a very
    long one goes on in another line, and gaps are wider the way there is room. None: parts are stacked.
    """
    parts = _parts(graph)
    drawings = [_arrange_part(graph, part, aspect) for part in parts if len(part) > 1]
    single = [part[0] for part in parts if len(part) == 1]
    if single:
        drawings.append(_rows(graph, single))
    return {id: (box[0], box[1]) for id, box in shelved(drawings, aspect, PART_GAP).items()} if drawings else {}


def _boxes(graph: Graph, places: Mapping[str, Pos]) -> dict[str, Box]:
    return {id: (x, y, x + NODE_WIDTH, y + node_height(graph.port_count(id))) for id, (x, y) in places.items()}


def laid_out(graph: Graph) -> Graph:
    """The graph with every node in its place: what is long is fitted to a usual window, or it would be a thin strip."""
    places = arrange(graph)
    if len(graph.nodes) <= LARGE and max((x for x, _ in places.values()), default=0) > _LONG:
        places = arrange(graph, _WINDOW)
    return replace(graph, nodes={id: replace(node, pos=places[id]) for id, node in graph.nodes.items()})


def _parts(graph: Graph) -> list[list[str]]:
    """The nodes that hang together: the target's part first, then by age. In each, sources come first."""
    place = {id: i for i, id in enumerate(graph.order)}
    age = {id: i for i, id in enumerate(graph.nodes)}
    parts = graph.topology.parts() if graph.nodes else []
    parts.sort(key=lambda part: (graph.target not in part, min(age[id] for id in part)))
    return [sorted(part, key=place.__getitem__) for part in parts]


def _rows(graph: Graph, ids: Sequence[str]) -> dict[str, Box]:
    """The boxes of nodes that stand alone, side by side, in a block about as wide as it is high."""
    wide = max(4, ceil(sqrt(len(ids))))
    step = max(node_height(graph.port_count(id)) for id in ids) + ROW_GAP
    places = {id: (float(i % wide * (NODE_WIDTH + COLUMN_GAP)), float(i // wide * step)) for i, id in enumerate(ids)}
    return _boxes(graph, places)


def _arrange_part(graph: Graph, ids: Sequence[str], aspect: float | None) -> dict[str, Box]:
    drawing = _Drawing(graph, Columns(graph, ids))
    drawing.settle()
    boxes = _boxes(graph, drawing.places())
    if aspect is None:
        return boxes
    edges = [(edge.source, id) for id in ids for edge in graph.into(id)]
    least = _NARROW if any(_is_tensor(graph, id) for id in ids) else _NARROWEST
    return fitted(boxes, edges, aspect, Spacing(NODE_WIDTH + COLUMN_GAP, COLUMN_GAP, least), graph.target)


def _is_tensor(graph: Graph, id: str) -> bool:
    """Whether a leaf holds more than one number: what its edges say needs more room."""
    value = graph.nodes[id].value
    return (value is not None and value.ndim > 0) or graph.output_count(id) > 1


class _Drawing:
    """Columns of cells, each with the y of its middle."""

    def __init__(self, graph: Graph, columns: Columns) -> None:
        self.columns = columns
        self.height = [_PASSAGE if id is None else node_height(graph.port_count(id)) for id in columns.node]
        self.weight = [_MAIN if id is None or graph.into(id) else _SIDE for id in columns.node]
        self.y = [0.0] * len(self.height)
        for column in columns.columns:
            self._place(column, [0.0] * len(column))

    def settle(self) -> None:
        """Draw each column towards its neighbours: from the right, from the left, and so on until it hardly moves."""
        for _ in range(1 if self.columns.large else 6):
            for done, column in enumerate(reversed(self.columns.columns)):
                advance(done, len(self.columns.columns))
                self._place(column, [self._wish(cell, self.columns.after) for cell in column])
            for column in self.columns.columns:
                self._place(column, [self._wish(cell, self.columns.before) for cell in column])
        for column in reversed(self.columns.columns):  # leaves follow what they feed
            self._place(column, [self._last_wish(cell) for cell in column])

    def _wish(self, cell: int, neighbours: list[list[tuple[int, float]]]) -> float:
        near = neighbours[cell]
        if not near:
            return self.y[cell]
        total = sum(self.weight[c] for c, _ in near)
        return sum(self.weight[c] * self.y[c] for c, _ in near) / total

    def _last_wish(self, cell: int) -> float:
        return self.y[cell] if self.columns.before[cell] else self._wish(cell, self.columns.after)

    def _place(self, column: list[int], wishes: list[float]) -> None:
        """As near to the wishes as the cells' heights and their order allow, in the least-squares sense."""
        offsets = [0.0]
        for above, below in pairwise(column):
            offsets.append(offsets[-1] + self._distance(above, below))
        free = [wish - offset for wish, offset in zip(wishes, offsets, strict=True)]
        fitted = isotonic(free, [self.weight[cell] for cell in column])
        for cell, offset, y in zip(column, offsets, fitted, strict=True):
            self.y[cell] = y + offset

    def _distance(self, above: int, below: int) -> float:
        nodes = self.columns.node[above] is not None and self.columns.node[below] is not None
        gap = ROW_GAP if nodes else ROW_GAP / 3
        return (self.height[above] + self.height[below]) / 2 + gap

    def places(self) -> dict[str, Pos]:
        """Top left corners of the nodes on the grid."""
        tops = {id: self.y[cell] - self.height[cell] / 2 for cell, id in enumerate(self.columns.node) if id is not None}
        highest = min(tops.values())
        column = self.columns.column
        return {
            id: (float(column[cell] * (NODE_WIDTH + COLUMN_GAP)), _snapped(tops[id] - highest))
            for cell, id in enumerate(self.columns.node)
            if id is not None
        }


def isotonic(wishes: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The non-decreasing numbers nearest to `wishes` in the weighted least-squares sense."""
    blocks: list[tuple[float, float, int]] = []  # mean, weight, how many
    for wish, weight in zip(wishes, weights, strict=True):
        block = (wish, weight, 1)
        while blocks and blocks[-1][0] > block[0]:
            mean, mass, count = blocks.pop()
            whole = mass + block[1]
            block = ((mean * mass + block[0] * block[1]) / whole, whole, count + block[2])
        blocks.append(block)
    return [mean for mean, _, count in blocks for _ in range(count)]


def _snapped(y: float) -> float:
    """On the grid. Halves go up, so that what is a whole number of grid steps apart stays so."""
    return float((y + GRID / 2) // GRID * GRID)
