"""When .venv is made and updated, and when it is left alone."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.run_py.run_tools import edit, load


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
