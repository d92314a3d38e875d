"""Edits that put nodes in a line with one another: on a common side, through their middles, or at equal distances."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Literal, NamedTuple

from engine.edits.checks import called, known_node
from engine.edits.nodes import move_nodes
from engine.errors import EditRefused
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import Pos
from engine.layout.layout import NODE_WIDTH, node_height

Line = Literal["left", "right", "top", "bottom", "centres", "middles"]
Way = Literal["horizontally", "vertically"]


class Card(NamedTuple):
    """Where a node's card is, and how large."""

    x: float
    y: float
    width: float
    height: float


def align_nodes(graph: Graph, ids: Iterable[str], line: Line) -> Change:
    """Move nodes onto a line: the outermost left, right, top or bottom among them, or the middle of all of them.

    `centres` puts them one above the other, `middles` side by side. Raises EditRefused for fewer than two.
    """
    cards = _cards(graph, ids, 2, "Select two or more nodes to align them.")
    left, right = min(card.x for card in cards.values()), max(card.x + card.width for card in cards.values())
    top, bottom = min(card.y for card in cards.values()), max(card.y + card.height for card in cards.values())

    def place(card: Card) -> Pos:
        across = {"left": left, "right": right - card.width, "centres": (left + right - card.width) / 2}
        down = {"top": top, "bottom": bottom - card.height, "middles": (top + bottom - card.height) / 2}
        return across.get(line, card.x), down.get(line, card.y)

    return _moved(graph, {id: place(card) for id, card in cards.items()}, "Align " + called(graph, cards))


def distribute_nodes(graph: Graph, ids: Iterable[str], way: Way) -> Change:
    """Leave the first and the last where they are, and move those between them until all gaps are equal.

    Where the cards take more room than there is, they overlap by the same length. Raises EditRefused for fewer than
    three.
    """
    cards = _cards(graph, ids, 3, "Select three or more nodes to distribute them.")
    axis = 0 if way == "horizontally" else 1
    row = sorted(cards, key=lambda id: (cards[id][axis], cards[id][1 - axis]))
    spans = [(cards[id][axis], cards[id][2 + axis]) for id in row]
    room = spans[-1][0] - spans[0][0] - sum(size for _, size in spans[:-1])
    gap, at = room / (len(row) - 1), spans[0][0]
    places: dict[str, Pos] = {}
    for id, following in pairwise(row):
        at += cards[id][2 + axis] + gap
        card = cards[following]
        places[following] = (at, card.y) if axis == 0 else (card.x, at)
    del places[row[-1]]
    return _moved(graph, places, "Distribute " + called(graph, cards))


def _cards(graph: Graph, ids: Iterable[str], fewest: int, sentence: str) -> dict[str, Card]:
    chosen = [known_node(graph, id) for id in dict.fromkeys(ids)]
    if len(chosen) < fewest:
        raise EditRefused(sentence, tuple(node.id for node in chosen))
    return {node.id: Card(*node.pos, NODE_WIDTH, node_height(graph.port_count(node.id))) for node in chosen}


def _moved(graph: Graph, places: dict[str, Pos], text: str) -> Change:
    moved = move_nodes(graph, places)
    return replace(moved, text=text) if moved else moved
