"""Programs as graphs and graphs as programs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from engine.errors import TextError
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.ops.op import OPS, Op
from engine.passes.run import run
from engine.text.read import parse
from engine.text.write import unparse
from engine.values.values import as_value
from tests.building import graph_of, xyz
from tests.engine.random_graphs import graphs

MICROGRAD = """
from micrograd.engine import Value

a = Value(-4.0)
b = Value(2.0)
c = a + b
d = a * b + b**3
c += c + 1
c += 1 + c + (-a)
d += d * 2 + (b + a).relu()
d += 3 * d + (b - a).relu()
e = c - d
f = e**2
g = f / 2.0
g += 10.0 / f
print(f'{g.data:.4f}') # prints 24.7041, the outcome of this forward pass
g.backward()
print(f'{a.grad:.4f}') # prints 138.8338, i.e. the numerical value of dg/da
print(f'{b.grad:.4f}') # prints 645.5773, i.e. the numerical value of dg/db
"""


def wiring(graph: Graph) -> dict[str, tuple]:
    """Each node's op and sources by port, or for a leaf its op and value."""
    return {
        id: (node.op_name, *(edge.source for edge in graph.into(id)))
        if graph.into(id)
        else (node.op_name, None if node.value is None else node.value.tolist())
        for id, node in graph.nodes.items()
    }


# --- what is understood


def test_assignments_name_nodes_and_the_last_is_the_target():
    graph = parse("q = x + y; f = q * z")
    leaves = dict.fromkeys("xyz", ("input", None))
    assert wiring(graph) == leaves | {"q": ("add", "x", "y"), "f": ("mul", "q", "z")}
    assert graph.target == "f"


@pytest.mark.parametrize("text", ["y = x0 * 2; f = x0", "x0 = 1; y = x0 * 2\nf = x0", "h = a * b; f = x0"])
def test_a_last_line_that_only_names_a_leaf_makes_it_the_target(text):
    assert parse(text).target == "x0"


def test_a_number_in_the_last_line_is_no_target():
    assert parse("y = x * 2; lr = 0.01").target == "y"


def test_the_micrograd_readme_pastes_in_whole():
    graph = parse(MICROGRAD)
    trace = run(graph)
    assert graph.target == "g_2"
    assert f"{trace.value('g_2'):.4f}" == "24.7041"
    assert f"{trace.gradient('a'):.4f}" == "138.8338"
    assert f"{trace.gradient('b'):.4f}" == "645.5773"
    assert {"c", "c_2", "c_3", "d", "d_2", "d_3"} <= set(graph.nodes)


def test_arithmetic_follows_the_rules_of_python():
    graph = parse("y = -x**2 + 6 / 3 / 2 - 2**-1 * (1 - 3)")
    assert run(graph, values={"x": 3}).value("y") == -(3**2) + 6 / 3 / 2 - 2**-1 * (1 - 3)
    matrix = parse("y = A @ b")
    assert run(matrix, values={"A": [[1, 2], [3, 4]], "b": [1, 1]}).value("y").tolist() == [3, 7]


def test_a_number_with_a_name_is_an_input_and_one_in_an_expression_a_constant():
    assert wiring(parse("h = -2.5")) == {"h": ("input", -2.5)}
    assert wiring(parse("x = 3; y = -4; f = x*y + x"))["y"] == ("input", -4)
    assert wiring(parse("y = -2 * x"))["c"] == ("constant", -2.0)
    assert wiring(parse("y = -x"))["y"] == ("neg", "x")
    assert np.signbit(parse("h = -0.0").nodes["h"].value)
    assert parse("h = 1e400").nodes["h"].value == np.inf


def test_lists_are_tensors():
    assert wiring(parse("w = [[1, -2], (3, 4)]")) == {"w": ("input", [[1, -2], [3, 4]])}
    assert parse("w = 3,").nodes["w"].value.shape == (1,)
    assert wiring(parse("y = [1, 2] @ x"))["c"] == ("constant", [1, 2])
    assert wiring(parse("import numpy as np\nw = np.array([1, 2])")) == {"w": ("input", [1, 2])}


