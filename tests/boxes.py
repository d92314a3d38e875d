"""Random groups, regions and notes for a graph that has none: nested, folded where that closes no circle."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from engine.graph.circles import folding_circle
from engine.graph.graph import Graph
from engine.graph.grouping import COLOURS, Group, Note, Region
from engine.graph.members import without_empty

TITLES = ("Layer 1", "Neuron h1", "σ", "a <b>", "", "Loss")


def boxed(graph: Graph, random: Random) -> Graph:
    """The graph with some groups, regions and notes."""
    facts = graph.facts | {"groups": _groups(graph, random), "regions": _regions(random), "notes": _notes(random)}
    return replace(graph, facts={name: fact for name, fact in facts.items() if fact != ()})


def _groups(graph: Graph, random: Random) -> tuple[Group, ...]:
    count = random.choice((0, 1, 2, 4))
    homes = {id: random.randrange(count + 1) for id in graph.nodes}
    table = [
        Group(
            f"g{i + 1}", random.choice(TITLES), tuple(id for id, home in homes.items() if home == i),
            f"g{random.randrange(i) + 1}" if i and random.random() < 0.5 else None, pos=_place(random),
        )
        for i in range(count)
    ]  # fmt: skip
    groups = {group.id: group for group in without_empty(table)}
    for group in list(groups.values()):
        folded = {**groups, group.id: replace(group, folded=True)}
        if random.random() < 0.4 and folding_circle(_with(graph, folded)) is None:
            groups = folded
    return tuple(groups.values())


def _with(graph: Graph, groups: dict[str, Group]) -> Graph:
    return replace(graph, facts=graph.facts | {"groups": tuple(groups.values())})


def _regions(random: Random) -> tuple[Region, ...]:
    size = (random.randrange(40, 900) + 0.5, random.randrange(40, 900) + 0.0)
    return tuple(
        Region(f"r{i}", random.choice(TITLES), random.choice(COLOURS), _place(random), size)
        for i in range(random.choice((0, 0, 1, 2)))
    )


def _notes(random: Random) -> tuple[Note, ...]:
    return tuple(
        Note(f"n{i}", random.choice(("one", "two\n lines", "<b>x</b>")), _place(random))
        for i in range(random.choice((0, 0, 1, 2)))
    )


def _place(random: Random) -> tuple[float, float]:
    return (random.randrange(-300, 900) + 0.0, random.randrange(-300, 300) + 0.25)
