"""The compiled function gives the stepper's numbers: to the last bit in NumPy, to the last digits in plain floats."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import PlanError, RunError
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.ops.op import OPS
from engine.passes.compile import Compiled
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import trace_of
from engine.passes.trace import Trace
from engine.values.values import Value

WORKING = [op for op in OPS.values() if not op.is_leaf]
SHAPES = [(), (3,), (2, 3), (2, 1), (3, 3), (4, 2, 3)]


def leaf(id: str, value: object, op: str = "parameter") -> Node:
    return Node(id, op, np.asarray(value, dtype=np.float64)[()])


def traced(graph: Graph) -> Trace:
    return trace_of(make_plan(graph), leaf_values(graph), graph.seed)


def compiled(graph: Graph, **options: object) -> Compiled:
    return Compiled(make_plan(graph), seed=graph.seed, **options)


def assert_same_bits(graph: Graph) -> None:
    """Every gradient of the compiled function, on NumPy, has the bits of the stepper's: if all are asked for, and if
    only those of leaves are, for then it may write over what nobody asked for.
    """
    trace = traced(graph)
    leaves = [id for id, node in graph.nodes.items() if node.op.is_leaf]
    for function in (compiled(graph), compiled(graph, wanted=leaves)):
        held = function.arguments(leaf_values(graph))
        before = [x.copy() for x in held]
        with np.errstate(all="ignore"):
            value, gradients, _ = function.program(held, floats=False).call(held)
        assert graph.target is not None
        assert_equal(value, trace.value(graph.target))
        for node, gradient in zip(function.wanted, gradients, strict=True):
            assert_equal(gradient, trace.gradient(node))
        assert all(map(np.array_equal, held, before))


def assert_equal(found: object, expected: Value | None) -> None:
    assert expected is not None
    assert np.shape(found) == expected.shape
    assert np.array_equal(np.asarray(found), expected, equal_nan=True)


def assert_close_in_floats(graph: Graph) -> None:
    trace, result = traced(graph), compiled(graph)(leaf_values(graph))
    for node, gradient in result.gradients.items():
        np.testing.assert_allclose(gradient, trace.gradient(node), rtol=1e-9, atol=1e-12)


# --- every op


@pytest.mark.parametrize("op", WORKING, ids=lambda op: op.name)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_op_has_the_stepper_s_bits(op, shape) -> None:
    rng = np.random.default_rng(7)
    low, high = op.domain
    arity = len(op.ports) + (2 if op.repeats else 0)
    for other in (shape, (), (1,) * len(shape)):
        shapes = [shape, *[other] * (arity - 1)]
        leaves = [leaf(f"x{i}", rng.uniform(low, high, s)) for i, s in enumerate(shapes)]
        edges = [Edge(f"x{i}", "y", i) for i in range(arity)]
        # A loss behind it that tells its elements apart, so that no upstream gradient is plain 1.
        graph = Graph.of([*leaves, Node("y", op.name), Node("z", "tanh")], [*edges, Edge("y", "z", 0)], target="z")
        if not traced(graph).failures:
            assert_same_bits(graph)
            assert_close_in_floats(graph)


def test_no_op_escapes_the_comparison_by_its_shapes() -> None:
    """linear and the targets of cross_entropy want shapes of their own."""
    rng = np.random.default_rng(3)
    leaves = [leaf("x", rng.normal(size=(5, 4))), leaf("w", rng.normal(size=(3, 4))), leaf("b", rng.normal(size=3))]
    edges = [Edge("x", "z", 0), Edge("w", "z", 1), Edge("b", "z", 2), Edge("z", "loss", 0), Edge("t", "loss", 1)]
    for target in (np.eye(3)[[0, 2, 1, 1, 0]], [0, 2, 1, 1, 0]):
        nodes = [*leaves, leaf("t", target, "input"), Node("z", "linear"), Node("loss", "cross_entropy")]
        assert_same_bits(Graph.of(nodes, edges, target="loss"))


@pytest.mark.parametrize("other", [(), (4,), (1,), (5, 1), (5, 4)])
@pytest.mark.parametrize("name", ["max", "min", "where"])
def test_what_is_let_through_or_not_has_the_stepper_s_bits_beside_what_is_smaller(name: str, other) -> None:
    """Of an op with several inputs only one learns: what reached it may be written over, where it is as large."""
    rng = np.random.default_rng(5)
    leaves = [
        leaf("x", rng.normal(size=(5, 3))),
        leaf("w", rng.normal(size=(3, 4))),
        leaf("v", rng.normal(size=(4, 4))),
    ]
    leaves += [leaf("b", rng.normal(size=other), "constant"), leaf("c", rng.normal(size=other) > 0, "constant")]
    inputs = {"max": ["p", "b"], "min": ["b", "p"], "where": ["c", "b", "p"]}[name]
    nodes = [*leaves, Node("p", "matmul"), Node("gate", name), Node("z", "matmul"), Node("L", "sum")]
    edges = [Edge("x", "p", 0), Edge("w", "p", 1), *(Edge(source, "gate", i) for i, source in enumerate(inputs))]
    edges += [Edge("gate", "z", 0), Edge("v", "z", 1), Edge("z", "L", 0)]
    assert_same_bits(Graph.of(nodes, edges, target="L"))


def test_gradients_are_written_where_the_caller_wants_them() -> None:
    rng = np.random.default_rng(3)
    leaves = [
        leaf("x", rng.normal(size=(50, 40))),
        leaf("w", rng.normal(size=(30, 40))),
        leaf("b", rng.normal(size=30)),
    ]
    nodes = [*leaves, leaf("v", rng.normal(size=(30, 30))), Node("z", "linear"), Node("h", "relu"), Node("m", "matmul")]
    edges = [Edge("x", "z", 0), Edge("w", "z", 1), Edge("b", "z", 2), Edge("z", "h", 0), Edge("h", "m", 0)]
    edges += [Edge("v", "m", 1), Edge("m", "L", 0)]
    graph = Graph.of([*nodes, Node("L", "sum")], edges, target="L")
    function = compiled(graph, wanted=["w", "b", "v"])
    held = function.arguments(leaf_values(graph))
    program = function.program(held)
    assert program.into == {"v": False, "w": True}
    room = {name: np.full(np.shape(graph.nodes[name].value), np.nan) for name in program.into}
    given = tuple(room[name].T if turned else room[name] for name, turned in program.into.items())
    _, gradients, _ = program.call(held, given)
    for name, gradient in zip(function.wanted, gradients, strict=True):
        np.testing.assert_allclose(gradient, traced(graph).gradient(name), rtol=1e-12)
        if name in room:
            assert np.array_equal(gradient, room[name])
    assert all(map(np.array_equal, program.call(held)[1], gradients))


def test_a_weight_that_is_used_twice_is_not_written_by_halves() -> None:
    leaves = [leaf("x", np.ones((2, 3))), leaf("w", np.arange(9.0).reshape(3, 3)), leaf("b", np.zeros(3))]
    nodes = [*leaves, Node("z", "linear"), Node("y", "linear"), Node("L", "sum")]
    edges = [Edge("x", "z", 0), Edge("w", "z", 1), Edge("b", "z", 2), Edge("z", "y", 0), Edge("w", "y", 1)]
    graph = Graph.of(nodes, [*edges, Edge("b", "y", 2), Edge("y", "L", 0)], target="L")
    assert compiled(graph, wanted=["w"]).program(compiled(graph, wanted=["w"]).arguments(leaf_values(graph))).into == {}
    assert_same_bits(graph)


# --- random graphs


@st.composite
def graphs(draw: st.DrawFn, shapes: list[tuple[int, ...]]) -> Graph:
    """Leaves of the shapes given, then ops over what is there already, each taken if it can be computed."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    nodes = [leaf(f"x{i}", rng.uniform(-2, 2, s), rng.choice(["parameter", "input"])) for i, s in enumerate(shapes)]
    graph = Graph.of(nodes)
    for i in range(draw(st.integers(1, 12))):
        op = WORKING[int(rng.integers(len(WORKING)))]
        sources = rng.choice(list(graph.nodes), len(op.ports) + (int(rng.integers(3)) if op.repeats else 0))
        grown = Graph.of(
            [*graph.nodes.values(), Node(f"n{i}", op.name)],
            [*graph.edges.values(), *(Edge(str(s), f"n{i}", port) for port, s in enumerate(sources))],
        )
        graph = graph if traced(grown).failures else grown
    return Graph(graph.nodes, graph.edges, {"target": list(graph.nodes)[-1], "seed": 1.5})