def test_calls_of_leaves_make_leaves():
    graph = parse("a = Value(-4); w = parameter([1, 2]); c = constant(3); i = input(); n = input(nan); m = input(-inf)")
    leaves = [(node.op_name, None if node.value is None else node.value.tolist()) for node in graph.nodes.values()]
    assert leaves[:4] == [
        ("input", -4), ("parameter", [1, 2]), ("constant", 3), ("input", None),
    ]  # fmt: skip
    assert np.isnan(graph.nodes["n"].value)
    assert graph.nodes["m"].value == -np.inf
    assert list(graph.nodes) == ["a", "w", "c", "i", "n", "m"]


def test_leaves_can_be_filled():
    filled = parse("w = parameter(normal(2, 3, seed=1))").nodes["w"].value
    assert filled.shape == (2, 3)
    assert parse("w = parameter(normal(2, 3, seed=1))").nodes["w"].value.tolist() == filled.tolist()


def _called(op: Op, name: str, inputs: list[str]) -> str:
    more = [", subscripts='i->'"] if op.name == "einsum" else [""]
    return f"{name}({', '.join(inputs)}{more[0]})"


# A method of these says more, or something else, than the operation with its defaults.
OTHERWISE_AS_A_METHOD = {"where", "einsum", "var", "std", "reshape", "concat", "stack", "transpose"}


@pytest.mark.parametrize("op", [op for op in OPS.values() if not op.is_leaf], ids=lambda op: op.name)
def test_every_op_of_the_table_can_be_called_by_each_of_its_names(op):
    inputs = [f"v{i}" for i in range(op.fewest)]
    for name in (op.name, *op.aliases):
        graph = parse(f"out = {_called(op, name, inputs)}")
        assert wiring(graph)["out"] == (op.name, *inputs)
        if op.name not in OTHERWISE_AS_A_METHOD:
            method = parse(f"out = {inputs[0]}.{name}({', '.join(inputs[1:])})")
            assert wiring(method) == wiring(graph)


@pytest.mark.parametrize(
    ("text", "op"),
    [
        ("torch.sigmoid(x)", "sigmoid"),
        ("F.relu(x)", "relu"),
        ("torch.nn.functional.relu(x)", "relu"),
        ("np.exp(x)", "exp"),
        ("math.tanh(x)", "tanh"),
        ("x.T", "transpose"),
        ("σ(x)", "sigmoid"),
        ("x.relu()", "relu"),
        ("(x).sigmoid()", "sigmoid"),
    ],
)
def test_the_ways_of_other_libraries(text, op):
    graph = parse(f"y = {text}")
    assert wiring(graph) == {"x": ("input", None), "y": (op, "x")}


def test_a_variable_that_is_called_like_a_module_stays_a_variable():
    assert wiring(parse("F = input(2); y = F.relu()"))["y"] == ("relu", "F")


def test_keyword_arguments_are_settings():
    assert parse("y = leaky_relu(x, slope=0.1)").nodes["y"].settings == (("slope", 0.1),)
    assert parse("y = F.leaky_relu(x, negative_slope=-1)").nodes["y"].settings == (("slope", -1.0),)
    assert parse("y = squared_error(o, t, half=False)").nodes["y"].settings == (("half", False),)
    assert parse("y = x.reshape(2, -1)").nodes["y"].settings == (("shape", (2, -1)),)
    assert parse("y = torch.cat([a, b], dim=1)").nodes["y"].settings == (("axis", 1),)
    assert parse("y = x.mean(0)").nodes["y"].settings == (("axis", 0),)


def test_a_sum_in_the_words_of_numpy_or_torch_is_over_everything():
    for text in ("x.sum()", "torch.sum(x)", "np.sum(x)", "sum(x)"):
        assert run(parse(f"y = {text}"), values={"x": [[1, 2], [3, 4]]}).value("y") == 10


