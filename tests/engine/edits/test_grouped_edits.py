"""What becomes of groups, regions and notes when nodes are copied, pasted, taken apart, put together, put between."""

import pytest

from engine import edits
from engine.files.codec import decode, encode
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.text.read import parse
from tests.building import graph_of, xyz

PLACES = {"x": (0, 0), "y": (0, 200), "z": (0, 400), "q": (300, 0), "f": (600, 0)}


@pytest.fixture
def graph() -> Graph:
    """q and f in Head, q in Sum in it; x and y in a region, in which a note lies."""
    made = after(xyz(), lambda now: edits.move_nodes(now, PLACES))
    made = after(made, lambda now: edits.make_group(now, ["q", "f"], title="Head"))
    made = after(made, lambda now: edits.make_group(now, ["q"], title="Sum"))
    made = after(made, lambda now: edits.surround(now, ["x", "y"], title="Data"))
    return after(made, lambda now: edits.make_note(now, "hello", (10, 150)))


def after(graph: Graph, edit) -> Graph:
    change = edit(graph)
    assert isinstance(change, Change)
    made = graph.apply(change)
    assert made.apply(change.inverse) == graph
    assert decode(encode(made)) == made
    return made


def test_a_copy_takes_the_groups_that_lie_in_it_whole(graph):
    assert {group.title for group in edits.cut_out(graph, ["q", "f"]).groups.values()} == {"Head", "Sum"}
    alone = edits.cut_out(graph, ["q"])
    assert [(group.title, group.parent) for group in alone.groups.values()] == [("Sum", None)]
    assert not edits.cut_out(graph, ["f", "x"]).groups


def test_a_copy_takes_the_regions_and_notes_that_its_nodes_are_all_round(graph):
    part = edits.cut_out(graph, ["x", "y"])
    assert [region.title for region in part.regions.values()] == ["Data"] and list(part.notes) == ["n1"]
    assert not edits.cut_out(graph, ["x"]).facts.keys() & {"regions", "notes"}
    everything = edits.cut_out(graph, graph.nodes)
    assert everything.regions == graph.regions and everything.notes == graph.notes
    said = edits.cut_out(graph, ["x"], regions=["r1"], notes=[])
    assert list(said.regions) == ["r1"] and not said.notes


def test_a_note_is_copied_alone(graph):
    part = edits.cut_out(graph, [], notes=["n1"])
    assert not part.nodes and list(part.notes) == ["n1"]
    pasted = after(graph, lambda now: edits.paste(now, decode(encode(part)), (5, 5)))
    assert pasted.notes["n2"].text == "hello" and pasted.notes["n2"].pos == (15, 155)


def test_what_is_pasted_has_groups_regions_and_notes_of_its_own(graph):
    pasted = after(graph, lambda now: edits.paste(now, edits.cut_out(now, now.nodes), (1000, 0)))
    assert pasted.groups["g3"].nodes == ("f2",) and pasted.groups["g4"].parent == "g3"
    assert pasted.groups["g4"].nodes == ("q2",) and pasted.groups["g1"] == graph.groups["g1"]
    assert pasted.regions["r2"].pos[0] == graph.regions["r1"].pos[0] + 1000 and "n2" in pasted.notes
    assert pasted.groups["g3"].pos[0] == graph.groups["g1"].pos[0] + 1000
    empty = after(Graph(), lambda now: edits.paste(now, graph, (0, 0)))
    assert (empty.groups, empty.regions, empty.notes) == (graph.groups, graph.regions, graph.notes)


def test_a_duplicate_is_in_the_group_of_its_original_or_in_a_copy_of_it(graph):
    one = after(graph, lambda now: edits.duplicate(now, ["f"], (0, 50)))
    assert one.grouping.chain("f2") == ("g1",)
    inner = after(graph, lambda now: edits.duplicate(now, ["q"], (0, 50)))
    assert [inner.groups[id].title for id in inner.grouping.chain("q2")] == ["Head", "Sum (2)"]
    assert inner.grouping.chain("q2") != inner.grouping.chain("q")
    both = after(graph, lambda now: edits.duplicate(now, ["q", "f", "x"], (0, 50)))
    assert [both.groups[id].title for id in both.grouping.chain("q2")] == ["Head (2)", "Sum (2)"]
    assert both.grouping.chain("f2") == ("g3",) and both.grouping.chain("x2") == ()


