"""run.py's own logic: when .venv is made, what is fetched, what is started. Nothing is installed here."""

from __future__ import annotations

import ast
import importlib.util
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = Path(__file__).parent.parent / "run.py"
PYPROJECT = """
[build-system]
requires = ["hatchling"]
[project]
name = "gradloom"
dependencies = ["numpy"]
[tool.ruff]
line-length = 100
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "a checkout"
    folder.mkdir()
    shutil.copy(SOURCE, folder)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "constraints.txt").write_text("numpy==2.0.0\n")
    for commands in ("engine/commands", "gui/pictures/commands"):
        shutil.copytree(SOURCE.parent / commands, folder / commands)
    return folder


@pytest.fixture
def run(checkout: Path) -> ModuleType:
    return load(checkout)


@pytest.fixture
def done(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the set-up would have done, in order."""
    steps: list[str] = []

    def make(command: list[str], doing: str) -> None:
        steps.append("make")
        folder = Path(command[-1])
        (folder / "pyvenv.cfg").write_text(f"prompt = '{command[command.index('--prompt') + 1]}'\n")
        (folder / run.MAIN.bin.name).mkdir()
        (folder / run.MAIN.bin.name / run.MAIN.python.name).touch()

    monkeypatch.setattr(run, "logged", make)
    monkeypatch.setattr(run, "install", lambda environment, extras: steps.append(f"install {extras}"))
    return steps