def test_labels():
    graph = parse("y = relu(x, label='the gate')\nd = dataset('iris', label='species', label_='flowers')\ny")
    assert graph.nodes["y"].label == "the gate"
    assert (graph.nodes["d"].label, graph.nodes["d"].setting("label")) == ("flowers", "species")


def test_an_output_of_a_dataset_is_called_by_its_name():
    graph = parse("d = dataset('iris'); y = cross_entropy(linear(d.features, w, b), d.targets)")
    assert graph.edges["linear", 0] == Edge("d", "linear", 0, 0)
    assert graph.edges["y", 1] == Edge("d", "y", 1, 1)


def test_x_times_x_has_two_edges():
    graph = parse("y = x * x")
    assert [edge.source for edge in graph.into("y")] == ["x", "x"]


def test_sums_stay_binary_unless_written_as_a_call():
    assert [edge.source for edge in parse("s = a + b + c").into("s")] == ["add", "c"]
    assert [edge.source for edge in parse("s = add(a, b, c)").into("s")] == ["a", "b", "c"]


def test_names_assigned_again_are_new_nodes():
    graph = parse("x = input(1)\nx = x + 1\nx *= 2\nx_3 = 5\nx = x - x_3")
    assert list(graph.nodes) == ["x", "c", "x_2", "c2", "x_4", "x_3", "x_5"]
    assert wiring(graph)["x_4"] == ("mul", "x_2", "c2")
    assert graph.target == "x_5"


def test_a_second_name_is_no_second_node():
    graph = parse("y = x\nz = y = relu(y)\nf = z + y")
    assert wiring(graph) == {"x": ("input", None), "z": ("relu", "x"), "f": ("add", "z", "z")}


def test_what_has_no_name_is_called_after_its_op_and_never_like_a_name_in_use():
    graph = parse("relu + relu2 * relu(relu(x))")
    assert wiring(graph)["relu4"] == ("relu", "relu3")
    assert wiring(graph)["relu"] == ("input", None)


def test_augmented_assignments_of_every_kind():
    graph = parse("a = input(3)\na += 1\na -= 2\na *= 4\na /= 2\na **= 2")
    assert run(graph).value(graph.target) == ((3 + 1 - 2) * 4 / 2) ** 2


def test_comments_blank_lines_semicolons_and_continued_lines():
    graph = parse("# a product\n\nx = input(2);  y = 3 # three\nf = (x\n     * y)\n\n")
    assert run(graph).value("f") == 6


def test_signs_in_a_label_stay():
    assert parse("y = relu(x, label='a × b − “c”') # don't × this").nodes["y"].label == "a × b − “c”"


def test_only_line_ends_end_lines():
    assert list(parse("x = 1 # a\x0cy = 2\rz = 3\r\nw = 4 # \u2028v = 5").nodes) == ["x", "z", "w"]


def test_an_indented_block_pastes_in():
    assert run(parse("    x = input(2)\n\n    # twice\n    f = x * 2\n")).value("f") == 4
    assert parse("  x + y").target == "add"


def test_typed_signs():
    assert run(parse("f = 2 × x − 6 ÷ 3 · 1"), values={"x": 4}).value("f") == 6


def test_the_last_line_may_be_a_name_or_none_and_backward_may_seed():
    assert parse("q = x + y; f = q * 2; q").target == "q"
    assert parse("f = x * 2; None").target is None
    graph = parse("f = x * 2; f.backward(10)")
    assert (graph.target, graph.seed) == ("f", 10)


def test_towers_of_powers_are_graphs_not_numbers():
    graph = parse("y = 9**9**9**9")
    assert len(graph.nodes) == 7
    assert run(graph).value("y") == np.inf


# --- graph → text


def test_a_program_line_by_line():
    graph = parse("q = x + y; f = max(q * -z, constant([1.0, 2.0])); f.backward(3)")
    assert unparse(graph) == (
        "x = input()\ny = input()\nq = x + y\nz = input()\nneg = -z\nmul = q * neg\nc = constant([1.0, 2.0])\n"
        "f = max(mul, c)\nf.backward(3.0)\n"
    )