def test_cut_is_a_copy_and_a_deletion(graph):
    left = after(graph, lambda now: edits.delete(now, ["q"]))
    assert [group.title for group in left.groups.values()] == ["Head"]
    joined = after(graph, lambda now: edits.delete_and_join(now, ["q"]))
    assert joined.groups["g1"].nodes == ("f",)


def test_what_is_put_into_an_edge_of_a_group_is_in_the_group(graph):
    between = after(graph, lambda now: edits.insert_node(now, ("f", 0), "neg", (450, 0)))
    assert between.grouping.chain("neg") == ("g1",)
    assert after(graph, lambda now: edits.insert_node(now, ("q", 0), "neg", (150, 0))).grouping.chain("neg") == ()
    folded = after(graph, lambda now: edits.fold_groups(now, ["g1"]))
    assert after(folded, lambda now: edits.insert_node(now, ("f", 0), "neg", (450, 0))).grouping.shown_as("neg") == "g1"
    loose = after(graph, lambda now: edits.add_node(now, "exp", (0, 0)))
    assert after(loose, lambda now: edits.splice(now, ("f", 0), "exp")).grouping.chain("exp") == ("g1",)


def test_another_op_keeps_its_group(graph):
    made = after(graph, lambda now: edits.replace_node(now, "q", "sub"))
    assert made.groups["g2"].nodes == ("q",)
    grown = after(graph, lambda now: edits.add_node(now, "add", (0, 0)))
    put = after(grown, lambda now: edits.add_to_group(now, "g2", ["add"]))
    assert after(put, lambda now: edits.replace_node(now, "add", "mul")).groups["g2"].nodes == ("q", "mul")


@pytest.mark.parametrize("grouped", [False, True])
def test_parts_stay_in_the_group_and_can_be_a_group_that_is_put_together_again(grouped):
    start = graph_of(("x", "input", 1), ("a", "sigmoid", ["x"]), ("b", "neg", ["a"]), target="b")
    start = after(start, lambda now: edits.make_group(now, ["a", "b"], title="Out"))
    apart = after(start, lambda now: edits.expand(now, "a", grouped))
    parts = set(apart.nodes) - {"x", "b"}
    assert len(parts) > 2 and apart.grouping.within("g1") == {*parts, "b"}
    assert [group.title for group in apart.groups.values()] == ["Out", "Sigmoid"][: 1 + grouped]
    again = after(apart, lambda now: edits.fuse(now, parts))
    assert (
        list(again.groups) == ["g1"]
        and again.grouping.within("g1") == {"a", "b"}
        and again.nodes["a"].op_name == "sigmoid"
    )


def test_what_is_made_while_one_looks_into_a_group_comes_into_it(graph):
    def edit(now):
        return edits.bring_into_group(now, edits.add_node(now, "exp", (0, 0)), "g1")

    assert after(graph, edit).grouping.chain("exp") == ("g1",)
    part = edits.cut_out(graph, ["q", "f"])
    pasted = after(graph, lambda now: edits.bring_into_group(now, edits.paste(now, part, (9, 9)), "g2"))
    assert [pasted.groups[id].title for id in pasted.grouping.chain("q2")] == ["Head", "Sum", "Head (2)", "Sum (2)"]


def titles(graph):
    return [group.title for group in graph.groups.values()]


def test_groups_that_come_in_are_told_apart_from_those_that_are_there():
    once = parse("h = tanh(w*x + b); y = h * 2")
    once = once.apply(edits.make_group(once, ["mul", "add", "h"], title="Neuron h"))
    once = once.apply(edits.make_group(once, ["y"], title="Layer 1"))
    twice = once.apply(edits.paste(once, once, (300, 0)))
    thrice = twice.apply(edits.paste(twice, once, (600, 0)))
    assert titles(thrice) == ["Neuron h", "Layer 1", "Neuron h2", "Layer 1 (2)", "Neuron h3", "Layer 1 (3)"]
    alone = Graph().apply(edits.paste(Graph(), once, (0, 0)))
    assert titles(alone) == ["Neuron h", "Layer 1"]
    doubled = once.apply(edits.duplicate(once, ["y"], (30, 30)))
    assert titles(doubled)[-1] == "Layer 1 (2)"


def test_groups_that_are_found_are_told_apart_from_those_that_were():
    net = parse("h = tanh(w*x + b); g = tanh(v*x + c); y = h + g")
    named = net.apply(edits.make_group(net, ["y"], title="Layer 1"))
    found = titles(named.apply(edits.find_groups(named)))
    assert len(found) > 1 and len(set(found)) == len(found)
