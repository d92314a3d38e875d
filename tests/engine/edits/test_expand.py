"""Taking a node apart and putting it together: the same values, the same gradients, the same graph."""

import numpy as np
import pytest

from engine.edits.expand import can_expand, expand, find_match, fuse
from engine.errors import EditRefused
from engine.graph.document import Document
from engine.ops.op import OPS
from engine.passes.run import run
from engine.text.read import parse
from tests.building import graph_of
from tests.engine.probing import accepted_inputs

EXPANDABLE = [op.name for op in OPS.values() if can_expand(op)]
OTHER_SETTINGS = {
    "leaky_relu": [{"slope": 0.2}],
    "elu": [{"alpha": 1.5}],
    "dot": [{"axis": 0}, {"axis": "all"}],
    "softmax": [{"axis": 0}, {"axis": "all"}],
    "log_softmax": [{"axis": 0}, {"axis": "all"}],
    "squared_error": [{"half": False}],
}


def placed(op, inputs, settings=None):
    """A node `n` of an op over parameters a0, a1 …, and a sum over all of it as the target."""
    leaves = [(f"a{i}", "parameter", value) for i, value in enumerate(inputs)]
    names = [id for id, _, _ in leaves]
    rows = [*leaves, ("n", op, names), ("L", "sum", ["m"]), ("m", "square", ["n"])]
    return graph_of(*rows, target="L", settings={"n": settings or {}, "L": {"axis": "all"}})


def numbers(graph, count):
    trace = run(graph)
    return [trace.value("n"), *(trace.gradient(f"a{i}") for i in range(count))]


def test_the_ops_that_should_be_made_of_others_are():
    named = {"sigmoid", "softmax", "cross_entropy", "mse", "linear", "square", "sub", "tanh", "log_softmax", "bce"}
    assert named <= set(EXPANDABLE)


@pytest.mark.parametrize("op", EXPANDABLE)
def test_the_parts_have_the_value_and_the_gradients_of_the_whole(op):
    for settings in [{}, *OTHER_SETTINGS.get(op, [])]:
        checked = 0
        for inputs in accepted_inputs(OPS[op], settings=settings, most=12):
            whole = placed(op, inputs, settings)
            apart = whole.apply(expand(whole, "n"))
            assert len(apart.nodes) > len(whole.nodes) or op in ("square",)
            for before, after in zip(numbers(whole, len(inputs)), numbers(apart, len(inputs)), strict=True):
                np.testing.assert_allclose(after, before, rtol=1e-9, atol=1e-11)
            checked += 1
        assert checked, "no shapes were found that the op takes"


@pytest.mark.parametrize("op", EXPANDABLE)
def test_put_together_again_it_is_the_same_graph(op):
    for settings in [{}, *OTHER_SETTINGS.get(op, [])]:
        whole = placed(op, next(iter(accepted_inputs(OPS[op], settings=settings))), settings)
        apart = whole.apply(expand(whole, "n"))
        parts = ["n", *(id for id in apart.nodes if id not in whole.nodes)]
        again = apart.apply(fuse(apart, parts))
        assert set(again.edges) == set(whole.edges) and set(again.nodes) == set(whole.nodes)
        if (op, settings.get("half")) != ("squared_error", False):  # which is what mse is
            assert again.nodes["n"] == whole.nodes["n"]
        count = len(OPS[op].ports)
        for before, after in zip(numbers(whole, count), numbers(again, count), strict=True):
            np.testing.assert_allclose(after, before, rtol=1e-12)


def test_undo_takes_an_expansion_back_to_the_bit():
    whole = placed("sigmoid", [np.float64(0.3)])
    document = Document(whole)
    document.apply(expand(document.graph, "n"))
    assert document.undo_text == "Take n apart"
    document.undo()
    assert document.graph == whole


def test_the_parts_stand_apart_and_right_neighbours_make_room():
    from dataclasses import replace

    graph = placed("sigmoid", [np.float64(0.3)])
    at = {"a0": (0, 0), "n": (200, 0), "m": (400, 0), "L": (600, 0)}
    graph = replace(graph, nodes={id: replace(node, pos=at[id]) for id, node in graph.nodes.items()})
    apart = graph.apply(expand(graph, "n"))
    places = [node.pos for node in apart.nodes.values()]
    assert len(set(places)) == len(places)
    assert apart.nodes["a0"].pos == (0, 0)
    assert apart.nodes["m"].pos[0] - apart.nodes["n"].pos[0] == 200
    parts = [id for id in apart.nodes if id not in graph.nodes]
    assert {id: node.pos for id, node in apart.apply(fuse(apart, ["n", *parts])).nodes.items()} == at


def test_a_hand_made_sigmoid_is_recognised_in_any_order():
    graph = parse("y = 1 / (exp(-x) + 1)")
    match = find_match(graph, [id for id, node in graph.nodes.items() if not node.op.is_leaf])
    assert match is not None and match.op.name == "sigmoid"


def test_an_open_port_stays_open():
    graph = graph_of(("a", "input", 1), ("n", "sub", ["a"]))
    apart = graph.apply(expand(graph, "n"))
    assert [id for id in apart.nodes if list(apart.open_ports(id))] == ["n_neg"]


def test_what_is_no_operation_is_refused_and_so_is_what_is_used_elsewhere():
    graph = parse("e = exp(-x); y = 1 / (1 + e); z = y + e")
    with pytest.raises(EditRefused, match="not spell out any operation"):
        fuse(graph, ["e", "y"])
    with pytest.raises(EditRefused, match="not made of other operations"):
        expand(graph, "e")
    with pytest.raises(EditRefused, match="no node"):
        expand(graph, "nothing")