def test_values_and_kinds_of_leaves_are_kept():
    text = unparse(xyz())
    assert text == "x = -2.0\ny = 5.0\nz = parameter(-4.0)\nq = x + y\nf = q * z\n"
    assert run(parse(text)).steps == run(xyz()).steps


def without_places(graph: Graph) -> Graph:
    nodes = [Node(n.id, n.op_name, n.value, n.label, settings=n.settings) for n in graph.nodes.values()]
    facts = {name: graph.fact(name) for name in ("target", "seed")}
    if graph.target is None:
        facts["seed"] = 1.0  # a seed for no target says nothing
    return Graph.of(nodes, graph.edges.values(), **facts)


@given(graphs(whole=True))
def test_any_graph_goes_through_text(graph):
    text = unparse(graph)
    again = parse(text)
    assert without_places(again) == without_places(graph)
    kept = [line for line in text.splitlines() if not line.startswith("#") or line.startswith("# group ")]
    assert unparse(again) == "".join(line + "\n" for line in kept)


def test_ids_that_python_keeps_for_itself_get_a_line_below():
    rows = [("lambda", "parameter", 2), ("lambda_", "input", 3), ("None", "mul", ["lambda", "lambda_"])]
    graph = graph_of(*rows, target="None")
    text = unparse(graph)
    assert text == "lambda__ = parameter(2.0)\nlambda_ = 3.0\nNone_ = lambda__ * lambda_\n"
    assert run(parse(text)).value("None_") == 6


def test_nodes_are_written_before_they_are_used():
    graph = graph_of(("f", "mul", ["q", "q"]), ("q", "neg", ["x"]), ("x", "input", 2), target="f")
    assert unparse(graph) == "x = 2.0\nq = -x\nf = q * q\n"


def test_what_is_unfinished_or_unknown_is_not_written():
    for graph in (graph_of(("f", "mul", [])), Graph.of([Node("f", "lstm", raw={})])):
        with pytest.raises(TextError, match="“f” is not finished") as no:
            unparse(graph)
        assert no.value.ids == ("f",)


def test_values_go_through_text_to_the_last_bit():
    value = as_value([0.1, -0.0, np.nan, np.inf, -np.inf, 5e-324, 1e300])
    again = parse(unparse(Graph.of([Node("w", "parameter", value), Node("c", "constant", value)])))
    assert again.nodes["w"].value.tobytes() == value.tobytes() == again.nodes["c"].value.tobytes()


def test_a_table_that_is_written_out_is_summed_whole_and_a_list_of_values_thing_by_thing() -> None:
    assert value_at_target("sum([[1, 2], [3, 4]])") == 10
    assert value_at_target("a = [1, 2]; b = [3, 4]; sum([a, b])").tolist() == [4, 6]
    assert value_at_target("np.max([[1, 5], [3, 4]])") == 5


def test_a_layer_norm_without_a_bias_has_none() -> None:
    text = "import torch.nn as nn\nx = [[1.0, 2.0, 4.0]]\ny = nn.LayerNorm(3{})(x)"
    parameters = [
        [n.id for n in parse(text.format(said)).nodes.values() if n.op_name == "parameter"]
        for said in ("", ", bias=False", ", elementwise_affine=False")
    ]
    assert list(map(len, parameters)) == [2, 1, 0]


def value_at_target(text: str) -> Any:
    trace = run(parse(text))
    return trace.value(trace.plan.target or "")


def test_brackets_may_stand_in_each_other_80_deep_and_beside_each_other_as_often_as_one_likes() -> None:
    assert parse("y = " + "(" * 80 + "x" + ")" * 80).nodes.keys() == {"x"}
    with pytest.raises(TextError, match="line 1, column 85: brackets are nested too deeply"):
        parse("y = " + "(" * 81 + "x" + ")" * 81)
    assert len(parse("y = [" + ", ".join(["(1)"] * 200) + "]").nodes) == 1
    assert len(parse("\n".join(f"y{i} = (x{i})*(2)" for i in range(100))).nodes) == 300
