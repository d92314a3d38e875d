"""What run.py starts for each command, and that any Python can read it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests import programs
from tests.run_py.run_tools import SOURCE


def test_alone_it_opens_the_neuron(run: ModuleType, started: list[list[str]]) -> None:
    assert run.main([]) == 0
    assert started == [[str(run.MAIN.bin / "gradloom"), str(run.EXAMPLE)]]


def test_tests_need_no_screen(run: ModuleType, started: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM")
    run.main(["test"])
    assert started == [[str(run.MAIN.python), "-m", "pytest", *run.WORKERS, "tests"]]
    assert run.os.environ["QT_QPA_PLATFORM"] == "offscreen"


@pytest.mark.parametrize(
    "args, on_all_cores",
    [
        (["-x", "-q"], True),
        (["tests"], True),
        (["tests/one", "tests/two"], True),
        (["tests/one"], False),
        (["tests/one/test_1.py", "-v"], False),
        (["tests/one/test_1.py::test_it[a b]"], False),
        (["-k", "a b"], False),
        (["-n0"], False),
        (["-n", "3", "tests"], False),
        (["--pdb"], False),
    ],
)
def test_a_few_tests_wait_for_no_workers(
    run: ModuleType, started: list[list[str]], checkout: Path, args: list[str], on_all_cores: bool
) -> None:
    for i in range(2 * run.MANY):
        file = checkout / "tests" / ("one" if i % 2 else "two") / f"test_{i}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (checkout / "tests" / "one" / f"test_{2 * run.MANY - 1}.py").unlink()
    run.main(["test", *args])
    given = args if any(arg.startswith("tests") for arg in args) else [*args, "tests"]
    assert started[0][3:] == [*(run.WORKERS if on_all_cores else []), *given]


def test_the_other_programs_have_an_environment_of_their_own(run: ModuleType, started: list[list[str]]) -> None:
    made: list[str] = []
    run.ensure_venv = lambda environment: made.append(environment.name)
    run.main(["interop", "-q"])
    assert started == [[str(run.INTEROP.python), "-m", "pytest", *run.WORKERS, "-q", "tests/interop"]]
    assert made == [".venv-interop"] and run.INTEROP.folder != run.MAIN.folder


def test_benchmarks_go_on_alone(
    run: ModuleType, started: list[list[str]], done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(environment: object, extras: str) -> None:
        raise run.SetUpError("torch cannot be had.")

    run.MAIN.folder.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(run, "install", fail)
        run.main(["bench"])
    run.main(["bench", "engine"])
    run.main(["bench"])
    assert done == ["install test,bench"]  # once, when it could be had
    assert [command[1:] for command in started] == [
        ["-m", "tests.bench"],
        ["-m", "tests.bench", "engine"],
        ["-m", "tests.bench"],
    ]


def test_attacks_get_their_arguments(run: ModuleType, started: list[list[str]]) -> None:
    run.main(["attack", "files", "--minutes", "2"])
    run.main(["soak", "--minutes", "60"])
    assert [command[1:] for command in started] == [
        ["-m", "tests.attack", "files", "--minutes", "2"],
        ["-m", "tests.attack", "soak", "--minutes", "60"],
    ]


def test_lint_runs_all_checks(run: ModuleType, started: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def check(command: list[str], cwd: Path) -> int:
        ran.append(" ".join([Path(command[0]).name, *command[1:]]))
        return 1 if "ruff" in command[0] else 0

    monkeypatch.setattr(run.subprocess, "call", check)
    assert run.main(["lint"]) == 1
    assert ran == ["ruff check .", "ruff format --check .", "mypy", "lint-imports"]


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands in for the program")
def test_anything_else_is_passed_on(run: ModuleType, checkout: Path, tmp_path: Path) -> None:
    """For real: argument for argument, in the caller's folder, its output alone, its exit code."""
    run.MAIN.bin.mkdir(parents=True)
    run.MAIN.python.touch()
    run.write_stamp(run.MAIN.stamp, " ".join(run.wanted_stamp(run.MAIN)))
    program = run.MAIN.bin / "gradloom"
    program.write_text('#!/bin/sh\nprintf "%s|" "$PWD" "$@"\nexit 7\n')
    program.chmod(0o755)
    words = ["run", "--expr", "x * y", "", "--json"]
    result = subprocess.run([sys.executable, checkout / "run.py", *words], cwd=tmp_path, capture_output=True, text=True)
    assert result.stdout == "|".join([str(tmp_path), *words, ""])
    assert (result.stderr, result.returncode) == ("", 7)


def test_an_old_python_can_read_it_and_is_told(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ast.parse(SOURCE.read_text("utf-8"), feature_version=(3, 8))
    with monkeypatch.context() as patch:
        patch.setattr(run.sys, "version_info", (3, 8, 0))
        code = run.main([])
    assert code == 2
    assert "Python 3.11 or newer is needed" in capsys.readouterr().err


@pytest.mark.parametrize("source, ours", [(SOURCE, {"tests.programs"}), (Path(programs.__file__), set())])
def test_it_imports_the_standard_library_only(source: Path, ours: set[str]) -> None:
    tree = ast.parse(source.read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names - ours} <= sys.stdlib_module_names
