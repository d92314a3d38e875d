"""Arranged, the nodes of an open group stand together: nothing else comes into its frame, no card lies on another."""

from __future__ import annotations

from itertools import combinations

import pytest

import engine
from engine import edits
from engine.graph.graph import Graph
from engine.layout.layout import NODE_WIDTH, node_height
from engine.layout.shown import shown_of
from tests.neurons import scalar_net

Box = tuple[float, float, float, float]
RIM, TITLE = 18.0, 24.0  # of a frame on the canvas


def grouped(*widths: int) -> Graph:
    """A net of scalars with all that is found in it folded."""
    graph = scalar_net(widths)
    return graph.apply(edits.find_groups(graph))


def boxes(graph: Graph, within: str | None = None) -> dict[str, Box]:
    shown = shown_of(graph, within).graph
    return {
        id: (*node.pos, node.pos[0] + NODE_WIDTH, node.pos[1] + node_height(shown.port_count(id)))
        for id, node in shown.nodes.items()
    }


def meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def check(graph: Graph) -> None:
    placed, shown = boxes(graph), shown_of(graph)
    assert not [pair for pair in combinations(placed, 2) if meet(placed[pair[0]], placed[pair[1]])]
    for group in graph.groups.values():
        if group.folded or not graph.grouping.is_seen(group.id):
            continue
        own = shown.ids_of(graph.grouping.within(group.id))
        inside = [placed[id] for id in own]
        left, top, right, bottom = zip(*inside, strict=True)
        frame = (min(left) - RIM, min(top) - RIM - TITLE, max(right) + RIM, max(bottom) + RIM)
        assert not [id for id, box in placed.items() if id not in own and meet(box, frame)], group.title


def opened(graph: Graph, titles: list[str] | None = None) -> Graph:
    ids = [id for id, group in graph.groups.items() if titles is None or group.title in titles]
    return graph.apply(edits.unfold_groups(graph, ids))


@pytest.mark.parametrize("titles", [["Layer 1"], ["Layer 1", "Layer 2"], None])
def test_an_open_group_is_a_block(titles: list[str] | None) -> None:
    graph = opened(grouped(2, 3, 2, 1), titles)
    change = edits.arrange_nodes(graph, None, 1.6)
    after = graph.apply(change)
    check(after)
    assert after.apply(change.inverse) == graph
    again = edits.arrange_nodes(after, None, 1.6)
    assert not again, "once tidy it stays"


def test_two_groups_that_feed_each_other_keep_nobody_from_arranging() -> None:
    graph = engine.parse("x = 1.0\na = x * 2\nb = relu(a)\nc = x + 1\nd = c * 3\ne = b + d")
    graph = graph.apply(edits.make_group(graph, ["a", "d"], (), "One"))
    graph = graph.apply(edits.make_group(graph, ["b", "c"], (), "Other"))
    after = graph.apply(edits.arrange_nodes(graph))
    placed = boxes(after)
    assert len(graph.groups) == 2
    assert not [pair for pair in combinations(placed, 2) if meet(placed[pair[0]], placed[pair[1]])]


def test_looked_into_a_group_its_open_groups_are_blocks_too() -> None:
    graph = grouped(2, 3, 1)
    layer = next(id for id, group in graph.groups.items() if group.title == "Layer 1")
    graph = graph.apply(edits.unfold_groups(graph, list(graph.groups)))
    after = graph.apply(edits.arrange_nodes(graph, None, 1.6, layer))
    shown = shown_of(after, layer)
    placed = boxes(after, layer)
    for inner in after.grouping.children[layer]:
        own = shown.ids_of(after.grouping.within(inner))
        left, top, right, bottom = zip(*[placed[id] for id in own], strict=True)
        frame = (min(left), min(top), max(right), max(bottom))
        others = [box for id, box in placed.items() if id not in own and not id.startswith("@")]
        assert not [box for box in others if meet(box, frame)]


def test_a_group_that_is_no_more_is_not_looked_into() -> None:
    graph = opened(grouped(2, 3, 1))
    assert edits.arrange_nodes(graph, within="gone") == edits.arrange_nodes(graph)