@given(graphs(SHAPES))
def test_random_graphs_of_tensors_have_the_stepper_s_bits(graph: Graph) -> None:
    assert_same_bits(graph)


@given(graphs([(), (), ()]))
def test_random_graphs_of_numbers_have_the_stepper_s_bits_on_numpy(graph: Graph) -> None:
    assert_same_bits(graph)


@given(graphs([(), (), ()]))
def test_random_graphs_of_numbers_have_the_stepper_s_digits_on_floats(graph: Graph) -> None:
    trace, result = traced(graph), compiled(graph)(leaf_values(graph))
    for node, gradient in result.gradients.items():
        expected = trace.gradient(node)
        if expected is not None and np.all(np.abs(expected) < 1e6):  # beyond, a last digit of exp may have grown
            np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-9)


# --- what is asked for


def neuron() -> Graph:
    """relu(w x + b) with a squared error."""
    nodes = [leaf("x", 2.0, "input"), leaf("w", 1.5), leaf("b", -1.0), leaf("t", 1.0, "constant")]
    nodes += [Node("m", "mul"), Node("s", "add"), Node("o", "relu"), Node("loss", "squared_error")]
    edges = [Edge("x", "m", 0), Edge("w", "m", 1), Edge("m", "s", 0), Edge("b", "s", 1), Edge("s", "o", 0)]
    return Graph.of(nodes, [*edges, Edge("o", "loss", 0), Edge("t", "loss", 1)], target="loss")


