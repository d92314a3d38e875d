"""Every command: standard input and output, one line and exit code 2 for whatever is wrong, help."""

from __future__ import annotations

import io
import subprocess
import sys
from types import SimpleNamespace

import pytest

import engine
from engine import cli
from engine.commands._report import table
from engine.errors import GradloomError
from engine.graph.graph import Graph
from engine.graph.records import Node
from tests.engine.commands.command_tools import PRODUCT, nodes


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


@pytest.mark.parametrize("words", [["convert", "--", "FILE", "--json"], ["convert", "--", "FILE", "--expr"]])
def test_what_stands_behind_two_dashes_is_no_option(gradloom, file, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    done = gradloom(*(file if word == "FILE" else word for word in words))
    assert done.code == 2 and f"“{words[-1]}” must end in .gradloom" in done.err
    assert gradloom("convert", "--", file, "-x.txt").code == 0 and (tmp_path / "-x.txt").exists()
    assert gradloom("run", "--json", "--", file).code == 0


def test_an_unknown_choice_is_told_in_words(gradloom, file):
    engine.save(Graph.of([Node("d", "dataset")]), file)
    file.write_text(file.read_text().replace('"op": "dataset"', '"op": "dataset", "settings": {"name": "nope"}'))
    done = gradloom("run", file)
    assert done.code == 2 and "“nope”" in done.err and "'" not in done.err


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
    assert done.err == f"gradloom: {file}: $.nodes[1].op: this version does not know the operation “lstm”\n"


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
        takes = {"grade": "REFERENCE SUBMISSION", "lesson": "check FILE"}.get(name, "SOURCE")
        assert any(line.startswith(f"  gradloom {name} {takes}") for line in out.splitlines())
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
