"""The card that stands for a folded group, and the stubs by which one that is looked into hangs on to what is outside.

A card is a node of the shown graph: it has ports where edges cross, and so all that knows nodes knows it too.

    tail    a feed of the graph that leaves a card: (node within, its output)
    heads   the ports of the graph that one port of a card stands for: all that the same feed ends at
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from engine.graph.graph import Graph
from engine.graph.grouping import Feed
from engine.graph.records import EdgeKey, Node
from engine.layout.layout import NODE_HEIGHT
from engine.ops.op import Op
from engine.values.values import counted

MARK = "@"  # begins the id of a card: no node's does
ROOMY, CLOSE, TALLEST = 3, 9, 300  # ports that stand as on other cards; pixels between more; of a card
Kind = Literal["group", "source", "goal"]


class CardPorts(int):
    """So many ports on a card that is `high`: they stand closer than those of a node where there are many."""

    high: int

    def __new__(cls, count: int, high: int) -> CardPorts:
        made = super().__new__(cls, count)
        made.high = high
        return made


class CardFacts(NamedTuple):
    """What a card stands for. `kind`: a group; or where one looks into a group what feeds it, or what it feeds."""

    kind: Kind
    group: str  # empty for a stub
    title: str
    size: int  # how many nodes are in it
    heads: tuple[tuple[EdgeKey, ...], ...]  # by port
    tails: tuple[Feed, ...]  # by output
    ports: tuple[str, ...]  # what each is called
    outputs: tuple[str, ...]
    family: str  # whose colour it has
    open: frozenset[int] = frozenset()  # the ports at which nothing ends, and must

    @property
    def word(self) -> str:
        """What it is, in a word or two."""
        if self.kind == "group":
            return counted(self.size, "node")
        return "from outside" if self.kind == "source" else "to outside"


@dataclass(frozen=True)
class CardOp(Op):
    """What a card computes is said by the nodes in it."""

    high: int = NODE_HEIGHT
    facts: CardFacts | None = field(default=None, compare=False)

    @property
    def fewest(self) -> int:
        return CardPorts(len(self.ports), self.high)


@dataclass(frozen=True, slots=True, eq=False)
class GroupCard(Node):
    """A folded group, or a stub, as a node of the shown graph; its facts are its one setting."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "op", _op_of(self.facts))

    @property
    def facts(self) -> CardFacts:
        found: CardFacts = dict(self.settings)["card"]
        return found


def card_id(group: str) -> str:
    """The id of a group's card among the nodes that are shown."""
    return MARK + group


def card_height(graph: Graph, group: str) -> int:
    """The height of the card of a group as it is, folded or not."""
    crossing = graph.crossing(group)
    return group_card_height(len(crossing.inputs), len(crossing.outputs))


def group_card_height(inputs: int, outputs: int) -> int:
    """High enough for a few ports as on any card; many, as those of a neuron or a layer, stand closer."""
    rows = max(inputs, outputs)
    roomy = max(NODE_HEIGHT, 24 + 20 * min(rows, ROOMY))
    return roomy if outputs < 2 else min(roomy + CLOSE * max(rows - ROOMY, 0), TALLEST)


@lru_cache(maxsize=4096)
def _op_of(facts: CardFacts) -> Op:
    ports, outputs = facts.ports, facts.outputs or ("out",)
    title = f"Group of {facts.word}" if facts.kind == "group" else facts.title
    return CardOp(
        "group", "", ports, "", title, facts.family, facts.word, outputs=outputs,
        high=group_card_height(len(ports), len(outputs)), facts=facts,
    )  # fmt: skip
