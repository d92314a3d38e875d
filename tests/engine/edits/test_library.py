"""Blocks: shipped ones hold what they say, a group is kept and put in elsewhere, and a bad file harms none."""

import pytest

from engine import edits
from engine.errors import EditRefused, FileError
from engine.files.codec import decode, encode
from engine.files.library import forget_block, keep_block, kept_blocks, outer_group, read_block, shipped_blocks
from engine.graph.finding.parts import find_parts
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.session import Session
from engine.text.read import parse
from engine.truth.differences import gradcheck
from tests.building import graph_of, xyz

SHIPPED = {block.title: block for block in shipped_blocks()}


def put(graph: Graph, block: Graph, *given, **more) -> Graph:
    change = edits.insert_block(graph, block, *given, **more)
    after = graph.apply(change)
    assert after.apply(change.inverse) == graph and decode(encode(after)) == after
    return after


def test_five_blocks_are_shipped_and_say_what_they_are():
    assert list(SHIPPED) == ["Neuron", "Dense layer", "MSE loss", "Softmax classifier", "Residual step"]
    assert [block.inputs for block in SHIPPED.values()] == [2, 2, 2, 1, 1]
    assert all(block.description and block.shipped and not block.flaw for block in SHIPPED.values())


@pytest.mark.parametrize("title", SHIPPED)
def test_a_shipped_block_computes_and_its_gradients_are_right(title):
    graph = read_block(SHIPPED[title])
    ends = [id for id in graph.nodes if not graph.out_of(id)]
    for end in ends:
        aimed = graph.apply(edits.set_target(graph, end))
        assert run(aimed).value(end) is not None
        if not run(aimed).value(end).ndim:
            assert gradcheck(aimed).ok


@pytest.mark.parametrize(
    ("title", "kind"),
    [("Neuron", "neuron"), ("MSE loss", "loss"), ("Softmax classifier", "classifier"), ("Residual step", "residual")],
)
def test_what_a_shipped_block_is_is_found_in_its_nodes_too(title, kind):
    graph = read_block(SHIPPED[title])
    flat = graph.apply(edits.ungroup(graph, list(graph.groups)))
    (found,) = [each for each in find_parts(flat) if each.kind == kind]
    group = outer_group(graph)
    assert found.within == graph.grouping.within(group)


def test_a_block_is_put_in_on_nodes_that_are_there_twice_under_free_names():
    neuron = read_block(SHIPPED["Neuron"])
    once = put(xyz(), neuron, (1000, 0), [("q", 0), ("f", 0)])
    assert len(once.nodes) == len(xyz().nodes) + len(neuron.nodes) - 2
    group = once.groups["g1"]
    assert group.title == "Neuron" and once.crossing("g1").inputs == (("q", 0), ("f", 0))
    twice = put(once, neuron, (1500, 0), [("q", 0), ("f", 0)], folded=True)
    assert twice.groups["g2"].folded and twice.crossing("g2").inputs == (("q", 0), ("f", 0))
    assert twice.grouping.within("g1").isdisjoint(twice.grouping.within("g2"))
    assert twice.target == "f" and run(twice).value("h") == run(twice).value("h2")


def test_inputs_that_nothing_feeds_come_along_as_leaves():
    after = put(xyz(), read_block(SHIPPED["Neuron"]), (1000, 40), [("q", 0)])
    assert {id for id in after.nodes if after.nodes[id].op_name == "input"} == {"x", "y", "x2"}
    assert min(after.nodes[id].pos[0] for id in after.grouping.within("g1")) >= 1000
    with pytest.raises(EditRefused, match="Neuron takes 2 inputs, and 3 nodes are selected"):
        edits.insert_block(xyz(), read_block(SHIPPED["Neuron"]), (0, 0), [("q", 0), ("x", 0), ("y", 0)])


def test_a_group_is_kept_and_used_in_another_document_and_undone(tmp_path):
    graph = xyz().apply(edits.make_group(xyz(), ["q", "f"], title="Product of a sum"))
    path = keep_block(tmp_path / "blocks", edits.block_of(graph, "g1"), "Product of a sum")
    assert path.name == "product-of-a-sum.gradloom"
    (block,) = kept_blocks(tmp_path / "blocks")
    assert (block.title, block.inputs, block.flaw) == ("Product of a sum", 3, "")
    other = graph_of(("a", "parameter", 3), ("q", "neg", ["a"]), target="q")
    session = Session(other)
    session.edit(lambda now: edits.insert_block(now, read_block(block), (400, 0), [("q", 0), ("a", 0), ("a", 0)]))
    after = session.document.graph
    assert run(after).value("f") == (-3 + 3) * 3 and after.nodes["q2"].op_name == "add"
    assert session.document.undo_text == "Add Product of a sum"
    session.undo()
    assert session.document.graph == other


def test_a_block_of_a_group_in_a_group_holds_all_that_is_in_it():
    graph = xyz().apply(edits.make_group(xyz(), ["q"], title="Sum"))
    graph = graph.apply(edits.make_group(graph, ["q", "f"], title="Head"))
    block = edits.block_of(graph, "g2")
    assert {group.title for group in block.groups.values()} == {"Sum", "Head"}
    assert run(block).value("f") == run(graph).value("f")
    inner = edits.block_of(graph, "g1")
    assert list(inner.groups) == ["g1"] and outer_group(inner) == "g1" and set(inner.nodes) == {"x", "y", "q"}


def test_the_same_title_twice_makes_two_files_and_forgetting_takes_one(tmp_path):
    block = edits.block_of(xyz().apply(edits.make_group(xyz(), ["q"])), "g1")
    first, second = (keep_block(tmp_path, block, "Ünit / 1") for _ in range(2))
    assert first.name == "ünit-1.gradloom" and second.name == "ünit-1-2.gradloom"
    forget_block(kept_blocks(tmp_path)[0])
    assert len(kept_blocks(tmp_path)) == 1
    with pytest.raises(FileError, match="comes with the program"):
        forget_block(SHIPPED["Neuron"])


def test_a_bad_file_harms_no_other(tmp_path):
    keep_block(tmp_path, edits.block_of(xyz().apply(edits.make_group(xyz(), ["q"], title="Good")), "g1"), "Good")
    (tmp_path / "broken.gradloom").write_text("{")
    (tmp_path / "flat.gradloom").write_text(encode(xyz()))
    (tmp_path / "folder.gradloom").mkdir()
    blocks = kept_blocks(tmp_path)
    assert [block.title for block in blocks if not block.flaw] == ["Good"] and len(blocks) == 4
    assert "it has no group" in next(block.flaw for block in blocks if block.title == "flat")
    assert kept_blocks(tmp_path / "none") == ()


def test_a_graph_that_is_no_block_is_not_put_in():
    with pytest.raises(EditRefused, match="one group"):
        edits.insert_block(Graph(), parse("f = x + y"), (0, 0))