def test_only_what_is_asked_for_is_computed() -> None:
    function = compiled(neuron(), wanted=["w"], watch=[("o", 0)])
    result = function(leaf_values(neuron()))
    assert result.gradients == {"w": 2.0}
    assert result.watched == (2.0,)
    held = function.arguments(leaf_values(neuron()))
    whole = compiled(neuron()).program(held).source
    assert function.program(held).source.count("\n") < whole.count("\n")
    assert function.leaves[0].node == "w"


def test_a_leaf_that_does_not_reach_the_target_has_no_gradient_and_no_argument() -> None:
    graph = neuron()
    more = Graph.of([*graph.nodes.values(), leaf("idle", [1.0, 2.0])], graph.edges.values(), target="loss")
    function = compiled(more, wanted=["w", "idle"])
    assert function.wanted == ["w"]
    assert "idle" not in [leaf.node for leaf in function.leaves]
    assert function(leaf_values(more)).gradients == {"w": 2.0}


def test_constants_get_no_gradient() -> None:
    assert "t" not in compiled(neuron())(leaf_values(neuron())).gradients


def test_without_a_target_there_is_nothing_to_compile() -> None:
    graph = neuron()
    with pytest.raises(PlanError, match="no target"):
        Compiled(make_plan(Graph.of(graph.nodes.values(), graph.edges.values())))


def test_shapes_that_do_not_fit_are_said_in_the_stepper_s_words() -> None:
    values = leaf_values(neuron()) | {"x": np.ones(2), "w": np.ones(3)}
    with pytest.raises(RunError) as refused:
        compiled(neuron())(values)
    assert refused.value.sentence == trace_of(make_plan(neuron()), values).failures["m"]
    assert refused.value.ids == ("m",)


def test_other_shapes_are_compiled_anew_and_the_old_are_kept() -> None:
    function = compiled(neuron())
    values = leaf_values(neuron())
    batch = values | {"x": np.array([2.0, -1.0])}
    single = function.program(function.arguments(values))
    assert single.floats
    assert function(batch).gradients["x"].shape == (2,)
    assert not function.program(function.arguments(batch)).floats
    assert function.program(function.arguments(values)) is single


