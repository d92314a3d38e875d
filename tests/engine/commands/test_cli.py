"""The commands: what they print, and one line on stderr with exit code 2 for whatever is wrong."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import engine
from engine import cli
from engine.commands._report import table
from engine.errors import GradloomError
from engine.graph.graph import Graph
from engine.graph.records import Node
from tests.building import graph_of, xyz

PRODUCT = ["--expr", "q = x + y; f = q * z", "--set", "x=-2", "--set", "y=5", "--set", "z=-4"]


@pytest.fixture
def gradloom(capsys):
    """Runs a command; gives its exit code and what it printed."""

    def call(*words: object) -> SimpleNamespace:
        code = cli.main([str(word) for word in words])
        out, err = capsys.readouterr()
        return SimpleNamespace(code=code, out=out, err=err)

    return call


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "f.gradloom"
    engine.save(xyz(), path)
    return path


def nodes(done) -> dict:
    assert (done.code, done.err) == (0, "")
    return json.loads(done.out)["nodes"]


# --- run


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


# --- trace


def test_trace_prints_both_passes(gradloom):
    out = gradloom("trace", "--expr", "f = x * x", "--set", "x=3").out
    assert out == (
        "forward\n"
        "step  node  op     value\n"
        "   1  x     input    3.0\n"
        "   2  f     mul      9.0\n"
        "\n"
        "backward\n"
        "step  from  to  upstream  local  contribution  sum\n"
        "   3  seed  f                             1.0  1.0\n"
        "   4  f     x        1.0    3.0           3.0  3.0\n"
        "   5  f     x        1.0    3.0           3.0  6.0\n"
    )


def test_trace_json_is_as_documented(gradloom):
    done = json.loads(gradloom("trace", "--expr", "f = x * x", "--set", "x=3", "--json").out)
    steps = [{k: v for k, v in step.items() if k not in ("sentence", "equations")} for step in done["steps"]]
    contribution = {
        "phase": "backward", "kind": "contribution", "from": "f", "to": "x",
        "upstream": 1.0, "local": 3.0, "contribution": 3.0, "axes": [],
    }  # fmt: skip
    assert (done["target"], steps) == ("f", [
        {"step": 1, "phase": "forward", "kind": "value", "node": "x", "value": 3.0},
        {"step": 2, "phase": "forward", "kind": "value", "node": "f", "value": 9.0},
        {"step": 3, "phase": "backward", "kind": "seed", "node": "f", "value": 1.0},
        {"step": 4, **contribution, "port": 0, "total": 3.0},
        {"step": 5, **contribution, "port": 1, "total": 6.0},
    ])  # fmt: skip
    assert all(step["sentence"].endswith(".") for step in done["steps"])


def test_trace_json_gives_each_step_its_equations(gradloom):
    done = json.loads(gradloom("trace", "--expr", "f = x * x", "--set", "x=3", "--json").out)
    equations = [[(e["kind"], e["of"], e["by"], e["port"], e["number"], e["text"]) for e in step["equations"]]
                 for step in done["steps"]]  # fmt: skip
    assert equations == [
        [("value", "x", None, None, 3.0, "x = 3")],
        [("value", "f", None, None, 9.0, "f = x · x = 3 × 3 = 9")],
        [("seed", "f", None, None, 1.0, "∂f/∂f = 1")],
        [("local", "x", "f", 0, 3.0, "∂f/∂(1st) = x = 3"),
         ("contribution", "x", "f", 0, 3.0, "seed · ∂f/∂(1st) = 1 × 3 = 3")],
        [("local", "x", "f", 1, 3.0, "∂f/∂(2nd) = x = 3"),
         ("contribution", "x", "f", 1, 3.0, "seed · ∂f/∂(2nd) = 1 × 3 = 3"),
         ("gradient", "x", None, None, 6.0, "∂f/∂x = 3 + 3 = 6")],
    ]  # fmt: skip
    whole = done["steps"][-1]["equations"][-1]
    assert whole["latex_numbers"] == r"\frac{\partial f}{\partial x} = 3 + 3 = 6"
    assert whole["latex"].startswith(r"\frac{\partial f}{\partial x} = \text{seed} \cdot \frac{\partial f}{\partial (")


def test_trace_tells_broadcast_axes_and_rules_without_a_local_derivative(gradloom):
    words = ["--expr", "f = A @ b + c", "--set", "A=[[1, 2], [3, 4]]", "--set", "b=[1, 1]", "--set", "c=1", "--json"]
    steps = [s for s in json.loads(gradloom("trace", *words).out)["steps"] if s["kind"] == "contribution"]
    by_receiver = {step["to"]: step for step in steps}
    assert by_receiver["c"]["axes"] == [0]
    assert by_receiver["A"]["local"] is None


def test_trace_explains_in_either_wording(gradloom):
    plain = gradloom("trace", *PRODUCT, "--explain").out
    assert "increase x by 1 and q increases by 1" in plain
    assert "responsible" in gradloom("trace", *PRODUCT, "--explain", "--wording", "responsibility").out
    assert len(plain.splitlines()) == 10


def test_trace_without_a_target_is_the_forward_pass(gradloom):
    assert "backward" not in gradloom("trace", "--expr", "f = x * 3; None", "--set", "x=2").out


# --- convert


def test_convert_saves_an_expression(gradloom, tmp_path):
    out = tmp_path / "out.gradloom"
    done = gradloom("convert", *PRODUCT, "--param", "z", "--seed", "2", out)
    assert (done.code, done.out, done.err) == (0, "", "")
    graph = engine.load(out)
    assert (graph.target, graph.seed, graph.nodes["z"].op_name) == ("f", 2, "parameter")
    assert len({node.pos for node in graph.nodes.values()}) == 5


@pytest.mark.parametrize("ending", [".txt", ".py"])
def test_convert_writes_a_program_that_reads_back(gradloom, file, tmp_path, ending):
    program, again = tmp_path / f"f{ending}", tmp_path / "again.gradloom"
    assert gradloom("convert", file, program).code == 0
    assert gradloom("convert", program, "--set", "x=7", again).code == 0
    graph = engine.load(again)
    assert graph.nodes["x"].value == 7
    assert engine.run(graph).value("f") == -48


def test_convert_keeps_what_this_version_does_not_know(gradloom, file, tmp_path):
    graph = Graph.of([Node("n", "lstm", raw={"cells": 3})])
    engine.save(graph, file)
    assert gradloom("convert", file, tmp_path / "copy.gradloom").code == 0
    assert '"cells": 3' in (tmp_path / "copy.gradloom").read_text()


# --- standard input and output


def start(*words: str, **how) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "gui", *words], capture_output=True, text=True, timeout=60, **how)


def test_a_dash_reads_a_program_or_a_file_from_stdin(gradloom, file, monkeypatch):
    for data in (b"f = x * 2", b"\xef\xbb\xbff = x * 2", file.read_bytes(), b"\xef\xbb\xbf" + file.read_bytes()):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
        assert gradloom("run", "-", "--set", "x=3").code == 0


def test_a_pipe_that_closes_ends_it_quietly():
    program = "\n".join(["x = input(1)"] + [f"y{i} = x * {i}" for i in range(5000)])
    command = f'"{sys.executable}" -m gui run - --json'
    done = subprocess.run(
        ["sh", "-c", f"({command}; echo code $? >&2) | true"], input=program, capture_output=True, text=True, timeout=60
    )
    assert done.stderr.splitlines() == ["code 0"]


def test_a_terminal_without_our_signs_still_gets_its_table():
    done = start("run", "--expr", "y = 2 * x", "--set", "x=1", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "constant" in done.stdout


def test_headless_commands_load_no_qt():
    code = "import sys; from gui.__main__ import main; main(['run', '--expr', '1']); print('PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "False"


# --- what is wrong

WRONG = [
    (["run"], "give either SOURCE or --expr TEXT"),
    (["run", "FILE", "--expr", "x"], "not both"),
    (["run", "nix.gradloom"], "“nix.gradloom” cannot be read: there is no such file or folder"),
    (["run", "."], "“.” is a folder"),
    (["run", "FILE", "more"], "unrecognized arguments: more; see gradloom run --help"),
    (["run", "FILE", "--colour"], "unrecognized arguments: --colour"),
    (["run", "FILE", "--js"], "unrecognized arguments: --js"),
    (["run", "FILE", "--seed", "much"], "invalid float value: 'much'"),
    (["run", "FILE", "--set"], "expected one argument"),
    (["run", "FILE", "--set", "x"], "--set takes NAME=VALUE"),
    (["run", "FILE", "--set", "=3"], "--set takes NAME=VALUE"),
    (["run", "FILE", "--set", "x=abc"], "--set x: “abc” is neither a number"),
    (["run", "FILE", "--set", "x="], "--set x: Type a number"),
    (["run", "FILE", "--set", "x=[1, [2]]"], "is neither a number"),
    (["run", "FILE", "--set", "x=[]"], "An empty list is not a value"),
    (["run", "FILE", "--set", "x=" + "[" * 10_000], "is neither a number"),
    (["run", "FILE", "--set", "q=1"], "There is no leaf “q” to set; the leaves are: x, y, z."),
    (["run", "FILE", "--set", "nix=1"], "There is no leaf “nix”"),
    (["run", "FILE", "--param", "q"], "q cannot become Parameter"),
    (["run", "FILE", "--param", "nix"], "There is no node “nix”"),
    (["run", "FILE", "--target", "nix"], "There is no node “nix”"),
    (["run", "--expr", "x +"], "--expr: line 1, column 4"),
    (["run", "--expr", "x * y", "--set", "x=1"], "y has no value yet."),
    (["run", "--expr", "x + y", "--set", "x=[1, 2]", "--set", "y=[1, 2, 3]"], "(2,) and (3,)"),
    (["trace", "FILE", "--wording", "plain"], "invalid choice: 'plain'"),
    (["convert", "FILE"], "give either SOURCE or --expr TEXT"),
    (["convert", "FILE", "out.pdf"], "“out.pdf” must end in .gradloom, .txt or .py"),
    (["convert", "FILE", "nix/out.gradloom"], "cannot be written: there is no such file or folder"),
    (["convert", "--expr", "relu(", "out.gradloom"], "--expr: line 1, column 5"),
    (["frobnicate"], "there is no command “frobnicate”"),
    (["run", "--expr", "--", "x"], "--expr: expected one argument"),
    (["run", "FILE", "--target=--"], "--target needs a value, not --"),
    (["run", "FILE", "--allow-data=--"], "--allow-data needs a value, not --"),
    (["run", "--expr", "x * 2", "--set", "x=zeros(0, 3)"], "zeros needs a shape of whole numbers above 0"),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=[" ".join(words)[:60] for words, _ in WRONG])
def test_what_is_wrong_gets_one_line_and_exit_code_2(gradloom, file, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    done = gradloom(*(file if word == "FILE" else word for word in words))
    assert done.code == 2
    assert said in done.err
    assert done.err.startswith("gradloom: ")
    assert done.err.count("\n") == 1
    assert done.out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["f.gradloom"]


def test_a_flaw_in_a_file_is_named_with_file_and_place(gradloom, file):
    file.write_text(file.read_text().replace('"to": "f", "port": 1', '"to": "f2", "port": 1'))
    done = gradloom("run", file)
    assert done.code == 2
    assert done.err == f"gradloom: {file}: $.edges[3].to: there is no node “f2”\n"


@pytest.mark.parametrize("command", ["run", "trace"])
def test_an_unknown_op_is_named_with_its_place(gradloom, file, command):
    engine.save(Graph.of([Node("x", "input"), Node("n", "lstm")]), file)
    done = gradloom(command, file)
    assert done.code == 2
    assert "$.nodes[1].op: this version does not know the operation “lstm”" in done.err


def test_a_source_may_be_the_name_of_an_example(gradloom, tmp_path, monkeypatch):
    assert nodes(gradloom("run", "fan-out", "--json"))["x"]["gradient"] == 25
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fan-out").write_text('{"format": "gradloom", "version": 1, "nodes": []}')
    assert nodes(gradloom("run", "fan-out", "--json")) == {}, "a file comes before an example"
    done = gradloom("run", "fan-in")
    assert done.code == 2 and "“fan-in” is neither a file nor an example" in done.err and "fan-out" in done.err


# --- help


def test_help_names_every_command(gradloom):
    out = gradloom("--help").out
    assert gradloom("-h").out == gradloom().out == out
    for name in cli.COMMANDS:
        assert any(line.startswith(f"  gradloom {name} SOURCE") for line in out.splitlines())
    assert all(len(line) <= 100 for line in out.splitlines())


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_each_command_has_its_help(gradloom, name):
    done = gradloom(name, "--help")
    assert done.code == 0
    assert done.out.startswith(f"usage: gradloom {name}")
    assert f"gradloom {name} " in done.out.partition("options:")[2], "an example of how it is called"


def test_version(gradloom):
    assert gradloom("--version").out.startswith("gradloom ")


def test_a_command_is_a_module_that_is_found_by_itself():
    assert {"run", "trace", "convert"} <= set(cli.COMMANDS)
    assert not any(name.startswith("_") for name in cli.COMMANDS)


def test_an_interrupted_command_says_so_by_its_code(monkeypatch):
    def interrupt(_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.commands.run.handle", interrupt)
    assert cli.main(["run", *PRODUCT]) == 130


def test_a_sentence_of_several_lines_is_printed_as_one(gradloom, monkeypatch):
    def refuse(_args):
        raise GradloomError("first\nsecond")

    monkeypatch.setattr("engine.commands.run.handle", refuse)
    assert gradloom("run").err == "gradloom: first second\n"


def test_columns_of_a_table_are_as_wide_as_their_widest_cell():
    assert table(["a", "number"], [["long name", "1"], ["b", "-22"]], right=["number"]) == (
        "a          number\nlong name       1\nb             -22"
    )


def test_an_infinite_setting_is_one_line_and_no_traceback(gradloom, tmp_path):
    refused = gradloom("run", "--expr", "leaky_relu(x, slope=1e999)", "--set", "x=1")
    assert refused.code == 2 and "finite" in refused.err and len(refused.err.splitlines()) == 1
    file = tmp_path / "inf.gradloom"
    node = '{"id": "y", "op": "leaky_relu", "settings": {"slope": "inf"}}'
    file.write_text(f'{{"format": "gradloom", "version": 1, "nodes": [{node}], "edges": []}}')
    refused = gradloom("run", str(file))
    assert refused.code == 2 and "$.nodes[0].settings.slope" in refused.err and "finite" in refused.err
