"""gradloom run: the table and the JSON of both passes, and what can be set."""

from __future__ import annotations

import json

import numpy as np
import pytest

import engine
from tests.building import graph_of
from tests.engine.commands.command_tools import PRODUCT, nodes


def test_run_prints_a_table(gradloom):
    done = gradloom("run", *PRODUCT)
    assert done.code == 0
    assert done.out == (
        "node  op     value  gradient\n"
        "x     input   -2.0      -4.0\n"
        "y     input    5.0      -4.0\n"
        "q     add      3.0      -4.0\n"
        "z     input   -4.0       3.0\n"
        "f     mul    -12.0       1.0  target\n"
    )


def test_run_json_is_exactly_as_documented(gradloom):
    done = gradloom("run", *PRODUCT, "--json")
    assert json.loads(done.out) == {
        "target": "f",
        "value": -12.0,
        "nodes": {
            "x": {"op": "input", "value": -2.0, "gradient": -4.0},
            "y": {"op": "input", "value": 5.0, "gradient": -4.0},
            "q": {"op": "add", "value": 3.0, "gradient": -4.0},
            "z": {"op": "input", "value": -4.0, "gradient": 3.0},
            "f": {"op": "mul", "value": -12.0, "gradient": 1.0},
        },
    }


def test_a_file_runs_like_its_program(gradloom, file):
    assert nodes(gradloom("run", file, "--json"))["z"] == {"op": "parameter", "value": -4.0, "gradient": 3.0}
    assert nodes(gradloom("run", file, "--set", "x=1", "--json"))["f"]["value"] == -24


def test_numbers_read_back_to_the_same_bits(gradloom):
    done = nodes(gradloom("run", "--expr", "y = exp(x)", "--set", "x=0.1", "--json"))
    assert done["y"]["value"] == float(np.exp(0.1)) == done["x"]["gradient"]
    assert repr(float(np.exp(0.1))) in gradloom("run", "--expr", "y = exp(x)", "--set", "x=0.1").out


def test_arrays_are_nested_and_non_finite_numbers_text(gradloom):
    done = nodes(gradloom("run", "--expr", "y = log(x)", "--set", "x=[[0, -1], [1, 2]]", "--json"))
    assert done["y"]["value"] == [["-inf", "nan"], [0.0, np.log(2)]]
    assert done["x"]["gradient"][0] == ["inf", -1.0]
    assert "y     log    [[-inf, nan], [0.0, 0.6931471805599453]]" in gradloom(
        "run", "--expr", "y = log(x)", "--set", "x=[[0, -1], [1, 2]]"
    ).out  # fmt: skip


def test_large_arrays_are_shown_by_their_shape(gradloom):
    assert "shape (20, 30)" in gradloom("run", "--expr", "x.sum()", "--set", "x=zeros(20, 30)").out


def test_who_gets_no_gradient_has_null_and_who_does_not_reach_has_zero(gradloom):
    done = nodes(gradloom("run", "--expr", "side = w * 2; f = x * 3", "--set", "w=1", "--set", "x=2", "--json"))
    assert [done[id]["gradient"] for id in ("w", "side", "x", "f", "c")] == [0, None, 3, 1, None]
    text = gradloom("run", "--expr", "side = w * 2; f = x * 3", "--set", "w=1", "--set", "x=2").out
    assert "does not reach the target" in next(line for line in text.splitlines() if line.startswith("w"))
    assert next(line for line in text.splitlines() if line.startswith("c ")).endswith("—")


def test_without_a_target_there_are_values_only(gradloom):
    done = json.loads(gradloom("run", "--expr", "f = x * 3; None", "--set", "x=2", "--json").out)
    assert (done["target"], done["value"]) == (None, None)
    assert done["nodes"]["f"] == {"op": "mul", "value": 6.0, "gradient": None}


def test_target_seed_and_param(gradloom):
    done = nodes(gradloom("run", *PRODUCT, "--target", "q", "--seed", "-10", "--param", "x", "--json"))
    assert done["x"] == {"op": "parameter", "value": -2.0, "gradient": -10.0}
    assert done["f"]["gradient"] is None


def test_nodes_that_the_target_does_not_need_may_be_unfinished(gradloom, file):
    graph = graph_of(("x", "input", 2), ("y", "neg", ["x"]), ("open", "mul", ["x"]), target="y")
    engine.save(graph, file)
    assert nodes(gradloom("run", file, "--json"))["open"] == {"op": "mul", "value": None, "gradient": None}


def test_all_outputs_of_a_dataset_are_printed(gradloom):
    done = nodes(gradloom("run", "--expr", "d = dataset('xor'); y = relu(d.features)", "--json"))
    assert set(done["d"]["value"]) == {"features", "targets"}
    assert np.shape(done["d"]["value"]["features"])[1] == 2


def test_the_first_node_that_is_not_finite_is_pointed_out(gradloom):
    out = gradloom("run", "--expr", "y = log(x); z = y * 2", "--set", "x=0").out
    assert [line.split()[0] for line in out.splitlines() if "not finite" in line] == ["y"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mse(a, b)", "broadcast to (3, 3), so every output is compared with every target."),
        ("log(a - a)", "Logarithm was given [0, 0, 0], and the logarithm only exists above zero."),
        ("p = softmax(a); L = cross_entropy(p, 1)", "with p before it there are two"),
    ],
)
def test_what_is_suspicious_stands_below_the_table(gradloom, text, said):
    sets = ["--set", "a=[1, 2, 3]", *(["--set", "b=[[1], [2], [3]]"] if "b" in text else [])]
    done = gradloom("run", "--expr", text, *sets)
    table_text, _, warning = done.out.partition("\n\n")
    assert (done.code, done.err) == (0, "") and table_text.startswith("node")
    assert said in warning


@pytest.mark.parametrize("number", ["-2", ".5", "1e-3", "-inf", "nan", "[1, 2]", "[[1], [3]]", '["nan", 1]', "ones(2)"])
def test_what_set_takes(gradloom, number):
    assert gradloom("run", "--expr", "y = relu(x)", "--set", f"x={number}").code == 0


def test_values_may_begin_with_a_minus_sign(gradloom):
    assert nodes(gradloom("run", "--expr", "-x", "--set", "x=3", "--seed", "-1", "--json"))["x"]["gradient"] == 1