# --- what plain floats cannot do


@pytest.mark.parametrize(
    ("op", "inputs"),
    [
        ("div", (1.0, 0.0)),
        ("exp", (1000.0,)),
        ("log", (0.0,)),
        ("pow", (-2.0, 0.5)),
        ("sin", (np.inf,)),
        ("sqrt", (-1.0,)),
    ],
)
def test_where_python_raises_the_result_is_numpy_s(op: str, inputs: tuple[float, ...]) -> None:
    leaves = [leaf(f"x{i}", x) for i, x in enumerate(inputs)]
    graph = Graph.of([*leaves, Node("y", op)], [Edge(f"x{i}", "y", i) for i in range(len(inputs))], target="y")
    trace, result = traced(graph), compiled(graph)(leaf_values(graph))
    assert_equal(result.value, trace.value("y"))
    for node, gradient in result.gradients.items():
        assert_equal(gradient, trace.gradient(node))


SPECIAL = (0.0, -0.0, 1.0, -1.0, 2.0, 0.5, -0.5, 3.0, 1000.0, 5e-324, -1e-310, 1e308, np.inf, -np.inf, np.nan)


@pytest.mark.parametrize("op", WORKING, ids=lambda op: op.name)
def test_on_floats_an_op_has_numpy_s_signs_of_zero_and_infinity(op) -> None:
    arity = len(op.ports)
    leaves = [leaf(f"x{i}", 0.25) for i in range(arity)]
    graph = Graph.of([*leaves, Node("y", op.name)], [Edge(f"x{i}", "y", i) for i in range(arity)], target="y")
    function = Compiled(make_plan(graph), seed=-2.0)
    for numbers in product(SPECIAL if arity < 3 else SPECIAL[::3], repeat=arity):
        held = {f"x{i}": np.float64(x) for i, x in enumerate(numbers)}
        trace = trace_of(function.plan, held, -2.0)
        if not trace.failures:
            result = function(held)
            assert_same_number(result.value, trace.value("y"), numbers)
            for node, gradient in result.gradients.items():
                assert_same_number(gradient, trace.gradient(node), numbers)


def assert_same_number(found: Value, expected: Value | None, numbers: tuple[float, ...]) -> None:
    """To the last digits, with the sign of 0; which of 0 and −0 is the larger depends on the processor."""
    assert expected is not None
    assert np.allclose(found, expected, 1e-14, 1e-320, equal_nan=True), (numbers, found, expected)
    if not np.any(found) and any(numbers):
        assert np.array_equal(np.signbit(found), np.signbit(expected)), (numbers, found, expected)


def test_nan_stays_visible_in_floats() -> None:
    graph = Graph.of([leaf("x", np.nan), Node("y", "relu")], [Edge("x", "y", 0)], target="y")
    assert np.isnan(compiled(graph)(leaf_values(graph)).value)


# --- size


def chain(length: int) -> Graph:
    nodes = [leaf("x", 0.5), *(Node(f"n{i}", "tanh" if i % 2 else "sin") for i in range(length))]
    edges = [Edge("x", "n0", 0), *(Edge(f"n{i}", f"n{i + 1}", 0) for i in range(length - 1))]
    return Graph.of(nodes, edges, target=f"n{length - 1}")


def test_a_chain_of_ten_thousand_does_not_recurse() -> None:
    graph = chain(10_000)
    np.testing.assert_allclose(
        compiled(graph, wanted=["x"])(leaf_values(graph)).gradients["x"], traced(graph).gradient("x"), rtol=1e-9
    )


def test_a_sum_of_five_thousand_does_not_recurse() -> None:
    count = 5_000
    nodes = [*(leaf(f"x{i}", i) for i in range(count)), Node("s", "add"), Node("y", "square")]
    edges = [*(Edge(f"x{i}", "s", i) for i in range(count)), Edge("s", "y", 0)]
    graph = Graph.of(nodes, edges, target="y")
    result = compiled(graph)(leaf_values(graph))
    total = count * (count - 1) / 2
    assert result.value == total**2
    assert result.gradients["x17"] == 2 * total
