"""What a search puts into a graph in one step: a node with its edges, a leaf's value, an expression, an example.

Each of these is a checked maker of a `Change`, as every edit is; where it stands is said by who asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from engine.edits.edges import connect, insert_node
from engine.edits.join import join, known_names
from engine.edits.nodes import add_node, set_value
from engine.errors import EditRefused
from engine.files.examples import Example
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.names import free_ids
from engine.graph.records import Edge, EdgeKey, Pos
from engine.ops.op import get_op

Feed = tuple[str, int]  # a node and one of its outputs


@dataclass(frozen=True)
class Around:
    """What a search goes on from: the selected nodes, in their order; or an edge, into which something goes; or one
    end of an edge that is being made, the other of which hangs free.
    """

    nodes: tuple[str, ...] = ()
    edge: EdgeKey | None = None
    source: Feed | None = None  # the edge comes from here
    port: EdgeKey | None = None  # the edge goes here

    def within(self, graph: Graph) -> "Around":
        """What of it is still there."""
        return Around(
            tuple(id for id in self.nodes if id in graph.nodes),
            self.edge if self.edge in graph.edges else None,
            self.source if self.source and self.source[0] in graph.nodes else None,
            self.port if self.port and self.port[0] in graph.nodes else None,
        )

    @property
    def ids(self) -> tuple[str, ...]:
        """The nodes beside which something comes."""
        ends = [end[0] for end in (self.edge, self.source, self.port) if end is not None]
        return (*self.nodes, *ends)

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """What goes into a new node."""
        if self.edge or self.port:
            return ()
        return (self.source,) if self.source else tuple((id, 0) for id in self.nodes)


@dataclass(frozen=True)
class NewNode:
    """A node of an op, fed in the order of `feeds`; or put into an `edge`; or feeding a `port`."""

    op: str
    id: str | None = None
    value: Any = None
    feeds: tuple[Feed, ...] = ()
    edge: EdgeKey | None = None
    port: EdgeKey | None = None

    @property
    def alone(self) -> "NewNode":
        """The same without edges."""
        return NewNode(self.op, self.id, self.value)

    def change(self, graph: Graph, pos: Pos) -> Change:
        """Put it at `pos` (its top left corner)."""
        if self.edge is not None:
            return insert_node(graph, self.edge, self.op, pos)
        refuse_crowd(graph, self.op, len(self.feeds))
        added = add_node(graph, self.op, pos, id=self.id, value=self.value)
        (new,) = added.nodes
        made = added.then(_fed(graph, graph.apply(added), new, self.feeds))
        if self.port is not None:
            made = made.then(connect(graph.apply(made), new, *self.port))
        return replace(made, text=added.text)


def feed_name(graph: Graph, id: str, output: int) -> str:
    """What one calls a node's output: `x`, or `data.features` where there are several."""
    node = graph.nodes[id]
    return f"{node.name}.{node.op.outputs[output]}" if len(node.op.outputs) > 1 else node.name


def crowd_sentence(graph: Graph, op: str, count: int) -> str:
    """Why so many nodes cannot feed one of this op; empty: they can."""
    kind = get_op(op)
    if count <= len(kind.ports) or kind.repeats:
        return ""
    most = "one input" if len(kind.ports) == 1 else f"{len(kind.ports)} inputs"
    return f"{kind.title} takes {most}, and {count} nodes are selected."


def refuse_crowd(graph: Graph, op: str, count: int) -> None:
    """Raise EditRefused where more nodes would feed a node than it has ports."""
    if sentence := crowd_sentence(graph, op, count):
        raise EditRefused(sentence)


def _fed(before: Graph, graph: Graph, new: str, feeds: Iterable[Feed]) -> Change:
    """The edges into a new node, all at once: nothing comes after it, so none can close a loop. The target follows."""
    edges = [Edge(source, new, port, output) for port, (source, output) in enumerate(feeds)]
    if not edges:
        return Change()
    last = next((edge for edge in edges if edge.source == before.target), edges[-1])
    made = Change(edges={edge.key: (None, edge) for edge in edges if edge is not last})
    return made.then(connect(graph.apply(made), last.source, new, last.port, last.output))


@dataclass(frozen=True)
class NewValue:
    """Another value for a leaf that is there."""

    id: str
    value: Any

    def change(self, graph: Graph) -> Change:
        return set_value(graph, self.id, self.value)


@dataclass(frozen=True)
class NewEdge:
    """An edge to a port, between nodes that are there."""

    source: str
    port: EdgeKey
    output: int = 0

    def change(self, graph: Graph) -> Change:
        return connect(graph, self.source, *self.port, self.output)


@dataclass(frozen=True)
class NewText:
    """An expression whose names mean the nodes that are there. `aim`: its end becomes the target; or it feeds `port`.

    `expression` has a value in every leaf that is new. One goes on from `ends`, or else from the end of it.
    """

    expression: Graph
    aim: bool = False
    port: EdgeKey | None = None
    ends: tuple[str, ...] = ()

    def change(self, graph: Graph, offset: Pos, text: str = "Add an expression") -> Change:
        """Put its new nodes `offset` from where they stand in `expression`."""
        joined = join(graph, self.expression, offset, self.aim, text)
        end = next(iter(ends_of(graph, self)), None)
        if self.port is None or end is None:
            return joined
        return replace(joined.then(connect(graph.apply(joined), end, *self.port)), text=text)


@dataclass(frozen=True)
class NewGraph:
    """An example, which is read when it is chosen."""

    example: Example


@dataclass(frozen=True)
class NewNote:
    """A note: of this text, or one that is still to be typed."""

    text: str


Made = NewNode | NewValue | NewEdge | NewText | NewGraph | NewNote


def ends_of(graph: Graph, made: NewText) -> tuple[str, ...]:
    """What the ends of an expression are called once it is joined to a graph."""
    known = known_names(graph, made.expression)
    names = known | free_ids(graph, [id for id in made.expression.nodes if id not in known])
    target = made.expression.target
    return tuple(names[id] for id in made.ends or ([target] if target is not None else []))
