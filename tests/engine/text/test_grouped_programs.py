"""A program tells its groups in comments, and reading it makes them again; what does not fit is left out."""

from __future__ import annotations

import json

import pytest

import engine
from engine import edits
from engine.export.target import export_graph
from engine.graph.circles import folding_circle
from engine.graph.graph import Graph
from engine.graph.sound import flaw_of
from engine.layout.shown import shown_of
from engine.passes.run import run
from tests.networks import scalar_network

NET = scalar_network((2, 3, 2, 1), "tanh")
NET = NET.apply(edits.find_groups(NET))
OPEN = NET.apply(edits.unfold_groups(NET, [id for id, group in NET.groups.items() if group.title == "Layer 1"]))


def groups(graph: Graph) -> set[tuple[object, ...]]:
    return {(g.id, g.title, frozenset(g.nodes), g.parent, g.folded) for g in graph.groups.values()}


@pytest.mark.parametrize("net", [NET, OPEN], ids=["folded", "one open"])
@pytest.mark.parametrize("target", ["text", "numpy", "torch", "jax"])
def test_what_is_written_is_read_back_with_its_groups(target: str, net: Graph) -> None:
    again = engine.parse(str(export_graph(net, target)))
    assert groups(again) == groups(net) and flaw_of(again) is None
    trace, before = run(again), run(net)
    assert all(trace.value(id) == before.value(id) for id in net.nodes)
    places = [node.pos for node in shown_of(again).graph.nodes.values()]
    assert len(set(places)) == len(places), "no card lies on another"


def test_a_title_may_be_anything() -> None:
    title = 'say "cheese" \\ (g1): a, b # × 層'
    graph = engine.parse("x = 1.0\na = x * 2\nb = relu(a)")
    graph = graph.apply(edits.make_group(graph, ["a", "b"], (), title))
    assert groups(engine.parse(engine.unparse(graph))) == groups(graph)


@pytest.mark.parametrize(
    "comment",
    [
        '# group "Gone" (g1): nobody',
        '# group "Cut off" (g1',
        '# group "Bad \\u00" (g1): a',
        "# group therapy: a, b",
        '# group "Its own parent" (g1 in g1): ',
        f"# group {json.dumps('Empty')} (g1):",
    ],
)
def test_what_does_not_fit_is_only_a_comment(comment: str) -> None:
    plain = engine.parse("x = 1.0\na = x * 2\nb = relu(a)")
    assert engine.parse(f"x = 1.0\na = x * 2\nb = relu(a)\n{comment}\n") == plain


def test_what_would_close_a_circle_comes_open() -> None:
    graph = engine.parse('x = 1.0\na = x * 2\nb = relu(a)\nc = b + a\n# group "Round" (g1, folded): a, c')
    (group,) = graph.groups.values()
    assert not group.folded and folding_circle(graph) is None


def test_a_node_is_in_the_first_group_that_names_it() -> None:
    text = 'x = 1.0\na = x * 2\nb = relu(a)\n# group "One" (g1): a, b, x\n# group "Two" (g2 in g1, folded): b'
    graph = engine.parse(text)
    assert [group.title for group in graph.groups.values()] == ["One"] and flaw_of(graph) is None


def test_a_derivation_in_latex_goes_group_by_group() -> None:
    lines = [line for line in str(export_graph(NET, "latex")).splitlines() if "subsection" in line]
    assert any("Layer 1 $\\cdot$ Neuron h1\\_0" in line for line in lines) and "Squared error" in "".join(lines)
