"""Neurons and layers of them as graphs of parameters, products, sums and activations, on what is selected."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.edits.quick import Feed, NewText
from engine.graph.graph import Graph
from engine.graph.grouping import Group
from engine.graph.names import free_id
from engine.graph.records import Edge, EdgeKey, Node
from engine.layout.layout import COLUMN_GAP, NODE_WIDTH, card_place
from engine.values.values import as_value

MOST_UNITS, MOST_NODES = 32, 600
ROW = 112  # pixels from one row of nodes to the next
_WEIGHTS = (0.5, -0.3, 0.8, -0.6, 0.2, 0.7, -0.4, 0.9, -0.8, 0.3, -0.2, 0.6, -0.9)  # no two neurons begin as equals


@dataclass(frozen=True)
class Block:
    """A piece that is made of several nodes: what it is called, and of how many units it is unless one says."""

    names: tuple[str, ...]
    units: int

    def title(self, units: int) -> str:
        return "Neuron" if units == 1 else f"Layer of {units} neurons"


BLOCKS = (Block(("neuron", "unit", "perceptron"), 1), Block(("layer of neurons", "hidden layer", "dense"), 3))


class _Making:
    """The nodes and edges of a block, with names that are free in the graph that it is for, in columns and rows."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []

    def there(self, id: str) -> str:
        """A node of the graph, which its name alone stands for."""
        self.nodes[id] = Node(id, "input")
        return id

    def leaf(self, op: str, name: str, value: float, row: float, column: int = 1) -> str:
        return self._put(Node(self._free(name), op, as_value(value)), column, row)

    def computed(self, op: str, name: str, sources: Sequence[str], column: int, row: float) -> str:
        id = self._put(Node(self._free(name), op), column, row)
        self.edges += [Edge(source, id, port) for port, source in enumerate(sources)]
        return id

    def _free(self, name: str) -> str:
        return free_id(self._graph, name, self.nodes)

    def _put(self, node: Node, column: int, row: float) -> str:
        place = (column * (NODE_WIDTH + COLUMN_GAP), round(row * ROW))
        self.nodes[node.id] = replace(node, pos=place)
        return node.id


def block_refusal(graph: Graph, feeds: Sequence[Feed], units: int) -> str:
    """Why a block cannot be put on these nodes; empty: it can."""
    many = next((id for id, _ in feeds if graph.output_count(id) > 1), None)
    if many is not None:
        node = graph.nodes[many]
        rows = f"{many}.{node.op.outputs[0]}"
        return (
            f"{node.name} has several outputs. Type x1 = {rows}[:, 0] first, and put the neuron on x1; "
            f"or type linear({rows}, W, b), a layer on all columns."
        )
    if units > MOST_UNITS or units * (2 * len(feeds) + 3) > MOST_NODES:
        return f"That would be too many nodes: a layer has at most {MOST_UNITS} neurons and {MOST_NODES} nodes."
    return ""


def made_block(graph: Graph, feeds: Sequence[Feed], units: int, aim: bool, port: EdgeKey | None = None) -> NewText:
    """So many neurons side by side, tanh(w·x + b) each, on these nodes; on two new inputs where there are none.

    `aim`: the one neuron becomes the target.
    """
    making = _Making(graph)
    sources = [making.there(id) for id, _ in feeds] or [making.leaf("input", f"x{i}", 1.0, i - 1, 0) for i in (1, 2)]
    outer, ends, groups = {*making.nodes}, [], []
    for unit in range(units):
        before = {*making.nodes}
        ends.append(_neuron(making, sources, unit, str(unit + 1) if units > 1 else ""))
        nodes = tuple(id for id in making.nodes if id not in before)
        place = card_place(making.nodes[id].pos for id in nodes)
        groups.append(Group(f"g{unit + 2}", f"Neuron {ends[-1]}", nodes, "g1" if units > 1 else None, pos=place))
    if units > 1:
        places = (node.pos for id, node in making.nodes.items() if id not in outer)
        groups.insert(0, Group("g1", f"Layer of {units} neurons", (), pos=card_place(places)))
    target = ends[0] if units == 1 else None
    whole = Graph.of(making.nodes.values(), making.edges, target=target, groups=tuple(groups))
    return NewText(whole, aim and units == 1, port, tuple(ends))


def _neuron(making: _Making, sources: Sequence[str], unit: int, mark: str) -> str:
    """Weights and bias below each other, and to their right the products, their sum and its tanh."""
    top, products = unit * (len(sources) + 1), []
    for at, source in enumerate(sources):
        value = _WEIGHTS[(unit * len(sources) + at) % len(_WEIGHTS)]
        weight = making.leaf("parameter", f"w{mark}_{at + 1}" if mark else f"w{at + 1}", value, top + at)
        products.append(making.computed("mul", "mul", [weight, source], 2, top + at))
    bias = making.leaf("parameter", f"b{mark}", 0.1, top + len(sources))
    middle = top + (len(sources) - 1) / 2
    total = making.computed("add", f"z{mark}", [*products, bias], 3, middle)
    return making.computed("tanh", f"h{mark}", [total], 4, middle)