def load(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("a_run_py", folder / "run.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def edit(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text().replace(old, new))


# --- when .venv is made and updated ---


def test_made_once(run: ModuleType, done: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    run.ensure_venv(run.MAIN)
    run.ensure_venv(run.MAIN)
    assert done == ["make", "install test"]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "file, old, new", [("constraints.txt", "2.0.0", "2.0.1"), ("pyproject.toml", "numpy", "networkx")]
)
def test_other_dependencies_update_it(
    run: ModuleType, done: list[str], checkout: Path, file: str, old: str, new: str
) -> None:
    run.ensure_venv(run.MAIN)
    edit(checkout / file, old, new)
    run.ensure_venv(run.MAIN)
    assert done == ["make", "install test", "install test"]


def test_tool_settings_leave_it_alone(run: ModuleType, done: list[str], checkout: Path) -> None:
    run.ensure_venv(run.MAIN)
    edit(checkout / "pyproject.toml", "100", "110")
    run.ensure_venv(run.MAIN)
    assert done == ["make", "install test"]


def test_another_python_makes_it_anew(run: ModuleType, done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    run.ensure_venv(run.MAIN)
    (run.MAIN.folder / "old").touch()
    monkeypatch.setattr(run, "foundation", lambda environment: "another Python")
    run.ensure_venv(run.MAIN)
    assert done == ["make", "install test"] * 2
    assert not (run.MAIN.folder / "old").exists()


@pytest.mark.parametrize("theirs", ["keep.txt", "bin/python"])
def test_an_environment_that_another_made_is_left_alone(run: ModuleType, done: list[str], theirs: str) -> None:
    kept = run.MAIN.folder / theirs
    kept.parent.mkdir(parents=True)
    kept.touch()
    with pytest.raises(run.SetUpError, match=r"\.venv was not made by run\.py: move or delete it, and start again\.$"):
        run.ensure_venv(run.MAIN)
    assert kept.exists() and done == []


NOT_OURS = r"\.venv was not made by run\.py: move or delete it, and start again\.$"


def another_s_in_its_place(run: ModuleType) -> None:
    """`python -m venv .venv` over it: the stamps stay."""
    (run.MAIN.folder / "pyvenv.cfg").write_text("home = /usr/bin\nprompt = 'mine'\n")


def copied_onto_itself(run: ModuleType) -> None:
    shutil.copytree(run.MAIN.folder, run.HERE / "copy", symlinks=True)
    run.MAIN.folder.rename(run.HERE / "first")
    (run.HERE / "copy").rename(run.MAIN.folder)


def moved_away_and_linked(run: ModuleType) -> None:
    run.MAIN.folder.rename(run.HERE / "elsewhere")
    run.MAIN.folder.symlink_to(run.HERE / "elsewhere")


def unproven(run: ModuleType) -> None:
    """As an older run.py left it."""
    run.MAIN.proof.unlink()


def proven_by_nonsense(run: ModuleType) -> None:
    run.MAIN.proof.write_bytes(b"\xff\xfe and more")


@pytest.mark.parametrize(
    "happened",
    [another_s_in_its_place, copied_onto_itself, moved_away_and_linked, unproven, proven_by_nonsense],
)
def test_what_may_be_somebody_s_own_is_never_deleted(
    run: ModuleType, done: list[str], monkeypatch: pytest.MonkeyPatch, happened: Callable[[ModuleType], None]
) -> None:
    run.ensure_venv(run.MAIN)
    (run.MAIN.folder / "kept").touch()
    happened(run)
    monkeypatch.setattr(run, "foundation", lambda environment: "another Python")
    with pytest.raises(run.SetUpError, match=NOT_OURS):
        run.ensure_venv(run.MAIN)
    assert (run.MAIN.folder / "kept").exists() and done == ["make", "install test"]


def test_nothing_is_installed_into_what_somebody_made_in_its_place(
    run: ModuleType, done: list[str], checkout: Path
) -> None:
    run.ensure_venv(run.MAIN)
    another_s_in_its_place(run)
    edit(checkout / "constraints.txt", "2.0.0", "2.0.1")
    with pytest.raises(run.SetUpError, match=NOT_OURS):
        run.ensure_venv(run.MAIN)
    assert done == ["make", "install test"]


@pytest.mark.parametrize("kind", ["file", "dangling link", "link to a folder", "empty folder"])
def test_whatever_stands_at_its_place_is_left_alone(
    run: ModuleType, done: list[str], tmp_path: Path, kind: str
) -> None:
    place: Path = run.MAIN.folder
    (tmp_path / "theirs").mkdir()
    if kind == "file":
        place.write_text("mine")
    elif kind == "empty folder":
        place.mkdir()
    else:
        place.symlink_to(tmp_path / ("theirs" if "folder" in kind else "nowhere"))
    before = place.lstat()
    with pytest.raises(run.SetUpError, match=NOT_OURS):
        run.ensure_venv(run.MAIN)
    assert place.lstat() == before and done == []


def test_a_moved_checkout_takes_its_own_along_and_makes_it_anew(
    run: ModuleType, done: list[str], checkout: Path, tmp_path: Path
) -> None:
    run.ensure_venv(run.MAIN)
    moved = load(checkout.rename(tmp_path / "moved"))
    assert moved.is_ours(moved.MAIN) and moved.stamp(moved.MAIN)[0] != moved.wanted_stamp(moved.MAIN)[0]


def test_a_copied_checkout_leaves_the_copy_alone(
    run: ModuleType, done: list[str], checkout: Path, tmp_path: Path
) -> None:
    run.ensure_venv(run.MAIN)
    shutil.copytree(checkout, tmp_path / "copy")
    copy = load(tmp_path / "copy")
    with pytest.raises(copy.SetUpError, match=NOT_OURS):
        copy.ensure_venv(copy.MAIN)
    assert copy.MAIN.stamp.exists() and run.is_ours(run.MAIN)


def test_its_python_gone_makes_it_anew(run: ModuleType, done: list[str]) -> None:
    run.ensure_venv(run.MAIN)
    run.MAIN.python.unlink()
    run.ensure_venv(run.MAIN)
    assert done == ["make", "install test"] * 2


def test_a_copied_checkout_makes_its_own(run: ModuleType, done: list[str], checkout: Path, tmp_path: Path) -> None:
    run.ensure_venv(run.MAIN)
    shutil.copytree(checkout, tmp_path / "copy")
    copy = load(tmp_path / "copy")
    assert copy.stamp(copy.MAIN) and copy.stamp(copy.MAIN)[0] != copy.wanted_stamp(copy.MAIN)[0]


@pytest.mark.parametrize("stopped", ["make", "install test"])
def test_a_stopped_set_up_starts_from_nothing(
    run: ModuleType, done: list[str], monkeypatch: pytest.MonkeyPatch, stopped: str
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run, "logged" if stopped == "make" else "install", stop)
        with pytest.raises(KeyboardInterrupt):
            run.ensure_venv(run.MAIN)
    assert run.stamp(run.MAIN) in ([], ["unfinished"])
    done.clear()
    run.ensure_venv(run.MAIN)
    assert done == ["make", "install test"]


def test_a_stopped_update_starts_from_nothing(
    run: ModuleType, done: list[str], checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.ensure_venv(run.MAIN)
    edit(checkout / "constraints.txt", "2.0.0", "2.0.1")
    test_a_stopped_set_up_starts_from_nothing(run, done, monkeypatch, "install test")


def test_starts_at_the_same_time_make_it_once(run: ModuleType, done: list[str]) -> None:
    with run.lock():
        starts = [threading.Thread(target=run.ensure_venv, args=[run.MAIN]) for _ in range(4)]
        for start in starts:
            start.start()
        assert done == []
    for start in starts:
        start.join()
    assert done == ["make", "install test"]


# --- when something is missing or fails ---


def test_failure_is_one_sentence(run: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    script = "print('ERROR: an older one'); print('  ERROR: No such package.'); raise SystemExit(1)"
    with pytest.raises(run.SetUpError, match=r"^Installing failed: No such package\. Its full output"):
        run.logged([sys.executable, "-c", script], "Installing")
    assert "No such package" in run.LOG.read_text()
    assert capsys.readouterr().out == ""


def test_the_reason_is_that_of_the_last_command(run: ModuleType) -> None:
    run.LOG.write_text("\n$ first\nE: Unable to locate package\n\n$ second\nnothing said\n")
    assert run.reason() == ""


def test_no_network_is_named(run: ModuleType) -> None:
    run.LOG.write_text("\n$ pip\nRetrying after connection broken by X\nERROR: No matching distribution\n")
    assert run.reason() == ": the package index cannot be reached"


def test_set_up_error_ends_with_2(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(environment: object) -> None:
        raise run.SetUpError("Installing failed.")

    monkeypatch.setattr(run, "ensure_venv", fail)
    assert run.main([]) == 2
    assert capsys.readouterr() == ("", "gradloom: Installing failed.\n")


def test_without_rights_it_says_what_to_type(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(run, "administrator", lambda: None)
    with pytest.raises(run.SetUpError) as caught:
        run.fetch(["libgl1", "libegl1"], "Libraries are missing")
    assert str(caught.value) == (
        "Libraries are missing. Type: sudo apt-get update && "
        "sudo apt-get install -y --no-install-recommends libgl1 libegl1"
    )


def test_without_apt_it_names_the_packages(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(run.SetUpError, match="Install what Debian calls: libgl1"):
        run.fetch(["libgl1"], "Libraries are missing")


def test_with_rights_it_fetches(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def apt(command: list[str], doing: str) -> None:
        commands.append(command)
        if "update" in command:
            raise run.SetUpError("one source cannot be reached")

    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(run, "administrator", lambda: ["sudo", "-n"])
    monkeypatch.setattr(run, "logged", apt)
    run.fetch(["libgl1"], "Libraries are missing")
    assert [command[:2] for command in commands] == [["sudo", "-n"]] * 2
    assert commands[1][-1] == "libgl1"


def test_only_what_does_not_load_is_fetched(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"libGL.so.1"}
    fetched: list[str] = []

    def fetch(packages: list[str], trouble: str) -> None:
        fetched.extend(packages)
        there.add("libEGL.so.1")

    monkeypatch.setattr(run, "loads", there.__contains__)
    monkeypatch.setattr(run, "fetch", fetch)
    monkeypatch.setattr(run, "has_sans_font", lambda: True)
    run.ensure_system({"libGL.so.1": "libgl1", "libEGL.so.1": "libegl1"})
    assert fetched == ["libegl1"]
    with pytest.raises(run.SetUpError, match=r"cannot load libX11\.so\.6"):
        run.ensure_system({"libX11.so.6": "libx11-6"})


def test_no_font_is_no_reason_to_refuse(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "has_sans_font", lambda: False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(run, "loads", lambda name: True)
    run.ensure_system({"libGL.so.1": "libgl1"})
    assert "fonts-dejavu-core" in capsys.readouterr().err


def test_a_monospaced_font_is_not_enough(run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run, "FONT_FOLDERS", [str(tmp_path), str(tmp_path / "absent")])
    (tmp_path / "DejaVuSansMono.ttf").touch()
    assert not run.has_sans_font()
    (tmp_path / "DejaVuSans.ttf").touch()
    assert run.has_sans_font()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems bring what Qt needs")
def test_who_needs_which_libraries(run: ModuleType) -> None:
    assert run.libraries_for("run") == run.libraries_for("jacobian") == run.libraries_for("lint") == {}
    assert run.libraries_for("test") == run.libraries_for("render") == run.OFFSCREEN_LIBRARIES
    assert run.libraries_for("") == run.libraries_for("net.gradloom") == run.SCREEN_LIBRARIES
    assert run.loads("libc.so.6") and not run.loads("libnothing.so.0")


# --- what is started ---


@pytest.fixture
def started(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    commands: list[list[str]] = []

    def become(command: list[str]) -> int:
        commands.append(command)
        return 0

    monkeypatch.setattr(run, "ensure_venv", lambda environment: None)
    monkeypatch.setattr(run, "ensure_system", lambda libraries: None)
    monkeypatch.setattr(run, "become", become)
    monkeypatch.setattr(run.os, "chdir", lambda folder: None)
    return commands


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


def test_it_imports_the_standard_library_only() -> None:
    tree = ast.parse(SOURCE.read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names
